import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../server/domain/assessment/flag.ts';
import { HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { Reading } from '../../server/domain/reading.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { randomNumbers } from '../support/randomNumbers.ts';

const T0 = Date.UTC(2026, 0, 5, 12, 2);
const A = 'aaaaaaaaa1';
const B = 'bbbbbbbbb2';

async function openStore(): Promise<DuckDbReadingStore> {
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-warm-'));
  const store = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
  await store.open();
  closeAfterTest(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}

function reading(stationId: string, measuredAt: number, pm25: number, flags = 0): Reading {
  return { stationId, sensor: 'sds011', measuredAt, values: { pm25, pm10: pm25 * 2 }, flags };
}

async function append(store: DuckDbReadingStore, readings: readonly Reading[]): Promise<void> {
  await store.append(
    readings.map((one) => ({
      stationId: one.stationId,
      measuredAt: one.measuredAt,
      receivedAt: one.measuredAt,
      health: {},
      readings: [one],
    })),
  );
}

const newAggregator = () => new Aggregator({ clock: () => T0, sensorModels: () => [] });

/** Everything a station shows. */
const shownBy = (aggregator: Aggregator, stationId: string) =>
  (['pm25', 'pm10'] as const).flatMap((quantity) =>
    (['1h', '24h', 'latest'] as const).map((average) => aggregator.aggregate(stationId, quantity, average)),
  );

/** A day and more of two stations, with gaps, flags and a slower one. */
function history(): Reading[] {
  const random = randomNumbers(3);
  const readings: Reading[] = [];
  for (let at = T0 - 30 * HOUR_MS; at < T0; at += 149_000) {
    const flags = random() < 0.05 ? flagBit('saturated', 'pm25') : 0;
    if (random() < 0.95) readings.push(reading(A, at, Math.round(random() * 400) / 10, flags));
  }
  for (let at = T0 - 30 * HOUR_MS; at < T0; at += 300_000)
    readings.push(reading(B, at, Math.round(random() * 400) / 10));
  return readings.sort((a, b) => a.measuredAt - b.measuredAt);
}

describe('an aggregator after a restart', () => {
  it('shows what it showed before', async () => {
    const store = await openStore();
    const before = newAggregator();
    const readings = history();
    for (const one of readings) before.fold([one]);
    await append(store, readings);
    const after = newAggregator();
    const { rest } = await after.warm(store, T0);
    // The last hour is there first.
    const [first, known] = [after.aggregate(A, 'pm25', '1h')!, before.aggregate(A, 'pm25', '1h')!];
    expect([first.count, first.state, first.lastMeasuredAt]).toEqual([known.count, known.state, known.lastMeasuredAt]);
    await rest;
    for (const id of [A, B]) {
      const [shownAfter, shownBefore] = [shownBy(after, id), shownBy(before, id)];
      for (const [index, aggregate] of shownAfter.entries()) {
        const expected = shownBefore[index]!;
        expect(aggregate!.value).toBeCloseTo(expected.value!, 9);
        // The cadence is read off cells, so that what is expected may differ by a reading or two.
        const isClose = Math.abs(aggregate!.expected - expected.expected) <= Math.ceil(expected.expected * 0.01);
        expect({ ...aggregate, value: 0, expected: 0, coverage: 0, isClose }).toEqual({
          ...expected,
          value: 0,
          expected: 0,
          coverage: 0,
          isClose: true,
        });
      }
      expect(after.latest(id)).toEqual(before.latest(id));
      expect(after.facts(id).healthClass).toBe(before.facts(id).healthClass);
    }
  });

  it('counts readings that come before and during the loading once', async () => {
    const store = await openStore();
    const readings = history();
    // Everything is stored before it is folded, in six parts: before, during and after the loading.
    const late = readings.filter((_, index) => index % 3 === 0);
    await append(
      store,
      readings.filter((_, index) => index % 3 !== 0),
    );
    let bringing = Promise.resolve();
    // As the committer does: what is being stored is folded before an answer that may hold it is looked at.
    const aggregator = new Aggregator({ clock: () => T0, sensorModels: () => [], settled: () => bringing });
    const parts = Array.from({ length: 6 }, (_, part) => late.filter((_one, index) => index % 6 === part));
    const bring = (part: Reading[]) => {
      bringing = append(store, part).then(() => {
        for (const one of part) aggregator.fold([one]);
      });
      return bringing;
    };
    await bring(parts[0]!);
    const warming = aggregator.warm(store, T0);
    await bring(parts[1]!);
    const { rest } = await warming;
    for (const part of parts.slice(2, 5)) await bring(part);
    await rest;
    await bring(parts[5]!);
    const expected = newAggregator();
    for (const one of readings) expected.fold([one]);
    for (const id of [A, B]) {
      for (const [index, aggregate] of shownBy(aggregator, id).entries()) {
        expect(aggregate!.count).toBe(shownBy(expected, id)[index]!.count);
        expect(aggregate!.value).toBeCloseTo(shownBy(expected, id)[index]!.value!, 9);
      }
    }
  });

  it('counts a reading once that is stored before its window is read and folded after', async () => {
    const store = await openStore();
    const stored = reading(A, T0 - 10 * MINUTE_MS, 12);
    await append(store, [reading(A, T0 - 20 * MINUTE_MS, 8), stored]);
    let isFolded = false;
    const aggregator: Aggregator = new Aggregator({
      clock: () => T0,
      sensorModels: () => [],
      settled: async () => {
        if (!isFolded) aggregator.fold([stored]);
        isFolded = true;
      },
    });
    const { rest } = await aggregator.warm(store, T0);
    await rest;
    expect(aggregator.aggregate(A, 'pm25', '1h')).toMatchObject({ count: 2, value: 10 });
  });

  it('can load again when the store failed on the way', async () => {
    const store = await openStore();
    const readings = history();
    await append(store, readings);
    const aggregator = newAggregator();
    aggregator.fold([reading(A, T0, 5)]);
    await append(store, [reading(A, T0, 5)]);
    const failing = Object.create(store) as DuckDbReadingStore;
    let calls = 0;
    failing.cells = (from, to) => {
      if (++calls > 2) throw new Error('the store went away');
      return store.cells(from, to);
    };
    const { rest } = await aggregator.warm(failing, T0);
    await expect(rest).rejects.toThrow('went away');
    const again = await aggregator.warm(store, T0);
    await again.rest;
    const expected = newAggregator();
    for (const one of [...readings, reading(A, T0, 5)]) expected.fold([one]);
    expect(shownBy(aggregator, A).map((one) => one!.count)).toEqual(shownBy(expected, A).map((one) => one!.count));
  });

  it('does not bring back a station that is deleted while it loads', async () => {
    const store = await openStore();
    await append(store, history());
    const aggregator = newAggregator();
    const { rest } = await aggregator.warm(store, T0);
    aggregator.removeStation(A);
    await rest;
    expect(aggregator.latest(A)).toEqual({});
    expect(aggregator.stats()).toMatchObject({ stations: 1, series: 2 });
  });

  it('is not silent about a station that stopped hours ago', async () => {
    const store = await openStore();
    await append(store, [reading(A, T0 - 10 * HOUR_MS, 7)]);
    const aggregator = newAggregator();
    await (await aggregator.warm(store, T0)).rest;
    expect(aggregator.facts(A)).toMatchObject({ lastSeenAt: T0 - 10 * HOUR_MS, healthClass: 'silent' });
  });
});
