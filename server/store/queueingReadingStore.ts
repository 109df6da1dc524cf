import type { SensorCourse } from '../domain/means/course.ts';
import type { AcceptedMessage, Reading } from '../domain/reading.ts';
import { SegmentQueue } from './queueingSegments.ts';
import { within } from './queueingWithin.ts';
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
  type Prunable,
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
} from './readingStore.ts';

/** What stands behind the queue and where batches wait. */
export interface QueueingReadingStoreOptions {
  store: ReadingStore;
  /** Folder of the waiting batches; made when missing. */
  folder: string;
  /** Bytes that may wait; beyond them `append` rejects, so that nothing is acknowledged. */
  limitBytes: number;
  /** Told what became of messages that had waited, where conflicts are counted: their senders were told `stored`. */
  onDrained?: (messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]) => void;
  /** Told when the store goes away, once until it is back. */
  onUnavailable?: (error: StoreUnavailableError) => void;
  /** Told when everything that waited has come through. */
  onEmptied?: () => void;
  /** Pause between attempts to reach the store, ms. */
  retryMs?: number;
  /** Longest a batch waits for the store before it goes to the queue, ms: senders give up after 5 s. */
  holdMs?: number;
}

/** What waits, and what came through, since the start. */
export interface QueueCounts {
  queuedMessages: number;
  queuedBytes: number;
  drainedMessages: number;
}

/** Messages in one append of the store behind; small batches that waited are joined. */
const DRAIN_BATCH = 5_000;

/**
 * Puts a queue on disk in front of a store on another machine: when that is away, batches wait here, fsynced, and flow in
 * later, in order. While anything waits, new batches go behind it. What waits is acknowledged but not yet admitted: its
 * outcome is `stored` without looking, and queries do not see it. A batch that was under way when the store or this
 * process failed may be appended again; the store's keys make that a duplicate.
 */
export class QueueingReadingStore implements ReadingStore {
  readonly #options: Required<QueueingReadingStoreOptions>;
  readonly #store: ReadingStore;
  readonly #queue: SegmentQueue;
  #isStoreOpen = false;
  /** `onUnavailable` has been told of the present outage. */
  #isAwayTold = false;
  #isClosing = false;
  #drainedMessages = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  /** The attempt to empty the queue that is under way. */
  #draining: Promise<void> | undefined;
  /** An append that took too long to be waited for, until it is settled. */
  #straggler: Promise<unknown> | undefined;

  constructor(options: QueueingReadingStoreOptions) {
    const ignore = () => undefined;
    const quiet = { onDrained: ignore, onUnavailable: ignore, onEmptied: ignore };
    this.#options = { ...quiet, retryMs: 1_000, holdMs: 3_000, ...options };
    this.#store = options.store;
    this.#queue = new SegmentQueue(options);
  }

  get rollups(): ReadingStore['rollups'] {
    return this.#store.rollups;
  }

  /** Opens also while the store is away; wrong settings still throw. */
  async open(): Promise<void> {
    await this.#queue.open();
    try {
      await this.#openStore();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.#tellAway(error);
    }
    this.#retryTimer = setInterval(() => void this.#tryDrain(), this.#options.retryMs).unref();
    void this.#tryDrain();
  }

  /** What waits stays on disk for the next start. */
  async close(): Promise<void> {
    clearInterval(this.#retryTimer);
    this.#isClosing = true;
    await within(this.#options.holdMs, this.#draining);
    await this.#queue.close();
    await this.#store.close();
  }

  get counts(): QueueCounts {
    const { queuedMessages, queuedBytes } = this.#queue;
    return { queuedMessages, queuedBytes, drainedMessages: this.#drainedMessages };
  }

  /** Rejects while the store is away, although batches are taken. */
  ping(): Promise<void> {
    return this.#store.ping();
  }

  async append(messages: readonly AcceptedMessage[]): Promise<AppendOutcome[]> {
    // Almost empty: wait for the rest instead of going behind it, or a steady stream would never let the queue end.
    if (this.#queue.segments === 1) await within(this.#options.holdMs, this.#draining);
    const outcomes = this.#isDirect() ? await this.#attempt(messages) : undefined;
    if (outcomes) return outcomes;
    await this.#queue.push(messages);
    return messages.map(({ readings }) => ({ result: 'stored', conflicts: [], stored: readings }));
  }

  /** First lets everything that waits through, or it would come back after the removal. */
  async remove(query: RemovalQuery): Promise<void> {
    await this.#emptied();
    await this.#store.remove(query);
  }

  /** As `remove`. */
  async prune(...what: Parameters<ReadingStore['prune']>): Promise<void> {
    await this.#emptied();
    await this.#store.prune(...what);
  }

  prunedUntil(): Promise<number | undefined> {
    return this.#store.prunedUntil();
  }

  prunable(...what: Parameters<ReadingStore['prunable']>): Promise<Prunable> {
    return this.#store.prunable(...what);
  }

  raw(query: RawQuery): Promise<RawValue[]> {
    return this.#store.raw(query);
  }

  buckets(query: BucketsQuery): Promise<Bucket[]> {
    return this.#store.buckets(query);
  }

  hours(query: HourBucketsQuery): Promise<HourBucket[]> {
    return this.#store.hours(query);
  }

  intervals(query: StationQuery): Promise<HourInterval[]> {
    return this.#store.intervals(query);
  }

  intervalsOf(query: StationsQuery): Promise<Map<string, HourInterval[]>> {
    return this.#store.intervalsOf(query);
  }

  span(): Promise<TimeSpan | undefined> {
    return this.#store.span();
  }

  hoursAndGaps(query: HoursAndGapsQuery): Promise<HoursAndGaps> {
    return this.#store.hoursAndGaps(query);
  }

  gaps(query: GapsQuery): Promise<DayGap[]> {
    return this.#store.gaps(query);
  }

  lastTimes(): Promise<Map<string, number>> {
    return this.#store.lastTimes();
  }

  seriesOf(stationId: string): Promise<Extent[]> {
    return this.#store.seriesOf(stationId);
  }

  cells(from: number, to: number): AsyncIterable<CellBlock> {
    return this.#store.cells(from, to);
  }

  scan(query: ScanQuery): AsyncIterable<Reading[]> {
    return this.#store.scan(query);
  }

  courses(query: CoursesQuery): Promise<SensorCourse[]> {
    return this.#store.courses(query);
  }

  health(query: HealthQuery): Promise<HealthRow[]> {
    return this.#store.health(query);
  }

  /** What waits is acknowledged and comes first: a store that is away must not hide it. */
  async *fingerprints(from: number): AsyncGenerator<StoredFingerprint[]> {
    for await (const messages of this.#queue.waiting())
      yield messages.flatMap((message) => fingerprintOf(message, from));
    yield* this.#store.fingerprints(from);
  }

  stats(): Promise<StoreStats> {
    return this.#store.stats();
  }

  #isDirect(): boolean {
    return this.#isStoreOpen && this.#queue.segments === 0 && this.#straggler === undefined;
  }

  /** Outcomes of an append to the store; nothing when it is away or takes too long. */
  async #attempt(messages: readonly AcceptedMessage[]): Promise<AppendOutcome[] | undefined> {
    const append = this.#store.append(messages);
    try {
      const outcomes = await within(this.#options.holdMs, append);
      if (outcomes === undefined) this.#await(append);
      return outcomes;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.#tellAway(error);
      return undefined;
    }
  }

  #await(append: Promise<unknown>): void {
    this.#tellAway(new StoreUnavailableError('The store takes too long'));
    const clear = () => {
      if (this.#straggler === settled) this.#straggler = undefined;
    };
    // However it ends, its batch is in the queue by now and will be appended again.
    const settled: Promise<void> = append.then(clear, clear);
    this.#straggler = settled;
  }

  async #openStore(): Promise<void> {
    await this.#store.open();
    this.#isStoreOpen = true;
    this.#isAwayTold = false;
  }

  async #emptied(): Promise<void> {
    await this.#tryDrain();
    if (!this.#isDirect()) throw new StoreUnavailableError('Readings still wait for the store');
  }

  /** Never rejects: what fails is tried again by the timer. */
  #tryDrain(): Promise<void> {
    this.#draining ??= this.#drain()
      .catch((cause: unknown) => {
        const error = new StoreUnavailableError('The store does not take what waits for it', { cause });
        this.#tellAway(cause instanceof StoreUnavailableError ? cause : error);
      })
      .finally(() => {
        this.#draining = undefined;
      });
    return this.#draining;
  }

  async #drain(): Promise<void> {
    await this.#straggler;
    if (!this.#isStoreOpen) await this.#openStore();
    if (this.#queue.segments > 0) await this.#store.ping();
    while (this.#queue.segments > 0 && !this.#isClosing) {
      const messages = await this.#queue.oldest();
      for (let start = 0; start < messages.length; start += DRAIN_BATCH) {
        const batch = messages.slice(start, start + DRAIN_BATCH);
        const outcomes = await this.#store.append(batch);
        this.#drainedMessages += batch.length;
        this.#options.onDrained(batch, outcomes);
      }
      await this.#queue.dropOldest();
      this.#isAwayTold = false;
      if (this.#queue.segments === 0) this.#options.onEmptied();
    }
  }

  #tellAway(error: StoreUnavailableError): void {
    if (this.#isAwayTold) return;
    this.#isAwayTold = true;
    this.#options.onUnavailable(error);
  }
}

function fingerprintOf({ stationId, measuredAt, fingerprint }: AcceptedMessage, from: number) {
  return fingerprint === undefined || measuredAt < from ? [] : [{ stationId, measuredAt, ...fingerprint }];
}
