import { type DerivedFlag, isCounted, METHOD_VERSION } from './assessment.ts';
import type { TimeWindow } from './calendarWindows.ts';
import {
  CLOCK_MEAN_VERSION,
  type ClockMean,
  composedMean,
  type HourStatistics,
  hourMean,
  type WindowContext,
} from './clockMean.ts';
import { exactMean, withoutNoise } from './decimal.ts';
import { flagsOf, isValid, type RawFlag } from './flag.ts';
import { isHumidDay } from './hourAssessment.ts';
import type { Quantity } from './quantity.ts';
import { sortedQuantile } from './robust.ts';

/** Rows of closed hours and days: clock means with the share of each flag, the rules they follow and a revision. */

/** Rules a row follows; another text means: recompute. */
export const ROLLUP_METHOD = `${CLOCK_MEAN_VERSION}+${METHOD_VERSION}`;

/** A flag a share is kept of. */
export type AnyFlag = RawFlag | DerivedFlag;

/** Which series a row belongs to. */
export interface SeriesKey {
  stationId: string;
  sensor: string;
  quantity: Quantity;
}

/** One reading's value with its raw mask and derived flags. */
export interface FlaggedValue {
  measuredAt: number;
  value: number;
  flags: number;
  derived: readonly DerivedFlag[];
}

/** An hour's readings summed up: statistics of those that count, and how many carry each flag. */
export interface FlaggedHour {
  /** Absent when no reading counts. */
  statistics?: HourStatistics;
  /** All readings, counted or not. */
  readings: number;
  flagged: Partial<Record<AnyFlag, number>>;
}

/** A closed hour or day of one series. */
export interface RollupRow extends ClockMean, SeriesKey {
  /** Cadence the expectation rests on, ms. */
  cadenceMs: number;
  /** All readings, also those that count in no mean. */
  readings: number;
  /** Share of the readings with each flag, 0 to 1; a flag that none has is absent. */
  shares: Partial<Record<AnyFlag, number>>;
  /** Of a day: six hours or more were humid. */
  isHumid?: boolean;
  method: string;
  /**
   * 1 for the first version; one more whenever late data, an import, an annotation or a method changed what the row
   * says.
   */
  revision: number;
}

const THIRD_MS = 20 * 60_000;

/** Sums up one hour's values, in any order. Raw-invalid and stuck values count in no mean; humid ones do. */
export function flaggedHour(values: readonly FlaggedValue[], quantity: Quantity): FlaggedHour {
  const flagged: Partial<Record<AnyFlag, number>> = {};
  const counted: FlaggedValue[] = [];
  for (const value of values) {
    for (const flag of flagsOf(value.flags, quantity)) flagged[flag] = (flagged[flag] ?? 0) + 1;
    for (const flag of value.derived) flagged[flag] = (flagged[flag] ?? 0) + 1;
    if (isValid(value.flags, quantity) && isCounted(value.derived)) counted.push(value);
  }
  const statistics = statisticsOf(counted);
  return { readings: values.length, flagged, ...(statistics && { statistics }) };
}

/** The row of a clock hour, revision 1. */
export function hourRow(series: SeriesKey, hour: FlaggedHour, context: WindowContext): RollupRow {
  const mean = hourMean(hour.statistics, context);
  return finished({
    ...mean,
    ...series,
    cadenceMs: context.cadenceMs,
    readings: hour.readings,
    shares: sharesOf(hour),
  });
}

/** The row of a day from the rows of its hours, which fill it without a gap; revision 1. */
export function dayRow(
  series: SeriesKey,
  hours: readonly RollupRow[],
  window: TimeWindow & { now: number },
): RollupRow {
  const mean = composedMean(hours, window);
  const flagged: Partial<Record<AnyFlag, number>> = {};
  let readings = 0;
  for (const hour of hours) {
    readings += hour.readings;
    for (const name in hour.shares) {
      const flag = name as AnyFlag;
      flagged[flag] = (flagged[flag] ?? 0) + hour.shares[flag]! * hour.readings;
    }
  }
  const cadenceMs = (window.end - window.start) / Math.max(1, mean.expected);
  const isHumid = isHumidDay(hours.map((hour) => hour.shares.humid ?? 0));
  return finished({ ...mean, ...series, cadenceMs, readings, shares: sharesOf({ readings, flagged }), isHumid });
}

/**
 * `next` as the successor of what is stored: the stored row itself when it says the same, else one revision further.
 */
export function revised(stored: RollupRow | undefined, next: RollupRow): RollupRow {
  if (stored === undefined) return next;
  return saysOf(stored) === saysOf(next) ? stored : { ...next, revision: stored.revision + 1 };
}

function finished(row: Omit<RollupRow, 'method' | 'revision'>): RollupRow {
  return { ...row, method: ROLLUP_METHOD, revision: 1 };
}

/** Everything a row says, but its revision, in one order. */
function saysOf({ revision: _, shares, ...row }: RollupRow): string {
  return JSON.stringify([Object.entries(row).sort(), Object.entries(shares).sort()]);
}

function sharesOf({ readings, flagged }: Pick<FlaggedHour, 'readings' | 'flagged'>): RollupRow['shares'] {
  const entries = Object.entries(flagged).map(([flag, count]) => [flag, withoutNoise(count / readings)]);
  return Object.fromEntries(entries) as RollupRow['shares'];
}

function statisticsOf(counted: readonly FlaggedValue[]): HourStatistics | undefined {
  const values = counted.map(({ value }) => value);
  const mean = exactMean(values);
  if (mean === undefined) return undefined;
  const ascending = Float64Array.from(values).sort();
  const thirds: [number, number, number] = [0, 0, 0];
  for (const { measuredAt } of counted) thirds[(Math.floor(measuredAt / THIRD_MS) % 3) as 0 | 1 | 2] += 1;
  const [min, max] = [ascending[0]!, ascending[ascending.length - 1]!];
  return { count: values.length, mean, min, max, median: sortedQuantile(ascending, 0.5), thirds };
}
