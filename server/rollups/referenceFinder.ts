import { type Station, stationKind } from '../domain/station.ts';
import { stationAt } from '../domain/stationHistory.ts';
import { nearReferences } from './referenceMonths.ts';

const NONE: readonly Station[] = [];

/** The official stations near stations at a time; looked up once for each place a station stood at. */
export class ReferenceFinder {
  readonly #stations: ReadonlyMap<string, Station>;
  readonly #official: readonly Station[];
  readonly #known = new Map<string, readonly Station[]>();

  constructor(stations: readonly Station[], official: readonly Station[]) {
    this.#stations = new Map(
      stations.filter((station) => stationKind(station) === 'citizen').map((station) => [station.id, station]),
    );
    this.#official = official;
  }

  /** The nearest first, the same list for the same place; none for stations it was not made for. `at`: epoch ms. */
  near(stationId: string, at: number): readonly Station[] {
    const station = this.#stations.get(stationId);
    if (station === undefined) return NONE;
    // A station stands at the same place until its next move.
    const place = station.formerPlaces?.findIndex(({ until }) => at < until) ?? -1;
    const key = `${stationId}/${place}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const near = nearReferences(stationAt(station, at), this.#official);
    this.#known.set(key, near);
    return near;
  }

  /** The lists of every place the stations stood at in a window. */
  all({ start, end }: { start: number; end: number }): Set<readonly Station[]> {
    const found = new Set<readonly Station[]>();
    for (const station of this.#stations.values()) {
      const moves = (station.formerPlaces ?? []).map(({ until }) => until).filter((at) => at > start && at < end);
      for (const at of [start, ...moves]) found.add(this.near(station.id, at));
    }
    return found;
  }
}
