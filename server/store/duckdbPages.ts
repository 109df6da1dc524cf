import type { DuckDBValue } from '@duckdb/node-api';
import { CELL_MS, type Cell } from '../domain/aggregate.ts';
import { invalidMask } from '../domain/flag.ts';
import { QUANTITIES } from '../domain/quantity.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { int64, num, quantityOf, valuesOf } from './duckdbQueries.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';

/** A page covers an hour: the groups of 15,000 stations then fit the processor's cache and DuckDB's memory. */
const HOUR_MS = 3_600_000;

/** Valid values only, as columns named like the quantities. */
const VALID_COLUMNS = QUANTITIES.map(
  (name) => `CASE WHEN flags & ${invalidMask(name)} = 0 THEN ${name} END AS ${name}`,
);

/** Makes unpivoted names cheap to read: a byte a row instead of a text. */
const QUANTITY_ENUM = `ENUM(${QUANTITIES.map((name) => `'${name}'`).join(', ')})`;

/** Pages of 5-minute cells; `ReadingStore.cells`. */
export async function* cellPages(
  file: DuckDbFile,
  series: DuckDbSeries,
  from: number,
  to: number,
): AsyncIterable<Cell[]> {
  for await (const window of occupiedHours(file, 'readings', from, to)) {
    const page = cellsOf(await cellColumns(file, window.from, window.to), series);
    if (page.length > 0) yield page;
  }
}

async function cellColumns(file: DuckDbFile, from: number, to: number): Promise<DuckDBValue[][]> {
  return file.read(async (connection) => {
    const result = await connection.run(
      `SELECT series, quantity::${QUANTITY_ENUM}, (time // ${CELL_MS} * ${CELL_MS})::DOUBLE AS start,
        sum(value), count(*)::DOUBLE, min(value), max(value)
        FROM ${valuesOf(VALID_COLUMNS.join(', '), 'time >= $1 AND time < $2')} GROUP BY series, quantity, start`,
      [int64(from), int64(to)],
    );
    return result.getColumns();
  });
}

function cellsOf(columns: DuckDBValue[][], series: DuckDbSeries): Cell[] {
  const [ids = [], quantities = [], starts = [], sums = [], counts = [], mins = [], maxs = []] = columns;
  return ids.map((id, row): Cell => {
    const { stationId, sensor } = series.row(num(id));
    const quantity = quantityOf(quantities[row]);
    const [start, sum, count] = [num(starts[row]), num(sums[row]), num(counts[row])];
    return { stationId, sensor, quantity, start, sum, count, min: num(mins[row]), max: num(maxs[row]) };
  });
}

/** Pages of fingerprints; `ReadingStore.fingerprints`. */
export async function* fingerprintPages(
  file: DuckDbFile,
  series: DuckDbSeries,
  from: number,
): AsyncIterable<{ stationId: string; measuredAt: number; hi: number; lo: number }[]> {
  for await (const window of occupiedHours(file, 'messages', from, Number.POSITIVE_INFINITY)) {
    const rows = await file.rows(
      `SELECT series, time::DOUBLE, fp_hi::DOUBLE, fp_lo::DOUBLE FROM messages
        WHERE time >= $1 AND time < $2 AND fp_hi IS NOT NULL`,
      [int64(window.from), int64(window.to)],
    );
    const page = rows.map(([id, time, hi, lo]) => {
      return { stationId: series.row(num(id)).stationId, measuredAt: num(time), hi: num(hi), lo: num(lo) };
    });
    if (page.length > 0) yield page;
  }
}

/** The clock hours in `[from, to)` that hold rows, cut to the window. Gaps of any length cost one query. */
async function* occupiedHours(
  file: DuckDbFile,
  table: 'readings' | 'messages',
  from: number,
  to: number,
): AsyncIterable<{ from: number; to: number }> {
  let first = await firstTime(file, table, from, to);
  while (first !== undefined) {
    const end = Math.min((Math.floor(first / HOUR_MS) + 1) * HOUR_MS, to);
    yield { from: first, to: end };
    first = await firstTime(file, table, end, to);
  }
}

async function firstTime(
  file: DuckDbFile,
  table: 'readings' | 'messages',
  from: number,
  to: number,
): Promise<number | undefined> {
  const sql = `SELECT min(time)::DOUBLE FROM ${table} WHERE time >= $1 AND time < $2`;
  const [[time = null] = []] = await file.rows(sql, [int64(from), int64(to)]);
  return time === null ? undefined : num(time);
}

/** Newest time in a table; undefined when it is empty. */
export async function lastTime(file: DuckDbFile, table: 'readings' | 'messages'): Promise<number | undefined> {
  const [[time = null] = []] = await file.rows(`SELECT max(time)::DOUBLE FROM ${table}`, []);
  return time === null ? undefined : num(time);
}
