import type { DuckDBDataChunk } from '@duckdb/node-api';
import { QUANTITIES } from '../domain/quantity.ts';
import type { RollupRow } from '../domain/rollup.ts';
import { doublesOf, integersOf, validityOf } from './duckdbColumns.ts';
import type { SeriesRow } from './duckdbSeries.ts';
import { clockFlagsOf, sharesOfText } from './rollupStore.ts';

/** What a query selects for `rowsOfChunk`. */
export const ROLLUP_SELECT = `series, quantity, start::DOUBLE, mean, min, max, median, count, expected, cadence, readings,
  valid_parts, parts, clock_flags, humid, method, revision, flagged`;

/** What the numbers in the tables stand for. */
export interface RollupNames {
  /** Width of the windows, ms. */
  widthMs: number;
  series: (id: number) => SeriesRow;
  method: (id: number) => string;
}

/** The rows of a chunk of `ROLLUP_SELECT`. */
export function rowsOfChunk(chunk: DuckDBDataChunk, names: RollupNames): RollupRow[] {
  const doubles = (column: number) => nullable(chunk, column, doublesOf(chunk, column));
  const integers = (column: number) => nullable(chunk, column, integersOf(chunk, column));
  const [series, quantity, start] = [integersOf(chunk, 0), integersOf(chunk, 1), doublesOf(chunk, 2)];
  const [mean, min, max, median] = [doubles(3), doubles(4), doubles(5), doubles(6)];
  const [count, expected, cadence] = [integersOf(chunk, 7), integersOf(chunk, 8), doublesOf(chunk, 9)];
  const [readings, validParts, parts] = [integersOf(chunk, 10), integers(11), integers(12)];
  const [clockFlags, humid, method] = [integersOf(chunk, 13), integers(14), integersOf(chunk, 15)];
  const revision = integersOf(chunk, 16);
  const flagged = chunk.getColumnValues(17);
  return Array.from({ length: chunk.rowCount }, (_, at) => {
    const { stationId, sensor } = names.series(series[at]!);
    const row: RollupRow = {
      stationId,
      sensor,
      quantity: QUANTITIES[quantity[at]!]!,
      start: start[at]!,
      end: start[at]! + names.widthMs,
      mean: mean(at),
      min: min(at),
      max: max(at),
      median: median(at),
      count: count[at]!,
      expected: expected[at]!,
      coverage: expected[at] === 0 ? 0 : Math.min(1, count[at]! / expected[at]!),
      flags: clockFlagsOf(clockFlags[at]!),
      cadenceMs: cadence[at]!,
      readings: readings[at]!,
      shares: sharesOfText(String(flagged[at] ?? ''), readings[at]!),
      method: names.method(method[at]!),
      revision: revision[at]!,
    };
    const of = parts(at);
    if (of !== null) row.parts = { valid: validParts(at)!, of };
    const isHumid = humid(at);
    if (isHumid !== null) row.isHumid = isHumid === 1;
    return row;
  });
}

/** A column whose null is null. */
function nullable(
  chunk: DuckDBDataChunk,
  column: number,
  values: Float64Array | Int32Array,
): (row: number) => number | null {
  const validity = validityOf(chunk, column);
  if (validity === undefined) return (row) => values[row]!;
  return (row) => (((validity[row >> 3]! >> (row & 7)) & 1) === 1 ? values[row]! : null);
}
