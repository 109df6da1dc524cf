import type { WindowSums } from '../domain/means/slidingMean.ts';
import type { CellBlock, SeriesKey } from './readingStore.ts';

const FIRST_SERIES = 64;

/** A `CellBlock` being filled; may be emptied and filled again for the next stretch, its series keep their places. */
export class CellColumns implements CellBlock {
  readonly series: SeriesKey[] = [];
  readonly cellCount: number;
  start = 0;
  counts = new Uint32Array();
  sums = new Float64Array();
  mins = new Float64Array();
  maxs = new Float64Array();
  latestTimes = new Float64Array();
  latestValues = new Float64Array();
  latestFlags = new Float64Array();

  constructor(cellCount: number) {
    this.cellCount = cellCount;
  }

  /** Makes room for one more series; its place. */
  addSeries(key: SeriesKey): number {
    const place = this.series.push(key) - 1;
    if (place >= this.latestTimes.length) this.#grow();
    return place;
  }

  /** Folds one valid value into the cell at `slot`. */
  addValue(slot: number, value: number): void {
    // Slots come from places given out here; `!` is for the compiler.
    const count = this.counts[slot]!;
    this.counts[slot] = count + 1;
    this.sums[slot] = count === 0 ? value : this.sums[slot]! + value;
    if (count === 0 || value < this.mins[slot]!) this.mins[slot] = value;
    if (count === 0 || value > this.maxs[slot]!) this.maxs[slot] = value;
  }

  /** Sets the cell at `slot`. */
  setCell(slot: number, { count, sum, min, max }: WindowSums): void {
    this.counts[slot] = count;
    this.sums[slot] = sum;
    this.mins[slot] = min;
    this.maxs[slot] = max;
  }

  /** Empties every cell; the next stretch begins at `start`, epoch ms. */
  clear(start: number): void {
    this.start = start;
    this.counts.fill(0);
    this.latestTimes.fill(Number.NEGATIVE_INFINITY);
  }

  #grow(): void {
    const places = Math.max(FIRST_SERIES, 2 * this.latestTimes.length);
    const known = this.latestTimes.length;
    this.counts = copied(this.counts, new Uint32Array(places * this.cellCount));
    this.sums = copied(this.sums, new Float64Array(places * this.cellCount));
    this.mins = copied(this.mins, new Float64Array(places * this.cellCount));
    this.maxs = copied(this.maxs, new Float64Array(places * this.cellCount));
    this.latestTimes = copied(this.latestTimes, new Float64Array(places)).fill(Number.NEGATIVE_INFINITY, known);
    this.latestValues = copied(this.latestValues, new Float64Array(places));
    this.latestFlags = copied(this.latestFlags, new Float64Array(places));
  }
}

function copied<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
