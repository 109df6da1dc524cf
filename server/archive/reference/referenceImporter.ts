import { OFFICIAL_SENSORS } from '../../domain/correction/referenceMeans.ts';
import type { AcceptedMessage } from '../../domain/reading.ts';
import { type ArchiveFile, findArchiveFiles } from '../archiveFile.ts';
import type { ImporterDeps, ImportRequest, ImportWatch } from '../importer.ts';
import type { ImportReport } from '../importReport.ts';
import { ImportTally } from '../importTally.ts';
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
  readonly #tally = new ImportTally();

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
    for (const { path, code } of missing) this.#tally.refuseFile('unreadable-file', { file: path, detail: code });
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const read: { file: ArchiveFile; content: ReferenceFile }[] = [];
    let bytesDone = 0;
    for (const file of files) {
      if (this.#isStopped) break;
      const content = await readReference(file);
      if ('unreadable' in content)
        this.#tally.refuseFile('unknown-format', { file: file.path, detail: content.unreadable });
      else read.push({ file, content });
      bytesDone += file.size;
      const position = { file: file.path, filesDone: read.length, files: files.length, bytesDone, bytes };
      this.#watch.onProgress?.({
        ...position,
        rows: this.#tally.counts.rows,
        ms: this.#deps.clock() - this.#startedAt,
      });
    }
    for (const { content } of read) this.#stations.learn(content.places);
    for (const { file, content } of read) if (!this.#isStopped) await this.#import(file, content);
    return this.#report();
  }

  get #isStopped(): boolean {
    return this.#watch.signal?.aborted ?? false;
  }

  async #import(file: ArchiveFile, content: ReferenceFile): Promise<void> {
    this.#tally.files.read++;
    for (const note of content.notes) this.#tally.notes.add(note);
    if (content.refused.some(({ reason }) => reason === 'gliding-mean')) this.#tally.notes.add(GLIDING_NOTE);
    for (const { reason, line, detail } of content.refused)
      this.#tally.refuseRow(reason, { file: file.path, line, detail });
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
        this.#tally.refuseRow('refused' in found ? found.refused : 'time-in-future', {
          file: path,
          detail: code,
        });
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
    this.#tally.counts.rows += batch.length;
    if (this.#request.isDryRun) {
      this.#tally.counts.stored += batch.length;
      return;
    }
    await this.#stations.save();
    const outcomes = await this.#deps.store.append(batch);
    for (const outcome of outcomes) this.#tally.count(outcome);
    this.#deps.onStored?.(batch, outcomes);
  }

  #report(): ImportReport {
    return this.#tally.report({
      isDryRun: this.#request.isDryRun ?? false,
      isStopped: this.#isStopped,
      stations: this.#stations.counts,
      moves: [],
      ms: this.#deps.clock() - this.#startedAt,
    });
  }
}
