import type { Reading } from '../server/domain/reading.ts';
import { Aggregator } from '../server/live/aggregator.ts';
import type { BodyEncoding } from '../server/live/mapBody.ts';
import { HOME_LAYER, MapLayers } from '../server/live/mapLayers.ts';
import { mapStation } from './support/mapStation.ts';

/** The cadence of an airRohr, ms. */
const CADENCE_MS = 145_000;
const TICK_MS = 500;
/** Longer than a made answer is sent: whoever asks then waits for the next. */
const PAUSE_MS = 6_000;
const ROUNDS = 30;

/** What an answer takes whose values have all gone on since the last: median of processor time, ms, and bytes. */
export interface ColdMapFigure {
  stations: number;
  gzipCpuMs: number;
  gzipBytes: number;
  brotliCpuMs: number;
  brotliBytes: number;
}

/** The map of `count` stations at the pace of a real network, asked for now and then, so that each answer is made anew. */
export async function benchColdMap(count: number): Promise<ColdMapFigure> {
  const map = liveMap(count);
  const [gzipCpuMs, gzipBytes] = await coldAnswers(map, 'gzip');
  const [brotliCpuMs, brotliBytes] = await coldAnswers(map, 'br');
  return { stations: count, gzipCpuMs, gzipBytes, brotliCpuMs, brotliBytes };
}

async function coldAnswers(map: ReturnType<typeof liveMap>, encoding: BodyEncoding): Promise<[number, number]> {
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    map.goOn(PAUSE_MS);
    const before = process.cpuUsage();
    bytes = (await map.body(encoding)).bytes.length;
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return [times.sort((a, b) => a - b)[times.length >> 1]!, bytes];
}

/** A network with an hour behind it; its time passes with `goOn` only. */
function liveMap(count: number) {
  let now = Date.UTC(2026, 0, 5, 12);
  const stations = Array.from({ length: count }, (_, at) => mapStation(at));
  const byId = new Map(stations.map((station) => [station.id, station]));
  const aggregator = new Aggregator({ clock: () => now, sensorModels: () => [] });
  const registry = { station: (id: string) => byId.get(id), stations: () => stations };
  const layers = new MapLayers({ aggregator, stations: registry, newEpoch: () => 'bench' });
  let sent = 0;
  const send = (at: number) => {
    const pm25 = (40 + 30 * Math.sin(sent / 97) + (sent % 70)) / 10;
    const { id: stationId } = stations[sent++ % count]!;
    aggregator.fold([{ stationId, sensor: 'sds011', measuredAt: at, values: { pm25 }, flags: 0 } satisfies Reading]);
  };
  const goOn = (forMs: number) => {
    for (const end = now + forMs; now < end; ) {
      now += TICK_MS;
      for (let nth = 0; nth < (count * TICK_MS) / CADENCE_MS; nth++) send(now);
      layers.tick(now);
    }
  };
  goOn(3_600_000);
  return { goOn, body: (encoding: BodyEncoding) => layers.body(HOME_LAYER, encoding, now) };
}
