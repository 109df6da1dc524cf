import type { AcceptedMessage } from '../domain/reading.ts';
import type { RandomBytes } from '../process/keys.ts';
import { fixedUntil } from '../rollups/fixedUntil.ts';
import type { AppendOutcome, ReadingStore } from '../store/readingStore.ts';
import { type ArchiveFile, findArchiveFiles } from './archiveFile.ts';
import type { ImportReason } from './archiveRow.ts';
import { readArchiveFile } from './importFile.ts';
import { ImportMemory, IN_DUCKDB } from './importMemory.ts';
import type { ImportProgress, ImportReport } from './importReport.ts';
import { ImportTally } from './importTally.ts';
import type { ReferenceRequest } from './reference/referenceStations.ts';
import { RowJudge } from './rowJudge.ts';
import { type ImportRegistry, StationPlaces } from './stationPlaces.ts';

/** What an import is asked to do. */
export interface ImportRequest {
  /** Absolute paths of files and folders. */
  paths: readonly string[];
  isDryRun?: boolean | undefined;
  isJoining?: boolean | undefined;
  stationId?: string | undefined;
  /** Files are of an official network: its means, not readings. */
  reference?: ReferenceRequest | undefined;
  /** Reads files again that are noted as done. */
  isAgain?: boolean | undefined;
}

/** What an import works on. */
export interface ImporterDeps {
  registry: ImportRegistry;
  store: Pick<ReadingStore, 'append' | 'prunedUntil'>;
  dataDir: string;
  /** Which store that is, told from others of this data folder; DuckDB's own file when absent. */
  storeName?: string | undefined;
  clock: () => number;
  randomBytes: RandomBytes;
  /** After each commit: the door to everything that needs history. Same order, same length. */
  onStored?: (messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]) => void;
}

/** How an import is watched and ended. */
export interface ImportWatch {
  onProgress?: (progress: ImportProgress) => void;
  signal?: AbortSignal;
}

/** Rows in one commit: many enough that its fsync does not count, few enough that live messages behind it do not wait. */
const BATCH_ROWS = 10_000;
const PROGRESS_MS = 200;
const MAX_MOVES = 100;
/** After these the rest of a file may be taken another time, under other conditions: it is not noted as done. */
const MAY_WORK_LATER: ReadonlySet<ImportReason> = new Set([
  'no-place',
  'no-station',
  'other-place',
  'cut-off',
  'time-in-future',
]);

/** Imports files, once: reads, judges and stores them, and counts what became of each row. */
export class Importer {
  readonly #deps: ImporterDeps;
  readonly #request: ImportRequest;
  readonly #watch: ImportWatch;
  readonly #memory: ImportMemory;
  readonly #places: StationPlaces;
  #judge: RowJudge;
  readonly #startedAt: number;
  readonly #tally = new ImportTally();
  #batch: AcceptedMessage[] = [];
  /** Read to their end, their last rows still in the batch. */
  #ended: ArchiveFile[] = [];
  #writing: Promise<void> = Promise.resolve();
  #reportedAt = 0;

  constructor(deps: ImporterDeps, request: ImportRequest, watch: ImportWatch = {}) {
    const { registry, dataDir, storeName = IN_DUCKDB, clock, randomBytes } = deps;
    this.#deps = deps;
    this.#request = request;
    this.#watch = watch;
    this.#startedAt = clock();
    this.#memory = new ImportMemory(dataDir, storeName, clock);
    const { stationId, isJoining = false } = request;
    this.#places = new StationPlaces(registry, { stationId, isJoining, randomBytes });
    this.#judge = new RowJudge(this.#places, this.#startedAt);
  }

  /**
   * Imports everything, or as much as there is time for until the signal. May be run again at any time, also after a
   * crash: what is stored already is found to be.
   * @throws StoreUnavailableError when the store fails; everything before the last commit is stored.
   */
  async run(): Promise<ImportReport> {
    const { files, missing } = await findArchiveFiles(this.#request.paths);
    for (const { path, code } of missing) this.#tally.refuseFile('unreadable-file', { file: path, detail: code });
    this.#memory.load();
    const fixed = fixedUntil(await this.#deps.store.prunedUntil(), this.#startedAt);
    this.#judge = new RowJudge(this.#places, this.#startedAt, fixed);
    const position = { filesDone: 0, files: files.length, bytesDone: 0, bytes: sumOfSizes(files) };
    try {
      for (const file of files) {
        if (this.#isStopped) break;
        await this.#import(file, position);
        position.filesDone++;
        position.bytesDone += file.size;
      }
      await this.#flush();
      await this.#writing;
    } finally {
      await this.#writing.catch(() => undefined);
      if (!this.#request.isDryRun) this.#memory.save();
    }
    return this.#report();
  }

  get #isStopped(): boolean {
    return this.#watch.signal?.aborted ?? false;
  }

  async #import(file: ArchiveFile, position: Omit<ImportProgress, 'file' | 'rows' | 'ms'>): Promise<void> {
    if (!this.#request.isAgain && this.#memory.isDone(file, this.#into)) {
      this.#tally.files.done++;
      return;
    }
    const { path } = file;
    let mayWorkLater = false;
    const isWhole = await readArchiveFile(file, this.#judge, {
      take: (message, line) => this.#take(message, path, line),
      note: (text) => void this.#tally.notes.add(text),
      refuse: (part, reason, line, detail) => {
        if (part === 'file') return this.#tally.refuseFile(reason, { file: path, line, detail });
        mayWorkLater ||= MAY_WORK_LATER.has(reason);
        this.#tally.refuseRow(reason, { file: path, line, detail });
      },
      afterBlock: async (bytesRead) => {
        this.#tell({ ...position, file: path, bytesDone: position.bytesDone + bytesRead });
        if (this.#batch.length >= BATCH_ROWS) await this.#flush();
        return !this.#isStopped;
      },
    });
    if (isWhole) this.#tally.files.read++;
    if (isWhole && !mayWorkLater) this.#ended.push(file);
  }

  /** Where rows go, as the memory tells it apart. */
  get #into(): string {
    return this.#request.stationId ?? 'own stations';
  }

  #take(message: AcceptedMessage, file: string, line: number): void {
    this.#tally.counts.rows++;
    this.#batch.push(message);
    for (const { field, reason } of this.#judge.refusedFields) {
      this.#tally.refuseField(reason, () => ({ file, line, detail: field }));
    }
  }

  /** Hands the batch to the store and goes on reading; waits for the batch before. */
  async #flush(): Promise<void> {
    // In time order the instruments of one station, file by file, are not late to each other.
    const batch = this.#batch.sort((a, b) => a.measuredAt - b.measuredAt);
    const ended = this.#ended;
    this.#batch = [];
    this.#ended = [];
    await this.#writing;
    this.#writing = this.#write(batch, ended);
    // The failure is thrown where it is awaited; until then it is not forgotten, only late.
    this.#writing.catch(() => undefined);
  }

  async #write(batch: readonly AcceptedMessage[], ended: readonly ArchiveFile[]): Promise<void> {
    if (this.#request.isDryRun) {
      this.#tally.counts.stored += batch.length;
      return;
    }
    await this.#places.save();
    if (batch.length > 0) {
      const outcomes = await this.#deps.store.append(batch);
      for (const outcome of outcomes) this.#tally.count(outcome);
      this.#deps.onStored?.(batch, outcomes);
    }
    this.#memory.noteDone(ended, this.#into);
  }

  #tell(position: Omit<ImportProgress, 'rows' | 'ms'>): void {
    const now = this.#deps.clock();
    if (this.#watch.onProgress === undefined || now - this.#reportedAt < PROGRESS_MS) return;
    this.#reportedAt = now;
    this.#watch.onProgress({ ...position, rows: this.#tally.counts.rows, ms: now - this.#startedAt });
  }

  #report(): ImportReport {
    return this.#tally.report({
      isDryRun: this.#request.isDryRun ?? false,
      isStopped: this.#isStopped,
      stations: this.#places.counts,
      moves: this.#places.moves.slice(0, MAX_MOVES),
      ms: this.#deps.clock() - this.#startedAt,
    });
  }
}

function sumOfSizes(files: readonly ArchiveFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
