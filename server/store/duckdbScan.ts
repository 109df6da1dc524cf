import type { DuckDBValue } from '@duckdb/node-api';
import { QUANTITIES } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { unionOfFlags } from './admissionFlags.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { int64, num } from './duckdbQueries.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';

/** Rows a query returns at most. */
const PAGE_ROWS = 10_000;

/** Part of the table a scan reads: all series or some, from a time on. */
interface Range {
  ids: readonly number[] | undefined;
  from: number;
  to: number;
}

/**
 * Pages of merged readings in time order; `ReadingStore.scan`. Every page is a query of its own, so that a slow reader
 * holds no transaction open, which would keep DuckDB from checkpointing. The order by time with a limit reads only the
 * row groups around the page, as rows lie in the order they came.
 */
export async function* scanPages(
  file: DuckDbFile,
  series: DuckDbSeries,
  { stationId, from, to }: { stationId?: string; from: number; to: number },
): AsyncIterable<Reading[]> {
  const ids = stationId === undefined ? undefined : series.ofStation(stationId).map((row) => row.id);
  if (ids?.length === 0) return;
  let next: number | undefined = from;
  while (next !== undefined) {
    const range: Range = { ids, from: next, to };
    const rows = await wholeKeys(file, range, PAGE_ROWS);
    next = rows.next;
    const readings = mergeRows(rows.rows, series);
    await addExtras(file, range, readings);
    if (readings.size > 0) yield [...readings.values()];
  }
}

/** The first rows of a range, cut so that no key is in two pages, and where to go on. */
async function wholeKeys(
  file: DuckDbFile,
  range: Range,
  limit: number,
): Promise<{ rows: DuckDBValue[][]; next: number | undefined }> {
  const rows = await file.rows(
    `SELECT series, time::DOUBLE, flags::DOUBLE, ${QUANTITIES.join(', ')} FROM readings
      WHERE time >= $1 AND time < $2 ${seriesFilter(range, 4)} ORDER BY time, series LIMIT $3`,
    [int64(range.from), int64(range.to), int64(limit), ...(range.ids ?? [])],
  );
  if (rows.length < limit) return { rows, next: undefined };
  const lastTime = timeOf(rows.at(-1));
  if (timeOf(rows[0]) === lastTime) return wholeKeys(file, range, limit * 2);
  return { rows: rows.filter((row) => timeOf(row) < lastTime), next: lastTime };
}

/** Adds the extras of the readings found. */
async function addExtras(file: DuckDbFile, range: Range, readings: Map<string, Reading>): Promise<void> {
  const times = [...readings.values()].map((reading) => reading.measuredAt);
  if (times.length === 0) return;
  const rows = await file.rows(
    `SELECT series, time::DOUBLE, name, value FROM extras WHERE time >= $1 AND time <= $2 ${seriesFilter(range, 3)}`,
    [int64(times[0] ?? 0), int64(times.at(-1) ?? 0), ...(range.ids ?? [])],
  );
  for (const [id, time, name, value] of rows) {
    const reading = readings.get(`${num(id)}/${num(time)}`);
    if (reading) reading.extra = { ...reading.extra, [String(name)]: num(value) };
  }
}

function mergeRows(rows: readonly DuckDBValue[][], series: DuckDbSeries): Map<string, Reading> {
  const readings = new Map<string, Reading>();
  for (const [id, time, flags, ...values] of rows) {
    const key = `${num(id)}/${num(time)}`;
    const { stationId, sensor } = series.row(num(id));
    const reading = readings.get(key) ?? { stationId, sensor, measuredAt: num(time), values: {}, flags: 0 };
    reading.flags = unionOfFlags(reading.flags, num(flags));
    for (const [index, quantity] of QUANTITIES.entries()) {
      const value = values[index];
      if (typeof value === 'number') reading.values[quantity] = value;
    }
    readings.set(key, reading);
  }
  return readings;
}

function seriesFilter({ ids }: Range, firstParameter: number): string {
  if (ids === undefined) return '';
  return `AND series IN (${ids.map((_, index) => `$${index + firstParameter}`).join(', ')})`;
}

function timeOf(row: DuckDBValue[] | undefined): number {
  return num(row?.[1]);
}
