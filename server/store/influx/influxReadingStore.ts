import type { SensorCourse } from '../../domain/means/course.ts';
import type { AcceptedMessage, Reading } from '../../domain/reading.ts';
import { Admission } from '../admission.ts';
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
  wholeMs,
} from '../readingStore.ts';
import { removeWithRollups } from '../rollupStore.ts';
import { InfluxClient, type InfluxConnection, type RefusedLine } from './influxClient.ts';
import { coursesOfStations } from './influxCourses.ts';
import type { InfluxDialect } from './influxDialect.ts';
import { readExisting } from './influxExisting.ts';
import { fingerprintPages } from './influxFingerprints.ts';
import { gapsOf, hoursOf, intervalsOf, intervalsOfStations } from './influxHours.ts';
import { blocksOfRows } from './influxLines.ts';
import { InfluxLineWriter } from './influxLineWriter.ts';
import { cellBlocks, scanPages } from './influxPages.ts';
import { bucketsOf, extentsOf, healthRows, lastTimes, rawValues } from './influxQueries.ts';
import { lineOfMark } from './influxRollupLines.ts';
import { InfluxRollups } from './influxRollups.ts';
import { edgeTime } from './influxRows.ts';
import { seriesIs, stationIs, stationIsNot, timeIn } from './influxText.ts';

/** Version of what this program writes; kept in the measurement `meta`. */
const SCHEMA_VERSION = 1;

/** Which server, and how it is used. */
export interface InfluxReadingStoreOptions extends InfluxConnection {
  /** False allows 3 Core, which cannot delete: `remove` and `prune` then fail. Default true. */
  needsDeletion?: boolean;
  /** Other processes write to the same database. Resolves when what they began to write before is there. */
  othersAppended?: ((closedUntil: number) => Promise<unknown>) | undefined;
  /** Told of a line the server refuses for good, a field of another type in the way for instance. It is lost. */
  onRefusedLine?: (refused: RefusedLine) => void;
  clock?: () => number;
}

/** What a connected store holds. */
interface Opened {
  dialect: InfluxDialect;
  admission: Admission;
}

/** The `ReadingStore` on an InfluxDB server: 1.6 to 1.8, 2.x, and 3 Core for recent data. */
export class InfluxReadingStore implements ReadingStore {
  readonly rollups: InfluxRollups;
  readonly #client: InfluxClient;
  readonly #needsDeletion: boolean;
  readonly #onRefusedLine: (refused: RefusedLine) => void;
  readonly #clock: () => number;
  readonly #isShared: boolean;
  readonly #writer = new InfluxLineWriter();
  #opened: Opened | undefined;
  /** Readings stored; counted once, then kept up: counting all takes the server seconds. */
  #readings: number | undefined;
  /** The append under way; the next one waits for it, or both could find the same key free. */
  #appending: Promise<unknown> = Promise.resolve();

  constructor({ needsDeletion, othersAppended, onRefusedLine, clock, ...connection }: InfluxReadingStoreOptions) {
    this.#client = new InfluxClient(connection);
    this.#needsDeletion = needsDeletion ?? true;
    this.#onRefusedLine = onRefusedLine ?? (() => undefined);
    this.#clock = clock ?? Date.now;
    this.#isShared = othersAppended !== undefined;
    this.rollups = new InfluxRollups({
      client: this.#client,
      clock: this.#clock,
      earliest: () => this.#earliest(),
      canDelete: () => this.#open().dialect.canDelete,
      appended: (closedUntil) => Promise.all([this.#appending, othersAppended?.(closedUntil)]),
      onRefusedLine: this.#onRefusedLine,
    });
  }

  async open(): Promise<void> {
    const dialect = await this.#client.connect();
    if (this.#needsDeletion && !dialect.canDelete) {
      throw new Error(
        `InfluxDB ${dialect.version} (3 Core) cannot delete rows, which stations have a right to: use 1.8 or 2.x`,
      );
    }
    await this.#checkSchema(dialect);
    const newest = await this.#newestTime(dialect);
    this.#opened = { dialect, admission: new Admission(newest, () => true, this.#isShared) };
    await this.rollups.load();
  }

  async close(): Promise<void> {
    this.#opened = undefined;
  }

  async ping(): Promise<void> {
    await this.#client.ping();
  }

  append(messages: readonly AcceptedMessage[]): Promise<AppendOutcome[]> {
    const outcomes = this.#appending.then(() => this.#append(messages));
    this.#appending = outcomes.catch(() => undefined);
    return outcomes;
  }

  async #append(messages: readonly AcceptedMessage[]): Promise<AppendOutcome[]> {
    const { admission } = this.#open();
    const admitted = await admission.admit(messages, (late) => readExisting(this.#client, late));
    const marks = this.rollups.marksOf([...admitted.readings, ...admitted.messages]);
    // Marks first: of a batch that is stored in part, none that is needed is missing.
    const refused = await this.#client.write(marks.map(lineOfMark));
    refused.push(...(await this.#client.writeBlocks(blocksOfRows(this.#writer, admitted))));
    for (const line of refused) this.#onRefusedLine(line);
    if (this.#readings !== undefined) this.#readings += admitted.readings.length;
    this.rollups.tell(marks);
    return admitted.outcomes;
  }

  raw(query: RawQuery): Promise<RawValue[]> {
    return rawValues(this.#client, this.#within(query));
  }

  buckets(query: BucketsQuery): Promise<Bucket[]> {
    return bucketsOf(this.#client, this.#within(query));
  }

  hours(query: HourBucketsQuery): Promise<HourBucket[]> {
    return hoursOf(this.#client, this.#within(query));
  }

  intervals(query: StationQuery): Promise<HourInterval[]> {
    return intervalsOf(this.#client, this.#within(query));
  }

  intervalsOf(query: StationsQuery): Promise<Map<string, HourInterval[]>> {
    return intervalsOfStations(this.#client, this.#within(query));
  }

  async span(): Promise<TimeSpan | undefined> {
    const window = { from: this.#earliest(), to: Number.POSITIVE_INFINITY };
    const first = await edgeTime(this.#client, 'first', { measurement: 'reading' }, window);
    const last = await edgeTime(this.#client, 'last', { measurement: 'reading' }, window);
    return first === undefined || last === undefined ? undefined : { first, last };
  }

  async hoursAndGaps(query: HoursAndGapsQuery): Promise<HoursAndGaps> {
    return { hours: await this.hours(query), gaps: await this.gaps({ ...query, offsetMs: query.gapsOffsetMs }) };
  }

  gaps(query: GapsQuery): Promise<DayGap[]> {
    return gapsOf(this.#client, this.#within(query));
  }

  lastTimes(): Promise<Map<string, number>> {
    return lastTimes(this.#client, this.#earliest());
  }

  seriesOf(stationId: string): Promise<Extent[]> {
    return extentsOf(this.#client, stationId, this.#earliest());
  }

  cells(from: number, to: number): AsyncIterable<CellBlock> {
    return cellBlocks(this.#client, this.#within({ from, to }));
  }

  scan(query: ScanQuery): AsyncIterable<Reading[]> {
    return scanPages(this.#client, this.#within(query));
  }

  courses(query: CoursesQuery): Promise<SensorCourse[]> {
    return coursesOfStations(this.#client, this.#within(query));
  }

  health(query: HealthQuery): Promise<HealthRow[]> {
    return healthRows(this.#client, this.#within(query));
  }

  fingerprints(from: number): AsyncIterable<StoredFingerprint[]> {
    return fingerprintPages(this.#client, Math.max(from, this.#earliest()));
  }

  async remove(query: RemovalQuery): Promise<void> {
    const { stationId, sensor, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
    const series = sensor === undefined ? stationIs(stationId) : seriesIs(stationId, sensor);
    const measurements = sensor === undefined ? ['reading', 'extra', 'message'] : ['reading', 'extra'];
    this.#refuseWithoutDeletion();
    await removeWithRollups(this.rollups, { stationId, sensor, from, to }, () =>
      this.#delete(measurements, `${series} AND ${timeIn(from, to)}`),
    );
  }

  async prune(before: number, except: readonly string[] = []): Promise<void> {
    this.#refuseWithoutDeletion();
    // Before anything goes: rows that rest on what is gone must not be made anew, whatever happens in between.
    await this.#client.write([`pruning until=${wholeMs(before)} ${this.#clock()}`]);
    await this.#delete(['reading', 'extra', 'message'], beforeAndNotOf(before, except));
  }

  async prunedUntil(): Promise<number | undefined> {
    const since = timeIn(this.#earliest(), Number.POSITIVE_INFINITY);
    const [series] = await this.#client.query(`SELECT max("until") FROM pruning WHERE ${since}`);
    const until = series?.values[0]?.[1];
    return until === undefined || until === null ? undefined : Number(until);
  }

  async prunable(before: number, except: readonly string[] = []): Promise<{ readings: number; stations: number }> {
    const where = beforeAndNotOf(before, except);
    const found = await this.#client.query(`SELECT count(flags) FROM reading WHERE ${where} GROUP BY station`);
    const counts = found.map(({ values }) => Number(values[0]?.[1] ?? 0)).filter((count) => count > 0);
    return { readings: counts.reduce((sum, count) => sum + count, 0), stations: counts.length };
  }

  /** The server does not tell how many bytes a database takes: 0. */
  async stats(): Promise<StoreStats> {
    this.#readings ??= await this.#countReadings();
    return { readings: this.#readings, bytes: 0 };
  }

  #refuseWithoutDeletion(): void {
    if (!this.#open().dialect.canDelete) throw new Error('This InfluxDB (3 Core) cannot delete rows');
  }

  async #delete(measurements: readonly string[], condition: string): Promise<void> {
    this.#refuseWithoutDeletion();
    this.#readings = undefined;
    for (const measurement of measurements) await this.#client.query(`DELETE FROM ${measurement} WHERE ${condition}`);
  }

  async #countReadings(): Promise<number> {
    const where = timeIn(this.#earliest(), Number.POSITIVE_INFINITY);
    const [series] = await this.#client.query(`SELECT count(flags) FROM reading WHERE ${where}`);
    return Number(series?.values[0]?.[1] ?? 0);
  }

  /** Newest time of anything stored. A server that shows only recent data may hold older: all up to now counts as late. */
  async #newestTime(dialect: InfluxDialect): Promise<number> {
    const isAllVisible = dialect.maxLookBackMs === Number.POSITIVE_INFINITY;
    const from = this.#clock() - dialect.maxLookBackMs;
    const window = { from, to: Number.POSITIVE_INFINITY };
    const times = [
      isAllVisible ? undefined : this.#clock(),
      await edgeTime(this.#client, 'last', { measurement: 'reading' }, window),
      await edgeTime(this.#client, 'last', { measurement: 'message' }, window),
    ];
    return Math.max(...times.map((time) => time ?? Number.NEGATIVE_INFINITY));
  }

  async #checkSchema(dialect: InfluxDialect): Promise<void> {
    const visible = timeIn(this.#clock() - dialect.maxLookBackMs, Number.POSITIVE_INFINITY);
    const [series] = await this.#client.query(`SELECT last(schema_version) FROM meta WHERE ${visible}`);
    const stored = Number(series?.values[0]?.[1] ?? 0);
    if (stored > SCHEMA_VERSION) {
      throw new Error(
        `The InfluxDB database has schema version ${stored}, this program knows ${SCHEMA_VERSION}: install the newer version again`,
      );
    }
    // Written at every start and read from the newest: a bucket's retention would drop an old one.
    await this.#client.write([`meta schema_version=${SCHEMA_VERSION} ${this.#clock()}`]);
  }

  #open(): Opened {
    if (this.#opened === undefined) throw new StoreUnavailableError('InfluxDB is not connected');
    return this.#opened;
  }

  #earliest(): number {
    return this.#clock() - this.#open().dialect.maxLookBackMs;
  }

  /** A query's window, cut to what the server lets us read. */
  #within<Q extends { from: number; to: number }>(query: Q): Q {
    return { ...query, from: Math.max(query.from, this.#earliest()) };
  }
}

/** Everything measured before, but not of these stations. */
function beforeAndNotOf(before: number, except: readonly string[]): string {
  const time = timeIn(Number.NEGATIVE_INFINITY, before);
  return except.length === 0 ? time : `${time} AND ${except.map(stationIsNot).join(' AND ')}`;
}
