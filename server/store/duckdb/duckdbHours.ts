import { invalidMask } from '../../domain/assessment/flag.ts';
import { isQuantity, type Quantity } from '../../domain/quantity.ts';
import { type Course, gapsOfCourse, hoursOfCourse } from '../courseFold.ts';
import type {
  DayGap,
  GapsQuery,
  HourBucket,
  HourBucketsQuery,
  HourInterval,
  HoursAndGaps,
  HoursAndGapsQuery,
  StationQuery,
  StationsQuery,
} from '../readingStore.ts';
import { doublesOf } from './duckdbColumns.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { amongSeries, int64 } from './duckdbQueries.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';

/** Clock hours of one series; `ReadingStore.hours`. Folding the columns here takes less than grouping them in SQL. */
export async function hoursOf(
  file: DuckDbFile,
  series: number,
  { quantity, from, to, offsetMs = 0 }: HourBucketsQuery,
): Promise<HourBucket[]> {
  const column = columnOf(quantity);
  const where = `${column} IS NOT NULL AND flags & ${invalidMask(quantity)} = 0`;
  return hoursOfCourse(await courseOf(file, { table: 'readings', series, from, to, column, where }), offsetMs);
}

/**
 * Hours and gaps of one series in one pass; `ReadingStore.hoursAndGaps`. Reads all rows of the series, those without a
 * valid value too, as NaN: DuckDB spends most of its time on finding them.
 */
export async function hoursAndGapsOf(
  file: DuckDbFile,
  series: number,
  { quantity, from, to, offsetMs = 0, gapsOffsetMs }: HoursAndGapsQuery,
): Promise<HoursAndGaps> {
  const name = columnOf(quantity);
  const column = `CASE WHEN flags & ${invalidMask(quantity)} = 0 THEN coalesce(${name}, 'NaN') ELSE 'NaN'::DOUBLE END`;
  const course = await courseOf(file, { table: 'readings', series, from, to, column, where: 'true' });
  return { hours: hoursOfCourse(validOf(course), offsetMs), gaps: gapsOfCourse(course.times, gapsOffsetMs) };
}

/** Median gaps of one series' days; `ReadingStore.gaps`. */
export async function gapsOf(file: DuckDbFile, series: number, { from, to, offsetMs }: GapsQuery): Promise<DayGap[]> {
  const course = await courseOf(file, { table: 'readings', series, from, to, column: 'time::DOUBLE', where: 'true' });
  return gapsOfCourse(course.times, offsetMs);
}

/** Intervals sent with a station's messages; `ReadingStore.intervals`. `messages` numbers these. */
export async function intervalsOf(
  file: DuckDbFile,
  messages: number,
  { from, to }: StationQuery,
): Promise<HourInterval[]> {
  const query = { table: 'messages', series: messages, from, to, column: 'interval_ms' } as const;
  const course = await courseOf(file, { ...query, where: 'interval_ms IS NOT NULL' });
  return hoursOfCourse(course, 0).map(({ start, median }) => ({ start, intervalMs: median }));
}

/** Intervals of some stations, grouped in SQL; `ReadingStore.intervalsOf`. */
export async function intervalsOfStations(
  file: DuckDbFile,
  series: DuckDbSeries,
  { stationIds, from, to }: StationsQuery,
): Promise<Map<string, HourInterval[]>> {
  const ids = stationIds.flatMap((stationId) => series.find(stationId, '') ?? []);
  const found = new Map<string, HourInterval[]>();
  if (ids.length === 0) return found;
  const rows = await file.rows(
    `SELECT series, (time // 3600000 * 3600000)::DOUBLE AS start, median(interval_ms) FROM messages
      WHERE ${amongSeries(ids)} AND time >= $1 AND time < $2 AND interval_ms IS NOT NULL
      GROUP BY series, start ORDER BY series, start`,
    [int64(from), int64(to)],
  );
  for (const [id, start, intervalMs] of rows) {
    const { stationId } = series.row(Number(id));
    const list = found.get(stationId);
    const hour = { start: Number(start), intervalMs: Number(intervalMs) };
    if (list === undefined) found.set(stationId, [hour]);
    else list.push(hour);
  }
  return found;
}

interface CourseQuery {
  table: 'readings' | 'messages';
  series: number;
  from: number;
  to: number;
  /** SQL of a DOUBLE that is never null under `where`. */
  column: string;
  where: string;
}

/** Times and values of a series in time order. */
async function courseOf(file: DuckDbFile, { table, series, from, to, column, where }: CourseQuery): Promise<Course> {
  const sql = `SELECT time::DOUBLE, ${column} FROM ${table}
    WHERE series = $1 AND time >= $2 AND time < $3 AND ${where}`;
  const parts: Course[] = [];
  for await (const { chunk } of file.chunks(sql, [[series, int64(from), int64(to)]])) {
    // Copied: the columns are gone with the chunk.
    parts.push({ times: doublesOf(chunk, 0).slice(), values: doublesOf(chunk, 1).slice() });
  }
  return inTimeOrder({
    times: joined(parts.map(({ times }) => times)),
    values: joined(parts.map((part) => part.values)),
  });
}

/** The rows that hold a number. */
function validOf({ times, values }: Course): Course {
  const isValid = (_: number, place: number) => !Number.isNaN(values[place]!);
  return { times: times.filter(isValid), values: values.filter(isValid) };
}

/** Rows lie in the order they came, which is that of time but for late ones. */
function inTimeOrder(course: Course): Course {
  const { times, values } = course;
  if (times.every((time, place) => place === 0 || time >= times[place - 1]!)) return course;
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  return {
    times: Float64Array.from(order, (place) => times[place]!),
    values: Float64Array.from(order, (place) => values[place]!),
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** Column names are the quantities' names; checked, since they become query text. */
function columnOf(quantity: Quantity): string {
  if (!isQuantity(quantity)) throw new RangeError(`${quantity} is no quantity`);
  return quantity;
}
