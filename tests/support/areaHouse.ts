import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { areasPaths, createAreasRouter } from '../../server/api/areas/areas.ts';
import { createPagesRouter, pagesPaths } from '../../server/api/pages.ts';
import { AreaDirectory } from '../../server/areas/areaDirectory.ts';
import { parseDistricts } from '../../server/areas/districtsFile.ts';
import { loadConfig } from '../../server/config.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import type { AcceptedMessage, Values } from '../../server/domain/reading.ts';
import type { Station } from '../../server/domain/station.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { closeAfterTest } from './closing.ts';
import { ComputedRollups } from './computedRollups.ts';
import { StationList, stationOf } from './stations.ts';
import { NO_FACTS, startTestServer } from './testServer.ts';

/** Midnight at UTC+1. */
export const MIDNIGHT = Date.UTC(2026, 0, 4, 23);

/** Ehrenfeld is the square from 7.00, 51.00 to 7.10, 51.10; Porz, without stations, lies to its east. */
const DISTRICTS = JSON.stringify({
  type: 'FeatureCollection',
  features: ['Ehrenfeld', 'Porz'].map((name, at) => {
    const west = 7 + at / 10;
    const ring = [
      [west, 51],
      [west + 0.1, 51],
      [west + 0.1, 51.1],
      [west, 51.1],
      [west, 51],
    ];
    return { type: 'Feature', properties: { name }, geometry: { type: 'Polygon', coordinates: [ring] } };
  }),
});

/** Hourly means an official station published, `from` hours after `MIDNIGHT`. */
export function officialHours(stationId: string, pm25: readonly number[], from = 0): AcceptedMessage[] {
  return pm25.map((value, hour) => {
    const measuredAt = MIDNIGHT + (from + hour) * HOUR_MS;
    const readings = [{ stationId, sensor: 'official', measuredAt, values: { pm25: value }, flags: 0 }];
    return { stationId, measuredAt, receivedAt: measuredAt, health: {}, readings };
  });
}

/** An official station near Ehrenfeld, a kilometre north of its citizens. */
export function officialStation(change: Partial<Station> = {}): Station {
  const reference = { network: 'LANUV', code: 'DENW053', type: 'background' } as const;
  return inEhrenfeld('z', { name: 'Chorweiler', position: { lat: 51.059, lon: 7.05 }, reference, ...change });
}

/** Readings of one station: a value each 150 s for `hours`, `from` hours after `MIDNIGHT`. */
export interface Course {
  stationId: string;
  pm25: number;
  from?: number;
  hours: number;
  values?: Values;
}

/** A station in Ehrenfeld; its id is ten times the letter. */
export function inEhrenfeld(letter: string, change: Partial<Station> = {}): Station {
  return stationOf(letter.repeat(10), { position: { lat: 51.05, lon: 7.05 }, ...change });
}

/** The application with areas over a real store; `now` is the 26th hour after `MIDNIGHT`, until told otherwise. */
export async function startAreaHouse(stations: readonly Station[], courses: readonly Course[]) {
  const folder = await mkdtemp(join(tmpdir(), 'buergerluft-areas-'));
  const store = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
  await store.open();
  closeAfterTest(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  await store.append(courses.flatMap(messagesOf));
  const list = new StationList(stations);
  const time = { now: MIDNIGHT + 26 * HOUR_MS };
  const clock = () => time.now;
  const areas = new AreaDirectory(parseDistricts(DISTRICTS), () => list.stations());
  const rollups = new ComputedRollups({ store, station: (id) => list.station(id), dayOffsetMs: HOUR_MS, clock });
  const config = { DAY_OFFSET: '+01:00', DATA_LICENCE: 'ODbL-1.0' };
  const sources = { areas, rollups, readings: store, clock, dayOffsetMs: HOUR_MS };
  const router = createAreasRouter({ ...sources, config });
  const pages = createPagesRouter({
    ...sources,
    config: loadConfig({ DISTRICTS: 'given' }),
    version: '1.2.3',
    rootDir: packageRoot(),
    station: (id) => list.station(id),
    stations: () => list.stations(),
    aggregator: { aggregate: () => undefined, latest: () => ({}), facts: () => NO_FACTS },
  });
  const routers = [
    { path: '/api/v1', router, paths: areasPaths },
    { path: '/', router: pages, paths: pagesPaths },
  ];
  const server = await startTestServer({ clock, areas, routers });
  return { ...server, list, time, store, areas, rollups };
}

function messagesOf({ stationId, pm25, from = 0, hours, values }: Course): AcceptedMessage[] {
  return Array.from({ length: hours * 24 }, (_, at) => {
    const measuredAt = MIDNIGHT + from * HOUR_MS + at * 150_000;
    // Two values in turn: one that never moves is stuck, and counts in no mean.
    const read = { pm25: pm25 + (at % 2 ? 0.5 : -0.5), pm10: 3 * pm25 + (at % 2), ...values };
    const readings = [{ stationId, sensor: 'sds011', measuredAt, values: read, flags: 0 }];
    return { stationId, measuredAt, receivedAt: measuredAt, health: {}, readings };
  });
}
