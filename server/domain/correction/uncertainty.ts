import type { Names } from '../names.ts';
import { derivedFrom, FROM_MEMORY, type Sourced, transcribedOnlyIn } from '../verification.ts';
import { growthFactor } from './humidityGrowth.ts';

/**
 * Version of the way U is computed; changes with any number or rule of this file, of `monthComparison.ts` and of the choice
 * of the official station (`rollups/officialComparisons.ts`). `methods.ts` says what earlier ones did.
 */
export const UNCERTAINTY_VERSION = 'uncertainty-4';

/** A data quality objective: the larger of the two is the greatest uncertainty allowed (95 %, k = 2). */
export interface QualityObjective {
  /** µg/m³. */
  absolute: number;
  /** Percent of the value. */
  percent: number;
}

/** Objectives of one pollutant and mean. */
export interface QualityObjectives extends Sourced {
  pollutant: 'pm25' | 'pm10' | 'no2';
  averaging: 'hour' | 'day' | 'year';
  fixed: QualityObjective;
  indicative: QualityObjective;
}

const objectives = (
  pollutant: QualityObjectives['pollutant'],
  averaging: QualityObjectives['averaging'],
  fixed: [number, number],
  indicative: [number, number],
): QualityObjectives => ({
  pollutant,
  averaging,
  fixed: { absolute: fixed[0], percent: fixed[1] },
  indicative: { absolute: indicative[0], percent: indicative[1] },
  ...transcribedOnlyIn('snpa-2024-2881'),
});

/**
 * Directive (EU) 2024/2881 Annex V A. Each absolute figure is the percentage of the 2030 limit value, so the two meet
 * at that value: the absolute one is the larger below it, the percentage above. Read in one transcription.
 */
export const QUALITY_OBJECTIVES: readonly QualityObjectives[] = [
  objectives('pm25', 'year', [3, 30], [4, 40]),
  objectives('pm10', 'year', [4, 20], [6, 30]),
  objectives('pm25', 'day', [6.3, 25], [8.8, 35]),
  objectives('pm10', 'day', [11.3, 25], [22.5, 50]),
  objectives('no2', 'year', [6, 30], [8, 40]),
  objectives('no2', 'day', [7.5, 15], [12.5, 25]),
  objectives('no2', 'hour', [30, 15], [50, 25]),
];

/**
 * Classes of CEN/TS 17660-2:2024, which judges single sensor systems, not networks. No sensor of this project has
 * been classified. The scope ties class 1 to indicative measurements and class 2 to objective estimation; the
 * percentages follow from 2008/50/EC.
 */
export const SENSOR_CLASSES: readonly (Sourced & { sensorClass: 1 | 2 | 3; percent: number })[] = [
  { sensorClass: 1, percent: 50, ...derivedFrom('ts17660') },
  { sensorClass: 2, percent: 100, ...derivedFrom('ts17660') },
  { sensorClass: 3, percent: 200, ...FROM_MEMORY },
];

/** A mean whose uncertainty is asked. */
export interface UncertainMean {
  quantity: 'pm25' | 'pm10';
  /** µg/m³. */
  mean: number;
  /**
   * True for a calendar year. Every shorter mean, also an hour, takes the figure of a day: the directive has none of
   * its own for it.
   */
  isYear?: boolean;
  /** Share of humid hours in the mean, 0 to 1 (see `HUMID_FROM`); absent: not known, nothing is added. */
  humidShare?: number;
  /** U found by comparing this sensor (or its like) with a station, µg/m³. */
  comparisonU?: number;
}

/**
 * Expanded uncertainty U (95 %) of a mean, µg/m³: the larger of the directive's figure for indicative measurements
 * and what a comparison showed; humid hours widen it, as an independent contribution, by what water on the particles
 * may add. Undefined for no number and for negative means.
 */
export function expandedUncertainty(mean: UncertainMean): number | undefined {
  const parts = uncertaintyParts(mean);
  return parts && Math.hypot(Math.max(parts.directive, parts.comparison), parts.humidity);
}

/** What made U, in words every answer uses: the larger of the first two, and humid air where it adds to it. */
export const UNCERTAINTY_ORIGINS = ['directive', 'comparison', 'directive+humidity', 'comparison+humidity'] as const;
/** One of `UNCERTAINTY_ORIGINS`. */
export type UncertaintyOrigin = (typeof UNCERTAINTY_ORIGINS)[number];

/** Where U of a mean comes from; undefined where it has none. */
export function uncertaintyOrigin(mean: UncertainMean): UncertaintyOrigin | undefined {
  const parts = uncertaintyParts(mean);
  if (parts === undefined) return undefined;
  const larger = parts.comparison > parts.directive ? 'comparison' : 'directive';
  return parts.humidity > 0 ? `${larger}+humidity` : larger;
}

function uncertaintyParts({ quantity, mean, isYear, humidShare = 0, comparisonU = 0 }: UncertainMean) {
  if (!Number.isFinite(mean) || mean < 0) return undefined;
  const { absolute, percent } = indicativeObjective(quantity, isYear === true);
  return {
    directive: Math.max(absolute, (mean * percent) / 100),
    comparison: comparisonU,
    humidity: humidShare * HUMID_EXCESS * mean,
  };
}

/**
 * Part of a humid hour's value that may be water: 1 - 1 / growth at 85 % with gamma 0.22, the factor found for SDS011
 * in Germany (Streibl 2017). Bishkek's gamma of 0.05 gives 0.22 instead of 0.55: the formulas do not transfer, so
 * this widens and never corrects.
 */
export const HUMID_EXCESS = 1 - 1 / growthFactor('gamma-de', 85);

/** The directive's figure for indicative measurements; `isYear` picks the row. */
export function indicativeObjective(quantity: 'pm25' | 'pm10', isYear: boolean): QualityObjective {
  const averaging = isYear ? 'year' : 'day';
  return QUALITY_OBJECTIVES.find((each) => each.pollutant === quantity && each.averaging === averaging)!.indicative;
}

/** Pairs below which a comparison says nothing. Our choice. */
export const MIN_COMPARISON_PAIRS = 30;

/** Stands with every number of an optical sensor. */
export const STANDING_TEXT: Names = {
  de: 'Einfacher optischer Sensor, kein Referenzgerät und nicht nach CEN/TS 17660-2 eingestuft. Bei feuchter Luft zeigt er zu viel.',
  en: 'Low-cost optical sensor, not a reference instrument and not classified under CEN/TS 17660-2. Reads high in humid air.',
};
