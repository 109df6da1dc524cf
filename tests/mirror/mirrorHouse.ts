import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Reading } from '../../server/domain/reading.ts';
import { createLog } from '../../server/log.ts';
import { Joins } from '../../server/mirror/joins.ts';
import { Mirror } from '../../server/mirror/mirror.ts';
import { MirrorMemory } from '../../server/mirror/mirrorMemory.ts';
import { PoliteClient } from '../../server/mirror/politeClient.ts';
import { RecentReadings } from '../../server/sensorCommunity/recentReadings.ts';
import { CitationStore } from '../../server/store/citationStore.ts';
import { isRefusal } from '../../server/store/registry/stationStore.ts';
import { NOW, openHouse } from '../archive/archiveHouse.ts';
import { captured, type ServedRecord } from '../sensorCommunity/records.ts';
import { closeAfterTest } from '../support/closing.ts';
import { startRecordServer } from '../support/recordServer.ts';

/** Where most tests look. */
export const DRESDEN = { lat: 51.05, lon: 13.74, kilometres: 20 };
/** First cycle of a host beside the mirror. */
export const START = NOW - 20 * 60_000;
export const EVERYWHERE = { lat: 50, lon: 10, kilometres: 20_040 };

/** A mirror on real stores, asked by hand, with a clock of its own. */
export async function startMirror(region = DRESDEN) {
  const house = await openHouse();
  const upstream = await startRecordServer();
  const clock = { now: NOW };
  const recent = new RecentReadings();
  const lines: string[] = [];
  const warnings: string[] = [];
  const citations = new CitationStore(join(house.dataDir, 'citations.duckdb'));
  await citations.open();
  closeAfterTest(() => citations.close());
  const memory = new MirrorMemory(join(house.dataDir, 'mirror.json'));
  const joins = new Joins({
    ...{ stationStore: house.registry, store: house.store, citations, randomBytes },
    stationJoined: async () => undefined,
    erase: (stationId) => house.store.remove({ stationId }),
    onStored: () => undefined,
    refold: async () => undefined,
    clock: () => clock.now,
  });
  const mirror = new Mirror({
    stationStore: house.registry,
    store: house.store,
    client: new PoliteClient({
      url: upstream.url,
      userAgent: 'buergerluft/0 (luft@example.org)',
      clock: () => clock.now,
      memory,
    }),
    ...{ region, memory, joins },
    recent,
    onStored: () => undefined,
    log: createLog('info', {
      write: (line) => {
        lines.push(line);
        if (line.includes('"level":"warn"')) warnings.push(line);
      },
    }),
    randomBytes,
    clock: () => clock.now,
  });
  let version = 0;
  const publish = (records: ServedRecord[]) => {
    upstream.body = JSON.stringify(records);
    upstream.modified = new Date(Date.UTC(2026, 10, 26) + ++version * 60_000).toUTCString();
  };
  return { ...house, upstream, clock, recent, mirror, publish, lines, warnings };
}

/** A host's own station beside the mirrored one, which sends the same values to both. */
export async function withDouble(sensorCommunityId?: number) {
  const town = await startMirror();
  const made = await town.registry.addStation({
    ...{ name: 'Balkon', position: { lat: 51.0441, lon: 13.7458 }, isIndoor: false, sensorModels: ['sds011'] },
    ...{ status: 'active', source: 'direct', licence: 'ODbL-1.0' },
    ...(sensorCommunityId !== undefined && { sensorCommunityId }),
  });
  if (isRefusal(made)) throw new Error(made.refused);
  const own = made.station.id;
  const push = async (at: number, pm25: number, flags = 0) => {
    const reading: Reading = {
      stationId: own,
      sensor: 'sds011',
      measuredAt: at,
      values: { pm25, pm10: pm25 + 5 },
      flags,
    };
    town.recent.note(reading);
    await town.store.append([{ stationId: own, measuredAt: at, receivedAt: at, health: {}, readings: [reading] }]);
  };
  /** One cycle: there 3 s before here; `other`: there something else. */
  const cycle = async (step: number, other = 0, flags = 0) => {
    town.clock.now = START + step * 149_000;
    const pm25 = 10.25 + step;
    await push(town.clock.now, pm25, flags);
    town.publish([recordAt(town.clock.now - 3_000, { P1: (pm25 + 5 + other).toFixed(2), P2: pm25.toFixed(2) })]);
    await town.mirror.once();
  };
  const mirrored = () => town.registry.stations().find(({ source }) => source === 'mirror');
  const station = () => town.registry.station(own)!;
  return { ...town, own, cycle, mirrored, station };
}

/** A record of the capture, at another time and with other values. */
export function recordAt(
  at: number,
  values: Record<string, string>,
  change: Partial<ServedRecord['location']> = {},
): ServedRecord {
  const [example] = captured('public-api-v1-sensor-2020-sds011.json');
  const sensordatavalues = Object.entries(values).map(([value_type, value], id) => ({ id: id + 1, value_type, value }));
  const location = { ...example!.location, latitude: '51.044', longitude: '13.746', country: 'DE', ...change };
  return {
    ...example!,
    timestamp: new Date(at).toISOString().slice(0, 19).replace('T', ' '),
    location,
    sensordatavalues,
  };
}
