import type { WindowSums } from '../domain/means/slidingMean.ts';
import { type CellRings, SERIES_PER_SLAB } from './cellRing.ts';

/** Sums and counts of every ring over cells `[first, end)`, by its number. */
export class RingTotals {
  first = 0;
  end = 0;
  #sums = new Float64Array(0);
  #counts = new Float64Array(0);
  readonly #taken: WindowSums = { sum: 0, count: 0, min: 0, max: 0 };

  /** Takes the totals of rings `[from, to)`. */
  take(rings: CellRings, from: number, to: number): void {
    this.#makeRoom(rings.size);
    for (let ring = from; ring < to; ring++) {
      rings.totals(ring, this.first, this.end, this.#taken);
      this.#sums[ring] = this.#taken.sum;
      this.#counts[ring] = this.#taken.count;
    }
  }

  /** Writes what was taken of a ring to `into`; the extremes are left as they are. */
  read(ring: number, into: WindowSums): void {
    into.sum = this.#sums[ring]!;
    into.count = this.#counts[ring]!;
  }

  #makeRoom(size: number): void {
    if (this.#sums.length >= size) return;
    this.#sums = grown(this.#sums, size);
    this.#counts = grown(this.#counts, size);
  }
}

/**
 * Takes the totals of all rings, over several runs of cells that end together. A slab at a time: what is fetched of it stays at
 * hand for all runs. What is answered is of no use, see `CellRings.fetchAround`.
 */
export function takeTotals(rings: CellRings, runs: readonly RingTotals[]): number {
  let fetched = 0;
  for (let from = 0; from < rings.size; from += SERIES_PER_SLAB) {
    fetched += rings.fetchAround(from, runs[0]?.end ?? 0);
    const to = Math.min(from + SERIES_PER_SLAB, rings.size);
    for (const totals of runs) totals.take(rings, from, to);
  }
  return fetched;
}

function grown(values: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(size);
  more.set(values);
  return more;
}
