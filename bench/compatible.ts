import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, MINUTE_MS } from '../server/domain/durations.ts';
import type { Reading } from '../server/domain/reading.ts';
import type { Station } from '../server/domain/station.ts';
import { Aggregator } from '../server/live/aggregator.ts';
import { CompatibleApi } from '../server/sensorCommunity/compatibleApi.ts';
import type { RecordKind } from '../server/sensorCommunity/recordKinds.ts';
import { answersPerSecond, SECONDS } from './support/answersPerSecond.ts';
import { startServer } from './support/childServer.ts';
import { collectGarbage } from './support/collectGarbage.ts';
import { mapStation } from './support/mapStation.ts';
import { seedReadings, seedStations } from './support/seed.ts';

const KINDS: readonly RecordKind[] = ['readings', '5min', 'dust', 'climate', '1h', '24h'];
/**
 * Minutes that are measured, and those before: the files are full by then and the code is warm. Means are looked at every five
 * minutes, and six looks are compiled anew.
 */
const [MINUTES, WARM_MINUTES] = [15, 37];
/** As the firmware pushes: its interval, and the 3 to 5 s a push takes, after which the next one begins. */
const INTERVAL_MS = 145_000;
const SENDING_MS = [3_000, 5_000] as const;

/**
 * A town whose stations push an SDS011 and a BME280 every 149 s or so, each at times of its own and every value another
 * than before: 15,000 send 101 a second.
 */
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
  const nextPush = stations.map((_, index) => clock.now + ((index * 7919) % INTERVAL_MS));
  /** What comes in until `until`, at most a minute on, in order of time; already in the means. */
  const receive = (until: number): Reading[][] => {
    const pushes: { station: number; at: number }[] = [];
    for (let station = 0; station < count; station++) {
      while (nextPush[station]! < until) {
        const at = nextPush[station]!;
        pushes.push({ station, at });
        nextPush[station] = at + INTERVAL_MS + sendingMs(station, at);
      }
    }
    pushes.sort((one, other) => one.at - other.at);
    const messages = pushes.map(({ station, at }) => messageOf(stations[station]!.id, at));
    for (const message of messages) aggregator.fold(message, { interval: INTERVAL_MS });
    clock.now = until;
    return messages;
  };
  return { clock, api, receive };
}

function sendingMs(station: number, at: number): number {
  const [least, most] = SENDING_MS;
  return least + ((station * 31 + Math.floor(at / 7)) % (most - least));
}

/** A push as it is stored. */
function messageOf(stationId: string, measuredAt: number): Reading[] {
  const some = (measuredAt % 39_989) / 1000;
  const [pm25, pm10] = [Math.round(some * 50) / 100, Math.round(some * 80) / 100];
  const [temperature, humidity] = [Math.round(some * 70 - 500) / 100, Math.round(some * 140 + 4_000) / 100];
  const pressure = Math.round((980 + some) * 10_000) / 10_000;
  return [
    { stationId, sensor: 'sds011', measuredAt, values: { pm25, pm10 }, flags: 0 },
    { stationId, sensor: 'bme280', measuredAt, values: { temperature, humidity, pressure }, flags: 0 },
  ];
}

function stationOf(index: number): Station {
  return { ...mapStation(index), id: String(index).padStart(10, '0'), sensorModels: ['sds011', 'bme280'] };
}

/**
 * Processor time a minute to keep every file of `count` stations up, each asked for once a minute, all of them with means of
 * a full day. `totalCpuMsAMinute` is bringing each file to the minute, the garbage made collected within. Beside it stand
 * noting the readings of the minute, which is part of taking them in and serves filters, single sensors and the mirror too,
 * and compressing: mostly in threads, each piece of a file once, and only of files that somebody asks for compressed; here
 * all are.
 */
export async function benchCompatibleFiles(count: number): Promise<object> {
  const { clock, api, receive } = makeTown(count);
  for (const dayEnd = clock.now + DAY_MS; clock.now < dayEnd; ) receive(clock.now + MINUTE_MS);
  const cpuMs: Record<string, number> = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
  let [notingMs, gzipMs, megabytes, gzippedMegabytes] = [0, 0, 0, 0];
  for (let minute = -WARM_MINUTES; minute < MINUTES; minute++) {
    const share = minute < 0 ? 0 : 1 / MINUTES;
    const messages = receive(clock.now + MINUTE_MS);
    // What the means leave behind is not the files' to clear away.
    await collectGarbage();
    let before = process.cpuUsage();
    for (const message of messages) api.onStored(message);
    notingMs += cpuSince(before) * share;
    for (const kind of KINDS) {
      before = process.cpuUsage();
      api.files.file(kind, clock.now);
      cpuMs[kind]! += cpuSince(before) * share;
    }
    before = process.cpuUsage();
    for (const kind of KINDS) {
      const file = api.files.file(kind, clock.now);
      megabytes += (file.length / 1e6) * share;
      gzippedMegabytes += ((await file.gzipped()).length / 1e6) * share;
    }
    gzipMs += cpuSince(before) * share;
  }
  const total = Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
  const rssMegabytes = process.memoryUsage().rss / 1e6;
  return {
    ...{ stations: count, megabytes, totalCpuMsAMinute: total, ...cpuMs },
    ...{ notingBesideMsAMinute: notingMs, gzippedMegabytes, gzipBesideMsAMinute: gzipMs, rssMegabytes },
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
