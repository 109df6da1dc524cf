import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../process/replaceFile.ts';
import { type ArchiveFile, errorCode } from './archiveFile.ts';

/** The store in `DATA_DIR` itself. */
export const IN_DUCKDB = 'duckdb';

const memorySchema = z.object({
  schemaVersion: z.literal(1),
  /** Which store holds them; files of before it was noted are taken for those of DuckDB. */
  store: z.string().default(IN_DUCKDB),
  files: z.record(z.string(), z.object({ size: z.number(), mtimeMs: z.number(), into: z.string() })),
});
type Remembered = z.output<typeof memorySchema>['files'];

/** A whole network of files for some weeks; the oldest are forgotten first, which costs time and nothing else. */
const MAX_FILES = 500_000;
const SAVE_MS = 2_000;

/**
 * Files that are in the store already, by path, size and time of change, in `DATA_DIR/import-progress.json`: an import
 * that was stopped goes on where it was. A file that is read again does no harm, its rows are duplicates. What another
 * store holds says nothing of this one.
 */
export class ImportMemory {
  readonly #path: string;
  readonly #storeName: string;
  readonly #clock: () => number;
  #files: Remembered = {};
  #count = 0;
  #savedAt = 0;
  #isChanged = false;

  constructor(dataDir: string, storeName: string, clock: () => number) {
    this.#path = join(dataDir, 'import-progress.json');
    this.#storeName = storeName;
    this.#clock = clock;
  }

  /** Reads the file. One that is missing or not ours counts as empty. */
  load(): void {
    const parsed = memorySchema.safeParse(readJson(this.#path));
    this.#files = parsed.success && parsed.data.store === this.#storeName ? parsed.data.files : {};
    this.#count = Object.keys(this.#files).length;
  }

  /** True when this file, unchanged since, was stored whole; `into` tells apart where its rows went. */
  isDone({ path, size, mtimeMs }: ArchiveFile, into: string): boolean {
    const known = this.#files[path];
    return known !== undefined && known.size === size && known.mtimeMs === mtimeMs && known.into === into;
  }

  /** Notes files whose rows are durable; on disk within 2 s of further notes, or with `save`. */
  noteDone(files: readonly ArchiveFile[], into: string): void {
    for (const { path, size, mtimeMs } of files) {
      if (this.#files[path] === undefined) this.#count++;
      this.#files[path] = { size, mtimeMs, into };
      this.#isChanged = true;
    }
    if (this.#count > MAX_FILES) this.#forgetOldest();
    if (this.#clock() - this.#savedAt > SAVE_MS) this.save();
  }

  /** Writes the file, whole or not at all. */
  save(): void {
    if (!this.#isChanged) return;
    const remembered = { schemaVersion: 1, store: this.#storeName, files: this.#files };
    replaceFile(this.#path, JSON.stringify(remembered));
    this.#isChanged = false;
    this.#savedAt = this.#clock();
  }

  #forgetOldest(): void {
    this.#files = Object.fromEntries(Object.entries(this.#files).slice(MAX_FILES / 10));
    this.#count = Object.keys(this.#files).length;
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
