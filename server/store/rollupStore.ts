import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import type { HourColumns } from '../domain/means/hourColumns.ts';
import { type AnyFlag, flaggedCount, type RollupRow } from '../domain/means/rollup.ts';
import { type RollupColumns, seriesText } from '../domain/means/rollupColumns.ts';
import type { Quantity } from '../domain/quantity.ts';

/** What a row is the mean of. */
export type RollupWindow = 'hour' | 'day';

/** Width of the windows, ms: days are at a fixed offset, so each has 24 hours. */
export const ROLLUP_MS: Readonly<Record<RollupWindow, number>> = { hour: HOUR_MS, day: DAY_MS };

/** Rows of many series whose window begins in `[from, to)`, epoch ms. */
export interface RollupQuery {
  stationIds: readonly string[];
  window: RollupWindow;
  from: number;
  to: number;
  quantity?: Quantity;
  sensor?: string;
}

/** Hours of one quantity. */
export type HoursQuery = Omit<RollupQuery, 'window' | 'sensor' | 'quantity'> & { quantity: Quantity };

/** A stretch of one station whose rows may no longer say what its readings say, epoch ms, half-open. */
export interface DirtyRange {
  stationId: string;
  from: number;
  to: number;
}

/** A stored `DirtyRange`. Later marks have higher numbers. */
export interface DirtyMark extends DirtyRange {
  mark: number;
}

/**
 * Rows of closed hours and days, beside the readings they were made from. Two implementations, as for the readings;
 * `tests/store/rollupContract.ts` holds both to this text. Every write is durable when it resolves and rejects with
 * StoreUnavailableError.
 */
export interface RollupStore {
  /** Stores rows of series that have, or had, readings; one of the same series, quantity, window and start gives way. */
  write(window: RollupWindow, rows: readonly RollupColumns[]): Promise<void>;
  /** Rows in order of station, sensor, quantity and time. */
  read(query: RollupQuery): Promise<RollupRow[]>;
  /** The same, column by column; series in any order. */
  columns(query: RollupQuery): Promise<RollupColumns[]>;
  /** The same hours of one quantity, column by column, without what only rows hold; instruments in any order. */
  hours?(query: HoursQuery): Promise<HourColumns[]>;
  /** Removes a station's rows, or only those of a sensor, a kind of window or a time (by the window's start). */
  remove(query: {
    stationId: string;
    sensor?: string;
    window?: RollupWindow;
    from?: number;
    to?: number;
  }): Promise<void>;
  /**
   * From now on `append` notes readings measured before `time`, whose hours are rows already, as dirty, in the commit
   * that stores them; resolves when every `append` that began earlier is done. Not durable: `setBasis` is.
   */
  closeUntil(time: number): Promise<void>;
  /** What the rows were made by, and until when there are any; undefined before the first. */
  basis(): Promise<RollupBasis | undefined>;
  setBasis(basis: RollupBasis): Promise<void>;
  /** Notes stretches as dirty; then makes the change that makes them so, if any; then tells the listener. */
  markDirty(ranges: readonly DirtyRange[], change?: () => Promise<void>): Promise<void>;
  /** Every mark, oldest first. */
  marks(): Promise<DirtyMark[]>;
  /** Forgets a station's marks up to and with this one. */
  clearMarks(stationId: string, upTo: number): Promise<void>;
  /** Told of every mark made since, also by `append`; one listener. */
  onMark(listener: (marks: readonly DirtyMark[]) => void): void;
}

/** What all rows rest on. */
export interface RollupBasis {
  /** Rules and offset of days: another text means that every row is to be made anew. */
  rules: string;
  /** Hours that began before it are rows, epoch ms. */
  closedUntil: number;
}

/** How many readings carry each flag, as `humid:12,restart:1`; empty for none. Counts, since shares have no end. */
export function flaggedText(shares: RollupRow['shares'], readings: number): string {
  let text = '';
  for (const flag in shares) {
    text += `${text && ','}${flag}:${flaggedCount({ shares, readings }, flag as AnyFlag)}`;
  }
  return text;
}

/** Shares of what `flaggedText` wrote. */
export function sharesOfText(text: string, readings: number): RollupRow['shares'] {
  if (text === '') return {};
  const entries = text.split(',').map((entry) => {
    const [flag = '', count = '0'] = entry.split(':');
    return [flag, Math.round((Number(count) / readings) * 1e9) / 1e9];
  });
  return Object.fromEntries(entries) as RollupRow['shares'];
}

/** Rows in order of the stations asked for, sensor, quantity and time. */
export function inOrder(rows: readonly RollupRow[], stationIds: readonly string[]): RollupRow[] {
  const placeByStation = new Map(stationIds.map((stationId, place) => [stationId, place]));
  const rowsByPlace: RollupRow[][] = stationIds.map(() => []);
  for (const row of rows) rowsByPlace[placeByStation.get(row.stationId)!]!.push(row);
  return rowsByPlace.flatMap((own) => (isInOrder(own) ? own : seriesInOrder(own)));
}

/** One station's rows, series after series. */
function seriesInOrder(rows: readonly RollupRow[]): RollupRow[] {
  const rowsBySeries = new Map<string, RollupRow[]>();
  for (const row of rows) {
    const key = seriesText(row);
    const known = rowsBySeries.get(key);
    if (known === undefined) rowsBySeries.set(key, [row]);
    else known.push(row);
  }
  const series = [...rowsBySeries].sort(([a], [b]) => (a < b ? -1 : 1));
  return series.flatMap(([, list]) => (isInOrder(list) ? list : list.sort((a, b) => a.start - b.start)));
}

/** True for rows of one series in order of time. */
function isInOrder(rows: readonly RollupRow[]): boolean {
  return rows.every((row, place) => {
    const before = rows[place - 1];
    if (before === undefined) return true;
    return before.start < row.start && before.sensor === row.sensor && before.quantity === row.quantity;
  });
}

/** The days (of UTC), as ranges, of whatever was measured before `closedUntil`. */
export function dirtyRanges(
  measured: Iterable<{ stationId: string; measuredAt: number }>,
  closedUntil: number,
): DirtyRange[] {
  const daysByStation = new Map<string, Set<number>>();
  for (const { stationId, measuredAt } of measured) {
    if (measuredAt >= closedUntil) continue;
    const days = daysByStation.get(stationId) ?? new Set<number>();
    daysByStation.set(stationId, days.add(Math.floor(measuredAt / DAY_MS)));
  }
  return [...daysByStation].flatMap(([stationId, days]) => rangesOf(stationId, days));
}

function rangesOf(stationId: string, days: ReadonlySet<number>): DirtyRange[] {
  const ranges: DirtyRange[] = [];
  for (const day of [...days].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.to === day * DAY_MS) last.to += DAY_MS;
    else ranges.push({ stationId, from: day * DAY_MS, to: (day + 1) * DAY_MS });
  }
  return ranges;
}

/**
 * Removes readings together with what their rows become: gone with all readings of a station or sensor, else marked, so
 * that they are made anew. Whatever happens in between, no row stays that nobody knows to be out of date.
 */
export async function removeWithRollups(
  rollups: RollupStore,
  { stationId, sensor, from, to }: { stationId: string; sensor?: string | undefined; from: number; to: number },
  removeReadings: () => Promise<void>,
): Promise<void> {
  const isAllTime = from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY;
  if (isAllTime && sensor === undefined) {
    await removeReadings();
    await rollups.remove({ stationId });
    return rollups.clearMarks(stationId, Number.MAX_SAFE_INTEGER);
  }
  // Marked also where all of a sensor goes: flags of the others may rest on its humidity.
  await rollups.markDirty([{ stationId, from, to }], async () => {
    await removeReadings();
    if (isAllTime && sensor !== undefined) await rollups.remove({ stationId, sensor });
  });
}
