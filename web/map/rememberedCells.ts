import { whenIdle } from '../whenIdle.ts';
import { FINEST_RESOLUTION, type H3 } from './hexagons.ts';

/** Places looked up in one quiet moment: some 3 ms, on a phone 15. */
const AT_ONCE = 1_000;

/** A place in degrees. */
export interface Place {
  lat: number;
  lon: number;
}

/** Cells of one resolution by a place's number in the list, and where that place was. */
interface Known {
  lats: number[];
  lons: number[];
  cells: string[];
}

/**
 * The hexagons of a list of places, remembered: the library takes 1 to 3 µs a place, and every change of what is shown
 * brings the same list again. Bounded by the longest list.
 */
export class RememberedCells {
  readonly #h3: H3;
  readonly #knownByResolution = new Map<number, Known>();
  readonly #prepared = new Set<number>();

  constructor(h3: H3) {
    this.#h3 = h3;
  }

  /** The cell of each place, in order; to be read at once. */
  cellsOf(places: readonly Place[], resolution: number): readonly string[] {
    return this.#lookUp(places, resolution, { from: 0, to: places.length });
  }

  /** Corners of a cell, degrees. */
  boundaryOf(cell: string): [number, number][] {
    return this.#h3.cellToBoundary(cell);
  }

  /**
   * Looks the places up in all finer resolutions, in quiet moments: the first zoom to one of them would hold the page up
   * for all of them at once.
   */
  prepareFiner(places: readonly Place[], than: number): void {
    const resolution = than + 1;
    if (places.length <= AT_ONCE || resolution > FINEST_RESOLUTION || this.#prepared.has(resolution)) return;
    this.#prepared.add(resolution);
    const goOn = (from: number) => {
      if (from >= places.length) return this.prepareFiner(places, resolution);
      this.#lookUp(places, resolution, { from, to: Math.min(from + AT_ONCE, places.length) });
      whenIdle(() => goOn(from + AT_ONCE));
    };
    whenIdle(() => goOn(0));
  }

  #lookUp(places: readonly Place[], resolution: number, { from, to }: { from: number; to: number }): string[] {
    const known = this.#knownAt(resolution);
    for (let at = from; at < to; at++) {
      const { lat, lon } = places[at] as Place;
      if (known.lats[at] === lat && known.lons[at] === lon) continue;
      known.lats[at] = lat;
      known.lons[at] = lon;
      known.cells[at] = this.#h3.latLngToCell(lat, lon, resolution);
    }
    return known.cells;
  }

  #knownAt(resolution: number): Known {
    const known = this.#knownByResolution.get(resolution) ?? { lats: [], lons: [], cells: [] };
    this.#knownByResolution.set(resolution, known);
    return known;
  }
}
