import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_MS, HOUR_MS } from '../server/domain/durations.ts';
import { DuckDbReadingStore } from '../server/store/duckdb/duckdbReadingStore.ts';
import { type ChildServer, startServer } from './support/childServer.ts';
import { type SeededStation, seedReadings, seedStations } from './support/seed.ts';

const PERIODS = ['24h', '7d', '30d', '365d'] as const;
const TIMES = 9;

/** Every seeded station lies in it. */
const DISTRICT = JSON.stringify({
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { id: 'all', name: 'Germany' },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [5, 46],
            [16, 46],
            [16, 56],
            [5, 56],
            [5, 46],
          ],
        ],
      },
    },
  ],
});

/** Times of an area's page in ms: the first, and the median of those after it, for each period. */
export interface AreaFigureTimes {
  stations: number;
  rows: number;
  /** Making the rows of the year, once, from the start of the server. */
  rowsMadeMs: number;
  yearFirstMs: number;
  yearMedianMs: number;
  /** Processor time of the server for one such page, which other work on the machine bends less. */
  yearCpuMs: number;
  otherMediansMs: Record<string, number>;
  pageBytes: number;
}

/** The page of an area of `stations` stations with a year of readings. */
export async function benchArea(stations: number): Promise<AreaFigureTimes> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    const districts = join(dataDir, 'district.geojson');
    writeFileSync(districts, DISTRICT);
    const seeded = await seedStations(dataDir, stations);
    const span = { days: 366, until: Date.now() - HOUR_MS };
    const rows = await seedReadings(dataDir, seeded, span);
    await markDirty(dataDir, seeded);
    const server = await startServer(dataDir, { DISTRICTS: districts });
    try {
      const rowsMadeMs = await untilCounted(server, stations);
      return { stations, rows, rowsMadeMs, ...(await timesOf(server)) };
    } finally {
      await server.end('SIGTERM');
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Readings that were not appended through the store have no rows yet, and nobody knows that they lack them. */
async function markDirty(dataDir: string, seeded: readonly SeededStation[]): Promise<void> {
  const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
  await store.open();
  const now = Date.now();
  await store.rollups.markDirty(seeded.map(({ stationId }) => ({ stationId, from: now - 367 * DAY_MS, to: now })));
  await store.close();
}

async function untilCounted(server: ChildServer, stations: number): Promise<number> {
  const to = Math.floor(Date.now() / DAY_MS) * DAY_MS - HOUR_MS;
  const query = new URLSearchParams({
    from: new Date(to - 365 * DAY_MS).toISOString(),
    to: new Date(to).toISOString(),
  });
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${server.httpPort}/api/v1/areas/all?${query}`);
    const body = (await response.json()) as { statistics?: { count: number } };
    if (body.statistics?.count === stations) return server.ageMs();
    await sleep(500);
  }
}

async function timesOf(server: ChildServer) {
  const medians: Record<string, number> = {};
  let [yearFirstMs, yearCpuMs, pageBytes] = [0, 0, 0];
  for (const period of PERIODS) {
    const times: number[] = [];
    const cpuMs = server.cpuMs();
    for (let i = 0; i < TIMES; i++) {
      const begun = performance.now();
      const response = await fetch(`http://127.0.0.1:${server.httpPort}/area/all?period=${period}`);
      pageBytes = (await response.text()).length;
      times.push(performance.now() - begun);
    }
    const [first = 0, ...rest] = times;
    if (period === '365d') [yearFirstMs, yearCpuMs] = [first, (server.cpuMs() - cpuMs) / TIMES];
    medians[period] = rest.sort((a, b) => a - b)[Math.floor(rest.length / 2)] ?? 0;
  }
  const { '365d': yearMedianMs = 0, ...otherMediansMs } = medians;
  return { yearFirstMs, yearMedianMs, yearCpuMs, otherMediansMs, pageBytes };
}
