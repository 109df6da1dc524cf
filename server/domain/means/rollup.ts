import { type DerivedFlag, METHOD_VERSION } from '../assessment/assessment.ts';
import type { RawFlag } from '../assessment/flag.ts';
import { classOfFlag, saysDoubtful } from '../assessment/flagWords.ts';
import { isHumidDay, isHumidHour } from '../assessment/hourAssessment.ts';
import { OFFICIAL_SENSORS } from '../correction/referenceMeans.ts';
import { withoutNoise } from '../decimal.ts';
import type { Quantity } from '../quantity.ts';
import type { TimeWindow } from './calendarWindows.ts';
import {
  CLOCK_MEAN_VERSION,
  type ClockFlag,
  type ClockMean,
  composedMean,
  type HourStatistics,
  hourMean,
  officialHourMean,
  type WindowContext,
} from './clockMean.ts';

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

/** The row of a clock hour, revision 1. */
export function hourRow(series: SeriesKey, hour: FlaggedHour, context: WindowContext): RollupRow {
  const isOfficial = series.sensor === OFFICIAL_SENSORS['1h'];
  const mean = isOfficial ? officialHourMean(hour.statistics, context) : hourMean(hour.statistics, context);
  return rowOf(series, mean, { cadenceMs: context.cadenceMs, readings: hour.readings, shares: sharesOf(hour) });
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
      flagged[flag] = (flagged[flag] ?? 0) + flaggedCount(hour, flag);
    }
  }
  const cadenceMs = (window.end - window.start) / Math.max(1, mean.expected);
  const row = rowOf(series, mean, { cadenceMs, readings, shares: sharesOf({ readings, flagged }) });
  row.isHumid = isHumidDay(hours.map((hour) => hour.shares.humid ?? 0));
  return row;
}

/**
 * A window made of rows that fill it without a gap: a week of days, a calendar day of hours. Its revision rises whenever
 * one of theirs does.
 */
export function composedRow(
  series: SeriesKey,
  parts: readonly RollupRow[],
  window: TimeWindow & { now: number },
): RollupRow {
  const row = dayRow(series, parts, window);
  row.revision = parts.reduce((revision, part) => revision + part.revision - 1, 1);
  // Of hours it is told by hours, of days by their readings.
  if (parts.some((part) => part.parts !== undefined)) delete row.isHumid;
  return row;
}

/** An hour or a day without a reading, in the words of a row. */
export function emptyRow(series: SeriesKey, context: WindowContext): RollupRow {
  return hourRow(series, { readings: 0, flagged: {} }, context);
}

/**
 * Words of a row for people: why its mean is missing, and what its readings carry. Of what says nothing against a value
 * only what the host explained, and humid air where it prevails; the shares tell the rest.
 */
export function flagWords({ flags, shares, isHumid }: RollupRow): (ClockFlag | AnyFlag)[] {
  const carried = (Object.keys(shares) as AnyFlag[]).filter((flag) => {
    if (flag === 'humid') return isHumid ?? isHumidHour(shares.humid!);
    return flag === 'annotated' || classOfFlag(flag) !== 'info';
  });
  return [...flags, ...carried];
}

/** From this share on a flag speaks for the whole row. Our choice, as for humid hours. */
const PREVAILS_FROM = 0.5;

/** True when at least half of a row's readings carry one flag that says something against them: so its mean is doubtful. */
export function isDoubtfulRow({ shares }: Pick<RollupRow, 'shares'>): boolean {
  const prevailing = (Object.keys(shares) as AnyFlag[]).filter((flag) => shares[flag]! >= PREVAILS_FROM);
  return saysDoubtful(prevailing);
}

/** How many of a row's readings carry a flag. */
export function flaggedCount({ shares, readings }: Pick<RollupRow, 'shares' | 'readings'>, flag: AnyFlag): number {
  return Math.round((shares[flag] ?? 0) * readings);
}

/** Written out: a spread of two objects takes 20 µs in Node 20, and years of hours come through here. */
function rowOf(
  series: SeriesKey,
  mean: ClockMean,
  { cadenceMs, readings, shares }: Pick<RollupRow, 'cadenceMs' | 'readings' | 'shares'>,
): RollupRow {
  const row: RollupRow = {
    stationId: series.stationId,
    sensor: series.sensor,
    quantity: series.quantity,
    start: mean.start,
    end: mean.end,
    mean: mean.mean,
    min: mean.min,
    max: mean.max,
    median: mean.median,
    count: mean.count,
    expected: mean.expected,
    coverage: mean.coverage,
    flags: mean.flags,
    cadenceMs,
    readings,
    shares,
    method: ROLLUP_METHOD,
    revision: 1,
  };
  if (mean.parts !== undefined) row.parts = mean.parts;
  return row;
}

const NO_SHARES: RollupRow['shares'] = Object.freeze({});

function sharesOf({ readings, flagged }: Pick<FlaggedHour, 'readings' | 'flagged'>): RollupRow['shares'] {
  let shares = NO_SHARES;
  for (const name in flagged) {
    if (shares === NO_SHARES) shares = {};
    shares[name as AnyFlag] = withoutNoise(flagged[name as AnyFlag]! / readings);
  }
  return shares;
}
