import { MIN_GAPS } from '../domain/cadence.ts';
import { invalidMask } from '../domain/flag.ts';
import { isQuantity, type Quantity } from '../domain/quantity.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { int64, num } from './duckdbQueries.ts';
import type { HourBucket, ReadingStore } from './readingStore.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const THIRD_MS = HOUR_MS / 3;

/** Clock hours of one series; `ReadingStore.hours`. */
export async function hoursOf(
  file: DuckDbFile,
  series: number,
  { quantity, from, to, offsetMs = 0 }: Parameters<ReadingStore['hours']>[0],
): Promise<HourBucket[]> {
  const column = columnOf(quantity);
  const rows = await file.rows(
    `SELECT ((time + $4) // ${HOUR_MS} * ${HOUR_MS} - $4)::DOUBLE AS start, count(*)::DOUBLE, sum(${column}), min(${column}),
      max(${column}), median(${column}),
      (count(*) FILTER ((time + $4) % ${HOUR_MS} < ${THIRD_MS}))::DOUBLE,
      (count(*) FILTER ((time + $4) % ${HOUR_MS} >= ${2 * THIRD_MS}))::DOUBLE FROM readings
      WHERE series = $1 AND time >= $2 AND time < $3 AND ${column} IS NOT NULL AND flags & $5 = 0
      GROUP BY start ORDER BY start`,
    [series, int64(from), int64(to), int64(offsetMs), int64(invalidMask(quantity))],
  );
  return rows.map((row) => {
    const [start = 0, count = 0, sum = 0, min = 0, max = 0, median = 0, first = 0, last = 0] = row.map(num);
    const thirds: HourBucket['thirds'] = [first, count - first - last, last];
    return { start, count, mean: sum / count, min, max, sum, median, thirds };
  });
}

/** Intervals sent with a station's messages; `ReadingStore.intervals`. `messages` numbers these. */
export async function intervalsOf(
  file: DuckDbFile,
  messages: number,
  { from, to }: Parameters<ReadingStore['intervals']>[0],
): ReturnType<ReadingStore['intervals']> {
  const rows = await file.rows(
    `SELECT (time // ${HOUR_MS} * ${HOUR_MS})::DOUBLE AS start, median(interval_ms) FROM messages
      WHERE series = $1 AND time >= $2 AND time < $3 AND interval_ms IS NOT NULL GROUP BY start ORDER BY start`,
    [messages, int64(from), int64(to)],
  );
  return rows.map(([start, interval]) => ({ start: num(start), intervalMs: num(interval) }));
}

/** Median gaps of one series' days; `ReadingStore.gaps`. */
export async function gapsOf(
  file: DuckDbFile,
  series: number,
  { from, to, offsetMs }: Parameters<ReadingStore['gaps']>[0],
): ReturnType<ReadingStore['gaps']> {
  const rows = await file.rows(
    `SELECT ((time + $4) // ${DAY_MS} * ${DAY_MS} - $4)::DOUBLE AS start, median(gap)::DOUBLE
      FROM (SELECT time, time - lag(time) OVER (ORDER BY time) AS gap FROM
        (SELECT DISTINCT time FROM readings WHERE series = $1 AND time >= $2 AND time < $3))
      WHERE gap IS NOT NULL GROUP BY start HAVING count(*) >= ${MIN_GAPS} ORDER BY start`,
    [series, int64(from), int64(to), int64(offsetMs)],
  );
  return rows.map(([start, gap]) => ({ start: num(start), medianMs: num(gap) }));
}

/** Column names are the quantities' names; checked, since they become query text. */
function columnOf(quantity: Quantity): string {
  if (!isQuantity(quantity)) throw new RangeError(`${quantity} is no quantity`);
  return quantity;
}
