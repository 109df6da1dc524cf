import { fileOf, type RecordFile } from './recordFile.ts';

/** Answers kept, and how many bytes of them: one can be as long as the whole file. */
const MAX_FILES = 64;
const MAX_BYTES = 32 * 1024 * 1024;

/** Answers to filters, each made once and kept until the readings change. */
export class FilteredFiles {
  readonly #epoch: string;
  readonly #files = new Map<string, RecordFile>();
  #bytes = 0;
  #made = 0;
  /** Filters that had another answer in this second, epoch s. */
  readonly #former = { second: 0, keys: new Set<string>() };

  /** `epoch` distinguishes this process's files from those of another run. */
  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  /** The answer to a filter, while it holds. */
  get(key: string): RecordFile | undefined {
    return this.#files.get(key);
  }

  /** Makes a file of the answer to a filter and keeps it. A number of its own: made again it may hold other readings. */
  keep(key: string, body: Buffer, now: number): RecordFile {
    if (this.#files.size >= MAX_FILES || this.#bytes + body.length > MAX_BYTES) this.forget(now);
    const builtAt = Math.floor(now / 1000);
    const file = fileOf([body], {
      etag: `"${this.#epoch}-filter-${++this.#made}"`,
      builtAt,
      lastModified: new Date(now).toUTCString(),
      isSameSecond: this.#former.second === builtAt && this.#former.keys.has(key),
    });
    this.#files.set(key, file);
    this.#bytes += body.length;
    return file;
  }

  /** Forgets every answer: the readings changed, or there are too many. */
  forget(now: number): void {
    const second = Math.floor(now / 1000);
    if (second !== this.#former.second) this.#former.keys.clear();
    this.#former.second = second;
    for (const [key, { builtAt }] of this.#files) if (builtAt === second) this.#former.keys.add(key);
    this.#files.clear();
    this.#bytes = 0;
  }
}
