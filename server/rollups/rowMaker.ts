import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RollupColumns, rowsSince, rowsUntil } from '../domain/means/rollupColumns.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { HumidityProofs } from './humidityProofs.ts';
import { type MadeRows, madeRows, materialFor, type RollupMaterial, type RollupWork } from './rollupWork.ts';
import { StoredRows } from './storedRows.ts';

/** Rows handed to the store at once. */
const ROWS_PER_WRITE = 60_000;

/** Work whose readings have been, or are being, read. */
export interface PreparedWork {
  work: RollupWork;
  /** Rows whose window begins before it are made, but not written; epoch ms. */
  hoursFrom: number;
  material: Promise<RollupMaterial>;
}

/** Makes rows from readings and writes those that say something new. */
export class RowMaker {
  readonly #store: ReadingStore;
  readonly #proofs: HumidityProofs;
  #rowsWritten = 0;

  constructor(store: ReadingStore, proofs: HumidityProofs) {
    this.#store = store;
    this.#proofs = proofs;
  }

  /** Rows written so far. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /** Begins to read what the work needs. */
  prepare(work: RollupWork, hoursFrom = work.from): PreparedWork {
    const material = materialFor(this.#store, work, hoursFrom);
    // Should nobody come for it, its failure is nobody's.
    material.catch(() => undefined);
    return { work, hoursFrom, material };
  }

  /** Makes and writes the rows; `look` sees what each station's rest on. */
  async make({ work, hoursFrom, material }: PreparedWork, look?: (made: MadeRows) => void): Promise<void> {
    const read = await material;
    const { stored } = read;
    const waiting = new WaitingRows(this.#store);
    const reachesNow = work.to >= work.now;
    for (const made of madeRows(work, read)) {
      const recent = made.hours.map((hours) => rowsSince(hours, hoursFrom));
      waiting.add(stored.changed('hour', recent), stored.changed('day', made.days));
      waiting.add(await this.#hoursBeforeFirst(made, work, hoursFrom), []);
      if (reachesNow) this.#proofs.note(made.stationId, made.humidity);
      look?.(made);
      if (waiting.size >= ROWS_PER_WRITE) this.#rowsWritten += await waiting.write();
      await nextTurn();
    }
    this.#rowsWritten += await waiting.write();
    if (reachesNow) for (const stationId of work.stationIds) this.#proofs.note(stationId);
  }

  /** The empty hours of the day before a series' first reading, once there is one. */
  async #hoursBeforeFirst({ stationId, hours }: MadeRows, work: RollupWork, hoursFrom: number) {
    if (hoursFrom === work.from) return [];
    const earlier = hours.map((columns) => rowsUntil(columns, hoursFrom));
    const empty = earlier.filter(({ readings }) => readings.every((count) => count === 0));
    if (empty.every(({ start }) => start.length === 0)) return [];
    const query = { stationIds: [stationId], from: work.from, to: hoursFrom };
    return (await StoredRows.of(this.#store, query)).changed('hour', empty);
  }
}

/** Rows on their way to the store. */
class WaitingRows {
  readonly #store: ReadingStore;
  #hours: RollupColumns[] = [];
  #days: RollupColumns[] = [];
  size = 0;

  constructor(store: ReadingStore) {
    this.#store = store;
  }

  add(hours: readonly RollupColumns[], days: readonly RollupColumns[]): void {
    this.#hours.push(...hours);
    this.#days.push(...days);
    for (const { start } of [...hours, ...days]) this.size += start.length;
  }

  /** Writes them; how many there were. */
  async write(): Promise<number> {
    const written = this.size;
    if (written === 0) return 0;
    await this.#store.rollups.write('hour', this.#hours);
    await this.#store.rollups.write('day', this.#days);
    [this.#hours, this.#days, this.size] = [[], [], 0];
    return written;
  }
}
