import { setImmediate as nextTurn } from 'node:timers/promises';
import { CELL_MS, type Cell } from '../domain/aggregate.ts';
import { cellOf } from '../domain/slidingMean.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Histories, StationHistory } from './histories.ts';

const HOUR_MS = 3_600_000;
/** Windows read one after the other, hours back from now `[from, to)`: what the map shows first comes first. */
const WINDOWS: readonly { from: number; to: number }[] = [
  { from: 1, to: 0 },
  { from: 6, to: 1 },
  { from: 12, to: 6 },
  { from: 18, to: 12 },
  { from: 25, to: 18 },
];

/**
 * Fills the histories from the store while readings may come in. A late reading of a window not read yet is left to
 * the store, which has it already; one of the window being read may or may not be in the answer, so its station's
 * cells of that window are read again; one of a window already read is folded.
 */
export class WarmUp {
  readonly #histories: Histories;
  readonly #touch: (station: StationHistory) => void;
  /** Readings before this time belong to windows not wholly read, epoch ms. */
  #doneFrom = Number.NEGATIVE_INFINITY;
  /** Start of the window being read. */
  #readingFrom = Number.NEGATIVE_INFINITY;
  #uncertain = new Set<string>();

  constructor(histories: Histories, touch: (station: StationHistory) => void) {
    this.#histories = histories;
    this.#touch = touch;
  }

  /** True when the reading's cells will come from the store. */
  holdsBack(stationId: string, measuredAt: number): boolean {
    if (measuredAt >= this.#doneFrom) return false;
    if (measuredAt >= this.#readingFrom) this.#uncertain.add(stationId);
    return true;
  }

  /** Resolves after the first window; `rest` when all are read. */
  async run(store: ReadingStore, now: number): Promise<{ rest: Promise<void> }> {
    // Whole cells: a window must not split one.
    const end = (cellOf(now) + 1) * CELL_MS;
    this.#doneFrom = end;
    const [first, ...others] = WINDOWS.map(({ from, to }) => ({ from: end - from * HOUR_MS, to: end - to * HOUR_MS }));
    await this.#readWindow(store, first!.from, first!.to);
    await this.#seedCadences(first!.from, end);
    return { rest: this.#readRest(store, others) };
  }

  async #readRest(store: ReadingStore, windows: readonly { from: number; to: number }[]): Promise<void> {
    for (const { from, to } of windows) await this.#readWindow(store, from, to);
    this.#doneFrom = Number.NEGATIVE_INFINITY;
    const { from } = windows.at(-1)!;
    await this.#seedCadences(from, from + 25 * HOUR_MS);
  }

  async #readWindow(store: ReadingStore, from: number, to: number): Promise<void> {
    this.#readingFrom = from;
    for (const latest of await store.latest(from, to)) this.#touched(this.#histories.foldLatest(latest));
    for await (const cells of store.cells(from, to)) {
      for (const cell of cells) this.#touched(this.#histories.foldCell(cell));
    }
    while (this.#uncertain.size > 0) await this.#readAgain(store, from, to);
    this.#doneFrom = from;
  }

  async #readAgain(store: ReadingStore, from: number, to: number): Promise<void> {
    const [stationId] = this.#uncertain;
    this.#uncertain.delete(stationId!);
    const station = this.#histories.station(stationId!);
    if (station === undefined) return;
    const cells = await cellsOfStation(store, stationId!, { from, to });
    if (this.#uncertain.has(stationId!)) return;
    this.#histories.clearCells(station, cellOf(from), cellOf(to));
    for (const cell of cells) this.#histories.foldCell(cell);
    this.#touch(station);
  }

  async #seedCadences(from: number, to: number): Promise<void> {
    let count = 0;
    for (const station of this.#histories.stations()) {
      this.#histories.seedCadence(station, cellOf(from), cellOf(to));
      // 15,000 stations take about 100 ms: let sockets and commits in between.
      if (++count % 500 === 0) await nextTurn();
    }
  }

  #touched(station: StationHistory | undefined): void {
    if (station !== undefined) this.#touch(station);
  }
}

async function cellsOfStation(
  store: ReadingStore,
  stationId: string,
  window: { from: number; to: number },
): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const { sensor, quantity } of await store.seriesOf(stationId)) {
    const buckets = await store.buckets({ stationId, sensor, quantity, ...window, bucketMs: CELL_MS });
    for (const { start, sum, count, min, max } of buckets) {
      cells.push({ stationId, sensor, quantity, start, sum, count, min, max });
    }
  }
  return cells;
}
