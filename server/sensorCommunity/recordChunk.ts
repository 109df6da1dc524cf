import { RecordWriter } from './recordWriter.ts';

/** Bytes of a chunk: each is a turn of a thread when it is compressed, and one of a hundred pieces of a large file. */
export const CHUNK_BYTES = 256 * 1024;
/** Room left in a chunk that is full, bytes: longer than any record, so that no chunk outgrows its size. */
const SPARE = 8 * 1024;

/** Whoever has a record in a log, and where it lies; without a chunk it has none. */
export interface Entry {
  chunk: RecordChunk | undefined;
  start: number;
  /** How many records of the chunk stand before it. */
  index: number;
}

/** An entry without a record. */
export function newEntry(): Entry {
  return { chunk: undefined, start: 0, index: 0 };
}

/** Takes the record of an entry, if it has one, out of its log: out of the bytes with the log's next version. */
export function dropEntry(entry: Entry): void {
  entry.chunk?.drop(entry);
}

/** A chunk as it was when a version was made. What is written afterwards lies behind it. */
export interface ChunkView {
  chunk: RecordChunk;
  /** All records but the last comma. */
  bytes: Buffer;
}

/**
 * A run of records one behind the other, each ending in a comma. Only ever written on at its end; bytes that were written
 * stay as they are while somebody reads them, and are used again once nobody does.
 */
export class RecordChunk {
  /** Whose chunk it is. */
  readonly log: object;
  readonly writer: RecordWriter;
  /** Time of its oldest record, epoch ms; a record gone may have been it. */
  oldest = Number.POSITIVE_INFINITY;
  readonly #free: (bytes: Uint8Array) => void;
  /** Whose its records are; undefined for one that is gone: who asks for the others has not to fetch it. */
  readonly #entries: (Entry | undefined)[] = [];
  readonly #ends: number[] = [];
  readonly #times: number[] = [];
  #live = 0;
  #readers = 0;
  #isRetired = false;
  #view: ChunkView | undefined;

  /** `free` is told when nobody needs `bytes` any more. */
  constructor(log: object, bytes: Uint8Array | undefined, free: (bytes: Uint8Array) => void) {
    this.log = log;
    this.writer = new RecordWriter(bytes);
    this.#free = free;
  }

  /** True when the next record belongs into another chunk. */
  get isFull(): boolean {
    return this.writer.at > CHUNK_BYTES - SPARE;
  }

  /** True when it holds records that are gone. */
  get hasHoles(): boolean {
    return this.#live < this.#entries.length;
  }

  /** What was written from `start` on is the record of `entry`, of a time. */
  add(entry: Entry, start: number, time: number): void {
    entry.index = this.#entries.length;
    this.#entries.push(entry);
    this.#ends.push(this.writer.at);
    this.#times.push(time);
    this.#live++;
    if (time < this.oldest) this.oldest = time;
    entry.chunk = this;
    entry.start = start;
  }

  /** The entry has no record any more. */
  drop(entry: Entry): void {
    this.#entries[entry.index] = undefined;
    entry.chunk = undefined;
    this.#live--;
  }

  /** Adds the entries with a record here, of up to `time`, to a list, in order. */
  collect(time: number, into: Entry[]): void {
    if (this.#live === 0 || this.oldest > time) return;
    for (let at = 0; at < this.#entries.length; at++) {
      const entry = this.#entries[at];
      if (entry !== undefined && this.#times[at]! <= time) into.push(entry);
    }
  }

  /** Time of the record of an entry, epoch ms. */
  timeOf(entry: Entry): number {
    return this.#times[entry.index]!;
  }

  /** Where the record of an entry ends. */
  endOf(entry: Entry): number {
    return this.#ends[entry.index]!;
  }

  /** True when what another chunk's writer wrote from `start` on is the record of `entry` here. */
  isRecord(entry: Entry, writer: RecordWriter, start: number): boolean {
    const length = this.endOf(entry) - entry.start;
    if (writer.at - start !== length) return false;
    const { bytes } = this.writer;
    for (let at = 0; at < length; at++) if (bytes[entry.start + at] !== writer.bytes[start + at]) return false;
    return true;
  }

  /** All records as they are, the same object while no more is written; undefined when there is none. */
  view(): ChunkView | undefined {
    const { bytes, at } = this.writer;
    if (at === 0) return undefined;
    if (this.#view?.bytes.length !== at - 1) {
      this.#view = { chunk: this, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, at - 1) };
    }
    return this.#view;
  }

  /** Keeps the bytes as they are until the answer is called. */
  hold(): () => void {
    this.#readers++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#readers--;
      this.#freeIfUnused();
    };
  }

  /** Nothing in it is needed but by those who read it. */
  retire(): void {
    this.#isRetired = true;
    this.#freeIfUnused();
  }

  #freeIfUnused(): void {
    if (this.#isRetired && this.#readers === 0) this.#free(this.writer.bytes);
  }
}
