import type { Station } from '../domain/station.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';

/** Registry and readings that do not belong together, and the command that helps. */
export interface StoreGap {
  detail: string;
  help: string;
}

const HELP =
  'put it back with the server stopped, or take all from a backup: npx buergerluft restore <newest backup> --replace';
const NO_STATIONS: StoreGap = {
  detail: 'There are readings, but not one station: registry.duckdb was deleted or moved away.',
  help: HELP,
};
const NO_READINGS: StoreGap = {
  detail:
    'There are stations that have sent, but not one reading: readings.duckdb was deleted or moved away, or STORE was influxdb.',
  help: HELP,
};

/** What the data folder lacks beside what it has; undefined when all is well. */
export function gapOf(has: { stations: number; readings: number; hasSent: boolean }): StoreGap | undefined {
  if (has.readings > 0) return has.stations === 0 ? NO_STATIONS : undefined;
  return has.hasSent ? NO_READINGS : undefined;
}

/** Looks for a file that was lost: where one is missing, opening made it anew, and empty. */
export async function storeGap(
  stationStore: Pick<StationStore, 'stations' | 'devicesOf' | 'pendingErasures'>,
  store: Pick<ReadingStore, 'stats' | 'prunedUntil'>,
): Promise<StoreGap | undefined> {
  // The last station was deleted, and its readings go next.
  if (stationStore.pendingErasures().length > 0) return undefined;
  const stations = stationStore.stations();
  const [{ readings }, prunedUntil] = [await store.stats(), await store.prunedUntil()];
  const isHeard = ({ id }: Station) => stationStore.devicesOf(id).some(({ lastSeenAt }) => lastSeenAt !== undefined);
  // All silent for longer than RETENTION: those readings are gone by right.
  const hasSent = prunedUntil === undefined && stations.some(isHeard);
  return gapOf({ stations: stations.length, readings, hasSent });
}
