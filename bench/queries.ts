import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_MS, HOUR_MS } from '../server/domain/durations.ts';
import { type ChildServer, startServer } from './support/childServer.ts';
import { seedReadings, seedStations } from './support/seed.ts';

/** A server that uses less processor time in a second has nothing left to do. */
const [IDLE_OVER_MS, IDLE_CPU_MS] = [1_000, 100];

/** Times in ms: first call and median of five. */
export interface QueryFigure {
  what: string;
  rows: number;
  firstMs: number;
  medianMs: number;
  bytes: number;
  /** From spawn to ready: the last hour is there and the doors are open. */
  startMs: number;
  /** From spawn until the whole last day is in memory; and the processor time until then. */
  warmMs: number;
  warmCpuMs: number;
  residentMb: number;
}

/** A year of daily means of one station among `stations` with a year of readings. */
export async function benchYear(stations: number): Promise<QueryFigure> {
  return withHistory(
    stations,
    { days: 365, until: Date.now() - HOUR_MS },
    'a year of daily means of one station',
    (ids) => {
      const from = new Date(Date.now() - 365 * DAY_MS).toISOString();
      return `/api/v1/stations/${ids[0]}/series?quantity=pm25&window=1d&from=${from}&to=${new Date().toISOString()}`;
    },
  );
}

/** The map's state with `stations` stations and a day of readings; also the start with that day and what it takes. */
export async function benchMap(stations: number): Promise<QueryFigure> {
  return withHistory(stations, { days: 1, until: Date.now() - 60_000 }, `map of ${stations} stations`, () => {
    return '/api/v1/map?quantity=pm25&average=1h';
  });
}

/** First page of SensorThings' Observations, newest first, and of one Datastream, with a year of readings. */
export async function benchSensorThings(stations: number): Promise<QueryFigure> {
  const span = { days: 365, until: Date.now() - HOUR_MS };
  return withHistory(stations, span, 'first page of Observations', () => '/sta/v1.1/Observations');
}

async function withHistory(
  stations: number,
  span: { days: number; until: number },
  what: string,
  pathOf: (stationIds: string[]) => string,
): Promise<QueryFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    const seeded = await seedStations(dataDir, stations);
    const rows = await seedReadings(dataDir, seeded, span);
    const server = await startServer(dataDir, { METRICS_PUBLIC: 'true' });
    const warm = await untilWarm(server);
    await untilMade(server);
    await untilIdle(server);
    const times: number[] = [];
    let bytes = 0;
    for (let i = 0; i < 6; i++) {
      const begun = performance.now();
      const path = pathOf(seeded.map(({ stationId }) => stationId).slice(i));
      const response = await fetch(`http://127.0.0.1:${server.httpPort}${path}`, {
        headers: { 'accept-encoding': 'gzip' },
      });
      bytes = Number(response.headers.get('content-length') ?? 0);
      const text = await response.text();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 200)}`);
      times.push(performance.now() - begun);
    }
    const residentMb = server.residentMb();
    await server.end('SIGTERM');
    const [firstMs = 0, ...rest] = times;
    const medianMs = rest.sort((a, b) => a - b)[2] ?? 0;
    return { what, rows, firstMs, medianMs, bytes, startMs: server.startMs, ...warm, residentMb };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Waits until the hourly and daily means of the history are there: their making is measured on its own. */
async function untilMade(server: ChildServer): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`http://127.0.0.1:${server.httpPort}/metrics`)).text();
    const isBegun = !metrics.includes('buergerluft_rollup_closed_until_seconds 0\n');
    if (isBegun && metrics.includes('buergerluft_rollup_stations 0\n')) return;
    await sleep(200);
  }
}

/** Waits until the server rests: after its means are made, hours are still compared with their neighbours. */
async function untilIdle(server: ChildServer): Promise<void> {
  for (;;) {
    const before = server.cpuMs();
    await sleep(IDLE_OVER_MS);
    if (server.cpuMs() - before < IDLE_CPU_MS) return;
  }
}

async function untilWarm(server: ChildServer): Promise<{ warmMs: number; warmCpuMs: number }> {
  for (;;) {
    const metrics = await (await fetch(`http://127.0.0.1:${server.httpPort}/metrics`)).text();
    if (metrics.includes('buergerluft_history_loaded 1')) return { warmMs: server.ageMs(), warmCpuMs: server.cpuMs() };
    await sleep(50);
  }
}
