import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Delivery, DIRECT_MS } from '../../firmware-bridge/delivery.ts';
import type { Push, Taken } from '../../firmware-bridge/push.ts';
import { Spool } from '../../firmware-bridge/spool.ts';
import { type ReadingStore, StoreUnavailableError } from '../../server/store/readingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { addStation, airrohrBody, storedReadings } from '../support/ingestHost.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';
import { openDoorHost } from './doorHost.ts';
import { basic, exchange, request } from './rawHttp.ts';

const DEVICE = 'esp8266-15303512';

/** A store that can stand still or be away, in front of the real one. */
function gate() {
  const state = { isAway: false, goesOn: Promise.resolve(), appends: 0 };
  const wrapStore = (store: ReadingStore): Pick<ReadingStore, 'append'> => ({
    append: async (messages) => {
      state.appends++;
      await state.goesOn;
      if (state.isAway) throw new StoreUnavailableError('away');
      return store.append(messages);
    },
  });
  return { state, wrapStore };
}

async function openGated(options: Parameters<typeof openDoorHost>[0] = {}) {
  const { state, wrapStore } = gate();
  const host = await openDoorHost({ wrapStore, ...options });
  const device = await addStation(host.stations, DEVICE);
  const push = (samples: number, login = device) =>
    exchange(host.port, request('POST', '/data.php', [basic(login), 'Connection: close'], airrohrBody(samples)));
  return { state, host, device, push };
}

describe('a push', () => {
  it('is answered within a second while the store is slow, and is one reading in the end', async () => {
    const { state, host, push } = await openGated({ directMs: DIRECT_MS });
    let goOn = () => undefined as unknown;
    state.goesOn = new Promise((resolve) => {
      goOn = () => resolve();
    });
    const begun = Date.now();
    const answer = await push(1);
    const arrivedBy = Date.now();
    expect(answer.status).toBe(204);
    // It waits for the store first, but not longer than a device waits for us.
    expect(DIRECT_MS).toBeLessThan(1_000);
    expect(answer.elapsedMs).toBeGreaterThan(DIRECT_MS - 50);
    expect(await storedReadings(host.store)).toEqual([]);
    goOn();
    await until('the spool is empty', () => host.bridge.spool.isEmpty);
    const [reading, ...more] = await storedReadings(host.store);
    expect(more).toEqual([]);
    expect(reading?.measuredAt).toBeGreaterThanOrEqual(begun);
    expect(reading?.measuredAt).toBeLessThanOrEqual(arrivedBy);
    expect(state.appends).toBe(1);
  });

  it('waits on disk while the store is away, and keeps its time and its place', async () => {
    let now = 1_795_000_000_000;
    const { state, host, push } = await openGated({ clock: () => now });
    state.isAway = true;
    for (let samples = 1; samples <= 5; samples++) {
      expect((await push(samples)).status).toBe(204);
      now += 145_000;
    }
    expect(host.bridge.spool.isEmpty).toBe(false);
    state.isAway = false;
    await until('the spool is empty', () => host.bridge.spool.isEmpty);
    now += 145_000;
    expect((await push(6)).status).toBe(204);
    const times = (await storedReadings(host.store)).map(({ measuredAt }) => measuredAt);
    const start = 1_795_000_000_000;
    expect(times).toEqual([0, 1, 2, 3, 4].map((n) => start + n * 145_000).concat(now));
    expect(host.bridge.spool.counts).toMatchObject({ spooled: 5, released: 5 });
  });

  it('goes straight to the store again once nothing waits', async () => {
    const { state, host, push } = await openGated();
    state.isAway = true;
    expect((await push(1)).status).toBe(204);
    state.isAway = false;
    await until('the spool is empty', () => host.bridge.spool.isEmpty);
    expect((await push(2)).status).toBe(204);
    expect(host.bridge.spool.counts.spooled).toBe(1);
  });

  it('that the pipeline refuses leaves the spool, is counted, and stores nothing', async () => {
    const { state, host, device, push } = await openGated();
    state.isAway = true;
    expect((await push(1)).status).toBe(204);
    await host.stations.removeStation(device.stationId);
    await until('the spool is empty', () => host.bridge.spool.isEmpty);
    expect(await storedReadings(host.store)).toEqual([]);
    expect(host.seen.rejections.map(({ reason }) => reason)).toEqual(['station-deleted']);
  });

  it('does not make a time of its own ours by waiting in the spool', async () => {
    const { state, host, device } = await openGated();
    state.isAway = true;
    const body = airrohrBody(1).replace('{', '{"timestamp":"2001-01-01T00:00:00Z",');
    const claimed = airrohrBody(2).replace('{', `{"timestamp":"${new Date(Date.now() - 60_000).toISOString()}",`);
    for (const one of [claimed, body]) {
      await exchange(host.port, request('POST', '/data.php', [basic(device), 'Connection: close'], one));
    }
    state.isAway = false;
    await until('the spool is empty', () => host.bridge.spool.isEmpty);
    const stored = await storedReadings(host.store);
    expect(stored).toHaveLength(1);
    expect(host.seen.rejections.map(({ reason }) => reason)).toEqual(['time-too-old']);
  });

  it('is refused with 503 when it can neither be stored nor spooled', async () => {
    const { state, push } = await openGated({ spoolLimit: { bytes: 500, ageMs: 86_400_000 } });
    state.isAway = true;
    const statuses = [];
    for (const samples of [1, 2, 3]) statuses.push((await push(samples)).status);
    expect(statuses).toEqual([204, 204, 503]);
  });

  it('keeps the parts of a cycle together through the spool', async () => {
    let now = 1_795_000_000_000;
    const { state, host, device } = await openGated({ clock: () => now });
    state.isAway = true;
    for (const [pin, type] of [
      [1, 'P1'],
      [7, 'temperature'],
      [11, 'pressure'],
    ] as const) {
      const body = `{"sensordatavalues":[{"value_type":"${type}","value":"20.00"}]}`;
      const headers = [basic(device), `X-PIN: ${pin}`, 'Connection: close'];
      expect((await exchange(host.port, request('POST', '/v1/push-sensor-data/', headers, body))).status).toBe(201);
      now += 1_500;
    }
    state.isAway = false;
    await until('the spool is empty', () => host.bridge.spool.isEmpty);
    const times = (await storedReadings(host.store)).map(({ measuredAt }) => measuredAt);
    expect(times).toHaveLength(3);
    expect(new Set(times)).toEqual(new Set([1_795_000_000_000]));
  });
});

/** A delivery with a spool on disk to a destination that the test rules. */
async function openDelivery() {
  const state = { isThere: true, answer: 'kept' as Taken, direct: [] as number[], spooled: [] as number[] };
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const limits = { maxBytes: 10_000_000, maxAgeMs: 86_400_000 };
  const spool = new Spool({ dir: join(temporaryFolder(), 'spool'), ...limits, clock: () => 0, onError });
  await spool.open();
  const deliver = async ({ receivedAt }: Push, isSpooled: boolean) => {
    if (!isSpooled) state.direct.push(receivedAt);
    else if (state.answer === 'kept') state.spooled.push(receivedAt);
    return state.answer;
  };
  const destination = { deliver, isThere: () => state.isThere };
  const delivery = new Delivery({ spool, destination, onError, directMs: 60_000, retryMs: 20 });
  closeAfterTest(async () => {
    await delivery.close();
    await spool.close();
    expect(errors).toEqual([]);
  });
  const take = (n: number) => delivery.take({ deviceId: DEVICE, body: Buffer.from(`${n}`), receivedAt: n });
  return { state, spool, delivery, take };
}

describe('pushes behind one that had to wait', () => {
  it('wait as well, in order, and each is delivered once', async () => {
    const { state, spool, delivery, take } = await openDelivery();
    for (const n of [0, 1]) expect(await take(n)).toBe('kept');
    expect(state).toMatchObject({ direct: [], spooled: [] });
    delivery.start();
    await until('what came before the start is delivered', () => spool.isEmpty);
    expect(await take(2)).toBe('kept');
    state.answer = 'away';
    expect(await take(3)).toBe('kept');
    for (const n of [4, 5]) expect(await take(n)).toBe('kept');
    state.answer = 'kept';
    delivery.wake();
    await until('the spool is empty', () => spool.isEmpty);
    expect(state).toMatchObject({ direct: [2, 3], spooled: [0, 1, 3, 4, 5] });
  });

  it('are not tried on a destination that is known to be away', async () => {
    const { state, spool, delivery, take } = await openDelivery();
    delivery.start();
    state.isThere = false;
    for (const n of [1, 2]) expect(await take(n)).toBe('kept');
    expect(state).toMatchObject({ direct: [], spooled: [] });
    state.isThere = true;
    await until('the spool is empty', () => spool.isEmpty);
    expect(state).toMatchObject({ direct: [], spooled: [1, 2] });
  });
});
