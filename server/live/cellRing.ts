import { CELLS_PER_DAY } from '../domain/aggregate.ts';
import type { WindowSums } from '../domain/means/slidingMean.ts';

/** Cells kept: a day of complete ones, the running one, and one ahead for clocks up to 2 minutes fast. */
const SLOTS = CELLS_PER_DAY + 2;
/** Series that share one set of arrays: few big arrays instead of 300,000 small ones (each costs about 200 bytes more). */
export const SERIES_PER_SLAB = 128;
/** Cells added up in one block, an hour: a day is 24 numbers to add instead of 288. */
const BLOCK = 12;
/** Blocks kept: every cell kept lies in one of them. */
const BLOCKS = Math.ceil(SLOTS / BLOCK) + 1;
const EMPTY = -1;
/** Sums that a line of memory holds. */
const SUMS_PER_LINE = 8;
/** Values a cell can hold: 218 a second, beyond any instrument. */
const MAX_COUNT = 65_535;

/** Sums of `SERIES_PER_SLAB` series, one ring of `SLOTS` each: 18 bytes a cell and 12 a block, 5.5 kB a series. */
interface Slab {
  sums: Float64Array;
  counts: Uint16Array;
  mins: Float32Array;
  maxs: Float32Array;
  /** Number of the newest cell of each series, `EMPTY` without any. */
  newest: Int32Array;
  /** Sums and counts of whole blocks. */
  blockSums: Float64Array;
  blockCounts: Uint32Array;
}

/**
 * Rings of 5-minute cells for many series, bounded by the number of series and never by time. A series is a number
 * given out by `allocate`. Cell number c lives in slot c modulo `SLOTS`; cells are zeroed as the ring turns. Minimum
 * and maximum are kept as float32: about seven digits, more than any instrument sends.
 */
export class CellRings {
  #slabs: Slab[] = [];
  #free: number[] = [];
  #next = 0;

  /** A series with no cells. */
  allocate(): number {
    const series = this.#free.pop() ?? this.#next++;
    if (series >= this.#slabs.length * SERIES_PER_SLAB) this.#slabs.push(newSlab());
    return series;
  }

  /** Empties the series; its number will be given out again. */
  release(series: number): void {
    const slab = this.#slab(series);
    const place = series % SERIES_PER_SLAB;
    slab.newest[place] = EMPTY;
    const from = place * SLOTS;
    slab.sums.fill(0, from, from + SLOTS);
    slab.counts.fill(0, from, from + SLOTS);
    slab.blockSums.fill(0, place * BLOCKS, (place + 1) * BLOCKS);
    slab.blockCounts.fill(0, place * BLOCKS, (place + 1) * BLOCKS);
    this.#free.push(series);
  }

  /** Folds one value into its cell; false when the cell is older than those kept, or full. */
  add(series: number, cell: number, value: number): boolean {
    const slab = this.#slab(series);
    const slot = slotFor(slab, series % SERIES_PER_SLAB, cell);
    if (slot === undefined) return false;
    const before = slab.counts[slot]!;
    if (before === MAX_COUNT) return false;
    slab.sums[slot]! += value;
    slab.counts[slot] = before + 1;
    const block = blockOf(series % SERIES_PER_SLAB, cell);
    slab.blockSums[block]! += value;
    slab.blockCounts[block]!++;
    if (before === 0 || value < slab.mins[slot]!) slab.mins[slot] = value;
    if (before === 0 || value > slab.maxs[slot]!) slab.maxs[slot] = value;
    return true;
  }

  /** Sets a cell to stored sums, unless it holds as much already or is older than those kept. */
  put(series: number, cell: number, { sum, count, min, max }: WindowSums): void {
    const slab = this.#slab(series);
    const slot = slotFor(slab, series % SERIES_PER_SLAB, cell);
    if (slot === undefined || count <= slab.counts[slot]!) return;
    const block = blockOf(series % SERIES_PER_SLAB, cell);
    slab.blockSums[block]! += sum - slab.sums[slot]!;
    slab.blockCounts[block]! += Math.min(count, MAX_COUNT) - slab.counts[slot]!;
    slab.sums[slot] = sum;
    slab.counts[slot] = Math.min(count, MAX_COUNT);
    slab.mins[slot] = min;
    slab.maxs[slot] = max;
  }

  /** Sums over cells `[first, end)` of a series, written to `into`. */
  sums(series: number, first: number, end: number, into: WindowSums): void {
    const slab = this.#slab(series);
    const place = series % SERIES_PER_SLAB;
    const newest = slab.newest[place]!;
    let [sum, count, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const last = Math.min(end - 1, newest);
    for (let cell = Math.max(first, newest - SLOTS + 1); cell <= last; cell++) {
      const slot = place * SLOTS + (cell % SLOTS);
      const held = slab.counts[slot]!;
      if (held === 0) continue;
      sum += slab.sums[slot]!;
      count += held;
      if (slab.mins[slot]! < min) min = slab.mins[slot]!;
      if (slab.maxs[slot]! > max) max = slab.maxs[slot]!;
    }
    into.sum = sum;
    into.count = count;
    into.min = Number(min.toPrecision(7));
    into.max = Number(max.toPrecision(7));
  }

  /** As `sums`, without the extremes, which are left as they are: whole hours are added as such. */
  totals(series: number, first: number, end: number, into: WindowSums): void {
    const slab = this.#slab(series);
    const place = series % SERIES_PER_SLAB;
    const newest = slab.newest[place]!;
    const from = Math.max(first, newest - SLOTS + 1);
    const to = Math.min(end, newest + 1);
    const [firstBlock, endBlock] = [Math.ceil(from / BLOCK), Math.floor(to / BLOCK)];
    into.sum = 0;
    into.count = 0;
    if (firstBlock >= endBlock) {
      addCells(slab, place, { from, to, into });
      return;
    }
    addCells(slab, place, { from, to: firstBlock * BLOCK, into });
    addBlocks(slab, place, { from: firstBlock, to: endBlock, into });
    addCells(slab, place, { from: endBlock * BLOCK, to, into });
  }

  /** Numbers given out so far lie below it. */
  get size(): number {
    return this.#next;
  }

  /**
   * Reads a number of each line of memory with cells up to an hour around `cell`, of all series that share a slab with one: means
   * that end there begin and end in such cells, a day apart being side by side. Ring by ring each would be waited for; read with
   * nothing in between, they come many at a time. What is answered is of no use, but must be kept somewhere: else the
   * compiler would leave the reading out.
   */
  fetchAround(series: number, cell: number): number {
    const { sums, counts } = this.#slab(series);
    let sum = 0;
    for (let near = cell - BLOCK; near <= cell + BLOCK; near += SUMS_PER_LINE) sum += ofEverySeries(sums, near);
    for (let near = cell - BLOCK; near <= cell + BLOCK; near += BLOCK) sum += ofEverySeries(counts, near);
    return sum;
  }

  /** Values held in one cell. */
  count(series: number, cell: number): number {
    const slab = this.#slab(series);
    const place = series % SERIES_PER_SLAB;
    const newest = slab.newest[place]!;
    if (cell > newest || cell <= newest - SLOTS) return 0;
    return slab.counts[place * SLOTS + (cell % SLOTS)]!;
  }

  /** Bytes of all rings, for metrics. */
  get bytes(): number {
    return this.#slabs.length * SERIES_PER_SLAB * (SLOTS * 18 + BLOCKS * 12 + 4);
  }

  #slab(series: number): Slab {
    return this.#slabs[Math.floor(series / SERIES_PER_SLAB)]!;
  }
}

/** The sum over what each series of a slab has in the slot of a cell. */
function ofEverySeries(values: Float64Array | Uint16Array, cell: number): number {
  let sum = 0;
  for (let slot = cell % SLOTS; slot < values.length; slot += SLOTS) sum += values[slot]!;
  return sum;
}

function newSlab(): Slab {
  const cells = SERIES_PER_SLAB * SLOTS;
  return {
    sums: new Float64Array(cells),
    counts: new Uint16Array(cells),
    mins: new Float32Array(cells),
    maxs: new Float32Array(cells),
    newest: new Int32Array(SERIES_PER_SLAB).fill(EMPTY),
    blockSums: new Float64Array(SERIES_PER_SLAB * BLOCKS),
    blockCounts: new Uint32Array(SERIES_PER_SLAB * BLOCKS),
  };
}

/** A run of cells or blocks, and where their sums are added. */
interface Run {
  from: number;
  to: number;
  into: WindowSums;
}

/** An empty cell adds nothing. */
function addCells({ sums, counts }: Slab, place: number, { from, to, into }: Run): void {
  let { sum, count } = into;
  let slot = from % SLOTS;
  for (let left = to - from; left > 0; left--) {
    sum += sums[place * SLOTS + slot]!;
    count += counts[place * SLOTS + slot]!;
    if (++slot === SLOTS) slot = 0;
  }
  into.sum = sum;
  into.count = count;
}

function addBlocks({ blockSums, blockCounts }: Slab, place: number, { from, to, into }: Run): void {
  let { sum, count } = into;
  let block = from % BLOCKS;
  for (let left = to - from; left > 0; left--) {
    sum += blockSums[place * BLOCKS + block]!;
    count += blockCounts[place * BLOCKS + block]!;
    if (++block === BLOCKS) block = 0;
  }
  into.sum = sum;
  into.count = count;
}

/** Where a cell of a series lies, made the newest when it is; undefined when it is older than those kept. */
function slotFor(slab: Slab, place: number, cell: number): number | undefined {
  const newest = slab.newest[place]!;
  if (cell > newest) turn(slab, place, newest, cell);
  else if (cell <= newest - SLOTS) return undefined;
  return place * SLOTS + (cell % SLOTS);
}

/** Makes `cell` the newest: zeroes the slots of the cells passed over. */
function turn(slab: Slab, place: number, newest: number, cell: number): void {
  const from = newest === EMPTY ? cell : Math.max(newest + 1, cell - SLOTS + 1);
  const isBegun = newest !== EMPTY && Math.floor(from / BLOCK) === Math.floor(newest / BLOCK);
  for (let passed = from; passed <= cell; passed++) {
    const slot = place * SLOTS + (passed % SLOTS);
    slab.sums[slot] = 0;
    slab.counts[slot] = 0;
    if (passed % BLOCK > 0 && (passed > from || isBegun)) continue;
    const block = blockOf(place, passed);
    slab.blockSums[block] = 0;
    slab.blockCounts[block] = 0;
  }
  slab.newest[place] = cell;
}

/** Where the sums of the block a cell lies in are. */
function blockOf(place: number, cell: number): number {
  return place * BLOCKS + (Math.floor(cell / BLOCK) % BLOCKS);
}
