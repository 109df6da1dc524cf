import type { DuckDBConnection } from '@duckdb/node-api';
import type { AcceptedMessage } from '../domain/reading.ts';
import { Admission } from './admission.ts';
import { readExisting } from './duckdbExisting.ts';
import { DuckDbFile } from './duckdbFile.ts';
import { cellPages, fingerprintPages, lastTime } from './duckdbPages.ts';
import { bucketsOf, extentsOf, healthRows, int64, latestValues, rawValues } from './duckdbQueries.ts';
import { scanPages } from './duckdbScan.ts';
import { migrate } from './duckdbSchema.ts';
import { DuckDbSeries } from './duckdbSeries.ts';
import { createDuckDbWriter, type DuckDbWriter } from './duckdbWriter.ts';
import { type AppendOutcome, type ReadingStore, StoreUnavailableError } from './readingStore.ts';

/** Where and how the embedded store runs. */
export interface DuckDbReadingStoreOptions {
  /** The file; its folder must exist. */
  path: string;
  /** DuckDB's buffer pool, default 256 MB. */
  memoryLimit?: string;
  /** DuckDB's threads, default 2. */
  threads?: number;
}

/** Without an append for this long the write-ahead log is folded into the file, so that the next open is quick. */
const QUIET_MS = 30_000;

/** What an open store holds. */
interface Opened {
  connection: DuckDBConnection;
  writer: DuckDbWriter;
  series: DuckDbSeries;
  admission: Admission;
}

/** The embedded `ReadingStore`: one DuckDB file, owned by this process alone. */
export class DuckDbReadingStore implements ReadingStore {
  readonly #file: DuckDbFile;
  readonly #path: string;
  #opened: Opened | undefined;
  /** The write under way; the next one waits for it. */
  #writing: Promise<unknown> = Promise.resolve();
  #quietTimer: NodeJS.Timeout | undefined;

  constructor({ path, memoryLimit = '256MB', threads = 2 }: DuckDbReadingStoreOptions) {
    this.#path = path;
    this.#file = new DuckDbFile({ path, memoryLimit, threads });
  }

  async open(): Promise<void> {
    await this.#file.open();
    try {
      await this.#load();
    } catch (error) {
      this.#file.close();
      throw error;
    }
    this.#quietTimer = setTimeout(() => void this.#exclusively(() => this.#checkpoint()), QUIET_MS).unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.#quietTimer);
    await this.#exclusively(async () => {
      if (this.#opened) await this.#checkpoint();
      this.#opened?.connection.closeSync();
      this.#opened = undefined;
    });
    this.#file.close();
  }

  async ping(): Promise<void> {
    try {
      await this.#file.rows('SELECT 1', []);
    } catch (cause) {
      throw new StoreUnavailableError(`${this.#path} does not answer`, { cause });
    }
  }

  append(messages: readonly AcceptedMessage[]): Promise<AppendOutcome[]> {
    return this.#exclusively(async () => {
      const { connection, writer, series, admission } = this.#open();
      this.#quietTimer?.refresh();
      const admitted = await admission.admit(messages, (late) => readExisting(connection, series, late));
      if (admitted.readings.length + admitted.messages.length > 0) await writer.write(admitted);
      return admitted.outcomes;
    });
  }

  async raw(query: Parameters<ReadingStore['raw']>[0]): ReturnType<ReadingStore['raw']> {
    const series = this.#open().series.find(query.stationId, query.sensor);
    return series === undefined ? [] : rawValues(this.#file, series, query);
  }

  async buckets(query: Parameters<ReadingStore['buckets']>[0]): ReturnType<ReadingStore['buckets']> {
    const series = this.#open().series.find(query.stationId, query.sensor);
    return series === undefined ? [] : bucketsOf(this.#file, series, query);
  }

  seriesOf(stationId: string): ReturnType<ReadingStore['seriesOf']> {
    return extentsOf(this.#file, this.#open().series, stationId);
  }

  cells(from: number, to: number): ReturnType<ReadingStore['cells']> {
    return cellPages(this.#file, this.#open().series, from, to);
  }

  latest(from: number, to: number): ReturnType<ReadingStore['latest']> {
    return latestValues(this.#file, this.#open().series, from, to);
  }

  scan(query: Parameters<ReadingStore['scan']>[0]): ReturnType<ReadingStore['scan']> {
    return scanPages(this.#file, this.#open().series, query);
  }

  async health(query: Parameters<ReadingStore['health']>[0]): ReturnType<ReadingStore['health']> {
    const series = this.#open().series.find(query.stationId, '');
    return series === undefined ? [] : healthRows(this.#file, series, query);
  }

  fingerprints(from: number): ReturnType<ReadingStore['fingerprints']> {
    return fingerprintPages(this.#file, this.#open().series, from);
  }

  remove({ stationId, sensor, from = -Infinity, to = Infinity }: Parameters<ReadingStore['remove']>[0]): Promise<void> {
    return this.#exclusively(async () => {
      const all = this.#open().series.ofStation(stationId);
      const ids = all.filter((row) => sensor === undefined || row.sensor === sensor).map((row) => row.id);
      if (ids.length === 0) return;
      const list = ids.map((_, index) => `$${index + 3}`).join(', ');
      await this.#deleteRows(`time >= $1 AND time < $2 AND series IN (${list})`, [int64(from), int64(to), ...ids]);
    });
  }

  prune(before: number): Promise<void> {
    return this.#exclusively(() => this.#deleteRows('time < $1', [int64(before)]));
  }

  async stats(): ReturnType<ReadingStore['stats']> {
    const [[readings] = []] = await this.#file.rows('SELECT count(*)::DOUBLE FROM readings', []);
    const [[blocks, blockSize] = []] = await this.#file.rows(
      'SELECT used_blocks::DOUBLE, block_size::DOUBLE FROM pragma_database_size()',
      [],
    );
    return { readings: Number(readings), bytes: Number(blocks) * Number(blockSize) };
  }

  async #load(): Promise<void> {
    const connection = await this.#file.connect();
    await migrate(connection, this.#path);
    const series = new DuckDbSeries();
    await series.load(connection);
    const times = [await lastTime(this.#file, 'readings'), await lastTime(this.#file, 'messages')];
    const newest = Math.max(...times.map((time) => time ?? -Infinity));
    const writer = await createDuckDbWriter(connection, series);
    this.#opened = { connection, writer, series, admission: new Admission(newest) };
  }

  #open(): Opened {
    if (this.#opened === undefined) throw new Error(`${this.#path} is not open`);
    return this.#opened;
  }

  async #deleteRows(where: string, values: (bigint | number)[]): Promise<void> {
    const { connection } = this.#open();
    await connection.run('BEGIN');
    for (const table of ['readings', 'extras', 'messages']) {
      await connection.run(`DELETE FROM ${table} WHERE ${where}`, values);
    }
    await connection.run('COMMIT');
    await this.#checkpoint();
  }

  async #checkpoint(): Promise<void> {
    await this.#opened?.connection.run('CHECKPOINT');
  }

  /** One write at a time on the one write connection. */
  #exclusively<T>(write: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(write);
    this.#writing = result.catch(() => undefined);
    return result;
  }
}
