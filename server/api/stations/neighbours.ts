import { distanceMetres } from '../../domain/distance.ts';
import { isPublic, publicPosition, type Station, stationKind } from '../../domain/station.ts';

/** A station close by. */
export interface Neighbour {
  id: string;
  name: string;
  kind: 'citizen' | 'reference';
  /** Between the public positions, to the nearest 100 m: closer would be made up. */
  distanceMetres: number;
}

/** Farther away the air is another. */
const RADIUS_METRES = 5_000;
const MAX_NEIGHBOURS = 8;
/** A degree of latitude is at least this long, so anything farther apart in latitude needs no square roots. */
const METRES_PER_DEGREE = 110_000;

/** The nearest public outdoor stations around one, nearest first; from public positions only. */
export function neighboursOf(station: Station, stations: readonly Station[]): Neighbour[] {
  const here = publicPosition(station);
  const near: Neighbour[] = [];
  for (const other of stations) {
    // Only spares work: a public position is at most 2.5 km (half the coarsest grid) from the exact one, so whatever
    // this drops the radius below would drop as well.
    if (Math.abs(other.position.lat - here.lat) * METRES_PER_DEGREE > 2 * RADIUS_METRES) continue;
    if (other.id === station.id || other.isIndoor || !isPublic(other)) continue;
    const metres = distanceMetres(here, publicPosition(other));
    if (metres <= RADIUS_METRES) {
      const kind = stationKind(other);
      near.push({ id: other.id, name: other.name, kind, distanceMetres: Math.round(metres / 100) * 100 });
    }
  }
  return near.sort((a, b) => a.distanceMetres - b.distanceMetres || (a.id < b.id ? -1 : 1)).slice(0, MAX_NEIGHBOURS);
}
