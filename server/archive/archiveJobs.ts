import { creditedLicence } from '../domain/credit.ts';
import type { AcceptedMessage } from '../domain/reading.ts';
import type { RandomBytes } from '../process/keys.ts';
import type { AppendOutcome, ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import { exportCsv } from './exportCsv.ts';
import { exportParquet } from './exportParquet.ts';
import { Importer, type ImportRequest, type ImportWatch } from './importer.ts';
import type { ImportReport } from './importReport.ts';
import { ReferenceImporter } from './reference/referenceImporter.ts';

/** What an export is asked to do. */
export interface ExportRequest {
  stationId: string;
  /** Epoch ms UTC, half-open. */
  from: number;
  to: number;
  format: 'csv' | 'parquet';
  /** Absolute; made when missing. */
  folder: string;
}

/** What an export wrote. */
export interface ExportReport {
  /** Absolute paths. */
  files: string[];
  /** Readings in them. */
  rows: number;
  /** Of the readings, with whom it wants named: the files have no place for it. */
  licence?: string;
}

/** It cannot be done; the message says why, for the operator. */
export class ArchiveJobError extends Error {
  override name = 'ArchiveJobError';
}

/** Import and export, here or in the running server: two implementations. */
export interface ArchiveJobs {
  /** @throws ArchiveJobError, StoreUnavailableError */
  import(request: ImportRequest, watch: ImportWatch): Promise<ImportReport>;
  /** @throws ArchiveJobError, StoreUnavailableError */
  export(request: ExportRequest): Promise<ExportReport>;
}

/** What the jobs work on. */
export interface ArchiveJobsDeps {
  stationStore: StationStore;
  store: ReadingStore;
  dataDir: string;
  /** As for the importer. */
  storeName?: string | undefined;
  clock: () => number;
  randomBytes: RandomBytes;
  onStored?: (messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]) => void;
}

/** The jobs on stores that are open in this process; one import at a time. */
export class LocalArchiveJobs implements ArchiveJobs {
  readonly #deps: ArchiveJobsDeps;
  readonly #closing = new AbortController();
  #importing: Promise<ImportReport> | undefined;

  constructor(deps: ArchiveJobsDeps) {
    this.#deps = deps;
  }

  async import(request: ImportRequest, watch: ImportWatch): Promise<ImportReport> {
    if (request.stationId !== undefined) this.#checkStation(request.stationId);
    if (this.#importing) throw new ArchiveJobError('Another import is running; wait until it is done.');
    const signal = AbortSignal.any([this.#closing.signal, ...(watch.signal ? [watch.signal] : [])]);
    this.#importing = this.#importer(request, { ...watch, signal }).run();
    try {
      return await this.#importing;
    } finally {
      this.#importing = undefined;
    }
  }

  async export(request: ExportRequest): Promise<ExportReport> {
    this.#checkStation(request.stationId);
    const { store, stationStore } = this.#deps;
    const station = stationStore.station(request.stationId);
    try {
      const write = request.format === 'csv' ? exportCsv : exportParquet;
      const report = await write(request, { store, registry: stationStore });
      return { ...report, ...(station && { licence: creditedLicence(station) }) };
    } catch (error) {
      throw isFolderError(error) ? new ArchiveJobError(`${request.folder}: ${error.message}`, { cause: error }) : error;
    }
  }

  /** Stops an import under way and waits for what it had read to be stored. */
  async close(): Promise<void> {
    this.#closing.abort();
    // Its failure is told to whoever asked for the import.
    await this.#importing?.catch(() => undefined);
  }

  #importer(request: ImportRequest, watch: ImportWatch): Pick<Importer, 'run'> {
    const deps = { ...this.#deps, registry: this.#deps.stationStore };
    const { reference } = request;
    return reference === undefined
      ? new Importer(deps, request, watch)
      : new ReferenceImporter(deps, { ...request, reference }, watch);
  }

  #checkStation(stationId: string): void {
    if (this.#deps.stationStore.station(stationId) === undefined) {
      throw new ArchiveJobError(`There is no station ${stationId}; \`station list\` shows all.`);
    }
  }
}

/** A refusal of the file system, which the operator can mend. */
function isFolderError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}
