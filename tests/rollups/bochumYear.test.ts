import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import type { RollupRow } from '../../server/domain/means/rollup.ts';
import type { AcceptedMessage, Values } from '../../server/domain/reading.ts';
import { RollupKeeper } from '../../server/rollups/rollupKeeper.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { InfluxReadingStore } from '../../server/store/influx/influxReadingStore.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';
import { type Influxd, startInfluxd } from '../support/influxd.ts';
import { message, STATION } from './rollupHouse.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/bochum-year/2022-02-09_to_2023-02-08.csv.gz', import.meta.url));
const PLAIN = fileURLToPath(new URL('../support/plainRollups.mjs', import.meta.url));
const END = Date.UTC(2023, 1, 10);
const LIVE_FROM = Date.UTC(2022, 11, 31, 12);
/** A gap, half an hour that takes the coverage of its hour, and a day of which hardly anything is left. */
const DELETED = [
  [Date.UTC(2022, 5, 10, 4), Date.UTC(2022, 5, 10, 6, 30)],
  [Date.UTC(2022, 7, 1, 12, 10), Date.UTC(2022, 7, 1, 12, 40)],
  [Date.UTC(2022, 9, 2, 1), Date.UTC(2022, 9, 2, 22)],
] as const;
const LATE = [Date.UTC(2022, 3, 3), Date.UTC(2022, 3, 8)] as const;

interface Line {
  time: number;
  pm10: number;
  pm25: number;
}

const lines: Line[] = gunzipSync(readFileSync(FIXTURE))
  .toString()
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(';').map(Number))
  .map(([seconds, pm10, pm25]) => ({ time: seconds! * 1000, pm10: pm10!, pm25: pm25! }));

/** Whole readings, every seventh in two parts; every hundredth comes again with another value, which is refused. */
function messagesOf(some: readonly Line[]): AcceptedMessage[] {
  return some.flatMap(({ time, pm10, pm25 }, at) => {
    const send = (values: Values) => message(time, 'sds011', values);
    const sent = at % 7 === 0 ? [send({ pm25 }), send({ pm10 })] : [send({ pm10, pm25 })];
    return at % 100 === 0 ? [...sent, send({ pm10: pm10 + 1 })] : sent;
  });
}

/** A year as a program lives it: history imported, two days live, a jump to the end, late readings, deletions. */
async function liveThroughTheYear(store: ReadingStore): Promise<{ hours: RollupRow[]; days: RollupRow[] }> {
  let now = LIVE_FROM;
  const keeper = new RollupKeeper({
    store,
    stationIds: () => [STATION],
    annotationsOf: () => [],
    dayOffsetMs: HOUR_MS,
    fixedUntil: async () => Number.NEGATIVE_INFINITY,
    clock: () => now,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined } as never,
  });
  const settled = () => keeper.upToDate([STATION], { patienceMs: 240_000, to: Number.POSITIVE_INFINITY });
  const bring = async (from: number, to: number) => {
    const messages = messagesOf(lines.filter(({ time }) => time >= from && time < to && !isLate(time)));
    for (let at = 0; at < messages.length; at += 10_000) await store.append(messages.slice(at, at + 10_000));
  };
  await bring(0, LIVE_FROM);
  keeper.start();
  await settled();
  for (; now < LIVE_FROM + 2 * DAY_MS; now += HOUR_MS) {
    await bring(now, now + HOUR_MS);
    await settled();
  }
  await bring(now, END);
  now = END;
  await settled();
  await store.append(messagesOf(lines.filter(({ time }) => isLate(time))));
  await settled();
  for (const [from, to] of DELETED) await store.remove({ stationId: STATION, from, to });
  await settled();
  await keeper.close();
  const query = { stationIds: [STATION], from: 0, to: END };
  const [hours, days] = await Promise.all([
    store.rollups.read({ ...query, window: 'hour' }),
    store.rollups.read({ ...query, window: 'day' }),
  ]);
  return { hours, days };
}

const isLate = (time: number) => time >= LATE[0] && time < LATE[1];
const keyOf = ({ quantity, start }: { quantity: string; start: number }) => `${quantity} ${start}`;

describe('a year of Bochum', () => {
  let folder: string;
  let influxd: Influxd;
  let duckdb: { hours: RollupRow[]; days: RollupRow[] };
  let influx: { hours: RollupRow[]; days: RollupRow[] };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'buergerluft-year-'));
    const embedded = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
    await embedded.open();
    duckdb = await liveThroughTheYear(embedded);
    await embedded.close();
    influxd = await startInfluxd();
    const served = new InfluxReadingStore({ url: influxd.url, bucket: 'year' });
    await served.open();
    influx = await liveThroughTheYear(served);
    await served.close();
  }, 500_000);
  afterAll(async () => {
    await influxd.destroy();
    await rm(folder, { recursive: true });
  });

  it('is the same in both stores, row by row, revisions too', () => {
    expect(duckdb.hours.length).toBeGreaterThan(2 * 24 * 355);
    expect(influx.hours).toEqual(duckdb.hours);
    expect(influx.days).toEqual(duckdb.days);
  });

  it('is what a script without our code makes of the file', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [PLAIN, FIXTURE, JSON.stringify(DELETED)], {
      maxBuffer: 2 ** 28,
    });
    const plain = JSON.parse(stdout) as Record<'hours' | 'days', (RollupRow & { quantity: string })[]>;
    for (const window of ['hours', 'days'] as const) {
      const kept = new Map(duckdb[window].map((row) => [keyOf(row), row]));
      expect(kept.size).toBe(plain[window].length);
      for (const row of plain[window]) {
        const own = kept.get(keyOf(row))!;
        const { count, expected, readings, min, max } = row;
        expect({ ...own, what: keyOf(row) }).toMatchObject({ what: keyOf(row), count, expected, readings, min, max });
        for (const name of ['mean', 'median'] as const) {
          if (row[name] === null) expect([keyOf(row), name, own[name]]).toEqual([keyOf(row), name, null]);
          else expect(Math.abs(own[name]! - row[name]!)).toBeLessThan(1e-9);
        }
      }
    }
  });

  it('raises revisions where late readings and deletions changed a row, and nowhere else', () => {
    const touched = ([from, to]: readonly [number, number], { start, end }: RollupRow) => start < to && end > from;
    const changed = duckdb.hours.filter(({ revision }) => revision > 1);
    expect(changed.length).toBeGreaterThan(20);
    // The cadence of a day rests on the two before it.
    const reasons = [...DELETED, LATE].map(([from, to]) => [from - DAY_MS, to + 3 * DAY_MS] as const);
    expect(changed.filter((row) => !reasons.some((stretch) => touched(stretch, row)))).toEqual([]);
    const invalid = duckdb.hours.find(({ start }) => start === Date.UTC(2022, 7, 1, 12));
    expect(invalid).toMatchObject({ mean: null, flags: ['below-coverage'], revision: 2 });
  });
});
