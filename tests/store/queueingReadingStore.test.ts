import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../server/domain/durations.ts';
import type { AcceptedMessage } from '../../server/domain/reading.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { InfluxReadingStore } from '../../server/store/influx/influxReadingStore.ts';
import { QueueingReadingStore, type QueueingReadingStoreOptions } from '../../server/store/queueingReadingStore.ts';
import { type AppendOutcome, StoreUnavailableError } from '../../server/store/readingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { type Influxd, startInfluxd } from '../support/influxd.ts';
import { freePort } from '../support/mosquitto.ts';
import { startTypescriptChild } from '../support/typescriptChild.ts';
import { until } from '../support/until.ts';
import { describeReadingStore, type StoreUnderTest } from './readingStoreContract.ts';
import { collect, message, STATION, T0 } from './storeMessages.ts';

const EVERYTHING = { from: 0, to: T0 + DAY_MS };
const MEGABYTE = 1_000_000;
/** The suite asks right after an append: none may go to the queue because two years of shards take their time. */
const PATIENT = { limitBytes: MEGABYTE, holdMs: 30_000 };

let databases = 0;
let influxd: Influxd;
let folder = '';

beforeAll(async () => {
  influxd = await startInfluxd();
});
afterAll(() => influxd.destroy());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'buergerluft-queue-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function underTest(create: () => QueueingReadingStore): Promise<StoreUnderTest> {
  const subject: StoreUnderTest = {
    store: create(),
    reopen: async () => {
      await subject.store.close();
      subject.store = create();
      await subject.store.open();
    },
    destroy: () => subject.store.close(),
  };
  await subject.store.open();
  return subject;
}

describeReadingStore('QueueingReadingStore before DuckDB', () => {
  const path = join(folder, 'readings.duckdb');
  return underTest(() => new QueueingReadingStore({ store: new DuckDbReadingStore({ path }), folder, ...PATIENT }));
});

describeReadingStore('QueueingReadingStore before InfluxDB 1.6.7', () => {
  const bucket = `queue ${++databases}`;
  const { url } = influxd;
  return underTest(
    () => new QueueingReadingStore({ store: new InfluxReadingStore({ url, bucket }), folder, ...PATIENT }),
  );
});

describe('while the store is away', () => {
  const open = async (options: Partial<QueueingReadingStoreOptions> & { bucket?: string; url?: string } = {}) => {
    const { bucket = `outage ${++databases}`, url = influxd.url, ...rest } = options;
    const store = new InfluxReadingStore({ url, bucket });
    const queueing = new QueueingReadingStore({ store, folder, limitBytes: 100 * MEGABYTE, retryMs: 50, ...rest });
    await queueing.open();
    closeAfterTest(() => queueing.close());
    return queueing;
  };
  const emptied = async (store: QueueingReadingStore) => {
    await until('nothing waits', () => store.counts.queuedMessages === 0);
  };
  const at = (offset: number, pm25 = offset) => message(T0 + offset, { values: { pm25 } });
  const values = async (store: QueueingReadingStore) => {
    return (await collect(store.scan(EVERYTHING))).map((reading) => reading.values.pm25);
  };

  it('loses nothing and doubles nothing, in order, when InfluxDB stops in the middle of a load', async () => {
    const drained: number[] = [];
    const store = await open({
      onDrained: (messages) => drained.push(...messages.map(({ measuredAt }) => measuredAt)),
    });
    for (let batch = 0; batch < 120; batch += 1) {
      if (batch === 30) await influxd.kill();
      if (batch === 80) void influxd.start();
      const outcomes = await store.append(Array.from({ length: 50 }, (_, index) => at(batch * 50 + index)));
      expect(outcomes.every(({ result }) => result === 'stored')).toBe(true);
      if (batch === 31) expect(store.counts.queuedMessages).toBe(100);
      await wait(10);
    }
    await emptied(store);
    expect(await values(store)).toEqual(Array.from({ length: 6000 }, (_, index) => index));
    expect(drained).toEqual(drained.toSorted((a, b) => a - b));
    expect(store.counts).toEqual({ queuedMessages: 0, queuedBytes: 0, drainedMessages: drained.length });
    await until('no file is left', async () => (await readdir(folder)).length === 0);
  });

  it('tells of conflicts when what waited is stored', async () => {
    const told: { messages: readonly AcceptedMessage[]; outcomes: readonly AppendOutcome[] }[] = [];
    const store = await open({ onDrained: (messages, outcomes) => told.push({ messages, outcomes }) });
    await store.append([at(1, 10)]);
    await influxd.kill();
    expect(await store.append([at(1, 11), at(2)])).toMatchObject([{ result: 'stored' }, { result: 'stored' }]);
    await influxd.start();
    await emptied(store);
    const outcomes = told.flatMap((entry) => entry.outcomes);
    expect(outcomes.map(({ conflicts }) => conflicts)).toEqual([['sds011.pm25'], []]);
    expect(await values(store)).toEqual([10, 2]);
  });

  it('opens, takes batches, and hands them over once the server is there, telling of each change once', async () => {
    const told: string[] = [];
    await influxd.kill();
    const onUnavailable = () => told.push('away');
    const store = await open({ onUnavailable, onEmptied: () => told.push('emptied') });
    await store.append([at(1)]);
    await wait(200);
    await expect(store.ping()).rejects.toThrow(StoreUnavailableError);
    await influxd.start();
    await emptied(store);
    expect(await values(store)).toEqual([1]);
    await until('the end is told', () => told.length === 2);
    expect(told).toEqual(['away', 'emptied']);
  });

  it('keeps what it acknowledged over kill -9 of the process', async () => {
    const bucket = `outage ${++databases}`;
    await influxd.kill();
    const child = startTypescriptChild('tests/store/queueForever.ts', [influxd.url, bucket, folder, String(T0)]);
    await child.line(`acked ${T0 + 999}`);
    child.process.kill('SIGKILL');
    await child.ended;
    const acked = Number(child.lines.at(-1)?.split(' ')[1]) - T0 + 1;
    await influxd.start();
    const store = await open({ bucket });
    await emptied(store);
    const readings = (await collect(store.scan(EVERYTHING))).map((reading) => reading.measuredAt - T0);
    expect(readings.slice(0, acked)).toEqual(Array.from({ length: acked }, (_, index) => index));
    // A batch written but not yet acknowledged at the kill may be there too.
    expect(readings.length - acked).toBeLessThanOrEqual(20);
  });

  it('skips the torn end of a file, which nobody was told of', async () => {
    const bucket = `outage ${++databases}`;
    const url = `http://127.0.0.1:${await freePort()}`;
    const before = await open({ bucket, url });
    await before.append([at(1)]);
    await before.close();
    const [name = ''] = await readdir(folder);
    await appendFile(join(folder, name), '123456 [{"stationId":"aaaaaa');
    const store = await open({ bucket });
    await store.append([at(2)]);
    await emptied(store);
    expect(await values(store)).toEqual([1, 2]);
  });

  it('refuses what does not fit and keeps what did', async () => {
    const bucket = `outage ${++databases}`;
    const away = await open({ bucket, url: `http://127.0.0.1:${await freePort()}`, limitBytes: 2_000 });
    await away.append([at(1)]);
    const large = Array.from({ length: 50 }, (_, index) => at(2 + index));
    await expect(away.append(large)).rejects.toThrow(StoreUnavailableError);
    await expect(away.append(large)).rejects.toThrow(/full/);
    expect(away.counts).toMatchObject({ queuedMessages: 1 });
    await away.close();
    const store = await open({ bucket });
    await emptied(store);
    expect(await values(store)).toEqual([1]);
  });

  it('holds nobody up when the server takes connections but never answers', async () => {
    const connections: Socket[] = [];
    const deaf = createServer((socket) => void connections.push(socket)).listen(0, '127.0.0.1');
    closeAfterTest(() => deaf.close());
    await once(deaf, 'listening');
    const { port } = deaf.address() as { port: number };
    const store = await open({ url: `http://127.0.0.1:${port}`, retryMs: 60_000 });
    await store.append([at(1)]);
    expect(store.counts.queuedMessages).toBe(1);
    // The start asked, and the first attempt to empty the queue: the batch waited for neither, nor for an answer of its own.
    expect(connections.length).toBeLessThanOrEqual(2);
  });

  it('does not remove a station while readings wait, or they would come back', async () => {
    const store = await open();
    await store.append([at(1)]);
    await influxd.kill();
    await store.append([at(2)]);
    await expect(store.remove({ stationId: STATION })).rejects.toThrow(StoreUnavailableError);
    await influxd.start();
    await store.remove({ stationId: STATION });
    expect(store.counts.queuedMessages).toBe(0);
    expect(await values(store)).toEqual([]);
  });
});

it('a wrong setting ends the start also with a queue', async () => {
  const withUsers = await startInfluxd({ hasAuthentication: true });
  closeAfterTest(() => withUsers.destroy());
  const store = new InfluxReadingStore({ url: withUsers.url, bucket: 'air', username: 'nobody', password: 'x' });
  const queueing = new QueueingReadingStore({ store, folder, limitBytes: MEGABYTE });
  await expect(queueing.open()).rejects.toThrow(/check user, password or token/);
});
