import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '../server/domain/durations.ts';
import { hourRow } from '../server/domain/means/rollup.ts';
import { rollupColumnsOf } from '../server/domain/means/rollupGatherer.ts';
import type { Station } from '../server/domain/station.ts';
import { PastHours } from '../server/live/pastHours.ts';
import { KeptRollups } from '../server/rollups/keptRollups.ts';
import { DuckDbReadingStore } from '../server/store/duckdb/duckdbReadingStore.ts';
import { mapStation } from './support/mapStation.ts';

const HOURS = 72;
const END = Date.UTC(2026, 0, 5);
const QUANTITIES = ['pm25', 'pm10'] as const;

/** What one step of the time slider takes that nobody has taken before. */
export interface PastHourFigure {
  stations: number;
  rows: number;
  medianMs: number;
  cpuMs: number;
  gzippedBytes: number;
}

/** The map in past hours, of three days of rows of `count` stations. */
export async function benchPastHours(count: number): Promise<PastHourFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
    await store.open();
    const stations = Array.from({ length: count }, (_, at) => mapStation(at));
    for (let first = 0; first < count; first += 500) await seedRows(store, stations.slice(first, first + 500));
    const byId = new Map(stations.map((station) => [station.id, station]));
    const station = (id: string) => byId.get(id);
    const rollups = new KeptRollups({ store, keeper: { upToDate: async () => true }, station, dayOffsetMs: 0 });
    const pastHours = new PastHours({ rollups, stations: () => stations, dayOffsetMs: HOUR_MS });
    const before = process.cpuUsage();
    const times: number[] = [];
    let gzippedBytes = 0;
    for (let back = 0; back < 24; back++) {
      const begun = performance.now();
      gzippedBytes = (await pastHours.body('pm25', END - back * HOUR_MS, END)).gzipped.length;
      times.push(performance.now() - begun);
    }
    const used = process.cpuUsage(before);
    await store.close();
    const cpuMs = (used.user + used.system) / 1000 / times.length;
    const medianMs = times.sort((a, b) => a - b)[times.length >> 1]!;
    return { stations: count, rows: count * HOURS * QUANTITIES.length, medianMs, cpuMs, gzippedBytes };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function seedRows(store: DuckDbReadingStore, stations: readonly Station[]): Promise<void> {
  // Rows are taken only of series that have readings.
  const at = { measuredAt: END, receivedAt: END, health: {} };
  await store.append(
    stations.map(({ id }) => ({
      ...at,
      stationId: id,
      readings: [{ stationId: id, sensor: 'sds011', measuredAt: END, values: { pm25: 1, pm10: 2 }, flags: 0 }],
    })),
  );
  const rows = stations.flatMap(({ id }, place) =>
    QUANTITIES.flatMap((quantity) =>
      Array.from({ length: HOURS }, (_, hour) => {
        const start = END - (HOURS - hour) * HOUR_MS;
        const mean = 5 + ((place * 31 + hour * 17) % 400) / 10;
        const statistics = { count: 24, mean, min: mean - 2, max: mean + 3, median: mean, thirds: [8, 8, 8] as const };
        const context = { start, end: start + HOUR_MS, cadenceMs: 150_000, now: END };
        const series = { stationId: id, sensor: 'sds011', quantity };
        return hourRow(series, { readings: 24, flagged: {}, statistics }, context);
      }),
    ),
  );
  await store.rollups.write('hour', rollupColumnsOf(rows));
}
