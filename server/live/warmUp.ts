import { setImmediate as nextTurn } from 'node:timers/promises';
import { CELL_MS, CELLS_PER_DAY } from '../domain/aggregate.ts';
import { cellOf } from '../domain/means/slidingMean.ts';
import type { Reading } from '../domain/reading.ts';
import { CellColumns } from '../store/cellColumns.ts';
import type { CellBlock, ReadingStore } from '../store/readingStore.ts';
import type { Histories, StationHistory } from './histories.ts';

/**
 * How often a window is read again for stations that send while it is read. One that sends several times a second would
 * never be read for good; after these rounds it may lack a reading or two in one cell.
 */
const MAX_ROUNDS = 10;
/** Windows read one after the other, in cells back from the running one: what the map shows first comes first, 12 complete ones. */
const WINDOWS = [
  [0, 13],
  [13, 73],
  [73, 145],
  [145, 217],
  [217, CELLS_PER_DAY + 1],
] as const;

/** Cells read at once when something is read back: as many as in the widest of the windows above. */
const CELLS_AT_ONCE = 72;

/** Resolves when everything stored by now has been folded as well. */
export type Settled = () => Promise<void>;

/**
 * Fills the histories from the store while readings may come in. What comes in is stored before it is folded, so a
 * cell of the store holds all of it, and of two versions of a cell the one with more readings is right. Except for a
 * reading that is folded while its window is being read: the answer may hold it or lack it. So an answer waits until
 * everything it can hold is folded, and stations of which something was folded meanwhile are read again.
 */
export class WarmUp {
  readonly #histories: Histories;
  readonly #touch: (station: StationHistory) => void;
  readonly #settled: Settled;
  /** The window being read, epoch ms. */
  #window: { from: number; to: number } | undefined;
  /** Stations with a reading in the window being read. */
  readonly #uncertain = new Set<string>();
  /** Stations removed since the loading began: an answer on its way may still hold them. */
  readonly #removed = new Set<string>();

  constructor(histories: Histories, touch: (station: StationHistory) => void, settled: Settled) {
    this.#histories = histories;
    this.#touch = touch;
    this.#settled = settled;
  }

  /** Call for every reading folded. */
  noteFold({ stationId, measuredAt }: Reading): void {
    if (this.#window === undefined || measuredAt < this.#window.from || measuredAt >= this.#window.to) return;
    this.#uncertain.add(stationId);
  }

  /** Call for every station removed. */
  noteRemoval(stationId: string): void {
    this.#removed.add(stationId);
  }

  /** Resolves after the last hour; `rest` when the day is read. */
  async run(store: ReadingStore, now: number): Promise<{ rest: Promise<void> }> {
    this.#removed.clear();
    // Whole cells: a window must not split one.
    const end = (cellOf(now) + 1) * CELL_MS;
    const [lastHour, ...others] = WINDOWS.map(([newest, oldest]) => {
      return { from: end - oldest * CELL_MS, to: end - newest * CELL_MS };
    });
    await this.#readWindow(store, lastHour!);
    await this.#seedCadences(lastHour!.from, end);
    return { rest: this.#readRest(store, others, end) };
  }

  /** Reads the cells since `from`, epoch ms, again; not while `run` or its rest is under way. */
  async readSince(store: ReadingStore, from: number, now: number): Promise<void> {
    this.#removed.clear();
    const end = (cellOf(now) + 1) * CELL_MS;
    const earliest = end - (CELLS_PER_DAY + 1) * CELL_MS;
    for (let to = end; to > Math.max(from, earliest); to -= CELLS_AT_ONCE * CELL_MS) {
      await this.#readWindow(store, { from: Math.max(from, earliest, to - CELLS_AT_ONCE * CELL_MS), to });
    }
  }

  async #readRest(store: ReadingStore, windows: readonly { from: number; to: number }[], end: number): Promise<void> {
    for (const window of windows) await this.#readWindow(store, window);
    await this.#seedCadences(windows.at(-1)!.from, end);
  }

  async #readWindow(store: ReadingStore, window: { from: number; to: number }): Promise<void> {
    this.#window = window;
    this.#uncertain.clear();
    try {
      for await (const block of store.cells(window.from, window.to)) {
        await this.#settled();
        this.#put(block, this.#uncertain);
      }
      for (let round = 1; round <= MAX_ROUNDS && this.#uncertain.size > 0; round++) {
        await this.#readAgain(store, window, round === MAX_ROUNDS);
      }
    } finally {
      this.#window = undefined;
    }
  }

  async #readAgain(store: ReadingStore, window: { from: number; to: number }, isLastRound: boolean): Promise<void> {
    for (const stationId of [...this.#uncertain]) {
      this.#uncertain.delete(stationId);
      const block = await cellsOfStation(store, stationId, window);
      await this.#settled();
      this.#put(block, isLastRound ? NOBODY : this.#uncertain);
    }
  }

  async #seedCadences(from: number, to: number): Promise<void> {
    let count = 0;
    for (const station of this.#histories.stations()) {
      this.#histories.seedCadence(station, cellOf(from), cellOf(to));
      // 15,000 stations take about 100 ms: let sockets and commits in between.
      if (++count % 500 === 0) await nextTurn();
    }
  }

  #put(block: CellBlock, except: ReadonlySet<string>): void {
    for (let place = 0; place < block.series.length; place++) {
      const { stationId } = block.series[place]!;
      if (except.has(stationId) || this.#removed.has(stationId)) continue;
      const station = this.#histories.put(block, place);
      if (station !== undefined) this.#touch(station);
    }
  }
}

const NOBODY: ReadonlySet<string> = new Set();

async function cellsOfStation(
  store: ReadingStore,
  stationId: string,
  window: { from: number; to: number },
): Promise<CellBlock> {
  const columns = new CellColumns((window.to - window.from) / CELL_MS);
  columns.clear(window.from);
  for (const { sensor, quantity } of await store.seriesOf(stationId)) {
    const buckets = await store.buckets({ stationId, sensor, quantity, ...window, bucketMs: CELL_MS });
    const firstSlot = columns.addSeries({ stationId, sensor, quantity }) * columns.cellCount;
    for (const bucket of buckets) columns.setCell(firstSlot + (bucket.start - window.from) / CELL_MS, bucket);
  }
  return columns;
}
