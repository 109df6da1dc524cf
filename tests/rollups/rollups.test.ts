import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import type { RollupRow } from '../../server/domain/means/rollup.ts';
import type { AcceptedMessage, Values } from '../../server/domain/reading.ts';
import { daysOfSpeakers } from '../../server/rollups/speakingRows.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { ComputedRollups } from '../support/computedRollups.ts';

/** Midnight at UTC+1. */
const MIDNIGHT = Date.UTC(2026, 0, 4, 23);
const STATION = 'aaaaaaaaaa';

function message(measuredAt: number, sensor: string, values: Values): AcceptedMessage {
  return {
    stationId: STATION,
    measuredAt,
    receivedAt: measuredAt,
    health: {},
    readings: [{ stationId: STATION, sensor, measuredAt, values, flags: 0 }],
  };
}

/** A reading every 150 s from `from` for `hours`. */
function course(from: number, hours: number, sensor = 'sds011'): AcceptedMessage[] {
  return Array.from({ length: hours * 24 }, (_, at) =>
    message(from + at * 150_000, sensor, { pm25: 10 + (at % 2), pm10: 20 }),
  );
}

describe('Rollups', () => {
  let folder: string;
  let store: DuckDbReadingStore;
  let now = MIDNIGHT + DAY_MS + HOUR_MS;
  const rollups = () =>
    new ComputedRollups({ store, station: () => undefined, dayOffsetMs: HOUR_MS, clock: () => now });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'buergerluft-rollups-'));
    store = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
    await store.open();
    now = MIDNIGHT + DAY_MS + HOUR_MS;
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const query = { stationIds: [STATION], quantity: 'pm25', from: MIDNIGHT, to: MIDNIGHT + 2 * DAY_MS } as const;

  it('gives each closed hour of a day with readings, and the day once it has ended', async () => {
    await store.append(course(MIDNIGHT + 2 * HOUR_MS, 22));
    const hours = await rollups().rows({ ...query, window: 'hour' });
    expect(hours).toHaveLength(24);
    expect(hours.slice(0, 3).map(({ mean, count }) => [mean, count])).toEqual([
      [null, 0],
      [null, 0],
      [10.5, 24],
    ]);
    const [day, ...others] = await rollups().rows({ ...query, window: 'day' });
    expect(others).toEqual([]);
    expect(day).toMatchObject({ start: MIDNIGHT, mean: 10.5, revision: 1, uncertainty: 8.8, sensor: 'sds011' });
    expect(day!.parts).toEqual({ valid: 22, of: 24 });
  });

  it('gives no open window', async () => {
    await store.append(course(MIDNIGHT, 3));
    now = MIDNIGHT + 2.5 * HOUR_MS;
    expect(await rollups().rows({ ...query, window: 'hour' })).toHaveLength(2);
    expect(await rollups().rows({ ...query, window: 'day' })).toEqual([]);
  });

  it('makes no day of hours that are gone', () => {
    const day = { stationId: STATION, quantity: 'pm25', start: MIDNIGHT, end: MIDNIGHT + DAY_MS } as RollupRow;
    expect(daysOfSpeakers([day], [])).toEqual([]);
  });

  it('gives the day of a swap the mean of its hours, whoever measured them', async () => {
    await store.append([...course(MIDNIGHT, 11), ...course(MIDNIGHT + 12 * HOUR_MS, 12, 'sds011-2')]);
    const [day] = await rollups().rows({ ...query, window: 'day' });
    expect(day).toMatchObject({ mean: 10.5, sensor: 'sds011-2', parts: { valid: 23, of: 24 }, uncertainty: 8.8 });
    const [own] = await rollups().rows({ ...query, window: 'day', sensor: 'sds011' });
    expect(own).toMatchObject({ mean: null, parts: { valid: 11, of: 24 } });
  });

  it('gives one row a window, of the instrument that speaks for the station in it', async () => {
    await store.append([...course(MIDNIGHT, 6), ...course(MIDNIGHT + 4 * HOUR_MS, 4, 'sps30')]);
    const hours = await rollups().rows({ ...query, window: 'hour' });
    expect(hours.slice(0, 8).map(({ sensor }) => sensor)).toEqual([
      ...Array(4).fill('sds011'),
      ...Array(4).fill('sps30'),
    ]);
    const own = await rollups().rows({ ...query, window: 'hour', sensor: 'sds011' });
    expect(own.slice(0, 8).map(({ count }) => count)).toEqual([24, 24, 24, 24, 24, 24, 0, 0]);
  });
});
