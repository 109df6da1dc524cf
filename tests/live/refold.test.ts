import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import type { Reading, Values } from '../../server/domain/reading.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { messageOf } from '../../server/mirror/mergeStations.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { closeAfterTest } from '../support/closing.ts';

const T0 = Date.UTC(2026, 0, 5, 12, 2);
const A = 'aaaaaaaaa1';

function reading(minutesAgo: number, values: Values, stationId = A): Reading {
  return { stationId, sensor: 'sds011', measuredAt: T0 - minutesAgo * MINUTE_MS, values, flags: 0 };
}

/** A station with readings of 20 and 10 minutes ago in store and memory, and one of an hour ago in memory alone. */
async function openHouse() {
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-refold-'));
  const store = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
  await store.open();
  closeAfterTest(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const append = (readings: readonly Reading[]) => store.append(readings.map((one) => messageOf(one, T0)));
  /** Stored, and not folded yet. */
  const onTheirWay: Reading[] = [];
  const fold = (readings: readonly Reading[]) => aggregator.fold(readings);
  const aggregator: Aggregator = new Aggregator({
    clock: () => T0,
    sensorModels: () => [],
    settled: async () => fold(onTheirWay.splice(0)),
  });
  const kept = [reading(20, { pm25: 8 }), reading(10, { pm25: 12 })];
  await append(kept);
  fold([reading(55, { pm25: 100 }), ...kept]);
  /** The store, with something that happens just before or after it has answered. */
  const storeWith = (moments: { before?: () => Promise<void>; after?: () => Promise<void> }) => ({
    scan: async function* (query: { stationId?: string; from: number; to: number }) {
      await moments.before?.();
      yield* store.scan(query);
      await moments.after?.();
    },
  });
  const arrive = async (readings: readonly Reading[]) => {
    await append(readings);
    fold(readings);
  };
  const hour = (stationId = A) => {
    const { count, value } = aggregator.aggregate(stationId, 'pm25', '1h') ?? {};
    return { count, value };
  };
  return { store, aggregator, append, onTheirWay, storeWith, arrive, fold, hour };
}

describe('a station read anew', () => {
  it('is what the store has: what was taken out of it is gone', async () => {
    const { store, aggregator, hour } = await openHouse();
    expect(hour().count).toBe(3);
    const before = aggregator.revisionOf(A);
    await aggregator.refold(store, A);
    expect(hour()).toEqual({ count: 2, value: 10 });
    expect(aggregator.revisionOf(A)).toBeGreaterThan(before);
  });

  it('counts a reading once that comes before the store is asked, or after it has answered', async () => {
    const { aggregator, storeWith, arrive, hour } = await openHouse();
    const store = storeWith({
      before: () => arrive([reading(15, { pm25: 40 })]),
      after: () => arrive([reading(14, { pm25: 0 })]),
    });
    await aggregator.refold(store, A);
    expect(hour()).toEqual({ count: 4, value: 15 });
  });

  it('counts a reading once that is stored before the store is asked, and folded after it has answered', async () => {
    const { aggregator, storeWith, append, onTheirWay, fold, hour } = await openHouse();
    const late = [reading(15, { pm25: 40 })];
    const store = storeWith({
      before: async () => {
        onTheirWay.push(...late);
        await append(late);
      },
    });
    await aggregator.refold(store, A);
    fold(onTheirWay.splice(0));
    expect(hour()).toEqual({ count: 3, value: 20 });
  });

  it('counts each part of a reading once, wherever the answer falls between them', async () => {
    const { aggregator, storeWith, arrive } = await openHouse();
    const store = storeWith({
      before: () => arrive([reading(15, { pm25: 40 })]),
      after: () => arrive([reading(15, { pm10: 50 })]),
    });
    await aggregator.refold(store, A);
    expect(aggregator.aggregate(A, 'pm25', '1h')?.count).toBe(3);
    expect(aggregator.aggregate(A, 'pm10', '1h')).toMatchObject({ count: 1, value: 50 });
  });

  it('keeps a reading of a device whose clock is two minutes fast', async () => {
    const { store, aggregator, arrive } = await openHouse();
    await arrive([reading(-2, { pm25: 33 })]);
    await aggregator.refold(store, A);
    expect(aggregator.latest(A).pm25?.value).toBe(33);
  });

  it('stays forgotten when it is removed meanwhile', async () => {
    const { aggregator, storeWith } = await openHouse();
    await aggregator.refold(storeWith({ after: async () => aggregator.removeStation(A) }), A);
    expect(aggregator.seriesOf(A)).toEqual([]);
  });

  it('does not disturb another one, and is read again after a failure', async () => {
    const { store, aggregator, storeWith, arrive, fold, hour } = await openHouse();
    const other = 'bbbbbbbbb2';
    fold([reading(50, { pm25: 100 }, other)]);
    await arrive([reading(15, { pm25: 5 }, other)]);
    const away = storeWith({
      after: async () => {
        throw new Error('away');
      },
    });
    const [failed, ...others] = await Promise.allSettled([
      aggregator.refold(away, A),
      aggregator.refold(storeWith({ after: () => arrive([reading(14, { pm25: 4 }, A)]) }), other),
      aggregator.refold(store, A),
    ]);
    expect([failed.status, ...others.map(({ status }) => status)]).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect([hour(other), hour(A)]).toEqual([
      { count: 1, value: 5 },
      { count: 3, value: 8 },
    ]);
  });
});
