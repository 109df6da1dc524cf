import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Access } from '../../../server/api/http/access.ts';
import { createLongFileTurns } from '../../../server/api/http/longFileTurns.ts';
import { createSeriesRouter, seriesPaths } from '../../../server/api/series/series.ts';
import { offsetMs } from '../../../server/config.ts';
import type { SeriesPoint } from '../../../server/domain/contract.ts';
import type { DeviceHealth, Values } from '../../../server/domain/reading.ts';
import { Aggregator } from '../../../server/live/aggregator.ts';
import { createLog } from '../../../server/log.ts';
import type { Rollups } from '../../../server/rollups/rollups.ts';
import { DuckDbReadingStore } from '../../../server/store/duckdb/duckdbReadingStore.ts';
import type { ReadingStore } from '../../../server/store/readingStore.ts';
import type { NewStation } from '../../../server/store/registry/stationStore.ts';
import { stationIn } from '../../support/balcony.ts';
import { closeAfterTest } from '../../support/closing.ts';
import { ComputedRollups } from '../../support/computedRollups.ts';
import { startTestServer, type TestServer } from '../../support/testServer.ts';

/** A Monday. */
export const NOON = Date.parse('2026-01-05T12:00:00Z');
export const ADMIN_TOKEN = '0123456789ABCDEFGHJKMNPQRS';

/** What differs from a station in the afternoon of a Monday. */
interface Given {
  now?: number;
  station?: Partial<NewStation>;
  settings?: Record<string, string>;
  /** Puts something between the route and the store, e.g. to make it slow. */
  wrapStore?: (store: ReadingStore) => ReadingStore;
  /** False while means are being made anew. */
  isUpToDate?: () => boolean;
  /** In place of rows that are always true. */
  rollups?: Rollups;
}

/** A server with one station on a real store. */
export async function serverWith({
  now = NOON,
  station: change = {},
  settings = {},
  wrapStore,
  isUpToDate,
  rollups: given,
}: Given = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-series-'));
  const store = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
  await store.open();
  closeAfterTest(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const clock = () => now;
  const config = { DAY_OFFSET: '+01:00', TIME_ZONE: 'Europe/Berlin', ...settings };
  const aggregator = new Aggregator({ clock, sensorModels: () => ['sds011'] });
  // The router comes before the server whose registry it asks.
  const registry = () => server.stationStore;
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  const station = (id: string) => registry().station(id);
  const rollups = given ?? (new ComputedRollups({ store, dayOffsetMs, clock, station }) as Rollups);
  if (isUpToDate !== undefined) rollups.upToDate = async () => isUpToDate();
  const router = createSeriesRouter({
    store: wrapStore?.(store) ?? store,
    rollups,
    dayOffsetMs,
    aggregator,
    station: (id) => registry().station(id),
    stations: () => registry().stations(),
    access: { refuseNonOwner: (request, id) => new Access(ADMIN_TOKEN, registry()).refuseNonOwner(request, id) },
    inTurn: createLongFileTurns({ log: createLog('fatal') }),
    config,
    clock,
  });
  const routers = [{ path: '/api/v1', paths: seriesPaths, router }];
  const server: TestServer = await startTestServer({
    ...{ clock, routers, adminToken: ADMIN_TOKEN },
    settings: { TRUST_PROXY: 'loopback' },
  });
  const { stationStore } = server;
  const issued = await stationIn(stationStore, { position: { lat: 51.45, lon: 7.01 }, ...change });
  const { id } = issued.station;
  const append = (rows: { at: number; values: Values; flags?: number; health?: DeviceHealth; sensor?: string }[]) =>
    store.append(
      rows.map(({ at, values, flags = 0, health = {}, sensor = 'sds011' }) => ({
        stationId: id,
        measuredAt: at,
        receivedAt: at,
        health,
        readings: [{ stationId: id, sensor, measuredAt: at, values, flags }],
      })),
    );
  const get = (query: string, key?: string) =>
    server.send('GET', `/api/v1/stations/${id}/series?${query}`, key === undefined ? {} : { key });
  const points = async (query: string) => (await get(query)).body.points as SeriesPoint[];
  return { ...server, id, append, get, points, ownerKey: issued.ownerKey };
}

/** Readings every `everyMs` in `[from, to)`, value by time. */
export function regular(from: number, to: number, value: (at: number) => number, everyMs = 150_000) {
  const rows = [];
  for (let at = from; at < to; at += everyMs) {
    rows.push({ at, values: { pm25: value(at) }, health: { interval: everyMs - 4_000 } });
  }
  return rows;
}
