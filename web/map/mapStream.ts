import type { MapChanged, MapCursor, MapState } from '../../server/domain/contract.ts';

/** Changes kept while a snapshot is on its way; more than this means the snapshot took minutes: fetch again. */
const MAX_BUFFERED = 600;

/** What the caller has to do next. */
export type StreamStep = { kind: 'nothing' } | { kind: 'fetch' } | { kind: 'apply'; changes: MapChanged[] };

const NOTHING: StreamStep = { kind: 'nothing' };
const FETCH: StreamStep = { kind: 'fetch' };

/**
 * Decides what a snapshot over HTTP and changes over the socket make together, in whatever order they come: changes
 * are held while a snapshot is fetched, those with a `seq` above the snapshot's apply, another `epoch` means a new
 * snapshot. Holds no stations and does no I/O.
 */
export class MapStream {
  #cursor: MapCursor | undefined;
  #isFetching = false;
  #held: MapChanged[] = [];
  /** Least cursor the snapshot being fetched must have reached; a cache may answer with an older one. */
  #announced: MapCursor | undefined;

  /** Where we stand: what a new subscription sends so that only the changes missed come back. */
  get cursor(): MapCursor | undefined {
    return this.#cursor;
  }

  /** True while changes are held for a snapshot. */
  get isFetching(): boolean {
    return this.#isFetching;
  }

  /** A snapshot is being fetched from now on: changes are held. */
  fetching(): void {
    this.#isFetching = true;
  }

  /** The snapshot is here and shown; the step holds the changes that came meanwhile and are newer. */
  fetched(state: MapState): StreamStep {
    const announced = this.#announced;
    const held = this.#held;
    this.#isFetching = false;
    this.#announced = undefined;
    this.#held = [];
    this.#cursor = { epoch: state.epoch, seq: state.seq };
    if (announced?.epoch === state.epoch && announced.seq > state.seq) {
      this.#announced = announced;
      this.#held = held;
      return FETCH;
    }
    if (held.some((change) => change.epoch !== state.epoch)) return FETCH;
    const changes = held.filter((change) => change.seq > state.seq);
    const last = changes[changes.length - 1];
    if (last) this.#cursor = { epoch: last.epoch, seq: last.seq };
    return { kind: 'apply', changes };
  }

  /** One tick arrived. */
  changed(change: MapChanged): StreamStep {
    if (this.#isFetching) return this.#hold(change);
    if (!this.#cursor || change.epoch !== this.#cursor.epoch) return FETCH;
    if (change.seq <= this.#cursor.seq) return NOTHING;
    this.#cursor = { epoch: change.epoch, seq: change.seq };
    return { kind: 'apply', changes: [change] };
  }

  /** The server says that this is where a snapshot stands: fetch, unless we are there already. */
  announced(cursor: MapCursor): StreamStep {
    const isKnown = this.#cursor?.epoch === cursor.epoch && this.#cursor.seq >= cursor.seq;
    if (isKnown && !this.#isFetching) return NOTHING;
    this.#announced = cursor;
    return this.#isFetching ? NOTHING : FETCH;
  }

  #hold(change: MapChanged): StreamStep {
    this.#held.push(change);
    if (this.#held.length <= MAX_BUFFERED) return NOTHING;
    this.#held = [];
    return FETCH;
  }
}
