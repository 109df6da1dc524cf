import { randomBytes } from 'node:crypto';
import { createLog } from '../../server/log.ts';
import { Mirror } from '../../server/mirror/mirror.ts';
import { PoliteClient } from '../../server/mirror/politeClient.ts';
import { RecentReadings } from '../../server/sensorCommunity/recentReadings.ts';
import { NOW, openHouse } from '../archive/archiveHouse.ts';
import { captured, type ServedRecord } from '../sensorCommunity/records.ts';
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
  const warnings: string[] = [];
  const mirror = new Mirror({
    stationStore: house.registry,
    store: house.store,
    client: new PoliteClient({
      url: upstream.url,
      userAgent: 'buergerluft/0 (luft@example.org)',
      clock: () => clock.now,
    }),
    region,
    recent,
    erase: (stationId) => house.store.remove({ stationId }),
    onStored: () => undefined,
    log: createLog('warn', { write: (line) => void warnings.push(line) }),
    randomBytes,
    clock: () => clock.now,
  });
  let version = 0;
  const publish = (records: ServedRecord[]) => {
    upstream.body = JSON.stringify(records);
    upstream.modified = new Date(Date.UTC(2026, 10, 26) + ++version * 60_000).toUTCString();
  };
  return { ...house, upstream, clock, recent, mirror, publish, warnings };
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
