import { OFFICIAL_SENSORS } from '../../domain/correction/referenceMeans.ts';
import type { AcceptedMessage } from '../../domain/reading.ts';
import type { AppendOutcome } from '../../store/readingStore.ts';
import { type ArchiveFile, findArchiveFiles } from '../archiveFile.ts';
import type { ImportReason } from '../archiveRow.ts';
import type { ImporterDeps, ImportRequest, ImportWatch } from '../importer.ts';
import { type ImportReport, RefusalCounts } from '../importReport.ts';
import { readReference } from './readReference.ts';
import type { ReferenceFile } from './referenceFile.ts';
import { type ReferenceRequest, ReferenceStations } from './referenceStations.ts';

/** Windows in one commit. */
const BATCH = 10_000;
const GLIDING_NOTE =
  'The download holds 24-hour means made anew each hour, no hourly means: only those that end a day (UTC+1) are taken, as official daily means.';

/** Imports means that official networks made. A file is read whole; what is stored already is found to be. */
export class ReferenceImporter {
  readonly #deps: ImporterDeps;
  readonly #request: ImportRequest;
  readonly #watch: ImportWatch;
  readonly #stations: ReferenceStations;
  readonly #startedAt: number;
  readonly #refusals = new RefusalCounts();
  readonly #counts = { rows: 0, stored: 0, duplicates: 0, conflicts: 0, refusedRows: 0 };
  readonly #files = { read: 0, done: 0, refused: 0 };
  readonly #notes = new Set<string>();

  constructor(deps: ImporterDeps, request: ImportRequest & { reference: ReferenceRequest }, watch: ImportWatch = {}) {
    this.#deps = deps;
    this.#request = request;
    this.#watch = watch;
    this.#stations = new ReferenceStations(deps.registry, request.reference, deps.randomBytes);
    this.#startedAt = deps.clock();
  }

  /**
   * Imports everything: first what files say of stations, then values.
   * @throws StoreUnavailableError when the store fails; everything before the last commit is stored.
   */
  async run(): Promise<ImportReport> {
    const { files, missing } = await findArchiveFiles(this.#request.paths, /\.(csv|json)(\.gz)?$/i);
    for (const { path, code } of missing) this.#refuseFile('unreadable-file', path, code);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const read: { file: ArchiveFile; content: ReferenceFile }[] = [];
    let bytesDone = 0;
    for (const file of files) {
      if (this.#isStopped) break;
      const content = await readReference(file);
      if ('unreadable' in content) this.#refuseFile('unknown-format', file.path, content.unreadable);
      else read.push({ file, content });
      bytesDone += file.size;
      const position = { file: file.path, filesDone: read.length, files: files.length, bytesDone, bytes };
      this.#watch.onProgress?.({ ...position, rows: this.#counts.rows, ms: this.#deps.clock() - this.#startedAt });
    }
    for (const { content } of read) this.#stations.learn(content.places);
    for (const { file, content } of read) if (!this.#isStopped) await this.#import(file, content);
    return this.#report();
  }

  get #isStopped(): boolean {
    return this.#watch.signal?.aborted ?? false;
  }

  async #import(file: ArchiveFile, content: ReferenceFile): Promise<void> {
    this.#files.read++;
    for (const note of content.notes) this.#notes.add(note);
    if (content.refused.some(({ reason }) => reason === 'gliding-mean')) this.#notes.add(GLIDING_NOTE);
    for (const { reason, line, detail } of content.refused) this.#refuseRow(reason, { file: file.path, line, detail });
    const messages = this.#messagesOf(content, file.path);
    for (let at = 0; at < messages.length && !this.#isStopped; at += BATCH) {
      await this.#store(messages.slice(at, at + BATCH));
    }
  }

  /** One message a station, window and width: both particulates of a window are one reading. */
  #messagesOf({ values }: ReferenceFile, path: string): AcceptedMessage[] {
    const now = this.#startedAt;
    const byKey = new Map<string, AcceptedMessage>();
    for (const { code, quantity, span, start, value } of values) {
      const found = this.#stations.stationOf(code);
      if ('refused' in found || start > now) {
        this.#refuseRow('refused' in found ? found.refused : 'time-in-future', { file: path, line: 0, detail: code });
        continue;
      }
      const stationId = found.id;
      const sensor = OFFICIAL_SENSORS[span];
      const key = `${stationId} ${sensor} ${start}`;
      let message = byKey.get(key);
      if (message === undefined) {
        const readings = [{ stationId, sensor, measuredAt: start, values: {}, flags: 0 }];
        message = { stationId, measuredAt: start, receivedAt: now, health: {}, readings };
        byKey.set(key, message);
      }
      message.readings[0]!.values[quantity] ??= value;
    }
    return [...byKey.values()].sort((a, b) => a.measuredAt - b.measuredAt);
  }

  async #store(batch: readonly AcceptedMessage[]): Promise<void> {
    this.#counts.rows += batch.length;
    if (this.#request.isDryRun) {
      this.#counts.stored += batch.length;
      return;
    }
    await this.#stations.save();
    const outcomes = await this.#deps.store.append(batch);
    for (const outcome of outcomes) this.#count(outcome);
    this.#deps.onStored?.(batch, outcomes);
  }

  #count({ stored, conflicts }: AppendOutcome): void {
    if (conflicts.length > 0) this.#counts.conflicts++;
    if (stored.length > 0) this.#counts.stored++;
    else if (conflicts.length === 0) this.#counts.duplicates++;
  }

  #refuseRow(reason: ImportReason, at: { file: string; line: number; detail: string }): void {
    this.#counts.rows++;
    this.#counts.refusedRows++;
    this.#refusals.add('row', reason, () => at);
  }

  #refuseFile(reason: ImportReason, file: string, detail: string): void {
    this.#files.refused++;
    this.#refusals.add('file', reason, () => ({ file, line: 0, detail }));
  }

  #report(): ImportReport {
    return {
      isDryRun: this.#request.isDryRun ?? false,
      isStopped: this.#isStopped,
      files: this.#files,
      ...this.#counts,
      refused: this.#refusals.list(),
      stations: this.#stations.counts,
      moves: [],
      notes: [...this.#notes],
      ms: this.#deps.clock() - this.#startedAt,
    };
  }
}
