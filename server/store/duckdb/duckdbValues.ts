import type { DuckDBDataChunk } from '@duckdb/node-api';
import { MINUTE_MS } from '../../domain/durations.ts';
import { QUANTITIES, type Quantity } from '../../domain/quantity.ts';
import { doublesOf, integersOf, validityOf } from './duckdbColumns.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { int64 } from './duckdbQueries.ts';

/** What one query covers. Half an hour of 15,000 stations is 370,000 rows. */
export const WINDOW_MS = 30 * MINUTE_MS;

/** A half-open stretch of time, epoch ms. */
export interface Window {
  from: number;
  to: number;
}

/** Some thousand values of one quantity, as columns. */
export interface ValueColumn {
  /** An index into the quantities asked for. */
  quantity: number;
  series: Int32Array;
  times: Float64Array;
  values: Float64Array;
  flags: Float64Array;
  /** False for a row without a value of this quantity. */
  isPresent: (row: number) => boolean;
}

/** Takes stored values, one column after the other. */
export interface ValueVisitor {
  add(column: ValueColumn): void;
}

/**
 * Visits every value of each window; pauses after a window. Folding the columns here takes a fifth of the time of
 * grouping them in SQL, where the groups (two readings each) cost more than the rows.
 */
export async function* visitValues(
  file: DuckDbFile,
  quantities: readonly Quantity[],
  windows: readonly Window[],
  visitor: ValueVisitor,
): AsyncGenerator<Window> {
  const sql = `SELECT series, time::DOUBLE, flags::DOUBLE, ${quantities.join(', ')} FROM readings
    WHERE time >= $1 AND time < $2`;
  let current = 0;
  for await (const { run, chunk } of file.chunks(sql, windows.map(bound))) {
    if (run !== current) yield windows[current]!;
    current = run;
    visitChunk(chunk, quantities.length, visitor);
  }
  if (windows.length > 0) yield windows[current]!;
}

function visitChunk(chunk: DuckDBDataChunk, quantityCount: number, visitor: ValueVisitor): void {
  const [series, times, flags] = [integersOf(chunk, 0), doublesOf(chunk, 1), doublesOf(chunk, 2)] as const;
  for (let quantity = 0; quantity < quantityCount; quantity += 1) {
    const bits = validityOf(chunk, 3 + quantity);
    const isPresent = (row: number) => bits === undefined || ((bits[row >> 3]! >> (row & 7)) & 1) === 1;
    visitor.add({ quantity, series, times, values: doublesOf(chunk, 3 + quantity), flags, isPresent });
  }
}

/** The quantities that some reading of a window holds: the columns of the others need not be read. */
export async function presentQuantities(file: DuckDbFile, window: Window): Promise<Quantity[]> {
  const counts = QUANTITIES.map((name) => `count(${name})::DOUBLE`).join(', ');
  const [row = []] = await file.rows(`SELECT ${counts} FROM readings WHERE time >= $1 AND time < $2`, bound(window));
  return QUANTITIES.filter((_, index) => Number(row[index]) > 0);
}

/** The half hours of a window that hold rows, in order, cut to the window. */
export async function occupiedWindows(
  file: DuckDbFile,
  table: 'readings' | 'messages',
  { from, to }: Window,
): Promise<Window[]> {
  const rows = await file.rows(
    `SELECT DISTINCT (time // ${WINDOW_MS} * ${WINDOW_MS})::DOUBLE AS start FROM ${table}
      WHERE time >= $1 AND time < $2 ORDER BY start`,
    bound({ from, to }),
  );
  return rows.map(([start]) => {
    return { from: Math.max(Number(start), from), to: Math.min(Number(start) + WINDOW_MS, to) };
  });
}

/** A window as the parameters of `time >= $1 AND time < $2`. */
export function bound({ from, to }: Window): [bigint, bigint] {
  return [int64(from), int64(to)];
}

/** Newest time in a table; undefined when it is empty. */
export async function lastTime(file: DuckDbFile, table: 'readings' | 'messages'): Promise<number | undefined> {
  const [[time = null] = []] = await file.rows(`SELECT max(time)::DOUBLE FROM ${table}`);
  return time === null ? undefined : Number(time);
}
