import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO_STATIONS } from '../../server/demo/demoStations.ts';
import { preload } from '../../server/demo/preload.ts';
import { loadRecording } from '../../server/demo/recording.ts';
import { flagsOf } from '../../server/domain/assessment/flag.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';

const folder = mkdtempSync(join(tmpdir(), 'buergerluft-preload-'));
const store = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
const start = Date.UTC(2026, 0, 1);
const to = start + 10 * 86_400_000;
const stationIds = DEMO_STATIONS.map((_, index) => `demo00000${index}`);
/** The station in Nhà Bè. */
const stationId = stationIds.at(-1) ?? '';

beforeAll(async () => {
  await store.open();
  await preload(store, await loadRecording(), { stationIds, start });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the stored past of the demo', () => {
  it('is the whole recording', async () => {
    const counts: number[] = [];
    for (const id of stationIds) {
      counts.push((await store.raw({ stationId: id, sensor: 'sds011', quantity: 'pm25', from: start, to })).length);
    }
    expect(counts).toEqual([5777, 5779, 5753, 5758, 757, 5594, 5117, 5679]);
  });

  it('carries the flags a live message would: full scale is invalid, a humid night doubtful', async () => {
    const pm25 = await store.raw({ stationId, sensor: 'sds011', quantity: 'pm25', from: start, to });
    const flagged = pm25.filter(({ flags }) => flagsOf(flags, 'pm25').length > 0);
    expect(flagged.map(({ value, flags }) => [value, flagsOf(flags, 'pm25')])).toEqual([[999.9, ['saturated']]]);
    const humidity = await store.raw({ stationId, sensor: 'dht22', quantity: 'humidity', from: start, to });
    const atTheStop = humidity.filter(({ flags }) => flagsOf(flags, 'humidity').includes('humidity-end-stop'));
    expect(atTheStop.length).toBe(humidity.filter(({ value }) => value >= 99.9).length);
    expect(atTheStop.length).toBeGreaterThan(1000);
  });
});
