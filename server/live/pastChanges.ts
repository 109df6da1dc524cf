import type { MapChanged, MapCursor } from '../domain/contract.ts';

/** Past ticks kept for clients that come back: two minutes at two a second, and no more than this many changed rows. */
const KEPT_TICKS = 240;
const KEPT_ROWS = 30_000;

/** The last changes of a layer, numbered without gaps, for clients that come back. Bounded in ticks and in rows. */
export class PastChanges {
  #changes: MapChanged[] = [];
  #rows = 0;

  /** Keeps the change told last. */
  add(told: MapChanged): void {
    this.#changes.push(told);
    this.#rows += told.id.length;
    while (this.#changes.length > KEPT_TICKS || (this.#rows > KEPT_ROWS && this.#changes.length > 1)) {
      this.#rows -= this.#changes.shift()!.id.length;
    }
  }

  /** Forgets all of them: the next one kept follows none of these. */
  clear(): void {
    this.#changes = [];
    this.#rows = 0;
  }

  /** Those after `cursor`, oldest first, of a layer that stands `at`; undefined when a snapshot is needed instead. */
  since(cursor: MapCursor, at: MapCursor): MapChanged[] | undefined {
    if (cursor.epoch !== at.epoch || cursor.seq > at.seq) return undefined;
    const oldestKept = at.seq - this.#changes.length;
    return cursor.seq < oldestKept ? undefined : this.#changes.slice(cursor.seq - oldestKept);
  }
}
