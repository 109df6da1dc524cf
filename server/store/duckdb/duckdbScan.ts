import type { DuckDBDataChunk } from '@duckdb/node-api';
import { QUANTITIES } from '../../domain/quantity.ts';
import type { Reading } from '../../domain/reading.ts';
import { unionOfFlags } from '../admissionFlags.ts';
import { doublesOf, integersOf, validityOf } from './duckdbColumns.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { int64, num } from './duckdbQueries.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';
import { bound, WINDOW_MS, type Window } from './duckdbValues.ts';

/** Readings a page holds at least, but for the last. */
const PAGE_READINGS = 5_000;
/** Rows one query covers at least, where there are so many. */
const QUERY_ROWS = 20_000;

/** Part of the table a scan reads: all series or some. */
interface Range extends Window {
  ids: readonly number[] | undefined;
}

/**
 * Pages of merged readings in time order; `ReadingStore.scan`. A query covers a stretch of time, whole and sorted, so
 * that each row is read once; and a slow reader holds no transaction open, which would keep DuckDB from checkpointing.
 */
export async function* scanPages(
  file: DuckDbFile,
  series: DuckDbSeries,
  { stationId, from, to }: { stationId?: string; from: number; to: number },
): AsyncGenerator<Reading[]> {
  const ids = stationId === undefined ? undefined : series.ofStation(stationId).map((row) => row.id);
  if (ids?.length === 0) return;
  const range: Range = { ids, from, to };
  const windows = await windowsOf(file, range);
  const sql = `SELECT series, time::DOUBLE, flags::DOUBLE, ${QUANTITIES.join(', ')} FROM readings
    WHERE time >= $1 AND time < $2 ${seriesFilter(range)} ORDER BY time, series`;
  const runs = windows.map((window) => [...bound(window), ...(ids ?? [])]);
  let page: Reading[] = [];
  for await (const { chunk } of file.chunks(sql, runs)) {
    addRows(page, chunk, series);
    if (page.length <= PAGE_READINGS) continue;
    // The last reading may go on in the next chunk.
    const unfinished = page.pop();
    yield withExtras(file, series, range, page);
    page = unfinished ? [unfinished] : [];
  }
  if (page.length > 0) yield withExtras(file, series, range, page);
}

/** The range where it holds rows, cut into windows of about `QUERY_ROWS` or half an hour, whichever is more. */
async function windowsOf(file: DuckDbFile, range: Range): Promise<Window[]> {
  const rows = await file.rows(
    `SELECT (time // ${WINDOW_MS} * ${WINDOW_MS})::DOUBLE AS start, count(*)::DOUBLE FROM readings
      WHERE time >= $1 AND time < $2 ${seriesFilter(range)} GROUP BY start ORDER BY start`,
    [...bound(range), ...(range.ids ?? [])],
  );
  const windows: Window[] = [];
  let rowsInLast = QUERY_ROWS;
  for (const [start, count] of rows) {
    const to = Math.min(num(start) + WINDOW_MS, range.to);
    const last = windows.at(-1);
    if (last === undefined || rowsInLast >= QUERY_ROWS) {
      windows.push({ from: Math.max(num(start), range.from), to });
      rowsInLast = 0;
    } else {
      last.to = to;
    }
    rowsInLast += num(count);
  }
  return windows;
}

/** Adds a chunk's rows to the page; rows of one key follow each other and become one reading. */
function addRows(page: Reading[], chunk: DuckDBDataChunk, series: DuckDbSeries): void {
  const ids = integersOf(chunk, 0);
  const [times, masks] = [doublesOf(chunk, 1), doublesOf(chunk, 2)] as const;
  const readings: Reading[] = [];
  for (let row = 0; row < ids.length; row += 1) {
    const reading = readingOf(page.at(-1), series, ids[row]!, times[row]!);
    if (reading !== page.at(-1)) page.push(reading);
    reading.flags = unionOfFlags(reading.flags, masks[row]!);
    readings.push(reading);
  }
  for (const [index, quantity] of QUANTITIES.entries()) {
    const [values, validity] = [doublesOf(chunk, 3 + index), validityOf(chunk, 3 + index)] as const;
    for (const [row, reading] of readings.entries()) {
      const isPresent = validity === undefined || ((validity[row >> 3]! >> (row & 7)) & 1) === 1;
      if (isPresent) reading.values[quantity] = values[row]!;
    }
  }
}

/** The reading a row belongs to: the last one, or a new one. */
function readingOf(last: Reading | undefined, series: DuckDbSeries, id: number, measuredAt: number): Reading {
  const { stationId, sensor } = series.row(id);
  const isSame = last?.measuredAt === measuredAt && last.stationId === stationId && last.sensor === sensor;
  return isSame ? last : { stationId, sensor, measuredAt, values: {}, flags: 0 };
}

/** The page with the unknown quantities of its readings. */
async function withExtras(file: DuckDbFile, series: DuckDbSeries, range: Range, page: Reading[]): Promise<Reading[]> {
  const [first, last] = [page[0], page.at(-1)];
  if (!first || !last) return page;
  const rows = await file.rows(
    `SELECT series, time::DOUBLE, name, value FROM extras WHERE time >= $1 AND time < $2 ${seriesFilter(range)}`,
    [int64(first.measuredAt), int64(last.measuredAt + 1), ...(range.ids ?? [])],
  );
  if (rows.length === 0) return page;
  const byKey = new Map(
    page.map((reading) => [`${reading.stationId}/${reading.sensor}/${reading.measuredAt}`, reading]),
  );
  for (const [id, time, name, value] of rows) {
    const { stationId, sensor } = series.row(num(id));
    const reading = byKey.get(`${stationId}/${sensor}/${num(time)}`);
    if (reading) reading.extra = { ...reading.extra, [String(name)]: num(value) };
  }
  return page;
}

function seriesFilter({ ids }: Range): string {
  if (ids === undefined) return '';
  return `AND series IN (${ids.map((_, index) => `$${index + 3}`).join(', ')})`;
}
