import { median } from '../assessment/robust.ts';
import { MIN_COMPARISON_PAIRS } from './uncertainty.ts';

/**
 * What sensors of one kind differed from the official station near them in one calendar month, in daily means. Each
 * sensor is compared on its own, and the median over the sensors stands for the kind, so that a broken one decides
 * nothing. Part of the uncertainty since `uncertainty-2`.
 */
export interface MonthComparison {
  /** `2026-01`, by days at `DAY_OFFSET`. */
  month: string;
  /** Name of the official station. */
  official: string;
  /** Sensors compared, and days of all of them together. */
  sensors: number;
  days: number;
  /** U (95 %) of a daily mean, µg/m³: twice the root of the mean squared difference, bias included. */
  u: number;
  /** Mean difference, sensor minus official, µg/m³. */
  bias: number;
}

/** Days that a sensor and the official station each need in a month to be compared: half of them. Our choice. */
export const MIN_COMPARED_DAYS = 15;

/** One day of one sensor, µg/m³, raw. */
export interface ComparedDay {
  sensor: number;
  reference: number;
}

/** The figures of a month from each sensor's days; undefined when they are too few to say anything. */
export function comparedMonth(
  sensors: Iterable<readonly ComparedDay[]>,
): Pick<MonthComparison, 'sensors' | 'days' | 'u' | 'bias'> | undefined {
  const counted = [...sensors].filter((days) => days.length >= MIN_COMPARED_DAYS);
  const days = counted.reduce((sum, each) => sum + each.length, 0);
  if (days < MIN_COMPARISON_PAIRS) return undefined;
  const meanOf = (each: readonly ComparedDay[], of: (day: ComparedDay) => number) =>
    each.reduce((sum, day) => sum + of(day), 0) / each.length;
  const roots = counted.map((each) => Math.sqrt(meanOf(each, ({ sensor, reference }) => (sensor - reference) ** 2)));
  const biases = counted.map((each) => meanOf(each, ({ sensor, reference }) => sensor - reference));
  return { sensors: counted.length, days, u: rounded(2 * median(roots)!), bias: rounded(median(biases)!) };
}

/** The official stations of some months' comparisons by name, each once: another may be the nearest in another month. */
export function officialsOf(comparisons: readonly Pick<MonthComparison, 'official'>[]): string {
  return [...new Set(comparisons.map(({ official }) => official))].join(', ');
}

/**
 * U of a mean over more than a day, from the biases of its days' months: twice their mean. What comes and goes from
 * day to day averages out, a lasting difference does not.
 */
export function lastingUncertainty(biases: readonly number[]): number | undefined {
  if (biases.length === 0) return undefined;
  return 2 * Math.abs(biases.reduce((sum, bias) => sum + bias, 0) / biases.length);
}

function rounded(value: number): number {
  // Adding 0 turns -0 into 0.
  return Math.round(value * 1000) / 1000 + 0;
}
