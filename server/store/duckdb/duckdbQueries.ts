import type { DuckDBValue } from '@duckdb/node-api';
import { invalidMask } from '../../domain/assessment/flag.ts';
import { isQuantity, QUANTITIES, type Quantity } from '../../domain/quantity.ts';
import { flagsAbout } from '../admissionFlags.ts';
import { HEALTH_COLUMNS } from '../healthColumns.ts';
import {
  type Bucket,
  type BucketsQuery,
  type Extent,
  type HealthQuery,
  type HealthRow,
  type RawValue,
  type SeriesQuery,
  wholeMs,
} from '../readingStore.ts';
import { healthOf } from './duckdbExisting.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';

/** Of the digits 0 and 1. */
const [ZERO, ONE] = [48, 49];

/**
 * SQL for rows of some series, at least one. DuckDB looks at a range while it scans a table, and then unpacks no other
 * column of what lies outside. Which of the range they are is told by a text of bits: a list of 15,000 numbers takes
 * 45 ms to parse and to look through, where the rows take 30.
 */
export function amongSeries(ids: readonly number[]): string {
  let [first, last] = [ids[0]!, ids[0]!];
  for (const id of ids) {
    if (id < first) first = id;
    if (id > last) last = id;
  }
  const range = `series BETWEEN ${first} AND ${last}`;
  const bits = new Uint8Array(last - first + 1).fill(ZERO);
  for (const id of ids) bits[id - first] = ONE;
  if (!bits.includes(ZERO)) return range;
  // A bit beyond the text is an error, and DuckDB promises no order of conditions.
  return `${range} AND CASE WHEN ${range} THEN get_bit('${Buffer.from(bits).toString('latin1')}'::BIT, series - ${first}) = 1 END`;
}

/** A time or another whole number as DuckDB binds BIGINT. */
export function int64(value: number): bigint {
  return BigInt(wholeMs(value));
}

/** Raw values of one series; `ReadingStore.raw`. */
export async function rawValues(
  file: DuckDbFile,
  series: number,
  { quantity, from, to, limit = Number.MAX_SAFE_INTEGER }: SeriesQuery & { limit?: number },
): Promise<RawValue[]> {
  const column = quantityOf(quantity);
  const rows = await file.rows(
    `SELECT time::DOUBLE, ${column}, flags::DOUBLE FROM readings
      WHERE series = $1 AND time >= $2 AND time < $3 AND ${column} IS NOT NULL ORDER BY time LIMIT $4`,
    [series, int64(from), int64(to), int64(limit)],
  );
  return rows.map(([time, value, flags]) => {
    return { measuredAt: num(time), value: num(value), flags: flagsAbout(num(flags), quantity) };
  });
}

/** Statistics of one series; `ReadingStore.buckets`. */
export async function bucketsOf(
  file: DuckDbFile,
  series: number,
  { quantity, from, to, bucketMs, offsetMs = 0 }: BucketsQuery,
): Promise<Bucket[]> {
  const column = quantityOf(quantity);
  const rows = await file.rows(
    `SELECT ((time + $4) // $5 * $5 - $4)::DOUBLE AS start, count(*)::DOUBLE, avg(${column}), min(${column}),
      max(${column}), sum(${column}), median(${column}) FROM readings
      WHERE series = $1 AND time >= $2 AND time < $3 AND ${column} IS NOT NULL AND flags & $6 = 0
      GROUP BY start ORDER BY start`,
    [series, int64(from), int64(to), int64(offsetMs), int64(bucketMs), int64(invalidMask(quantity))],
  );
  return rows.map(([start, count, mean, min, max, sum, median]) => {
    return {
      start: num(start),
      count: num(count),
      mean: num(mean),
      min: num(min),
      max: num(max),
      sum: num(sum),
      median: num(median),
    };
  });
}

/** What a station ever stored, with first and last time; `ReadingStore.seriesOf`. */
export async function extentsOf(file: DuckDbFile, series: DuckDbSeries, stationId: string): Promise<Extent[]> {
  const ids = series.ofStation(stationId).map((row) => row.id);
  if (ids.length === 0) return [];
  const where = `series IN (${ids.map((_, index) => `$${index + 1}`).join(', ')})`;
  const times = QUANTITIES.flatMap((name) => [
    `min(time) ${present(name)}::DOUBLE`,
    `max(time) ${present(name)}::DOUBLE`,
  ]);
  const rows = await file.rows(`SELECT series, ${times.join(', ')} FROM readings WHERE ${where} GROUP BY series`, ids);
  return rows.flatMap(([id, ...bounds]) => {
    return QUANTITIES.flatMap((quantity, index) => {
      const [first = null, last = null] = bounds.slice(2 * index, 2 * index + 2);
      if (first === null) return [];
      return [{ sensor: series.row(num(id)).sensor, quantity, first: num(first), last: num(last) }];
    });
  });
}

/** When each station measured last; `ReadingStore.lastTimes`. */
export async function lastTimes(file: DuckDbFile, series: DuckDbSeries): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const [id, time] of await file.rows('SELECT series, max(time)::DOUBLE FROM readings GROUP BY series', [])) {
    const { stationId } = series.row(num(id));
    times.set(stationId, Math.max(times.get(stationId) ?? Number.NEGATIVE_INFINITY, num(time)));
  }
  return times;
}

function present(quantity: Quantity): string {
  return `FILTER (WHERE ${quantity} IS NOT NULL)`;
}

/** Health of a station's messages; `ReadingStore.health`. Partial rows of one time are one row here. */
export async function healthRows(
  file: DuckDbFile,
  series: number,
  { from, to, limit = Number.MAX_SAFE_INTEGER }: HealthQuery,
): Promise<HealthRow[]> {
  const health = HEALTH_COLUMNS.map(([column]) => `any_value(${column})`).join(', ');
  const rows = await file.rows(
    `SELECT time::DOUBLE, min(received)::DOUBLE, any_value(firmware), ${health} FROM messages
      WHERE series = $1 AND time >= $2 AND time < $3 GROUP BY time ORDER BY time LIMIT $4`,
    [series, int64(from), int64(to), int64(limit)],
  );
  return rows.map(([time, received, firmware, ...numbers]) => {
    return { measuredAt: num(time), receivedAt: num(received), ...healthOf(firmware, numbers) };
  });
}

/** A column that the query casts to DOUBLE and that is never null. */
export function num(value: DuckDBValue | undefined): number {
  return Number(value);
}

/** Checks a quantity that becomes query text: columns are named like the quantities. */
function quantityOf(text: string): Quantity {
  if (!isQuantity(text)) throw new RangeError(`${text} is not a quantity`);
  return text;
}
