import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '../server/domain/durations.ts';
import { RollupKeeper } from '../server/rollups/rollupKeeper.ts';
import { DuckDbReadingStore } from '../server/store/duckdb/duckdbReadingStore.ts';
import { seedReadings, seedStations } from './support/seed.ts';

const DAY_OFFSET_MS = HOUR_MS;

/** What making a year of rows takes. */
export interface RollupFigure {
  stations: number;
  readings: number;
  /** Hours and days of all quantities. */
  rows: number;
  /** From nothing, and once more with every row compared and none changed. */
  makeMs: number;
  remakeMs: number;
  /** Processor time of the same, all threads together. */
  makeCpuMs: number;
  remakeCpuMs: number;
  /** One hour more of all stations. */
  closeHourMs: number;
  residentMb: number;
}

/** A year of hourly and daily means of `stations` stations, made from the readings and made anew. */
export async function benchRollups(stations: number): Promise<RollupFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  let now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  try {
    const seeded = await seedStations(dataDir, stations);
    const readings = await seedReadings(dataDir, seeded, { days: 365, until: now + HOUR_MS - 1 });
    const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
    await store.open();
    const ids = seeded.map(({ stationId }) => stationId);
    const keeper = new RollupKeeper({
      store,
      stationIds: () => ids,
      annotationsOf: () => [],
      dayOffsetMs: DAY_OFFSET_MS,
      fixedUntil: async () => Number.NEGATIVE_INFINITY,
      clock: () => now,
      log: { info: () => undefined, warn: console.warn, error: console.error } as never,
    });
    keeper.start();
    const made = await timed(() => keeper.upToDate(ids, { patienceMs: 600_000, to: now }));
    const rows = keeper.stats().rowsWritten;
    await store.rollups.markDirty(ids.map((stationId) => ({ stationId, from: 0, to: now })));
    const remade = await timed(() => keeper.upToDate(ids, { patienceMs: 600_000, to: now }));
    now += HOUR_MS;
    const closed = await timed(() => keeper.upToDate(ids, { patienceMs: 600_000, to: now }));
    await keeper.close();
    await store.close();
    const residentMb = process.memoryUsage().rss / 2 ** 20;
    return {
      stations,
      readings,
      rows,
      makeMs: made.ms,
      remakeMs: remade.ms,
      makeCpuMs: made.cpuMs,
      remakeCpuMs: remade.cpuMs,
      closeHourMs: closed.ms,
      residentMb,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function timed(run: () => Promise<unknown>): Promise<{ ms: number; cpuMs: number }> {
  const begun = performance.now();
  const before = process.cpuUsage();
  await run();
  const used = process.cpuUsage(before);
  return { ms: performance.now() - begun, cpuMs: (used.user + used.system) / 1000 };
}
