import { type Station, stationKind } from '../domain/station.ts';
import { stationAt } from '../domain/stationHistory.ts';
import { nearestReference } from './corrections.ts';

/** The official station nearest to a station at a time; looked up once for each place it stood at. */
export class ReferenceFinder {
  readonly #stations: ReadonlyMap<string, Station>;
  readonly #official: readonly Station[];
  readonly #known = new Map<string, Station | undefined>();

  constructor(stations: readonly Station[], official: readonly Station[]) {
    this.#stations = new Map(
      stations.filter((station) => stationKind(station) === 'citizen').map((station) => [station.id, station]),
    );
    this.#official = official;
  }

  /** Undefined without one near, and for stations it was not made for. `at`: epoch ms. */
  of(stationId: string, at: number): Station | undefined {
    const station = this.#stations.get(stationId);
    if (station === undefined) return undefined;
    // A station stands at the same place until its next move.
    const place = station.formerPlaces?.findIndex(({ until }) => at < until) ?? -1;
    const key = `${stationId}/${place}`;
    if (!this.#known.has(key)) this.#known.set(key, nearestReference(stationAt(station, at), this.#official));
    return this.#known.get(key);
  }

  /** Every official station that the stations stood near in a window. */
  all({ start, end }: { start: number; end: number }): Set<Station> {
    const found = new Set<Station>();
    for (const station of this.#stations.values()) {
      const moves = (station.formerPlaces ?? []).map(({ until }) => until).filter((at) => at > start && at < end);
      for (const at of [start, ...moves]) {
        const reference = this.of(station.id, at);
        if (reference !== undefined) found.add(reference);
      }
    }
    return found;
  }
}
