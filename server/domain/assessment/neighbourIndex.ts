import { distanceMetres } from '../distance.ts';
import { isPublic, type Position, publicPosition, type Station, stationKind } from '../station.ts';

/** Farther away the air is another. */
const RADIUS_METRES = 5_000;
/** A degree of latitude is at least this long, so anything farther apart in latitude needs no square roots. */
const METRES_PER_DEGREE = 110_000;
/** Stations compared with at most, the nearest. */
const MAX_NEIGHBOURS = 10;
/** Cells at least as wide as the radius up to 70 degrees of latitude: all near ones are in a cell or those around it. */
const CELL_LAT = 0.05;
const COLUMNS = 2_500;
const CELL_LON = 360 / COLUMNS;

interface Placed {
  id: string;
  position: Position;
}

/** The public outdoor stations of residents, found by place; from public positions only. */
export class NeighbourIndex {
  readonly #cells = new Map<number, Placed[]>();

  constructor(stations: Iterable<Station>) {
    for (const station of stations) {
      if (!isCompared(station)) continue;
      const placed = { id: station.id, position: publicPosition(station) };
      const key = keyOf(cellOf(placed.position));
      const cell = this.#cells.get(key);
      if (cell === undefined) this.#cells.set(key, [placed]);
      else cell.push(placed);
    }
  }

  /** Ids of the nearest within 5 km, nearest first, without the station itself. */
  near(station: Station): string[] {
    const here = publicPosition(station);
    const { row, column } = cellOf(here);
    const found: { id: string; metres: number }[] = [];
    for (let north = -1; north <= 1; north++) {
      for (let east = -1; east <= 1; east++) {
        for (const { id, position } of this.#cells.get(keyOf({ row: row + north, column: onGlobe(column + east) })) ??
          []) {
          if (Math.abs(position.lat - here.lat) * METRES_PER_DEGREE > RADIUS_METRES) continue;
          const metres = distanceMetres(here, position);
          if (id !== station.id && metres <= RADIUS_METRES) found.push({ id, metres });
        }
      }
    }
    found.sort((a, b) => a.metres - b.metres || (a.id < b.id ? -1 : 1));
    return found.slice(0, MAX_NEIGHBOURS).map(({ id }) => id);
  }
}

/** True for stations that others are compared with. */
export function isCompared(station: Station): boolean {
  return isPublic(station) && station.status === 'active' && !station.isIndoor && stationKind(station) === 'citizen';
}

function cellOf({ lat, lon }: Position): { row: number; column: number } {
  return { row: Math.floor(lat / CELL_LAT), column: onGlobe(Math.floor((lon + 180) / CELL_LON)) };
}

/** The column east of the last one is the first: they meet at the date line. */
function onGlobe(column: number): number {
  return (column + COLUMNS) % COLUMNS;
}

/** Rows are within 1,801 of 0. */
function keyOf({ row, column }: { row: number; column: number }): number {
  return row * 10_000 + column;
}
