import { DAY_MS } from '../domain/durations.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { DirtyMark } from '../store/rollupStore.ts';
import { affectedDays } from './affectedDays.ts';
import { DirtyStations, type Stretch } from './dirtyStations.ts';
import { WIDE_MS } from './rowContext.ts';
import type { PreparedWork, RowMaker } from './rowMaker.ts';
import type { WantedStations } from './wantedStations.ts';

/** Stations worked on together, and the days at a time: some 40 MB, twice, since the next are read meanwhile. */
const STATIONS_AT_ONCE = 10;
const PIECE_MS = 122 * DAY_MS;

/** What work on dirty stations takes. */
export interface DirtyWorkParts {
  store: ReadingStore;
  maker: RowMaker;
  wanted: WantedStations;
  annotationsOf: (stationId: string) => readonly Stretch[];
  dayOffsetMs: number;
  /** Before this rows stay as they are. Epoch ms. */
  fixedUntil: () => Promise<number>;
  /** Hours before it are rows; epoch ms. */
  closedUntil: () => number;
  /** False when hours are to be closed, or the program ends: no other stations are taken on before that. */
  mayTakeOn: () => boolean;
  /** A station's rows are true, or it waits for the next attempt. */
  onStep: () => void;
}

/** Stations worked on together. */
interface Batch {
  taken: readonly { stationId: string; stretches: readonly Stretch[]; lastMark: number }[];
  /** Stretches of time yet to be begun. */
  pieces: Stretch[];
  now: number;
}

/** Part of a batch whose readings are being read. */
interface Piece extends PreparedWork {
  batch: Batch;
  isLast: boolean;
}

/**
 * Makes the rows of dirty stations anew, piece by piece: while one is computed, the next is read. Marks are cleared when
 * all the rows they cover are written, so that what a crash interrupts is found again.
 */
export class DirtyWork {
  readonly #parts: DirtyWorkParts;
  readonly #dirty = new DirtyStations();
  readonly #inWork = new Map<string, Batch>();
  #batch: Batch | undefined;
  #ahead: Piece | undefined;

  constructor(parts: DirtyWorkParts) {
    this.#parts = parts;
  }

  /** Notes marks. */
  add(marks: readonly DirtyMark[]): void {
    this.#dirty.add(marks);
  }

  /** Stations whose rows are to be made anew, those being made among them. */
  get size(): number {
    return this.#dirty.size + this.#inWork.size;
  }

  /** More of them than are worked on together. */
  get isMuch(): boolean {
    return this.#dirty.size > STATIONS_AT_ONCE;
  }

  /** Stations have been taken on and are not finished. */
  get isUnderWay(): boolean {
    return this.#inWork.size > 0;
  }

  /** True until the station's rows are made. */
  has(stationId: string): boolean {
    return this.#dirty.has(stationId) || this.#inWork.has(stationId);
  }

  /** True while rows of the station may still be written without a new mark. */
  isInWork(stationId: string): boolean {
    return this.#inWork.has(stationId);
  }

  /** A station is to be no more. */
  forget(stationId: string): void {
    this.#dirty.take(stationId);
  }

  /** Makes the next piece; false when there is none. After an error everything unfinished is to be done once more. */
  async makeNext(): Promise<boolean> {
    try {
      const piece = this.#ahead ?? (await this.#nextPiece());
      this.#ahead = undefined;
      if (piece === undefined) return false;
      await piece.material;
      this.#ahead = await this.#nextPiece();
      await this.#parts.maker.make(piece);
      if (piece.isLast) await this.#finish(piece.batch);
      return true;
    } catch (error) {
      this.#putBack();
      throw error;
    }
  }

  /** Drops what is unfinished, which stays marked; resolves when the store is not read for it any more. */
  async close(): Promise<void> {
    await this.#ahead?.material.catch(() => undefined);
  }

  async #nextPiece(): Promise<Piece | undefined> {
    if (this.#batch?.pieces.length === 0) this.#batch = undefined;
    this.#batch ??= await this.#nextBatch();
    const batch = this.#batch;
    const piece = batch?.pieces.shift();
    if (batch === undefined || piece === undefined) return undefined;
    const { maker, annotationsOf, dayOffsetMs } = this.#parts;
    const work = {
      ...piece,
      stationIds: batch.taken.map(({ stationId }) => stationId),
      now: batch.now,
      dayOffsetMs,
      annotationsOf,
      contextBeforeMs: WIDE_MS,
      contextAfterMs: WIDE_MS,
    };
    return { ...maker.prepare(work), batch, isLast: batch.pieces.length === 0 };
  }

  /** Takes the next stations on that have something to be made. */
  async #nextBatch(): Promise<Batch | undefined> {
    const { store, wanted, fixedUntil, dayOffsetMs, closedUntil, mayTakeOn } = this.#parts;
    const choice = { first: wanted.ids, isInWork: (stationId: string) => this.#inWork.has(stationId) };
    while (mayTakeOn()) {
      const stationIds = this.#dirty.next(STATIONS_AT_ONCE, choice);
      if (stationIds.length === 0) return undefined;
      const taken = stationIds.map((stationId) => ({ stationId, ...this.#dirty.take(stationId) }));
      const batch: Batch = { taken, pieces: [], now: closedUntil() };
      for (const stationId of stationIds) this.#inWork.set(stationId, batch);
      const firstReading = (await store.span())?.first ?? batch.now;
      const within = { firstReading, fixedUntil: await fixedUntil(), closedUntil: batch.now, dayOffsetMs };
      batch.pieces = affectedDays(taken[0]!.stretches, within).flatMap(piecesOf);
      if (batch.pieces.length > 0) return batch;
      await this.#finish(batch);
    }
    return undefined;
  }

  async #finish({ taken }: Batch): Promise<void> {
    for (const { stationId, lastMark } of taken) await this.#parts.store.rollups.clearMarks(stationId, lastMark);
    for (const { stationId } of taken) this.#inWork.delete(stationId);
    this.#parts.onStep();
  }

  #putBack(): void {
    for (const { taken } of new Set(this.#inWork.values())) {
      for (const { stationId, stretches, lastMark } of taken) {
        this.#dirty.add(stretches.map((stretch) => ({ stationId, ...stretch, mark: lastMark })));
      }
    }
    this.#inWork.clear();
    this.#batch = undefined;
    this.#ahead = undefined;
    this.#parts.onStep();
  }
}

function piecesOf({ from, to }: Stretch): Stretch[] {
  const pieces: Stretch[] = [];
  for (let start = from; start < to; start += PIECE_MS) {
    pieces.push({ from: start, to: Math.min(to, start + PIECE_MS) });
  }
  return pieces;
}
