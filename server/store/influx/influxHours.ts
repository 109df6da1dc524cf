import { DAY_MS, HOUR_MS } from '../../domain/durations.ts';
import { medianGap } from '../../domain/means/cadence.ts';
import type {
  DayGap,
  GapsQuery,
  HourBucket,
  HourBucketsQuery,
  HourInterval,
  StationQuery,
  StationsQuery,
} from '../readingStore.ts';
import type { InfluxClient } from './influxClient.ts';
import { answersInParts } from './influxParts.ts';
import { bucketRows, bucketsOf } from './influxQueries.ts';
import { rowPages } from './influxRows.ts';
import { quantityField, seriesIs, stationIn, stationIs, timeIn } from './influxText.ts';

const THIRD_MS = HOUR_MS / 3;
/** Hours, of all stations asked for, to have in one answer. */
const HOURS_PER_QUERY = 9_000;

/** Clock hours of one series; `ReadingStore.hours`. */
export async function hoursOf(client: InfluxClient, query: HourBucketsQuery): Promise<HourBucket[]> {
  const { offsetMs = 0 } = query;
  const statistics = `count(${quantityField(query.quantity)})`;
  const counts = new Map<number, number>();
  for (const [start = 0, count = 0] of await bucketRows(client, { ...query, statistics, stepMs: THIRD_MS })) {
    counts.set(start, count);
  }
  const hours = await bucketsOf(client, { ...query, bucketMs: HOUR_MS, offsetMs });
  return hours.map((hour) => {
    const [first = 0, second = 0, third = 0] = [0, 1, 2].map((index) => counts.get(hour.start + index * THIRD_MS));
    return { ...hour, thirds: [first, second, third] };
  });
}

/** Intervals sent with a station's messages; `ReadingStore.intervals`. */
export async function intervalsOf(
  client: InfluxClient,
  { stationId, from, to }: StationQuery,
): Promise<HourInterval[]> {
  const [series] = await client.query(
    `SELECT median(interval_ms) FROM message WHERE ${stationIs(stationId)} AND ${timeIn(from, to)}
      GROUP BY time(${HOUR_MS}ms) fill(none)`,
  );
  const rows = (series?.values ?? []) as [number, number | null][];
  return rows.flatMap(([start, intervalMs]) => (intervalMs === null ? [] : [{ start, intervalMs }]));
}

/** Intervals of some stations; `ReadingStore.intervalsOf`. */
export async function intervalsOfStations(
  client: InfluxClient,
  { stationIds, from, to }: StationsQuery,
): Promise<Map<string, HourInterval[]>> {
  const found = new Map<string, HourInterval[]>();
  if (stationIds.length === 0) return found;
  const question = {
    select: 'median(interval_ms)',
    measurement: 'message',
    where: stationIn(stationIds),
    groupBy: `time(${HOUR_MS}ms), station fill(none)`,
  } as const;
  const stepMs = (HOURS_PER_QUERY / stationIds.length) * HOUR_MS;
  for await (const answer of answersInParts(client, { ...question, from, to, stepMs })) {
    for (const { tags, values } of answer) {
      const hours = values.map(([start, intervalMs]) => ({ start: Number(start), intervalMs: Number(intervalMs) }));
      const known = found.get(String(tags?.station));
      if (known === undefined) found.set(String(tags?.station), hours);
      else known.push(...hours);
    }
  }
  return found;
}

/** Median gaps of one series' days; `ReadingStore.gaps`. */
export async function gapsOf(
  client: InfluxClient,
  { stationId, sensor, from, to, offsetMs }: GapsQuery,
): Promise<DayGap[]> {
  const source = { columns: 'flags', measurement: 'reading', where: seriesIs(stationId, sensor) } as const;
  const gapsByDay = new Map<number, number[]>();
  let before: number | undefined;
  for await (const { rows } of rowPages(client, source, { from, to })) {
    for (const [time] of rows) {
      const day = Math.floor((time + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
      const gaps = gapsByDay.get(day) ?? [];
      if (before !== undefined) gaps.push(time - before);
      gapsByDay.set(day, gaps);
      before = time;
    }
  }
  return [...gapsByDay].flatMap(([start, gaps]) => {
    const medianMs = medianGap(gaps);
    return medianMs === undefined ? [] : [{ start, medianMs }];
  });
}
