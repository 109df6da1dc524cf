import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Push } from './push.ts';
import { encodeRecord } from './spoolRecord.ts';
import { type SpoolEntry, SpoolSegment } from './spoolSegment.ts';

export type { SpoolEntry } from './spoolSegment.ts';

/** A file is let go as a whole: small enough that a crash repeats little, large enough for few files. */
const SEGMENT_BYTES = 1024 * 1024;
const NAME = /^(\d{12})\.spool$/;

/** How much may wait, and where. */
export interface SpoolOptions {
  /** Made with mode 0700 when it is missing. */
  dir: string;
  /** Most disk space, bytes; what comes beyond is refused. */
  maxBytes: number;
  /** What waited longer is dropped and counted, ms. */
  maxAgeMs: number;
  clock: () => number;
  onError: (error: unknown) => void;
  segmentBytes?: number;
}

interface Waiting {
  record: Buffer;
  entry: SpoolEntry;
  done: (entry: SpoolEntry | undefined) => void;
}

/**
 * Pushes on disk, in order, until each is let go: an append-only log in segments. Appends gather by themselves:
 * whatever came while the last fsync ran goes out with the next one.
 */
export class Spool {
  /** Counters for the metrics. */
  readonly counts = { spooled: 0, released: 0, expired: 0, refusedFull: 0, failedWrites: 0, damaged: 0 };
  readonly #options: Required<SpoolOptions>;
  /** Oldest first; the last one may be the one that is appended to. */
  readonly #segments: SpoolSegment[] = [];
  #active: SpoolSegment | undefined;
  #nextNumber = 1;
  #queue: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #reserved = 0;

  constructor(options: SpoolOptions) {
    this.#options = { segmentBytes: SEGMENT_BYTES, ...options };
  }

  /** Finds what earlier runs left. Appends go to a new file: the last one may end in the middle of a record. */
  async open(): Promise<void> {
    const { dir } = this.#options;
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const names = (await readdir(dir)).filter((name) => NAME.test(name)).sort();
    for (const name of names) {
      this.#segments.push(new SpoolSegment(join(dir, name), (await stat(join(dir, name))).size));
      this.#nextNumber = Number(NAME.exec(name)?.[1]) + 1;
    }
  }

  /** True when nothing is on disk and nothing on its way there. */
  get isEmpty(): boolean {
    return this.#writing === undefined && this.#segments.length === 0;
  }

  /** Disk space in use or promised, bytes. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, this.#reserved);
  }

  /** Resolves with the entry when the push is safe on disk; undefined when the spool is full or cannot be written. */
  append(push: Push): Promise<SpoolEntry | undefined> {
    const record = encodeRecord(push);
    if (this.bytes + record.length > this.#options.maxBytes) {
      this.counts.refusedFull++;
      return Promise.resolve(undefined);
    }
    this.#reserved += record.length;
    return new Promise((done) => {
      this.#queue.push({ record, entry: { push, isReleased: false }, done });
      this.#writing ??= this.#write();
    });
  }

  /** The oldest entries that are still kept, at most `max`; empty when there are none. Removes the files before them. */
  async oldest(max: number): Promise<readonly SpoolEntry[]> {
    for (;;) {
      const segment = this.#segments[0];
      if (segment === undefined) return [];
      const { entries, damaged } = await segment.waiting();
      this.counts.damaged += damaged;
      const fresh = entries.filter((entry) => !this.#expires(entry));
      if (fresh.length > 0) return fresh.slice(0, max);
      // Being written: its entries come with the end of the write.
      if (segment === this.#active && this.#writing !== undefined) return [];
      await this.#drop(segment);
    }
  }

  /** Lets go of an entry: it is kept elsewhere, or never will be. */
  release(entry: SpoolEntry): void {
    entry.isReleased = true;
    this.counts.released++;
  }

  /** Resolves when nothing is on its way to the disk. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** Finishes what is being written. What waits stays on disk. */
  async close(): Promise<void> {
    await this.written();
    await this.#active?.seal();
  }

  #expires(entry: SpoolEntry): boolean {
    const { clock, maxAgeMs } = this.#options;
    if (entry.push.receivedAt >= clock() - maxAgeMs) return false;
    entry.isReleased = true;
    this.counts.expired++;
    return true;
  }

  async #write(): Promise<void> {
    // Not in this turn of the event loop: what other connections brought in it goes out with the same fsync.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#writeBatch(this.#queue.splice(0));
    this.#writing = undefined;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const records = batch.map(({ record }) => record);
    const isKept = await this.#isWritten(
      records,
      batch.map(({ entry }) => entry),
    );
    for (const { length } of records) this.#reserved -= length;
    if (isKept) this.counts.spooled += batch.length;
    for (const { entry, done } of batch) done(isKept ? entry : undefined);
  }

  async #isWritten(records: readonly Buffer[], entries: readonly SpoolEntry[]): Promise<boolean> {
    try {
      const segment = await this.#openSegment();
      await segment.append(records, entries);
      return true;
    } catch (error) {
      this.counts.failedWrites++;
      this.#options.onError(error);
      // Its end is not known any more, so nothing may follow there.
      await this.#sealActive();
      return false;
    }
  }

  async #openSegment(): Promise<SpoolSegment> {
    if (this.#active !== undefined && this.#active.bytes < this.#options.segmentBytes) return this.#active;
    await this.#sealActive();
    const name = `${String(this.#nextNumber++).padStart(12, '0')}.spool`;
    const segment = await SpoolSegment.create(join(this.#options.dir, name));
    this.#segments.push(segment);
    this.#active = segment;
    return segment;
  }

  async #sealActive(): Promise<void> {
    const segment = this.#active;
    this.#active = undefined;
    if (segment === undefined) return;
    if (segment !== this.#segments[0]) segment.unload();
    try {
      await segment.seal();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #drop(segment: SpoolSegment): Promise<void> {
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    if (segment === this.#active) this.#active = undefined;
    try {
      await segment.remove();
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
