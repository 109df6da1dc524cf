import { type FileHandle, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { AcceptedMessage } from '../domain/reading.ts';
import { StoreUnavailableError } from './readingStore.ts';

/** Where batches wait and how much room they have. */
export interface SegmentQueueOptions {
  folder: string;
  /** Bytes on disk at most; further batches are refused. */
  limitBytes: number;
}

/** A file of waiting batches. */
interface Segment {
  path: string;
  bytes: number;
  messages: number;
}

/** A segment is closed at this size: what is drained goes off the disk in such steps. */
const SEGMENT_BYTES = 8 * 1024 * 1024;
const SEGMENT_NAME = /^\d{10}\.queue$/;

/**
 * Batches in files, in order, each on disk before `push` resolves. A line is a batch: checksum and JSON. The last line of a segment may be torn by a crash or a full disk; it was never acknowledged and is skipped.
 * Nothing is appended to a segment of an earlier run.
 */
export class SegmentQueue {
  readonly #folder: string;
  readonly #limitBytes: number;
  /** Oldest first; the last one is being written while `#file` is open. */
  readonly #segments: Segment[] = [];
  #file: FileHandle | undefined;
  #nextNumber = 1;
  /** The access to files under way; the next one waits for it. */
  #accessing: Promise<unknown> = Promise.resolve();

  constructor({ folder, limitBytes }: SegmentQueueOptions) {
    this.#folder = folder;
    this.#limitBytes = limitBytes;
  }

  /** Finds what an earlier run left. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const names = (await readdir(this.#folder)).filter((name) => SEGMENT_NAME.test(name)).sort();
    for (const name of names) this.#segments.push(await segmentAt(join(this.#folder, name)));
    this.#nextNumber = Number.parseInt(names.at(-1) ?? '0', 10) + 1;
  }

  /** Stops writing; everything stays on disk. */
  close(): Promise<void> {
    return this.#exclusively(() => this.#closeSegment());
  }

  get queuedMessages(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.messages, 0);
  }

  get queuedBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  get segments(): number {
    return this.#segments.length;
  }

  /** Puts a batch at the end. Resolves when it is on disk; a StoreUnavailableError when there is no room for it. */
  push(messages: readonly AcceptedMessage[]): Promise<void> {
    return this.#exclusively(async () => {
      const line = lineOf(messages);
      if (this.queuedBytes + line.length > this.#limitBytes) {
        throw new StoreUnavailableError(`The queue in ${this.#folder} is full: ${this.queuedBytes} bytes wait`);
      }
      await this.#write(line);
      const segment = this.#segments.at(-1)!;
      segment.bytes += line.length;
      segment.messages += messages.length;
      if (segment.bytes >= SEGMENT_BYTES) await this.#closeSegment();
    });
  }

  /** Messages of the oldest segment, in order, which takes no more of them from now on. */
  oldest(): Promise<AcceptedMessage[]> {
    return this.#exclusively(async () => {
      if (this.#segments.length === 1) await this.#closeSegment();
      const [segment] = this.#segments;
      return segment === undefined ? [] : messagesAt(segment.path);
    });
  }

  /** Everything that waits, a segment at a time, oldest first. */
  async *waiting(): AsyncIterableIterator<AcceptedMessage[]> {
    for (const segment of [...this.#segments]) {
      // Drained meanwhile: the store has it.
      const messages = await this.#exclusively(async () =>
        this.#segments.includes(segment) ? messagesAt(segment.path) : [],
      );
      yield messages;
    }
  }

  /** Takes the oldest segment off the disk. */
  dropOldest(): Promise<void> {
    return this.#exclusively(async () => {
      const [segment] = this.#segments;
      if (segment) await unlink(segment.path);
      this.#segments.shift();
    });
  }

  async #write(line: Buffer): Promise<void> {
    try {
      const file = this.#file ?? (await this.#nextSegment());
      await file.appendFile(line);
      await file.datasync();
    } catch (cause) {
      // What the line left behind is torn; the next one goes to a new segment.
      await this.#closeSegment();
      throw new StoreUnavailableError(`The queue in ${this.#folder} cannot be written`, { cause });
    }
  }

  async #nextSegment(): Promise<FileHandle> {
    const path = join(this.#folder, `${String(this.#nextNumber).padStart(10, '0')}.queue`);
    this.#nextNumber += 1;
    this.#file = await open(path, 'ax', 0o600);
    this.#segments.push({ path, bytes: 0, messages: 0 });
    // The new name, too, has to outlive a power cut.
    const folder = await open(this.#folder);
    await folder.sync().finally(() => folder.close());
    return this.#file;
  }

  async #closeSegment(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  #exclusively<T>(access: () => Promise<T>): Promise<T> {
    const result = this.#accessing.then(access);
    this.#accessing = result.catch(() => undefined);
    return result;
  }
}

function lineOf(messages: readonly AcceptedMessage[]): Buffer {
  const json = JSON.stringify(messages);
  return Buffer.from(`${crc32(json)} ${json}\n`);
}

async function messagesAt(path: string): Promise<AcceptedMessage[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    const [, sum, json] = /^(\d+) (.*)$/.exec(line) ?? [];
    const isWhole = json !== undefined && crc32(json) === Number(sum);
    return isWhole ? (JSON.parse(json) as AcceptedMessage[]) : [];
  });
}

async function segmentAt(path: string): Promise<Segment> {
  const [{ size }, messages] = await Promise.all([stat(path), messagesAt(path)]);
  return { path, bytes: size, messages: messages.length };
}
