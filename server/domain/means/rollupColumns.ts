import { clockFlagsOf } from './clockMask.ts';
import { placeOf } from './course.ts';
import type { RollupRow, SeriesKey } from './rollup.ts';

/**
 * Closed hours or days of one series, column by column, in order of time: what years of rows are made, compared and
 * stored as, where an object a row would take longer than the arithmetic in it. `rowsOf` gives the same as rows.
 */
export interface RollupColumns extends SeriesKey {
  /** Width of the windows, ms. */
  widthMs: number;
  /** Epoch ms. */
  start: Float64Array;
  /** NaN: none. */
  mean: Float64Array;
  min: Float64Array;
  max: Float64Array;
  median: Float64Array;
  cadenceMs: Float64Array;
  count: Int32Array;
  expected: Int32Array;
  readings: Int32Array;
  revision: Int32Array;
  /** See `clockMask`. */
  clockFlags: Int32Array;
  /** Of days; -1: none. */
  validParts: Int32Array;
  parts: Int32Array;
  humid: Int32Array;
  /** Rows with the same share one object, not to be changed. */
  shares: RollupRow['shares'][];
  method: string[];
}

/** The columns of doubles. */
export const ROLLUP_DOUBLES = ['start', 'mean', 'min', 'max', 'median', 'cadenceMs'] as const;
/** The columns of whole numbers. */
export const ROLLUP_WHOLES = [
  'count',
  'expected',
  'readings',
  'revision',
  'clockFlags',
  'validParts',
  'parts',
  'humid',
] as const satisfies readonly (keyof RollupColumns)[];
/** The columns of numbers. */
export const ROLLUP_NUMBERS = [...ROLLUP_DOUBLES, ...ROLLUP_WHOLES] as const;

/** The rows that columns stand for. */
export function rowsOf(columns: RollupColumns): RollupRow[] {
  return Array.from(columns.start, (_, at) => rowAt(columns, columns, at));
}

/** Rows `[first, end)`, by their place; nothing is copied but the shares. */
export function cutOf(columns: RollupColumns, first: number, end: number): RollupColumns {
  const cut = { ...columns, shares: columns.shares.slice(first, end), method: columns.method.slice(first, end) };
  for (const name of ROLLUP_DOUBLES) cut[name] = columns[name].subarray(first, end);
  for (const name of ROLLUP_WHOLES) cut[name] = columns[name].subarray(first, end);
  return cut;
}

/** The rows whose window begins at `from`, epoch ms, or later. */
export function rowsSince(columns: RollupColumns, from: number): RollupColumns {
  const first = placeOf(columns.start, from);
  return first === 0 ? columns : cutOf(columns, first, columns.start.length);
}

/** The rows whose window begins before `to`, epoch ms. */
export function rowsUntil(columns: RollupColumns, to: number): RollupColumns {
  return cutOf(columns, 0, placeOf(columns.start, to));
}

/** Columns in parts of at most `limit` rows together, cut where need be. */
export function* portionsOf(rows: readonly RollupColumns[], limit: number): Generator<RollupColumns[]> {
  let part: RollupColumns[] = [];
  let room = limit;
  for (const columns of rows) {
    for (let first = 0; first < columns.start.length; ) {
      const cut = cutOf(columns, first, Math.min(columns.start.length, first + room));
      part.push(cut);
      first += cut.start.length;
      room -= cut.start.length;
      if (room > 0) continue;
      yield part;
      [part, room] = [[], limit];
    }
  }
  if (part.length > 0) yield part;
}

/** The rows at some places, copied. */
export function pickedOf(columns: RollupColumns, places: readonly number[]): RollupColumns {
  const picked = {
    ...columns,
    shares: places.map((at) => columns.shares[at]!),
    method: places.map((at) => columns.method[at]!),
  };
  for (const name of ROLLUP_DOUBLES) picked[name] = Float64Array.from(places, (at) => columns[name][at]!);
  for (const name of ROLLUP_WHOLES) picked[name] = Int32Array.from(places, (at) => columns[name][at]!);
  return picked;
}

/** Text that names a series. */
export function seriesText({ stationId, sensor, quantity }: SeriesKey): string {
  return `${stationId}/${sensor}/${quantity}`;
}

/** The row of a series at one place of columns. */
export function rowAt(
  { stationId, sensor, quantity }: SeriesKey,
  columns: Omit<RollupColumns, keyof SeriesKey>,
  at: number,
): RollupRow {
  const [start, count, expected] = [columns.start[at]!, columns.count[at]!, columns.expected[at]!];
  const row: RollupRow = {
    stationId,
    sensor,
    quantity,
    start,
    end: start + columns.widthMs,
    mean: orNull(columns.mean[at]!),
    min: orNull(columns.min[at]!),
    max: orNull(columns.max[at]!),
    median: orNull(columns.median[at]!),
    count,
    expected,
    coverage: expected === 0 ? 0 : Math.min(1, count / expected),
    flags: clockFlagsOf(columns.clockFlags[at]!),
    cadenceMs: columns.cadenceMs[at]!,
    readings: columns.readings[at]!,
    shares: columns.shares[at]!,
    method: columns.method[at]!,
    revision: columns.revision[at]!,
  };
  if (columns.parts[at]! >= 0) row.parts = { valid: columns.validParts[at]!, of: columns.parts[at]! };
  if (columns.humid[at]! >= 0) row.isHumid = columns.humid[at] === 1;
  return row;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
