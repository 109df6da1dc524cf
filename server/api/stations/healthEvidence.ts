import type { HealthEvidence } from '../../domain/device/deviceHealth.ts';
import type { NeighbourHour } from '../../domain/device/driftHealth.ts';
import { DAY_MS } from '../../domain/durations.ts';
import type { Reading } from '../../domain/reading.ts';
import type { Station } from '../../domain/station.ts';
import { isOfThisPlace } from '../../domain/stationHistory.ts';
import type { LoggedRejection } from '../../ingest/rejectionLog.ts';
import type { Rollups } from '../../rollups/rollups.ts';
import type { ReadingStore } from '../../store/readingStore.ts';
import type { StationStore } from '../../store/registry/stationStore.ts';
import { neighboursOf } from './neighbours.ts';

/** A humidity sensor is judged by two days. */
const READINGS_MS = 2 * DAY_MS;
const DRIFT_MS = 7 * DAY_MS;

/** Where the evidence lies. */
export interface EvidenceSources {
  store: Pick<ReadingStore, 'scan' | 'health'>;
  stationStore: Pick<StationStore, 'stations' | 'devicesOf'>;
  rollups: Pick<Rollups, 'rows'>;
  /** The last refusals of a device. */
  rejectionsOf: (deviceId: string) => readonly LoggedRejection[];
  /** Epoch ms of a station's newest reading. */
  lastSeenAt: (stationId: string) => number | undefined;
}

/** Everything a device is judged by, as of `now`, epoch ms. Of neighbours only what is public of them. */
export async function healthEvidence(sources: EvidenceSources, station: Station, now: number): Promise<HealthEvidence> {
  const { store, stationStore, rejectionsOf, lastSeenAt } = sources;
  const devices = stationStore.devicesOf(station.id);
  const near = new Set(neighboursOf(station, stationStore.stations()).map(({ id }) => id));
  const neighbours = stationStore.stations().filter(({ id }) => near.has(id));
  const [readings, health, hours] = await Promise.all([
    readingsOf(store, { stationId: station.id, from: now - READINGS_MS, to: now + 1 }),
    store.health({ stationId: station.id, from: now - DAY_MS, to: now + 1 }),
    hoursBeside(sources.rollups, station, { neighbours, now }),
  ]);
  const seen = [lastSeenAt(station.id), ...devices.map((device) => device.lastSeenAt)].filter((at) => at !== undefined);
  const rejections = devices.flatMap(({ id }) => rejectionsOf(id)).sort((a, b) => a.at - b.at);
  return {
    now,
    lastSeenAt: seen.length === 0 ? undefined : Math.max(...seen),
    readings,
    health,
    rejections,
    hours,
    neighbours: neighbours.length,
  };
}

async function readingsOf(store: Pick<ReadingStore, 'scan'>, query: { stationId: string; from: number; to: number }) {
  const readings: Reading[] = [];
  for await (const page of store.scan(query)) readings.push(...page);
  return readings;
}

async function hoursBeside(
  rollups: Pick<Rollups, 'rows'>,
  station: Station,
  { neighbours, now }: { neighbours: readonly Station[]; now: number },
): Promise<NeighbourHour[]> {
  if (neighbours.length === 0) return [];
  const compared = new Map([station, ...neighbours].map((each) => [each.id, each]));
  const stationIds = [...compared.keys()];
  const rows = await rollups.rows({ stationIds, quantity: 'pm25', window: 'hour', from: now - DRIFT_MS, to: now });
  const hourByStart = new Map<number, { start: number; own?: number; others: number[] }>();
  for (const { stationId: id, start, mean } of rows) {
    // Hours from before a move are of other neighbours.
    if (mean === null || !isOfThisPlace(compared.get(id)!, start)) continue;
    const hour = hourByStart.get(start) ?? { start, others: [] };
    hourByStart.set(start, hour);
    if (id === station.id) hour.own = mean;
    else hour.others.push(mean);
  }
  return [...hourByStart.values()].sort((a, b) => a.start - b.start);
}
