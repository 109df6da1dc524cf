import type { AreaDirectory } from '../areas/areaDirectory.ts';
import { HOUR_MS } from '../domain/durations.ts';
import type { Language } from '../domain/names.ts';
import type { AdminOverview, PendingStation } from '../domain/operator/adminOverview.ts';
import { exclusionText } from '../domain/operator/exclusion.ts';
import { isPublic, publicPosition, type Station } from '../domain/station.ts';

/** A station not heard for this long is silent, ms. */
const SILENT_MS = HOUR_MS;
/** Silent stations that are listed. */
const MAX_LISTED = 200;

/** What the lists are made from. */
export interface StationLists {
  stations: () => readonly Station[];
  /** Epoch ms of a station's last message; undefined before the first. */
  lastHeardAt: (stationId: string) => number | undefined;
  areas: Pick<AreaDirectory, 'areaOf' | 'areas'>;
}

/** Stations that wait for something: silent, not yet let through, left out of figures. */
export function stationLists(
  { stations, lastHeardAt, areas }: StationLists,
  { now, language }: { now: number; language: Language },
): AdminOverview['stations'] {
  const all = stations();
  const silent = all.flatMap((station) => silentStation(station, lastHeardAt(station.id), now) ?? []);
  silent.sort((a, b) => (a.lastHeardAt < b.lastHeardAt ? 1 : -1));
  const pending = all.filter(({ status }) => status === 'pending').sort((a, b) => a.createdAt - b.createdAt);
  return {
    total: all.length,
    active: all.filter(({ status }) => status === 'active').length,
    silent: { list: silent.slice(0, MAX_LISTED), more: Math.max(0, silent.length - MAX_LISTED) },
    pending: pending.map((station) => pendingStation(station, areas, lastHeardAt(station.id))),
    excluded: all.filter(({ status }) => status === 'excluded').map((station) => excludedStation(station, language)),
    joined: all.flatMap(joinedStations),
  };
}

function silentStation(station: Station, heardAt: number | undefined, now: number) {
  const isAwaited = station.status !== 'pending' && station.reference === undefined;
  if (!isAwaited || heardAt === undefined || now - heardAt < SILENT_MS) return undefined;
  return {
    id: station.id,
    name: station.name,
    lastHeardAt: new Date(heardAt).toISOString(),
    isPublic: isPublic(station),
  };
}

function pendingStation(station: Station, areas: StationLists['areas'], heardAt: number | undefined): PendingStation {
  const { id, name, createdAt, isIndoor, sensorModels, refusal } = station;
  return {
    ...{ id, name, createdAt: new Date(createdAt).toISOString(), place: publicPosition(station) },
    ...(areas.areas().length > 0 && { area: areas.areaOf(publicPosition(station))?.name ?? null }),
    isIndoor,
    sensorModels,
    lastHeardAt: heardAt === undefined ? null : new Date(heardAt).toISOString(),
    ...(refusal && { refusal: { reason: refusal.reason, at: new Date(refusal.at).toISOString() } }),
  };
}

function joinedStations({ id, name, joined = [] }: Station): AdminOverview['stations']['joined'] {
  return joined.map((other) => ({
    ...{ id, name, joinedId: other.id, joinedName: other.name },
    joinedAt: new Date(other.joinedAt).toISOString(),
  }));
}

function excludedStation(station: Station, language: Language): AdminOverview['stations']['excluded'][number] {
  const { id, name, exclusion } = station;
  return {
    ...{ id, name, reason: exclusion?.reason ?? null, text: exclusionText(station, language) ?? '' },
    since: exclusion === undefined ? null : new Date(exclusion.since).toISOString(),
  };
}
