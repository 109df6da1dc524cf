import type { DuckDBConnection } from '@duckdb/node-api';
import { wholeMs } from '../readingStore.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { int64 } from './duckdbQueries.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';

/** Rows of every table with readings or messages, as a condition. */
export interface ChosenRows {
  where: string;
  values: (bigint | number)[];
}

/** What was measured before a time, epoch ms, but for these stations. */
export function rowsBefore(series: DuckDbSeries, before: number, except: readonly string[]): ChosenRows {
  const ids = except.flatMap((stationId) => series.ofStation(stationId).map(({ id }) => id));
  const list = ids.length === 0 ? '' : ` AND series NOT IN (${ids.join(', ')})`;
  return { where: `time < $1${list}`, values: [int64(before)] };
}

/** How many readings they are, and of how many stations. */
export async function countRows(
  file: DuckDbFile,
  series: DuckDbSeries,
  { where, values }: ChosenRows,
): Promise<{ readings: number; stations: number }> {
  const sql = `SELECT series, count(*)::DOUBLE FROM readings WHERE ${where} GROUP BY series`;
  const counts = new Map((await file.rows(sql, values)).map(([id, count]) => [Number(id), Number(count)]));
  const stations = new Set([...counts.keys()].map((id) => series.row(id).stationId));
  return { readings: [...counts.values()].reduce((sum, count) => sum + count, 0), stations: stations.size };
}

/**
 * Deletes them in one transaction, as part of a write of the store's; the checkpoint takes them out of the write-ahead
 * log too.
 */
export async function deleteRows(connection: DuckDBConnection, { where, values }: ChosenRows): Promise<void> {
  await connection.run('BEGIN');
  for (const table of ['readings', 'extras', 'messages']) {
    await connection.run(`DELETE FROM ${table} WHERE ${where}`, values);
  }
  await connection.run('COMMIT');
  await connection.run('CHECKPOINT');
}

/** Notes that readings before this time, epoch ms, may be gone. */
export async function notePruned(connection: DuckDBConnection, before: number): Promise<void> {
  await connection.run("INSERT INTO meta VALUES ('prunedUntil', $1)", [String(wholeMs(before))]);
}

/** The latest time `notePruned` noted; undefined when nothing was ever pruned. */
export async function readPrunedUntil(file: DuckDbFile): Promise<number | undefined> {
  const [[value] = []] = await file.rows("SELECT max(value::DOUBLE) FROM meta WHERE key = 'prunedUntil'");
  return value === null || value === undefined ? undefined : Number(value);
}
