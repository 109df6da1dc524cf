import { DAY_MS, MINUTE_MS } from '../../domain/durations.ts';
import type { InfluxClient } from './influxClient.ts';
import { timeIn } from './influxText.ts';

/** A row of an answer: its time, then the columns in the order they were asked for; null where there is no value. */
export type InfluxRow = readonly [time: number, ...columns: unknown[]];

/** Some rows in time order, with the names of their columns. */
export interface RowPage {
  columns: readonly string[];
  rows: readonly InfluxRow[];
}

/** What is read. */
export interface RowSource {
  /** Comma-separated fields and tags, or `*`. */
  columns: string;
  measurement: 'reading' | 'extra' | 'message' | 'rollup_hour' | 'rollup_day';
  /** Condition on tags; every series when absent. */
  where?: string | undefined;
}

/** Half-open stretch of time, epoch ms. */
interface Window {
  from: number;
  to: number;
}

/** Rows in one answer: less than any server's `max-row-limit` (10,000 where it is set). */
const PAGE_ROWS = 9_000;
/** Time one query covers: of one station's series, and of all, where each query sorts thousands of series. */
const STATION_STEP_MS = 30 * DAY_MS;
const STORE_STEP_MS = 10 * MINUTE_MS;

/** Pages in time order of `[from, to)`, however long; rows of one time are in one page. Stretches without data are skipped. */
export async function* rowPages(
  client: InfluxClient,
  source: RowSource & { measurement: 'reading' | 'message' },
  { from, to }: Window,
): AsyncGenerator<RowPage> {
  const stepMs = source.where === undefined ? STORE_STEP_MS : STATION_STEP_MS;
  let start = await edgeTime(client, 'first', source, { from, to });
  while (start !== undefined) {
    const end = Math.min(start + stepMs, to);
    let rows = 0;
    for await (const page of windowPages(client, source, { from: start, to: end })) {
      rows += page.rows.length;
      yield page;
    }
    if (end >= to) return;
    // Where the next data lies is worth asking only after a stretch without: the question costs as much as a window.
    start = rows > 0 ? end : await edgeTime(client, 'first', source, { from: end, to });
  }
}

/** Pages in time order of a window with data in it. */
export async function* windowPages(client: InfluxClient, source: RowSource, window: Window): AsyncGenerator<RowPage> {
  let next: number | undefined = window.from;
  let limit = PAGE_ROWS;
  while (next !== undefined) {
    const { columns, rows } = await queryPage(client, source, { from: next, to: window.to }, limit);
    const lastTime = rows.at(-1)?.[0] ?? window.to;
    const isLast = rows.length < limit;
    const complete = isLast ? rows : rows.filter(([time]) => time < lastTime);
    // A page all of one time: ask again for more at once.
    limit = complete.length === 0 ? limit * 2 : PAGE_ROWS;
    next = isLast ? undefined : lastTime;
    if (complete.length > 0) yield { columns, rows: complete };
  }
}

async function queryPage(client: InfluxClient, source: RowSource, window: Window, limit: number): Promise<RowPage> {
  const q = `SELECT ${source.columns} FROM ${source.measurement} WHERE ${conditionOf(source, window)}`;
  const [series] = await client.query(`${q} ORDER BY time LIMIT ${limit}`);
  return { columns: series?.columns ?? [], rows: (series?.values ?? []) as unknown as InfluxRow[] };
}

/** Time of the first or last point in a window. */
export async function edgeTime(
  client: InfluxClient,
  edge: 'first' | 'last',
  source: { measurement: 'reading' | 'message'; where?: string | undefined },
  window: Window,
): Promise<number | undefined> {
  // The one field that every point of the measurement has.
  const field = source.measurement === 'reading' ? 'flags' : 'received';
  const q = `SELECT ${edge}(${field}) FROM ${source.measurement} WHERE ${conditionOf(source, window)}`;
  const [series] = await client.query(q);
  return series?.values[0]?.[0] as number | undefined;
}

function conditionOf({ where }: { where?: string | undefined }, { from, to }: Window): string {
  return where === undefined ? timeIn(from, to) : `(${where}) AND ${timeIn(from, to)}`;
}
