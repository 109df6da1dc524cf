import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Push } from './push.ts';
import { decodeRecords } from './spoolRecord.ts';

/** A push on disk until somebody lets go of it. */
export interface SpoolEntry {
  readonly push: Push;
  isReleased: boolean;
}

/** One append-only file of the spool. What is in it is in memory only while it is written or read. */
export class SpoolSegment {
  readonly path: string;
  /** Size on disk, bytes. */
  bytes: number;
  #handle: FileHandle | undefined;
  #entries: SpoolEntry[] | undefined;

  /** `bytes` of a file that an earlier run left. */
  constructor(path: string, bytes: number) {
    this.path = path;
    this.bytes = bytes;
  }

  /** Makes the file, mode 0600, for appends. */
  static async create(path: string): Promise<SpoolSegment> {
    const segment = new SpoolSegment(path, 0);
    segment.#handle = await open(path, 'wx', 0o600);
    segment.#entries = [];
    await syncFolder(dirname(path));
    return segment;
  }

  /** Appends records; they survive a power cut when this resolves. After a rejection the segment takes no more. */
  async append(records: readonly Buffer[], entries: readonly SpoolEntry[]): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) throw new Error('The segment is sealed.');
    await handle.appendFile(Buffer.concat(records));
    await handle.datasync();
    for (const { length } of records) this.bytes += length;
    this.#entries?.push(...entries);
  }

  /** Ends appending. */
  async seal(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** What is still kept, oldest first, and how many records could not be read just now. */
  async waiting(): Promise<{ entries: readonly SpoolEntry[]; damaged: number }> {
    let damaged = 0;
    if (this.#entries === undefined) {
      const read = decodeRecords(await readFile(this.path));
      damaged = read.damaged;
      this.#entries = read.pushes.map((push) => ({ push, isReleased: false }));
    }
    this.#entries = this.#entries.filter(({ isReleased }) => !isReleased);
    return { entries: this.#entries, damaged };
  }

  /** Gives the memory back until it is this segment's turn. */
  unload(): void {
    this.#entries = undefined;
  }

  async remove(): Promise<void> {
    await this.seal();
    await rm(this.path, { force: true });
  }
}

/** A new file is only there after a power cut when its folder was synchronised too (fsync(2)). */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
