import type { AcceptedMessage } from '../domain/reading.ts';
import { type AppendOutcome, type ReadingStore, StoreUnavailableError } from '../store/readingStore.ts';

/** Who waits for a commit. One object a message, no closure: ten thousand may wait, and what waits is what costs. */
export interface Waiter {
  /** Absent for a caller that only waits for what is ahead of it. */
  message?: AcceptedMessage;
  /** Told once what became of it: an error means not stored, do not acknowledge. */
  committed(error: Error | undefined, outcome?: AppendOutcome): void;
}

/** What a committer needs. */
export interface CommitterOptions {
  store: Pick<ReadingStore, 'append'>;
  /** After a commit and after its senders were told: the door to everything that needs history. Same order, same length. */
  onStored: (messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]) => void;
  /** For the log: a failed append, or a failure behind `onStored`. */
  onFailure: (stage: 'append' | 'pass-on', error: Error, messages: number) => void;
  /** Most messages in one append. */
  maxBatch?: number;
  /** Most messages waiting; further ones are refused with `StoreUnavailableError` and counted. */
  maxWaiting?: number;
  /** Least time between the starts of two appends, ms, unless `EAGER_MESSAGES` wait. */
  paceMs?: number;
}

/**
 * An append of one message costs DuckDB 2 to 5 ms of processor time, one of a thousand hardly more. At 160 messages a
 * second (sensor.community) one append each took a third of a core, 25 a second still 10 %, 10 a second 4 %.
 */
const PACE_MS = 100;
/** The pause ends early when nothing came for so long: a client that waits for each acknowledgement waits no longer. */
const QUIET_MS = 10;
/** With so many waiting an append is worth its price at once: a flood, or fifty clients in step, is never slowed down. */
const EAGER_MESSAGES = 32;

/**
 * Gathers messages into appends: whatever came while the last append ran is the next batch. A lone message is stored at
 * once, a flood in large batches, and what lies between at a steady pace. One append at a time.
 */
export class Committer {
  /** Counters for the metrics. */
  readonly counts = { batches: 0, messages: 0, failedBatches: 0, refusedFull: 0 };
  readonly #options: Required<CommitterOptions>;
  #waiting: Waiter[] = [];
  #isRunning = false;
  #failures = 0;
  #idle: (() => void)[] = [];
  #lastStart = Number.NEGATIVE_INFINITY;
  /** Ends the pause between two appends early. */
  #wake: (() => void) | undefined;

  constructor(options: CommitterOptions) {
    this.#options = { maxBatch: 5_000, maxWaiting: 200_000, paceMs: PACE_MS, ...options };
  }

  /** Messages not yet handed to the store. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Stores the waiter's message with the next batch, and tells it after the commit. */
  commit(waiter: Waiter & { message: AcceptedMessage }): void {
    if (this.#waiting.length >= this.#options.maxWaiting) {
      this.counts.refusedFull++;
      waiter.committed(new StoreUnavailableError('Too many messages wait for the store.'));
      return;
    }
    this.#enqueue(waiter);
  }

  /**
   * Calls `done` once everything accepted before is stored, or with an error when any of it failed. A repeat of a
   * message still in flight waits here: acknowledged earlier, it would be lost if that commit failed.
   */
  afterPending(done: (error: Error | undefined) => void): void {
    if (!this.#isRunning) {
      done(undefined);
      return;
    }
    const failuresBefore = this.#failures;
    this.#enqueue({
      committed: (error) => {
        const hasFailed = error === undefined && failuresBefore !== this.#failures;
        done(hasFailed ? new StoreUnavailableError('An earlier copy was not stored.') : error);
      },
    });
  }

  /** Resolves when nothing waits and no append runs. */
  async drain(): Promise<void> {
    if (!this.#isRunning) return;
    this.#wake?.();
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #enqueue(waiter: Waiter): void {
    this.#waiting.push(waiter);
    if (this.#waiting.length >= EAGER_MESSAGES) this.#wake?.();
    if (this.#isRunning) return;
    this.#isRunning = true;
    // After this turn of the event loop: everything its sockets delivered goes into the first batch together.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#pause();
      this.#lastStart = performance.now();
      await this.#commitBatch(this.#nextBatch());
    }
    this.#isRunning = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Lets more come, while more comes. */
  async #pause(): Promise<void> {
    const endsAt = this.#lastStart + this.#options.paceMs;
    for (let before = -1; before < this.#waiting.length; ) {
      const restMs = endsAt - performance.now();
      if (restMs <= 0 || this.#waiting.length >= EAGER_MESSAGES || this.#idle.length > 0) return;
      before = this.#waiting.length;
      await this.#sleep(Math.min(restMs, QUIET_MS));
    }
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #nextBatch(): Waiter[] {
    if (this.#waiting.length > this.#options.maxBatch) return this.#waiting.splice(0, this.#options.maxBatch);
    const batch = this.#waiting;
    this.#waiting = [];
    return batch;
  }

  async #commitBatch(batch: Waiter[]): Promise<void> {
    const messages: AcceptedMessage[] = [];
    for (const { message } of batch) if (message !== undefined) messages.push(message);
    const outcomes = await this.#append(messages);
    if (outcomes instanceof Error) {
      this.#failures++;
      for (const waiter of batch) waiter.committed(outcomes);
      return;
    }
    let next = 0;
    for (const waiter of batch) waiter.committed(undefined, waiter.message && outcomes[next++]);
    if (messages.length > 0) this.#pass(messages, outcomes);
  }

  async #append(messages: readonly AcceptedMessage[]): Promise<AppendOutcome[] | Error> {
    if (messages.length === 0) return [];
    try {
      const outcomes = await this.#options.store.append(messages);
      if (outcomes.length !== messages.length)
        throw new Error('The store answered for a different number of messages.');
      this.counts.batches++;
      this.counts.messages += messages.length;
      return outcomes;
    } catch (cause) {
      const error = cause instanceof Error ? cause : new StoreUnavailableError('The store failed.', { cause });
      this.counts.failedBatches++;
      this.#options.onFailure('append', error, messages.length);
      return error;
    }
  }

  /** What is stored stays stored and acknowledged, whatever happens behind this door. */
  #pass(messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]): void {
    try {
      this.#options.onStored(messages, outcomes);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error('Passing on failed.', { cause });
      this.#options.onFailure('pass-on', error, messages.length);
    }
  }
}
