import type { AcceptedMessage } from '../domain/reading.ts';
import { type AppendOutcome, type ReadingStore, StoreUnavailableError } from '../store/readingStore.ts';

/** Who waits for a commit. One object a message, no closure: ten thousand may wait, and what waits is what costs. */
export interface Waiter {
  /** Absent for a caller that only waits for what is ahead of it. */
  message?: AcceptedMessage;
  /** How often it was put off for messages ahead of it that moved; only of one without a message. */
  putOff?: number;
  /** Told once what became of it: an error means not stored, do not acknowledge. */
  committed(error: Error | undefined, outcome?: AppendOutcome): void;
}

/**
 * An unstamped message whose key turns out to be taken moves on by 1 ms, at most so many times; who waits for what is ahead
 * is put off as often, not for as long as others move.
 */
export const MAX_KEY_MOVES = 5;

/** What a committer needs. */
export interface CommitterOptions {
  store: Pick<ReadingStore, 'append'>;
  /** After a commit and after its senders were told: the door to everything that needs history. Same order, same length. */
  onStored: (messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]) => void;
  /** For the log: a failed append, or a failure behind `onStored`. */
  onFailure: (stage: 'append' | 'pass-on', error: Error, messages: number) => void;
  /** Messages that are enough for an append: with so many waiting it waits for no more. */
  fullBatch?: number;
  /** Most messages in one append: what gathered beyond `fullBatch` while the last one ran goes along. */
  maxBatch?: number;
  /** Most messages waiting; further ones are refused with `StoreUnavailableError` and counted. */
  maxWaiting?: number;
  /** Longest pause between two appends while messages come, ms. */
  paceMs?: number;
}

/**
 * An append of one message costs DuckDB 2 to 5 ms of processor time, one of a thousand hardly more. At 160 messages a
 * second (sensor.community) one append each took a third of a core, 25 a second still 10 %, 10 a second 4 %.
 */
const PACE_MS = 100;
/** The pause ends early when nothing came for so long: a client that waits for each acknowledgement waits no longer. */
const QUIET_MS = 10;
/**
 * With so many waiting it ends as soon as the flow ebbs, looked at so often, ms: fifty clients in step are not slowed
 * down, and of a flood all that is on its way comes into one append, so that each connection's acknowledgements go out
 * together and its next messages come in together.
 */
const FLOW_MESSAGES = 32;
const EBB_MS = 5;
/** The flow ebbs when less than this share of its mean comes. */
const EBB_SHARE = 0.25;

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
  /** What the last append brought, until it is handed on. */
  #stored: { messages: readonly AcceptedMessage[]; outcomes: readonly AppendOutcome[] } | undefined;
  #idle: (() => void)[] = [];
  /** When the last append was over. */
  #lastEnd = Number.NEGATIVE_INFINITY;
  /** Ends the pause between two appends early. */
  #wake: (() => void) | undefined;

  constructor(options: CommitterOptions) {
    this.#options = { fullBatch: 4_000, maxBatch: 10_000, maxWaiting: 200_000, paceMs: PACE_MS, ...options };
  }

  /** Messages not yet handed to the store. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Stores the waiter's message with the next batch, and tells it after the commit. */
  commit(waiter: Waiter & { message: AcceptedMessage }): void {
    if (this.#waiting.length >= this.#options.maxWaiting) {
      this.counts.refusedFull++;
      // It may be a first copy that had to move: a repeat that waits for it must not be acknowledged.
      this.#failures++;
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
    if (this.#waiting.length === FLOW_MESSAGES || this.#waiting.length === this.#options.fullBatch) this.#wake?.();
    if (this.#isRunning) return;
    this.#isRunning = true;
    // After this turn of the event loop: everything its sockets delivered goes into the first batch together.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#pause();
      await this.#commitBatch(this.#nextBatch());
      this.#lastEnd = performance.now();
    }
    this.#isRunning = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Lets more come, while more comes. */
  async #pause(): Promise<void> {
    const { paceMs, fullBatch } = this.#options;
    const endsAt = this.#lastEnd + paceMs;
    for (;;) {
      const now = performance.now();
      const before = this.#waiting.length;
      if (now >= endsAt || before >= fullBatch || this.#idle.length > 0) return;
      await this.#sleep(Math.min(endsAt - now, before < FLOW_MESSAGES ? QUIET_MS : EBB_MS));
      if (this.#hasEbbed(before, now)) return;
    }
  }

  /** `before`: how many waited at `since`. */
  #hasEbbed(before: number, since: number): boolean {
    const all = this.#waiting.length;
    if (all === before || before < FLOW_MESSAGES) return all === before;
    const now = performance.now();
    return (all - before) / (now - since) < (EBB_SHARE * all) / (now - this.#lastEnd);
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
    const appending = this.#append(messages);
    await this.#passBefore();
    const outcomes = await appending;
    if (outcomes instanceof Error) {
      this.#failures++;
      for (const waiter of batch) waiter.committed(outcomes);
      return;
    }
    this.#tell(batch, outcomes);
    if (messages.length === 0) return;
    this.#stored = { messages, outcomes };
    // Who waits for what is ahead of it waits for this, too.
    if (this.#waiting.length < this.#options.fullBatch || messages.length < batch.length) this.#pass();
  }

  /** In a flood the next append begins first, and what the last one brought is handed on while the disk is at work. */
  async #passBefore(): Promise<void> {
    if (this.#stored === undefined) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#pass();
  }

  /** A message whose key was taken moves on and waits once more: then whoever waits for it does so too. */
  #tell(batch: readonly Waiter[], outcomes: readonly AppendOutcome[]): void {
    const { length } = this.#waiting;
    let next = 0;
    for (const waiter of batch) if (waiter.message !== undefined) waiter.committed(undefined, outcomes[next++]);
    const hasMoved = this.#waiting.length > length;
    for (const waiter of batch) {
      if (waiter.message !== undefined) continue;
      const putOff = waiter.putOff ?? 0;
      if (hasMoved && putOff < MAX_KEY_MOVES) {
        waiter.putOff = putOff + 1;
        this.#waiting.push(waiter);
      } else waiter.committed(undefined);
    }
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
  #pass(): void {
    if (this.#stored === undefined) return;
    const { messages, outcomes } = this.#stored;
    this.#stored = undefined;
    try {
      this.#options.onStored(messages, outcomes);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error('Passing on failed.', { cause });
      this.#options.onFailure('pass-on', error, messages.length);
    }
  }
}
