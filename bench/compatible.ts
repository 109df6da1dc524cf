import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createSensorCommunityRouter } from '../server/api/sensorCommunity.ts';
import type { Station } from '../server/domain/station.ts';
import { Aggregator } from '../server/live/aggregator.ts';
import { CompatibleApi } from '../server/sensorCommunity/compatibleApi.ts';
import type { RecordKind } from '../server/sensorCommunity/stationRecords.ts';
import { answersPerSecond } from './support/answersPerSecond.ts';

const KINDS: readonly RecordKind[] = ['readings', '5min', 'dust', 'climate', '1h', '24h'];
const MINUTE_MS = 60_000;
const CADENCE_MS = 149_000;

/** A town whose stations push an SDS011 and a BME280 every 149 s, spread over the time. */
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
      assignSensorIds: async (places) => places.map(({ stationId, sensor }) => numberOf(stationId, sensor)),
    },
    aggregator,
    country: 'DE',
    epoch: randomUUID(),
    onError: (error) => {
      throw error;
    },
  });
  /** Everything that comes in until `until`. */
  const run = (until: number) => {
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
        aggregator.fold(readings);
        api.onStored(readings);
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

/** Processor time a minute to keep every file of `count` stations up, each asked for once a minute; and of compressing. */
export async function benchCompatibleFiles(count: number): Promise<object> {
  const { clock, api, run } = makeTown(count);
  run(clock.now + 70 * MINUTE_MS);
  for (const kind of KINDS) api.files.file(kind, clock.now);
  const cpuMs: Record<string, number> = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  const minutes = 10;
  let gzipMs = 0;
  let bytes = 0;
  for (let minute = 0; minute < minutes; minute++) {
    run(clock.now + MINUTE_MS);
    for (const kind of KINDS) {
      const before = process.cpuUsage();
      const file = api.files.file(kind, clock.now);
      const used = process.cpuUsage(before);
      cpuMs[kind]! += (used.user + used.system) / 1000 / minutes;
      if (minute === 0) bytes += file.body.length;
      const beforeGzip = process.cpuUsage();
      await file.gzipped();
      const usedGzip = process.cpuUsage(beforeGzip);
      gzipMs += (usedGzip.user + usedGzip.system) / 1000 / minutes;
    }
  }
  const total = KINDS.reduce((sum, kind) => sum + cpuMs[kind]!, 0);
  return { stations: count, megabytes: bytes / 1e6, totalCpuMsAMinute: total, ...cpuMs, gzipOffLoopMsAMinute: gzipMs };
}

/** Answers a second from memory beside a bare Express answer of the same bytes, in turns. */
export async function benchCompatibleAnswers(count: number): Promise<object> {
  const { clock, api, run } = makeTown(count);
  run(clock.now + 70 * MINUTE_MS);
  const app = express();
  app.disable('x-powered-by');
  app.use(createSensorCommunityRouter({ records: api, clock: () => clock.now }));
  const gzipped = await api.files.file('5min', clock.now).gzipped();
  const bare = express();
  bare.disable('x-powered-by').disable('etag');
  bare.get('/static/v2/data.json', (_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Encoding', 'gzip');
    response.end(gzipped);
  });
  const [ours, theirs] = [await listen(app), await listen(bare)];
  const path = '/static/v2/data.json';
  const figures: Record<string, number[]> = { ours: [], bare: [], unchanged: [], oneSensor: [] };
  const etag = api.files.file('5min', clock.now).etag;
  for (let turn = 0; turn < 3; turn++) {
    figures.ours!.push(await answersPerSecond(ours.port, path));
    figures.bare!.push(await answersPerSecond(theirs.port, path));
    figures.unchanged!.push(await answersPerSecond(ours.port, path, { 'If-None-Match': etag }));
    figures.oneSensor!.push(await answersPerSecond(ours.port, '/airrohr/v1/sensor/1000000000/'));
  }
  ours.close();
  theirs.close();
  const median = (name: string) => figures[name]!.sort((a, b) => a - b)[1]!;
  return {
    stations: count,
    gzippedBytes: gzipped.length,
    oursPerSecond: median('ours'),
    barePerSecond: median('bare'),
    ratio: median('ours') / median('bare'),
    unchangedPerSecond: median('unchanged'),
    oneSensorPerSecond: median('oneSensor'),
  };
}

async function listen(app: express.Express) {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
