import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import { CELL_MS, type Cell } from '../domain/aggregate.ts';
import { isValid } from '../domain/flag.ts';
import type { Quantity } from '../domain/quantity.ts';
import { doublesOf, integersOf } from './duckdbColumns.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';
import {
  bound,
  lastTime,
  occupiedWindows,
  presentQuantities,
  type VisitValue,
  visitValues,
  WINDOW_MS,
} from './duckdbValues.ts';

const CELLS_PER_WINDOW = WINDOW_MS / CELL_MS;
/** Cells a page holds about; between pages other work goes on. */
const PAGE_CELLS = 10_000;

/** A fingerprint as `ReadingStore.fingerprints` pages it. */
interface StoredFingerprint {
  stationId: string;
  measuredAt: number;
  hi: number;
  lo: number;
}

/** Pages of 5-minute cells; `ReadingStore.cells`. */
export async function* cellPages(
  file: DuckDbFile,
  series: DuckDbSeries,
  from: number,
  to: number,
): AsyncGenerator<Cell[]> {
  const quantities = await presentQuantities(file, { from, to });
  const windows = await occupiedWindows(file, 'readings', { from, to });
  const fold = new CellFold(quantities, series);
  for await (const _window of visitValues(file, quantities, windows, fold.add)) {
    for (const page of fold.pages()) {
      yield page;
      await nextTurn();
    }
  }
}

/** The cells of one window of all series, as columns: an object a value would cost more than the whole query. */
class CellFold {
  readonly #quantities: readonly Quantity[];
  readonly #series: DuckDbSeries;
  /** Of the values in the slots. */
  #windowStart = 0;
  #sums = new Float64Array();
  /** 0 marks an empty slot, whose other columns hold anything. */
  #counts = new Uint32Array();
  #mins = new Float64Array();
  #maxs = new Float64Array();

  constructor(quantities: readonly Quantity[], series: DuckDbSeries) {
    this.#quantities = quantities;
    this.#series = series;
  }

  readonly add: VisitValue = (series, quantity, time, value, flags) => {
    if (flags !== 0 && !isValid(flags, this.#quantities[quantity]!)) return;
    const isOther = time < this.#windowStart || time >= this.#windowStart + WINDOW_MS;
    if (isOther) this.#windowStart = Math.floor(time / WINDOW_MS) * WINDOW_MS;
    const cell = Math.floor((time - this.#windowStart) / CELL_MS);
    const slot = (series * this.#quantities.length + quantity) * CELLS_PER_WINDOW + cell;
    if (slot >= this.#counts.length) this.#grow();
    const count = this.#counts[slot]!;
    this.#counts[slot] = count + 1;
    this.#sums[slot] = count === 0 ? value : this.#sums[slot]! + value;
    if (count === 0 || value < this.#mins[slot]!) this.#mins[slot] = value;
    if (count === 0 || value > this.#maxs[slot]!) this.#maxs[slot] = value;
  };

  /** Takes the cells out: the next window begins empty. */
  *pages(): Generator<Cell[]> {
    let page: Cell[] = [];
    for (let slot = 0; slot < this.#counts.length; slot += 1) {
      if (this.#counts[slot] === 0) continue;
      page.push(this.#take(slot));
      if (page.length < PAGE_CELLS) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  #take(slot: number): Cell {
    const row = Math.floor(slot / CELLS_PER_WINDOW);
    const start = this.#windowStart + (slot % CELLS_PER_WINDOW) * CELL_MS;
    const quantity = this.#quantities[row % this.#quantities.length]!;
    const { stationId, sensor } = this.#series.row(Math.floor(row / this.#quantities.length));
    const [sum, count] = [this.#sums[slot]!, this.#counts[slot]!];
    this.#counts[slot] = 0;
    return { stationId, sensor, quantity, start, sum, count, min: this.#mins[slot]!, max: this.#maxs[slot]! };
  }

  /** Makes room for all series there are by now. */
  #grow(): void {
    const slots = this.#series.size * this.#quantities.length * CELLS_PER_WINDOW;
    this.#sums = grown(this.#sums, new Float64Array(slots));
    this.#counts = grown(this.#counts, new Uint32Array(slots));
    this.#mins = grown(this.#mins, new Float64Array(slots));
    this.#maxs = grown(this.#maxs, new Float64Array(slots));
  }
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Pages of fingerprints; `ReadingStore.fingerprints`. */
export async function* fingerprintPages(
  file: DuckDbFile,
  series: DuckDbSeries,
  from: number,
): AsyncGenerator<StoredFingerprint[]> {
  const last = await lastTime(file, 'messages');
  if (last === undefined) return;
  const sql = `SELECT series, time::DOUBLE, fp_hi::DOUBLE, fp_lo::DOUBLE FROM messages
    WHERE time >= $1 AND time < $2 AND fp_hi IS NOT NULL`;
  const windows = await occupiedWindows(file, 'messages', { from, to: last + 1 });
  for await (const { chunk } of file.chunks(sql, windows.map(bound))) yield fingerprintsOf(chunk, series);
}

function fingerprintsOf(chunk: DuckDBDataChunk, series: DuckDbSeries): StoredFingerprint[] {
  const [times, his, los] = [doublesOf(chunk, 1), doublesOf(chunk, 2), doublesOf(chunk, 3)] as const;
  return Array.from(integersOf(chunk, 0), (id, row) => {
    return { stationId: series.row(id).stationId, measuredAt: times[row]!, hi: his[row]!, lo: los[row]! };
  });
}
