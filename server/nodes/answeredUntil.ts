import { readFile, rename, writeFile } from 'node:fs/promises';
import { FIRST_RESTORE_MS } from '../ingest/ingest.ts';
import { UNIQUE_BYTES_MS } from '../ingest/stamp.ts';

/** Noted so often, ms. */
const NOTE_MS = 10_000;

/** What the note needs. */
export interface AnsweredUntilParts {
  path: string;
  clock: () => number;
  /** Resolves when everything taken before is stored and acknowledged, or is not stored. */
  settled: () => Promise<void>;
  /** False while messages wait unlooked at: the broker may hand out what was stored long ago. */
  isOpen: () => boolean;
  /** Told once of a disk that takes no notes, until it does again. */
  onError: (error: unknown) => void;
}

/**
 * From when on a restarted node must know what was stored before it takes messages, epoch ms: the broker keeps what it had
 * sent the node and got no answer for, however long the node was away. A whole day, when nothing tells how long.
 */
export function readBackFrom(answeredUntil: number | undefined, now: number): number {
  const dayAgo = now - UNIQUE_BYTES_MS;
  if (answeredUntil === undefined) return dayAgo;
  return Math.max(dayAgo, Math.min(answeredUntil, now) - FIRST_RESTORE_MS);
}

/**
 * Until when a node had answered everything it took, kept on disk over its end. What a broker may hand out again was
 * stored after that: only so much has to be read back before a restarted node takes messages.
 */
export class AnsweredUntil {
  readonly #parts: AnsweredUntilParts;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;
  #isClosed = false;

  constructor(parts: AnsweredUntilParts) {
    this.#parts = parts;
  }

  /** What an earlier run noted, epoch ms; undefined when there is no note, or none that can be read. */
  async read(): Promise<number | undefined> {
    try {
      const noted = Number(await readFile(this.#parts.path, 'utf8'));
      return noted > 0 ? noted : undefined;
    } catch (error) {
      const isMissing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
      if (!isMissing) this.#parts.onError(error);
      return undefined;
    }
  }

  /** Begins to note. */
  start(): void {
    if (this.#isClosed) return;
    this.#timer = setInterval(() => void this.note(), NOTE_MS);
    this.#timer.unref();
  }

  /** Notes that everything taken by now is answered, once it is. Nothing while messages wait to be looked at. */
  async note(): Promise<void> {
    const { settled, clock, isOpen } = this.#parts;
    if (!isOpen()) return;
    const now = clock();
    await settled();
    if (!isOpen()) return;
    this.#writing = this.#writing.then(() => this.#write(now));
    await this.#writing;
  }

  /** Notes no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#writing;
  }

  /** A note that is lost, or an older one, only means that more is read. */
  async #write(at: number): Promise<void> {
    const { path, onError } = this.#parts;
    try {
      await writeFile(`${path}.new`, String(at), { mode: 0o600 });
      await rename(`${path}.new`, path);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) onError(error);
      this.#isFailing = true;
    }
  }
}
