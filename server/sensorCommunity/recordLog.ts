import { CHUNK_BYTES, type ChunkView, dropEntry, type Entry, RecordChunk } from './recordChunk.ts';
import { newBytes, type RecordWriter } from './recordWriter.ts';

/** Bytes nobody needs any more, for chunks to come: new memory costs more than writing it. */
export type BytesPool = Uint8Array[];

/** Chunks kept for later, as many as the means of a large town are rewritten into; what slow readers held beyond goes. */
const MAX_SPARE = 256;

/**
 * Records of one kind as a log: new ones are written at its end, and what is gone is left out with the next version. Stations
 * send in much the same order every time, so that chunks fall away whole, and next to nothing is ever copied or compressed
 * twice.
 */
export class RecordLog<T extends Entry = Entry> {
  readonly #pool: BytesPool;
  #chunks: RecordChunk[] = [];
  #tail: RecordChunk;
  #start = 0;
  #lengthBefore = 0;
  #version = 0;

  constructor(pool: BytesPool) {
    this.#pool = pool;
    this.#tail = this.#open(false);
  }

  /** Another number than before when a byte changed. */
  get version(): number {
    return this.#version;
  }

  /** Where the next record is to be written. */
  begin(): RecordWriter {
    if (this.#tail.isFull) this.#tail = this.#open(true);
    this.#start = this.#tail.writer.at;
    return this.#tail.writer;
  }

  /** What was written since `begin` is the record of `entry`; nothing written is no record. `time` is epoch ms. */
  commit(entry: T, time: number): void {
    const { writer } = this.#tail;
    if (entry.chunk !== undefined) {
      // Told apart also for a station that changed in nothing public: a new version would tell that its host moved it
      // within the grid.
      if (entry.chunk.log === this && entry.chunk.isRecord(entry, writer, this.#start)) {
        writer.at = this.#start;
        return;
      }
      dropEntry(entry);
    }
    if (writer.at > this.#start) this.#tail.add(entry, this.#start, time);
  }

  /** Entries with records of up to `time`, epoch ms. */
  upTo(time: number): T[] {
    const found: Entry[] = [];
    for (const chunk of this.#chunks) chunk.collect(time, found);
    return found as T[];
  }

  /** Ends a version: leaves out what is gone. */
  seal(): void {
    const holey = this.#chunks.filter((chunk) => chunk.hasHoles);
    if (holey.length > 0) this.#leaveOut(holey);
    else if (this.#length() === this.#lengthBefore) return;
    this.#lengthBefore = this.#length();
    this.#version++;
  }

  /** The version as it is. */
  views(): ChunkView[] {
    return this.#chunks.flatMap((chunk) => chunk.view() ?? []);
  }

  #leaveOut(holey: readonly RecordChunk[]): void {
    this.#chunks = this.#chunks.filter((chunk) => !chunk.hasHoles);
    if (holey.includes(this.#tail)) this.#tail = this.#open(this.#tail.isFull);
    for (const chunk of holey) {
      const left: Entry[] = [];
      chunk.collect(Number.POSITIVE_INFINITY, left);
      for (const entry of left) this.#move(entry, chunk);
      chunk.retire();
    }
  }

  #move(entry: Entry, from: RecordChunk): void {
    const time = from.timeOf(entry);
    this.begin().copy(from.writer.bytes, entry.start, from.endOf(entry));
    this.#tail.add(entry, this.#start, time);
  }

  #length(): number {
    return this.#chunks.reduce((sum, { writer }) => sum + writer.at, 0);
  }

  /** A chunk behind the others: a small one until a whole one was needed. */
  #open(isLarge: boolean): RecordChunk {
    const bytes = isLarge ? (this.#pool.pop() ?? newBytes(CHUNK_BYTES)) : undefined;
    const chunk = new RecordChunk(this, bytes, (freed) => {
      if (freed.length === CHUNK_BYTES && this.#pool.length < MAX_SPARE) this.#pool.push(freed);
    });
    this.#chunks.push(chunk);
    return chunk;
  }
}
