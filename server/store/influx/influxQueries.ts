import { flagsAbout } from '../admissionFlags.ts';
import type { Bucket, BucketMs, Extent, HealthQuery, HealthRow, RawValue, SeriesQuery } from '../readingStore.ts';
import type { InfluxClient } from './influxClient.ts';
import { MESSAGE_COLUMNS, messageOf } from './influxReadings.ts';
import { edgeTime, rowPages } from './influxRows.ts';
import { quantityField, seriesIs, stationIs, timeIn, VALUE_FIELDS } from './influxText.ts';

/** Buckets in one answer at most; longer windows are cut. */
const BUCKETS_PER_QUERY = 9_000;

/** Raw values of one series; `ReadingStore.raw`. */
export async function rawValues(
  client: InfluxClient,
  { stationId, sensor, quantity, from, to, limit = Number.POSITIVE_INFINITY }: SeriesQuery & { limit?: number },
): Promise<RawValue[]> {
  const field = quantityField(quantity);
  const where = seriesIs(stationId, sensor);
  const values: RawValue[] = [];
  const source = { columns: `${field}, ${field}_x, flags`, measurement: 'reading', where } as const;
  for await (const { rows } of rowPages(client, source, { from, to })) {
    for (const [measuredAt, valid, invalid, flags] of rows) {
      const value = valid ?? invalid;
      if (typeof value === 'number') values.push({ measuredAt, value, flags: flagsAbout(Number(flags), quantity) });
    }
    if (values.length >= limit) return values.slice(0, limit);
  }
  return values;
}

/** Statistics of one series; `ReadingStore.buckets`. */
export async function bucketsOf(
  client: InfluxClient,
  query: SeriesQuery & { bucketMs: BucketMs; offsetMs?: number },
): Promise<Bucket[]> {
  const field = quantityField(query.quantity);
  const statistics = ['count', 'mean', 'min', 'max', 'sum', 'median'].map((name) => `${name}(${field})`).join(', ');
  const rows = await bucketRows(client, { ...query, statistics, stepMs: query.bucketMs });
  return rows.map(([start = 0, count = 0, mean = 0, min = 0, max = 0, sum = 0, median = 0]) => {
    return { start, count, mean, min, max, sum, median };
  });
}

/** Rows of `statistics` per `stepMs`, empty ones omitted, in time order: start, then the statistics. */
export async function bucketRows(
  client: InfluxClient,
  { stationId, sensor, from, to, statistics, stepMs, offsetMs = 0 }: BucketQuery,
): Promise<number[][]> {
  const where = seriesIs(stationId, sensor);
  // InfluxQL shifts the other way: its buckets begin at whole multiples plus the offset.
  const grouping = `GROUP BY time(${stepMs}ms, ${-offsetMs}ms) fill(none)`;
  const rows: number[][] = [];
  for (const window of await windowsOf(client, where, { from, to, stepMs, offsetMs })) {
    const condition = `${where} AND ${timeIn(window.from, window.to)}`;
    const [series] = await client.query(`SELECT ${statistics} FROM reading WHERE ${condition} ${grouping}`);
    rows.push(...((series?.values ?? []) as number[][]));
  }
  return rows.filter(([, count]) => count !== null && count !== 0);
}

interface BucketQuery extends Omit<SeriesQuery, 'quantity'> {
  /** The first of them a count. */
  statistics: string;
  stepMs: number;
  offsetMs?: number;
}

/** `[from, to)` where the series has data, cut between buckets into windows of at most `BUCKETS_PER_QUERY`. */
async function windowsOf(
  client: InfluxClient,
  where: string,
  { from, to, stepMs, offsetMs }: { from: number; to: number; stepMs: number; offsetMs: number },
): Promise<{ from: number; to: number }[]> {
  if (to - from <= BUCKETS_PER_QUERY * stepMs) return [{ from, to }];
  const first = await edgeTime(client, 'first', { measurement: 'reading', where }, { from, to });
  const last = await edgeTime(client, 'last', { measurement: 'reading', where }, { from, to });
  if (first === undefined || last === undefined) return [];
  const windows: { from: number; to: number }[] = [];
  const start = Math.floor((first + offsetMs) / stepMs) * stepMs - offsetMs;
  for (let cut = start; cut <= last; cut += BUCKETS_PER_QUERY * stepMs) {
    windows.push({ from: Math.max(cut, from), to: Math.min(cut + BUCKETS_PER_QUERY * stepMs, to) });
  }
  return windows;
}

/** What a station ever stored, with first and last time; `ReadingStore.seriesOf`. */
export async function extentsOf(client: InfluxClient, stationId: string, from: number): Promise<Extent[]> {
  const where = `${stationIs(stationId)} AND ${timeIn(from, Number.POSITIVE_INFINITY)}`;
  const extents = new Map<string, Extent>();
  for (const { quantity, field } of await presentFields(client, where)) {
    for (const edge of ['first', 'last']) {
      const found = await client.query(`SELECT ${edge}(${field}) FROM reading WHERE ${where} GROUP BY sensor`);
      for (const series of found) {
        const time = series.values[0]?.[0] as number;
        const sensor = series.tags?.sensor ?? '';
        const known = extents.get(`${sensor}/${quantity}`) ?? { sensor, quantity, first: time, last: time };
        const extent = { ...known, first: Math.min(known.first, time), last: Math.max(known.last, time) };
        extents.set(`${sensor}/${quantity}`, extent);
      }
    }
  }
  return [...extents.values()];
}

/** When each station measured last; `ReadingStore.lastTimes`. */
export async function lastTimes(client: InfluxClient, from: number): Promise<Map<string, number>> {
  const where = timeIn(from, Number.POSITIVE_INFINITY);
  // The one field that every point has.
  const found = await client.query(`SELECT last(flags) FROM reading WHERE ${where} GROUP BY station`);
  return new Map(found.map(({ tags, values }) => [tags?.station ?? '', values[0]?.[0] as number]));
}

/** The fields of `reading` that some point matching `where` holds: one query instead of sixteen that find nothing. */
export async function presentFields(client: InfluxClient, where: string): Promise<(typeof VALUE_FIELDS)[number][]> {
  const counts = VALUE_FIELDS.map(({ field }) => `count(${field})`).join(', ');
  const [series] = await client.query(`SELECT ${counts} FROM reading WHERE ${where}`);
  const [, ...found] = series?.values[0] ?? [];
  return VALUE_FIELDS.filter((_, index) => Number(found[index] ?? 0) > 0);
}

/** Health of a station's messages; `ReadingStore.health`. */
export async function healthRows(
  client: InfluxClient,
  { stationId, from, to, limit = Number.POSITIVE_INFINITY }: HealthQuery,
): Promise<HealthRow[]> {
  const source = { columns: MESSAGE_COLUMNS, measurement: 'message', where: stationIs(stationId) } as const;
  const found: HealthRow[] = [];
  for await (const { rows } of rowPages(client, source, { from, to })) {
    for (const { measuredAt, receivedAt, health } of rows.map(messageOf)) {
      found.push({ measuredAt, receivedAt, ...health });
    }
    if (found.length >= limit) return found.slice(0, limit);
  }
  return found;
}
