import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Station } from '../server/domain/station.ts';
import { Aggregator } from '../server/live/aggregator.ts';
import { CompatibleApi } from '../server/sensorCommunity/compatibleApi.ts';
import type { RecordKind } from '../server/sensorCommunity/stationRecords.ts';
import { answersPerSecond, SECONDS } from './support/answersPerSecond.ts';
import { startServer } from './support/childServer.ts';
import { collectGarbage } from './support/collectGarbage.ts';
import { seedReadings, seedStations } from './support/seed.ts';

const KINDS: readonly RecordKind[] = ['readings', '5min', 'dust', 'climate', '1h', '24h'];
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** As the firmware pushes: its interval, and the time a push takes. */
const INTERVAL_MS = 145_000;
const CADENCE_MS = INTERVAL_MS + 4_000;

/** A town whose stations push an SDS011 and a BME280 every 149 s, spread over the time: 15,000 send 101 a second. */
function makeTown(count: number) {
  const clock = { now: Date.UTC(2026, 0, 5, 12) };
  const stations: Station[] = Array.from({ length: count }, (_, index) => stationOf(index));
  const byId = new Map(stations.map((station) => [station.id, station]));
  const aggregator = new Aggregator({ clock: () => clock.now, sensorModels: () => [] });
  const numberOf = (stationId: string, sensor: string) =>
    1_000_000_000 + 2 * Number(stationId) + Number(sensor === 'bme280');
  const api = new CompatibleApi({
    stationStore: {
      station: (id) => byId.get(id),
      stations: () => stations,
      onChange: () => () => undefined,
      sensorIdOf: numberOf,
      secondSensorIdsOf: () => [],
      assignSensorIds: async (places) => places.map(({ stationId, sensor }) => numberOf(stationId, sensor)),
    },
    aggregator,
    country: 'DE',
    epoch: randomUUID(),
    onError: (error) => {
      throw error;
    },
  });
  /** Everything that comes in until `until`, minute by minute; `isHistory`: too old for anything but the means. */
  const run = (until: number, isHistory = false) => {
    while (clock.now < until) runMinute(Math.min(until, clock.now + MINUTE_MS), isHistory);
  };
  const runMinute = (until: number, isHistory: boolean) => {
    for (let index = 0; index < count; index++) {
      const phase = (index * 7919) % CADENCE_MS;
      let measuredAt = Math.ceil((clock.now - phase) / CADENCE_MS) * CADENCE_MS + phase;
      for (; measuredAt < until; measuredAt += CADENCE_MS) {
        const base = { stationId: stations[index]!.id, measuredAt, flags: 0 };
        const some = (measuredAt / 1000) % 40;
        const readings = [
          {
            ...base,
            sensor: 'sds011',
            values: { pm25: Math.round(some * 50) / 100, pm10: Math.round(some * 80) / 100 },
          },
          { ...base, sensor: 'bme280', values: { temperature: 12.34, humidity: 71.5, pressure: 1002.4512 } },
        ];
        aggregator.fold(readings, { interval: INTERVAL_MS });
        if (!isHistory) api.onStored(readings);
      }
    }
    clock.now = until;
  };
  return { clock, api, run };
}

function stationOf(index: number): Station {
  return {
    id: String(index).padStart(10, '0'),
    locationId: 1_500_000_000 + index,
    name: `Station ${index}`,
    position: { lat: 51 + (index % 100) / 200, lon: 7 + index / 15_000 },
    positionGridMetres: 100,
    isIndoor: false,
    isPublishedIndoor: false,
    isNoisePublic: false,
    sensorModels: ['sds011', 'bme280'],
    status: 'active',
    source: 'direct',
    licence: 'ODbL-1.0',
    externalIds: [],
    createdAt: 0,
  };
}

/**
 * Processor time a minute to keep every file of `count` stations up, each asked for once a minute, all of them with means of
 * a full day. `totalCpuMsAMinute` is the writing, the garbage it makes collected within; compressing runs beside it, once a
 * version, only for files that somebody asks for compressed.
 */
export async function benchCompatibleFiles(count: number): Promise<object> {
  const { clock, api, run } = makeTown(count);
  run(clock.now + DAY_MS, true);
  run(clock.now + 6 * MINUTE_MS);
  for (const kind of KINDS) api.files.file(kind, clock.now);
  const cpuMs: Record<string, number> = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  const minutes = 15;
  let [gzipMs, megabytes, gzippedMegabytes] = [0, 0, 0];
  for (let minute = 0; minute < minutes; minute++) {
    run(clock.now + MINUTE_MS);
    // What the readings leave behind is not the files' to clear away.
    await collectGarbage();
    for (const kind of KINDS) {
      const before = process.cpuUsage();
      const file = api.files.file(kind, clock.now);
      cpuMs[kind]! += cpuSince(before) / minutes;
      megabytes += file.length / 1e6 / minutes;
    }
    const before = process.cpuUsage();
    for (const kind of KINDS)
      gzippedMegabytes += (await api.files.file(kind, clock.now).gzipped()).length / 1e6 / minutes;
    gzipMs += cpuSince(before) / minutes;
  }
  const total = KINDS.reduce((sum, kind) => sum + cpuMs[kind]!, 0);
  return {
    stations: count,
    megabytes,
    totalCpuMsAMinute: total,
    ...cpuMs,
    gzippedMegabytes,
    gzipBesideMsAMinute: gzipMs,
  };
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Answers a second of the whole server, as `npm start` runs it, with `count` stations in the file; beside it what the server
 * pays for one. Clients run on the same cores: what a request costs tells more than how many there were.
 */
export async function benchCompatibleAnswers(count: number): Promise<object> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    const stations = await seedStations(dataDir, count);
    await seedReadings(dataDir, stations, { days: 0.05, until: Date.now() });
    const server = await startServer(dataDir);
    const figures: Record<string, number> = {};
    const path = '/static/v2/data.json';
    const answer = await fetch(`http://127.0.0.1:${server.httpPort}${path}`, {
      headers: { 'Accept-Encoding': 'gzip' },
    });
    const etag = answer.headers.get('etag') ?? '';
    for (const [name, headers] of Object.entries({ whole: {}, unchanged: { 'If-None-Match': etag } })) {
      await answersPerSecond(server.httpPort, path, headers);
      const before = server.cpuMs();
      const answers = await answersPerSecond(server.httpPort, path, headers);
      figures[`${name}PerSecond`] = answers;
      figures[`${name}CpuUs`] = ((server.cpuMs() - before) * 1000) / (answers * SECONDS);
    }
    await server.end('SIGKILL');
    return { stations: count, bytes: Number(answer.headers.get('content-length')), ...figures };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
