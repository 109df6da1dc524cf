import { request } from 'node:http';
import { createPagesRouter, pagesPaths } from '../../../server/api/pages.ts';
import { AreaDirectory } from '../../../server/areas/areaDirectory.ts';
import { readDistricts } from '../../../server/areas/districtsFile.ts';
import { loadConfig } from '../../../server/config.ts';
import type { Aggregate } from '../../../server/domain/aggregate.ts';
import type { LatestValue } from '../../../server/domain/contract.ts';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import { emptyRow } from '../../../server/domain/means/rollup.ts';
import type { Quantity } from '../../../server/domain/quantity.ts';
import type { Station } from '../../../server/domain/station.ts';
import type { Agreement } from '../../../server/live/agreements.ts';
import { packageRoot } from '../../../server/process/packageRoot.ts';
import type { UncertainRow } from '../../../server/rollups/rollups.ts';
import type { Extent } from '../../../server/store/readingStore.ts';
import { stationOf } from '../../support/stations.ts';
import { startTestServer } from '../../support/testServer.ts';

/** When the pages are asked for, epoch ms. */
export const NOW = Date.parse('2026-11-05T20:10:00Z');

/** What the pages are made from; one station with a value where nothing is said. */
interface PagesOptions {
  stations?: Station[];
  aggregate?: Partial<Aggregate>;
  /** The last single readings. */
  latest?: Partial<Record<Quantity, LatestValue>>;
  /** Closed hours of the instrument that speaks. */
  hours?: () => Promise<UncertainRow[]>;
  settings?: Record<string, string>;
  /** File of districts. */
  districts?: string;
  dataDir?: string;
  /** Daily means of the station. */
  days?: UncertainRow[];
  agreement?: Agreement;
  /** Means of the last closed hours, latest first. */
  hourMeans?: (number | null)[];
  areFurtherIndicesOn?: boolean;
  series?: Extent[];
}

/** The application with the pages, on plain objects in place of live side and store. */
export async function startPages({
  districts,
  stations = [stationOf('abcde12345')],
  aggregate,
  latest = { pm25: { ...latestOf(9.9), flags: ['claimed'] }, humidity: latestOf(88), noise: latestOf(50) },
  hours,
  settings,
  dataDir,
  days = [],
  agreement,
  hourMeans = [],
  areFurtherIndicesOn = false,
  series = [],
}: PagesOptions = {}) {
  const value: Aggregate = {
    ...{ stationId: 'abcde12345', sensor: 'sds011', quantity: 'pm25', average: '1h', value: 12.4, count: 23 },
    ...{ expected: 24, coverage: 0.958, state: 'ok', at: NOW, lastMeasuredAt: NOW - 100_000, flags: [], ...aggregate },
  } as Aggregate;
  const router = createPagesRouter({
    config: loadConfig({ ...settings, ...(dataDir && { DATA_DIR: dataDir }) }),
    version: '1.2.3',
    rootDir: packageRoot(),
    clock: () => NOW,
    station: (id) => stations.find((station) => station.id === id),
    stations: () => stations,
    areas: new AreaDirectory(districts ? await readDistricts(districts) : [], () => stations),
    aggregator: {
      aggregate: () => value,
      latest: () => latest,
      facts: () => ({ healthClass: 'ok', coverage24h: value?.coverage ?? 0 }),
    },
    rollups: {
      rows: async ({ window, sensor }) => {
        if (window === 'day') return days;
        return sensor === undefined ? hourMeans.map(hourBefore) : await (hours ?? week)();
      },
      upToDate: async () => true,
    },
    areFurtherIndicesOn,
    agreementOf: async () => (agreement ? { pm25: agreement } : {}),
    dayOffsetMs: 3_600_000,
    readings: {
      raw: async () => [],
      seriesOf: async () => series,
    },
  });
  return startTestServer({
    clock: () => NOW,
    ...(settings && { settings }),
    routers: [{ path: '/', router, paths: pagesPaths }],
  });
}

/** Row of a closed hour: the last one, or hours before it. */
function hourBefore(mean: number | null, age: number): UncertainRow {
  const end = Math.floor(NOW / HOUR_MS) * HOUR_MS - age * HOUR_MS;
  const series = { stationId: 'abcde12345', sensor: 'sds011', quantity: 'pm25' } as const;
  return { ...emptyRow(series, { start: end - HOUR_MS, end, cadenceMs: 150_000, now: NOW }), mean };
}

function latestOf(value: number) {
  return { value, measuredAt: new Date(NOW - 100_000).toISOString(), flags: [], sensor: 'sds011' };
}

/** A week of hours up to the last closed one, each day alike. */
async function week(): Promise<UncertainRow[]> {
  return Array.from({ length: 170 }, (_, age) => {
    const mean = 10 + ((192 - age) % 24);
    return { ...hourBefore(mean, age), count: 24, min: mean - 2, max: mean + 2 };
  }).reverse();
}

/** Fetches with headers of our own choosing: `fetch` always adds a language. */
export function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** The text of a page. */
export async function page(url: string, headers?: Record<string, string>): Promise<string> {
  const { body } = await get(url, headers);
  return body.toString();
}
