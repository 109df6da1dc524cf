import { createHash } from 'node:crypto';
import { fileOf, type RecordFile, type VersionOf } from './recordFile.ts';

/** Answers kept, and how many bytes of them: one can be as long as the whole file. */
const MAX_FILES = 64;
const MAX_BYTES = 32 * 1024 * 1024;
/** Filters whose last version is remembered. */
const MAX_VERSIONS = 1_000;

interface FilterVersion extends VersionOf {
  /** Of the bytes. */
  hash: string;
}

/** Answers to filters, each made once and kept until the readings or the registry change. */
export class FilteredFiles {
  readonly #epoch: string;
  readonly #files = new Map<string, RecordFile>();
  readonly #versions = new Map<string, FilterVersion>();
  #bytes = 0;
  #made = 0;

  /** `epoch` distinguishes this process's files from those of another run. */
  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  /** The answer to a filter, while it holds. */
  get(key: string): RecordFile | undefined {
    return this.#files.get(key);
  }

  /**
   * Makes a file of the answer to a filter and keeps it. The same bytes are the same version: a new one would tell that a host
   * has moved a station within its cell.
   */
  keep(key: string, body: Buffer, now: number): RecordFile {
    if (this.#files.size >= MAX_FILES || this.#bytes + body.length > MAX_BYTES) this.forget();
    const file = fileOf([body], this.#versionOf(key, body, now));
    this.#files.set(key, file);
    this.#bytes += body.length;
    return file;
  }

  /** Forgets every answer: something changed, or there are too many. */
  forget(): void {
    this.#files.clear();
    this.#bytes = 0;
  }

  #versionOf(key: string, body: Buffer, now: number): VersionOf {
    const hash = createHash('sha256').update(body).digest('base64');
    const known = this.#versions.get(key);
    if (known?.hash === hash) return known;
    const builtAt = Math.floor(now / 1000);
    const version: FilterVersion = {
      hash,
      etag: `"${this.#epoch}-filter-${++this.#made}"`,
      builtAt,
      lastModified: new Date(now).toUTCString(),
      isSameSecond: known?.builtAt === builtAt,
    };
    if (this.#versions.size >= MAX_VERSIONS) this.#versions.clear();
    this.#versions.set(key, version);
    return version;
  }
}
