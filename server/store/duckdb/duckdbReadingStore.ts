import type { DuckDBConnection } from '@duckdb/node-api';
import type { SensorCourse } from '../../domain/means/course.ts';
import type { AcceptedMessage, Reading } from '../../domain/reading.ts';
import { Admission } from '../admission.ts';
import { emptied } from '../emptied.ts';
import {
  type AppendOutcome,
  type Bucket,
  type BucketsQuery,
  type CellBlock,
  type CoursesQuery,
  type DayGap,
  type Extent,
  type GapsQuery,
  type HealthQuery,
  type HealthRow,
  type HourBucket,
  type HourBucketsQuery,
  type HourInterval,
  type HoursAndGaps,
  type HoursAndGapsQuery,
  type RawQuery,
  type RawValue,
  type ReadingStore,
  type RemovalQuery,
  type ScanQuery,
  type StationQuery,
  type StationsQuery,
  type StoredFingerprint,
  type StoreStats,
  StoreUnavailableError,
  type TimeSpan,
} from '../readingStore.ts';
import { removeWithRollups } from '../rollupStore.ts';
import { cellBlocks } from './duckdbCells.ts';
import { type CopyableDatabase, copyDatabase, type TableCounts } from './duckdbCopy.ts';
import { coursesOfStations } from './duckdbCourses.ts';
import { countRows, deleteRows, notePruned, readPrunedUntil, rowsBefore } from './duckdbDeletion.ts';
import { readExisting } from './duckdbExisting.ts';
import { DuckDbExtents } from './duckdbExtents.ts';
import { DuckDbFile } from './duckdbFile.ts';
import { gapsOf, hoursAndGapsOf, hoursOf, intervalsOf, intervalsOfStations } from './duckdbHours.ts';
import { fingerprintPages } from './duckdbPages.ts';
import { amongSeries, bucketsOf, extentsOf, healthRows, int64, lastTimes, rawValues } from './duckdbQueries.ts';
import { DuckDbRollups } from './duckdbRollups.ts';
import { scanPages } from './duckdbScan.ts';
import { migrate } from './duckdbSchema.ts';
import { DuckDbSeries } from './duckdbSeries.ts';
import { lastTime } from './duckdbValues.ts';
import { createDuckDbWriter, type DuckDbWriter } from './duckdbWriter.ts';
import { HeldColumns } from './heldColumns.ts';

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
  held: HeldColumns;
  admission: Admission;
}

/** The embedded `ReadingStore`: one DuckDB file, owned by this process alone. */
export class DuckDbReadingStore implements ReadingStore, CopyableDatabase {
  readonly #file: DuckDbFile;
  readonly #path: string;
  readonly #extents = new DuckDbExtents();
  readonly rollups: DuckDbRollups;
  #opened: Opened | undefined;
  /** A write failed: its connection, or the whole file, is of no more use. */
  #isDamaged = false;
  /** The write under way; the next one waits for it. */
  #writing: Promise<unknown> = Promise.resolve();
  #quietTimer: NodeJS.Timeout | undefined;

  constructor({ path, memoryLimit = '256MB', threads = 2 }: DuckDbReadingStoreOptions) {
    this.#path = path;
    this.#file = new DuckDbFile({ path, memoryLimit, threads });
    this.rollups = new DuckDbRollups({
      file: this.#file,
      series: () => this.#open().series,
      exclusively: (write) => this.#exclusively(({ connection }) => write(connection)),
    });
  }

  async open(): Promise<void> {
    await this.#file.open();
    try {
      this.#opened = await load(this.#file, this.#path);
      await this.rollups.load(this.#opened.connection);
    } catch (error) {
      await this.#file.close();
      throw error;
    }
    this.#quietTimer = setTimeout(() => this.#checkpointWhenQuiet(), QUIET_MS).unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.#quietTimer);
    await emptied(() => this.#writing);
    const opened = this.#opened;
    this.#opened = undefined;
    try {
      if (opened && !this.#isDamaged) await opened.connection.run('CHECKPOINT');
    } finally {
      opened?.connection.closeSync();
      await this.#file.close();
    }
  }

  async ping(): Promise<void> {
    await this.#exclusively(async ({ connection }) => connection.run('SELECT 1'));
  }

  append(messages: readonly AcceptedMessage[]): Promise<AppendOutcome[]> {
    this.#quietTimer?.refresh();
    return this.#exclusively(async ({ connection, writer, series, admission }) => {
      const admitted = await admission.admit(messages, (late) => readExisting(connection, series, late));
      const marks = this.rollups.marksOf([...admitted.readings, ...admitted.messages]);
      if (admitted.readings.length + admitted.messages.length > 0) await writer.write(admitted, marks);
      this.#extents.note(admitted.readings);
      this.rollups.tell(marks);
      return admitted.outcomes;
    });
  }

  async raw(query: RawQuery): Promise<RawValue[]> {
    const series = this.#open().series.find(query.stationId, query.sensor);
    return series === undefined ? [] : rawValues(this.#file, series, query);
  }

  async buckets(query: BucketsQuery): Promise<Bucket[]> {
    const series = this.#open().series.find(query.stationId, query.sensor);
    return series === undefined ? [] : bucketsOf(this.#file, series, query);
  }

  async hours(query: HourBucketsQuery): Promise<HourBucket[]> {
    const series = this.#open().series.find(query.stationId, query.sensor);
    return series === undefined ? [] : hoursOf(this.#file, series, query);
  }

  async intervals(query: StationQuery): Promise<HourInterval[]> {
    const series = this.#open().series.find(query.stationId, '');
    return series === undefined ? [] : intervalsOf(this.#file, series, query);
  }

  intervalsOf(query: StationsQuery): Promise<Map<string, HourInterval[]>> {
    return intervalsOfStations(this.#file, this.#open().series, query);
  }

  async span(): Promise<TimeSpan | undefined> {
    const sql = 'SELECT min(time)::DOUBLE, max(time)::DOUBLE FROM readings';
    const [[first = null, last = null] = []] = await this.#file.rows(sql);
    return first === null ? undefined : { first: Number(first), last: Number(last) };
  }

  async hoursAndGaps(query: HoursAndGapsQuery): Promise<HoursAndGaps> {
    const series = this.#open().series.find(query.stationId, query.sensor);
    return series === undefined ? { hours: [], gaps: [] } : hoursAndGapsOf(this.#file, series, query);
  }

  async gaps(query: GapsQuery): Promise<DayGap[]> {
    const series = this.#open().series.find(query.stationId, query.sensor);
    return series === undefined ? [] : gapsOf(this.#file, series, query);
  }

  async lastTimes(): Promise<Map<string, number>> {
    return lastTimes(this.#file, this.#open().series);
  }

  seriesOf(stationId: string): Promise<Extent[]> {
    const { series } = this.#open();
    return this.#extents.of(stationId, () => extentsOf(this.#file, series, stationId));
  }

  cells(from: number, to: number): AsyncIterable<CellBlock> {
    return cellBlocks(this.#file, this.#open().series, from, to);
  }

  scan(query: ScanQuery): AsyncIterable<Reading[]> {
    return scanPages(this.#file, this.#open().series, query);
  }

  courses(query: CoursesQuery): Promise<SensorCourse[]> {
    return coursesOfStations(this.#file, this.#open(), query);
  }

  async health(query: HealthQuery): Promise<HealthRow[]> {
    const series = this.#open().series.find(query.stationId, '');
    return series === undefined ? [] : healthRows(this.#file, series, query);
  }

  fingerprints(from: number): AsyncIterable<StoredFingerprint[]> {
    return fingerprintPages(this.#file, this.#open().series, from);
  }

  async remove(query: RemovalQuery): Promise<void> {
    const { stationId, sensor, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
    const all = this.#open().series.ofStation(stationId);
    const ids = all.filter((row) => sensor === undefined || row.sensor === sensor).map((row) => row.id);
    if (ids.length === 0) return;
    const rows = { where: `time >= $1 AND time < $2 AND ${amongSeries(ids)}`, values: [int64(from), int64(to)] };
    await removeWithRollups(this.rollups, { stationId, sensor, from, to }, () =>
      this.#exclusively(({ connection }) => deleteRows(connection, rows)),
    );
    this.#extents.forget(stationId);
  }

  async prune(before: number, except: readonly string[] = []): Promise<void> {
    const rows = rowsBefore(this.#open().series, before, except);
    await this.#exclusively(async ({ connection }) => {
      // Before anything goes: rows that rest on what is gone must not be made anew, whatever happens in between.
      await notePruned(connection, before);
      await deleteRows(connection, rows);
    });
    this.#extents.forget();
  }

  prunedUntil(): Promise<number | undefined> {
    return readPrunedUntil(this.#file);
  }

  async prunable(before: number, except: readonly string[] = []): Promise<{ readings: number; stations: number }> {
    const { series } = this.#open();
    return countRows(this.#file, series, rowsBefore(series, before, except));
  }

  async stats(): Promise<StoreStats> {
    const [[readings] = []] = await this.#file.rows('SELECT count(*)::DOUBLE FROM readings');
    const [[bytes] = []] = await this.#file.rows(
      'SELECT (used_blocks * block_size)::DOUBLE FROM pragma_database_size()',
    );
    return { readings: Number(readings), bytes: Number(bytes) };
  }

  /** Copies the file as it is now, while appends go on. */
  async copyTo(path: string, signal?: AbortSignal): Promise<TableCounts> {
    const connection = await this.#file.connect();
    try {
      return await copyDatabase(connection, path, signal);
    } finally {
      connection.closeSync();
    }
  }

  #open(): Opened {
    if (this.#opened === undefined) throw new StoreUnavailableError(`${this.#path} is not open`);
    return this.#opened;
  }

  #checkpointWhenQuiet(): void {
    // A failed checkpoint marks the store damaged; the next append or ping mends and reports it.
    this.#exclusively(({ connection }) => connection.run('CHECKPOINT')).catch(() => undefined);
  }

  /** Runs one write at a time on the one write connection. A failure is a StoreUnavailableError, mended at the next call. */
  #exclusively<T>(write: (opened: Opened) => Promise<T>): Promise<T> {
    const result = this.#writing.then(async () => {
      try {
        if (this.#isDamaged) await this.#mend();
        return await write(this.#open());
      } catch (cause) {
        this.#isDamaged = true;
        throw new StoreUnavailableError(`${this.#path} cannot be written`, { cause });
      }
    });
    this.#writing = result.catch(() => undefined);
    return result;
  }

  /** A new write connection, on the file opened anew where DuckDB has given it up. Series and marks stay valid. */
  async #mend(): Promise<void> {
    const opened = this.#open();
    opened.connection.closeSync();
    if (!(await this.#file.isUsable())) {
      await this.#file.close();
      await this.#file.open();
    }
    opened.connection = await this.#file.connect();
    opened.writer = await createDuckDbWriter(opened.connection, opened);
    this.#isDamaged = false;
  }
}

async function load(file: DuckDbFile, path: string): Promise<Opened> {
  const connection = await file.connect();
  await migrate(connection, path);
  const series = new DuckDbSeries();
  await series.load(connection);
  const times = [await lastTime(file, 'readings'), await lastTime(file, 'messages')];
  const newest = Math.max(...times.map((time) => time ?? Number.NEGATIVE_INFINITY));
  const admission = new Admission(newest, (stationId, sensor) => series.find(stationId, sensor) !== undefined);
  const held = new HeldColumns();
  await held.load(connection);
  return { connection, writer: await createDuckDbWriter(connection, { series, held }), series, held, admission };
}
