import { stationsFigure } from '../../../domain/areaStatistics.ts';
import { median } from '../../../domain/assessment/robust.ts';
import { shareFromOthers } from '../../../domain/correction/referenceRatio.ts';
import { DAY_MS, HOUR_MS } from '../../../domain/durations.ts';

/** Figures that server-written pages and the browser's views compute alike. */

/** Stations this near breathe much the same air, apart from what stands beside them; metres. */
export const NEIGHBOUR_RADIUS_M = 3_000;
/** From here on optical sensors often show more than there is, % relative humidity (Liu 2019; Jayaratne 2018). */
export const HUMID_PERCENT = 75;
/** From here on they take droplets for particles. */
export const VERY_HUMID_PERCENT = 85;

/** Days before that say what is usual. */
const USUAL_DAYS = 7;
/** Fewer of them say nothing about it. */
const MIN_USUAL_DAYS = 4;

/** Median of one value a station; undefined for too few of them. */
export function medianOfStations(values: readonly number[]): number | undefined {
  return stationsFigure(values).median;
}

/** What is usual at a clock hour. */
export interface Usual {
  median: number;
  /** Smallest and largest of the earlier days. */
  min: number;
  max: number;
  days: number;
  /** Start of the hour today, epoch ms. */
  hour: number;
}

/** What the comparison with earlier days depends on. */
export interface UsualContext {
  /** Epoch ms. */
  now: number;
  /** Time of day as people there read it: an hour of the earlier days is the same when its start reads the same. */
  clockTime: (at: number) => string;
}

/** How a value stands to the earlier days: below or above all of them, or between. */
export type UsualStanding = 'below' | 'within' | 'above';

/**
 * Valid means, on the seven days before, of the clock hour in which most of the last 60 minutes lie: at five past seven that
 * is the hour from six. Undefined with fewer than four of them.
 */
export function usualAtThisHour(
  hours: readonly { start: number; mean: number }[],
  { now, clockTime }: UsualContext,
): Usual | undefined {
  // Hours begin where those at hand do: at half past where the operator's days do.
  const shift = (hours[0]?.start ?? 0) % HOUR_MS;
  const hour = Math.floor((now - HOUR_MS / 2 - shift) / HOUR_MS) * HOUR_MS + shift;
  const means = [...sameHours(hours, hour, clockTime).values()];
  const middle = median(means);
  if (middle === undefined || means.length < MIN_USUAL_DAYS) return undefined;
  return { median: middle, min: Math.min(...means), max: Math.max(...means), days: means.length, hour };
}

/** Mean of the same hour by the clock, by how many days ago: 23 to 25 hours a day where clocks change. */
function sameHours(
  hours: readonly { start: number; mean: number }[],
  hour: number,
  clockTime: UsualContext['clockTime'],
): Map<number, number> {
  const time = clockTime(hour);
  const meanByDay = new Map<number, number>();
  for (const { start, mean } of hours) {
    const days = Math.round((hour - start) / DAY_MS);
    const isNear = Math.abs(hour - start - days * DAY_MS) <= HOUR_MS;
    if (days >= 1 && days <= USUAL_DAYS && isNear && clockTime(start) === time) meanByDay.set(days, mean);
  }
  return meanByDay;
}

/**
 * Where a valid mean of the last 60 minutes stands. A fact about the days at hand instead of a judgement: no threshold says
 * what is much. Compared as shown, with one decimal, so that words and numbers never contradict each other.
 */
export function standsToUsual({ min, max }: Usual, value: number): UsualStanding {
  const [low, high, here] = [min, max, value].map((number) => Math.round(number * 10));
  if (here! < low!) return 'below';
  return here! > high! ? 'above' : 'within';
}

/** An hour as measured and after a correction, µg/m³. */
export interface CorrectedHour {
  /** Epoch ms. */
  start: number;
  mean: number;
  raw: number;
}

/** What a correction comes to over some hours. */
export interface CorrectionSummary {
  hours: number;
  /** Means of the same hours, µg/m³. */
  raw: number;
  mean: number;
  /** Share of the corrected values that stems from others, 0 to 1. */
  share: number;
}

/** Both means over the hours that have both; undefined without any. */
export function correctionSummary(hours: readonly CorrectedHour[]): CorrectionSummary | undefined {
  if (hours.length === 0) return undefined;
  const values = hours.map(({ raw, mean }) => ({ raw, value: mean, shareFromOthers: 0 }));
  const meanBy = (key: 'raw' | 'mean') => hours.reduce((sum, hour) => sum + hour[key], 0) / hours.length;
  return { hours: hours.length, raw: meanBy('raw'), mean: meanBy('mean'), share: shareFromOthers(values) ?? 0 };
}
