import type { Station } from '../../server/domain/station.ts';

/** A public outdoor station in Essen; `id` as a station id. */
export function stationOf(id: string, change: Partial<Station> = {}): Station {
  return {
    id,
    locationId: 1_000_000_001,
    name: `Station ${id}`,
    position: { lat: 51.4567891, lon: 7.0123456 },
    positionGridMetres: 100,
    isIndoor: false,
    isPublishedIndoor: false,
    isNoisePublic: false,
    sensorModels: ['sds011'],
    status: 'active',
    source: 'direct',
    licence: 'ODbL-1.0',
    externalIds: [],
    createdAt: 0,
    ...change,
  };
}

/** Stations as the registry gives them, for parts that only read: change the map and tell who listens. */
export class StationList {
  readonly byId = new Map<string, Station>();
  readonly #listeners = new Set<(stationId: string) => void>();

  constructor(stations: readonly Station[] = []) {
    for (const station of stations) this.byId.set(station.id, station);
  }

  station(stationId: string): Station | undefined {
    return this.byId.get(stationId);
  }

  stations(): Station[] {
    return [...this.byId.values()];
  }

  /** Adds or replaces a station. */
  put(station: Station): void {
    this.byId.set(station.id, station);
    for (const listener of this.#listeners) listener(station.id);
  }

  /** As the registry tells of changes; only of those by `put`. */
  onChange(listener: (stationId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
