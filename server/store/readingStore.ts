import type { SensorCourse } from '../domain/means/course.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { AcceptedMessage, DeviceHealth, Reading } from '../domain/reading.ts';
import type { RollupStore } from './rollupStore.ts';

/** The store cannot be reached or cannot write now: nothing was acknowledged, try again later. */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
}

/**
 * What became of one message. `stored`: at least one field is new. `duplicate`: everything was there already with the
 * same values (acknowledge it, fold nothing). `conflict`: some field was there with another value; the first value
 * stays, the fields named were refused, any new ones are stored.
 */
export interface AppendOutcome {
  result: 'stored' | 'duplicate';
  /** `sensor.quantity` of refused fields. */
  conflicts: string[];
  /** Readings with only the fields that are new; empty for a duplicate. What the aggregator folds. */
  stored: Reading[];
}

/** Epoch-aligned buckets stores can group by, ms. */
export type BucketMs = 300_000 | 900_000 | 3_600_000 | 86_400_000;

/** Statistics over the valid values of one bucket. Empty buckets are omitted. */
export interface Bucket {
  /** Epoch ms, start of `[start, start + bucketMs)`. */
  start: number;
  count: number;
  mean: number;
  min: number;
  max: number;
  sum: number;
  median: number;
}

/** One clock hour. */
export interface HourBucket extends Bucket {
  /** Values in each 20-minute third. */
  thirds: [number, number, number];
}

/** One series of one station, half-open window `[from, to)`, epoch ms. */
export interface SeriesQuery {
  stationId: string;
  sensor: string;
  quantity: Quantity;
  from: number;
  to: number;
}

/** A raw value as stored. */
export interface RawValue {
  measuredAt: number;
  value: number;
  /** The flags that concern this quantity; those of other quantities of the reading are left out. */
  flags: number;
}

/** A stored message's health row. */
export interface HealthRow extends DeviceHealth {
  measuredAt: number;
  receivedAt: number;
}

/** One quantity of one instrument of a station. */
export interface SeriesKey {
  stationId: string;
  sensor: string;
  quantity: Quantity;
}

/**
 * What was measured in a stretch of time, as columns: an object a cell would cost more than reading it. Cell `c` of the
 * series at place `s` is at `s * cellCount + c`; a series may have nothing here. Good until the next block is asked for.
 */
export interface CellBlock {
  readonly series: readonly SeriesKey[];
  /** Start of the first 5-minute cell, epoch ms. */
  readonly start: number;
  readonly cellCount: number;
  /** Valid values in each cell; where it is 0 the sums, minima and maxima mean nothing. */
  readonly counts: Uint32Array;
  readonly sums: Float64Array;
  readonly mins: Float64Array;
  readonly maxs: Float64Array;
  /** Newest raw value of each series, flagged or not: epoch ms (-Infinity: none in this block), value, flag mask. */
  readonly latestTimes: Float64Array;
  readonly latestValues: Float64Array;
  readonly latestFlags: Float64Array;
}

/** What `raw` gives: at most `limit` values of a series. */
export type RawQuery = SeriesQuery & { limit?: number };
/** How `buckets` divides a series; `offsetMs` shifts the alignment (UTC+1 days: 3_600_000). */
export type BucketsQuery = SeriesQuery & { bucketMs: BucketMs; offsetMs?: number };
/** How `hours` divides a series; `offsetMs` as for buckets. */
export type HourBucketsQuery = SeriesQuery & { offsetMs?: number };
/** Of which instrument `gaps` tells; its days begin `offsetMs` before midnight UTC. */
export type GapsQuery = Omit<SeriesQuery, 'quantity'> & { offsetMs: number };
/** Hours of a series and, by days that begin `gapsOffsetMs` before midnight UTC, its gaps. */
export type HoursAndGapsQuery = HourBucketsQuery & { gapsOffsetMs: number };

/** One station in a half-open window, epoch ms. */
export interface StationQuery {
  stationId: string;
  from: number;
  to: number;
}
/** At most `limit` health rows of a station. */
export type HealthQuery = StationQuery & { limit?: number };
/** All stations' readings, or one's, in a half-open window, epoch ms. */
export type ScanQuery = Omit<StationQuery, 'stationId'> & { stationId?: string };
/** A station's rows, or only those of a sensor or a half-open window, epoch ms. */
export type RemovalQuery = Partial<StationQuery> & { stationId: string; sensor?: string };

/** Some stations in a half-open window, epoch ms. */
export interface StationsQuery {
  stationIds: readonly string[];
  from: number;
  to: number;
}

/** The median `interval`, ms, that a station's devices sent in the hour from `start`, epoch ms. */
export interface HourInterval {
  start: number;
  intervalMs: number;
}

/** The median gap between an instrument's readings, ms, on the day from `start`, epoch ms. */
export interface DayGap {
  start: number;
  medianMs: number;
}

/** What `hoursAndGaps` gives. */
export interface HoursAndGaps {
  hours: HourBucket[];
  gaps: DayGap[];
}

/** Times of the first and the last reading, epoch ms. */
export interface TimeSpan {
  first: number;
  last: number;
}

/** What a station ever stored of one series. */
export interface Extent extends TimeSpan {
  sensor: string;
  quantity: Quantity;
}

/** Fingerprint of an unstamped message, in two halves. */
export interface StoredFingerprint {
  stationId: string;
  measuredAt: number;
  hi: number;
  lo: number;
}

/** How many rows of readings a pruning would remove, and of how many stations. */
export interface Prunable {
  readings: number;
  stations: number;
}

/** Rows of readings, and bytes of everything. */
export interface StoreStats {
  readings: number;
  bytes: number;
}

/** Which readings `courses` gives; epoch ms, half-open. */
export type CoursesQuery = StationsQuery & { only?: Quantity };

/**
 * Where readings live. Two implementations, DuckDB and InfluxDB; `tests/store/readingStoreContract.ts` holds both to
 * this text. All numbers are float64; a missing value is an absent field; windows are half-open; times epoch ms UTC.
 */
export interface ReadingStore {
  /** Rows of closed hours and days made from the readings. */
  readonly rollups: RollupStore;
  /** Opens or creates; throws with a clear message when it cannot. */
  open(): Promise<void>;
  /** Flushes and closes; afterwards the file can be opened by somebody else. */
  close(): Promise<void>;
  /** Resolves when the store answers; rejects with StoreUnavailableError. */
  ping(): Promise<void>;
  /**
   * Stores a batch durably: resolves after fsync or the server's 204, rejects with StoreUnavailableError when nothing
   * of it counts as stored (a retry is safe). Per field the first value wins, also within the batch. Outcomes are in
   * the order of `messages`. Calls that overlap (the committer's and an import's) take turns.
   */
  append(messages: readonly AcceptedMessage[]): Promise<AppendOutcome[]>;
  /** Raw values in time order, flagged ones included, at most `limit`. */
  raw(query: RawQuery): Promise<RawValue[]>;
  /** Buckets in time order, over valid values only; `offsetMs` shifts the alignment (UTC+1 days: 3_600_000). */
  buckets(query: BucketsQuery): Promise<Bucket[]>;
  /** Clock hours in time order, over valid values only: what hourly means are judged by. `offsetMs` as for `buckets`. */
  hours(query: HourBucketsQuery): Promise<HourBucket[]>;
  /** Per clock hour of UTC (start, epoch ms) the median `interval`, ms, that a station's devices sent; in time order. */
  intervals(query: StationQuery): Promise<HourInterval[]>;
  /** `intervals` of some stations, by station; one without any is absent. */
  intervalsOf(query: StationsQuery): Promise<Map<string, HourInterval[]>>;
  /**
   * Per day, beginning `offsetMs` before midnight UTC, the median gap between an instrument's readings, ms, of days with
   * `MIN_GAPS` gaps or more; in time order. A gap belongs to the day it ends in; rows of one time are one reading.
   */
  gaps(query: GapsQuery): Promise<DayGap[]>;
  /** `hours` and, of the same window, `gaps` by days at `gapsOffsetMs`: in one pass where a store can. */
  hoursAndGaps(query: HoursAndGapsQuery): Promise<HoursAndGaps>;
  /** Every sensor and quantity a station ever stored valid or flagged values of, with first and last time. */
  seriesOf(stationId: string): Promise<Extent[]>;
  /** Time of each station's newest reading, epoch ms: reads the whole store. Stations without readings are absent. */
  lastTimes(): Promise<Map<string, number>>;
  /** Times of the first and the last reading of all; undefined while there is none. */
  span(): Promise<TimeSpan | undefined>;
  /** 5-minute cells and newest values of all stations in `[from, to)`, in no order: what warms the aggregator. */
  cells(from: number, to: number): AsyncIterable<CellBlock>;
  /** Readings (partial rows of one key merged) in time order, in pages: export, rollups, rebuild. */
  scan(query: ScanQuery): AsyncIterable<Reading[]>;
  /**
   * The same of some stations as columns, one course an instrument, without unknown quantities: what rollups are made
   * from. `only`: valid values of one quantity, without flags.
   */
  courses(query: CoursesQuery): Promise<SensorCourse[]>;
  /** Health rows of a station in time order. */
  health(query: HealthQuery): Promise<HealthRow[]>;
  /** Fingerprints of unstamped messages measured since `from`: restores the redelivery guard after a restart. */
  fingerprints(from: number): AsyncIterable<StoredFingerprint[]>;
  /**
   * Removes a station's rows (readings, health, extras), or only those of a sensor or a window. Durable when resolved.
   * Rollup rows go with all readings of a station or sensor; those of a window are marked as dirty.
   */
  remove(query: RemovalQuery): Promise<void>;
  /**
   * Removes everything measured before, of all stations but `except`. That it did is noted with it, in `prunedUntil`.
   * Rows of hours and days stay.
   */
  prune(before: number, except?: readonly string[]): Promise<void>;
  /** Readings measured before it were pruned, epoch ms; undefined when none ever were. */
  prunedUntil(): Promise<number | undefined>;
  /** What `prune` would remove: rows of readings, and of how many stations. */
  prunable(before: number, except?: readonly string[]): Promise<Prunable>;
  /** Rows and bytes, for metrics and doctor. */
  stats(): Promise<StoreStats>;
}

const LATEST_TIME_MS = 8_640_000_000_000_000;

/**
 * A bound of a half-open window as whole ms: `time < 1.5` and `time < 2` mean the same for whole times. Infinite bounds
 * become the last time a `Date` can hold.
 */
export function wholeMs(bound: number): number {
  return Math.ceil(Math.min(Math.max(bound, -LATEST_TIME_MS), LATEST_TIME_MS));
}
