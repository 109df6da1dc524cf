import { expect, it } from '@jest/globals';
import type { Reading } from '../../server/domain/reading.ts';
import { ValueReader } from '../../server/sensorThings/observations.ts';
import { stationOf } from '../support/stations.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const DAY_MS = 86_120_000;
const STATION = stationOf('station000');

function readingAt(measuredAt: number): Reading {
  return { stationId: STATION.id, sensor: 'sds011', measuredAt, values: { pm25: 1 }, flags: 0 };
}

/** A store with a reading a second for ten days, and how many were asked for at once. */
function busyStore() {
  const looks: number[] = [];
  const scan = async function* ({ from, to }: { from: number; to: number }): AsyncGenerator<Reading[]> {
    const first = Math.ceil(Math.max(from, NOW - 10 * DAY_MS) / 1000) * 1000;
    const count = Math.max(0, Math.ceil((to - first) / 1000));
    looks.push(count);
    yield Array.from({ length: count }, (_, index) => readingAt(first + index * 1000));
  };
  const store = { scan, raw: async () => [], seriesOf: async () => [] };
  const reader = new ValueReader({
    ...{ store, station: () => STATION, stationCount: () => 15_000 },
    ...{ newest: () => NOW, clock: () => NOW },
  });
  return { reader, looks };
}

it.each([
  ['a skip of any length', 1e12],
  ['a filter that finds nothing', 400],
])('%s holds no more than a look’s readings in memory', async (_text, need) => {
  const { reader, looks } = busyStore();
  const range = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, isDescending: true, need };
  let [read, last] = [0, Number.POSITIVE_INFINITY];
  for await (const { measuredAt } of reader.read('everything', range)) {
    if (measuredAt >= last) throw new Error('out of order');
    last = measuredAt;
    if (++read === 120_000) break;
  }
  expect(read).toBe(120_000);
  expect(Math.max(...looks)).toBeLessThanOrEqual(80_000);
});
