import { setTimeout as wait } from 'node:timers/promises';
import { isRejection } from '../server/domain/reading.ts';
import type { Push, Taken } from './push.ts';
import type { Spool, SpoolEntry } from './spool.ts';

/** A device waits this long for the commit; then its push goes to disk. Together with the fsync below a second, ms. */
export const DIRECT_MS = 900;
/** Spooled pushes on their way at once. */
const BATCH = 500;
/** Pause before the other side is tried again, ms. */
const RETRY_MS = 1_000;
/** Longest wait at the end for what is on its way, ms; unanswered, it stays in the spool. */
const LAST_WAIT_MS = 3_000;

/** Where pushes go. */
export interface Destination {
  /**
   * Takes a push to where it is safe for good. `away`: it is not there and should be tried again. May take long, must
   * not reject. The same push may come twice; the destination knows it again.
   */
  deliver: (push: Push, isSpooled: boolean) => Promise<Taken>;
  /** False when there is no point in trying: pushes then go to the spool at once. */
  isThere: () => boolean;
}

/** What delivery needs. */
export interface DeliveryOptions {
  spool: Spool;
  destination: Destination;
  onError: (error: unknown) => void;
  directMs?: number;
  retryMs?: number;
}

/**
 * Takes pushes to safety within a second: straight to the destination, or, while that is slow or away, through the
 * spool, which is emptied in order. Until it is, new pushes queue behind what waits.
 */
export class Delivery {
  readonly #options: Required<DeliveryOptions>;
  /** Deliveries that were too slow for the device and are still running. */
  readonly #underway = new WeakMap<SpoolEntry, Promise<Taken>>();
  readonly #stop = new AbortController();
  #isDraining = false;
  #drained: Promise<void> = Promise.resolve();
  #isOpen = false;
  /** True from the first push that had to wait until none does. */
  #isBehind = true;

  constructor(options: DeliveryOptions) {
    this.#options = { directMs: DIRECT_MS, retryMs: RETRY_MS, ...options };
  }

  /** Begins to empty the spool; before that pushes only go into it. */
  start(): void {
    this.#isOpen = true;
    this.wake();
  }

  /** Takes one push; never rejects. */
  async take(push: Push): Promise<Taken> {
    const { destination, directMs } = this.#options;
    if (this.#isBehind || !destination.isThere()) return this.#spool(push);
    const direct = destination.deliver(push, false);
    const taken = await inTime(direct, directMs);
    return taken === undefined || taken === 'away' ? this.#spool(push, direct) : taken;
  }

  /** The destination may be there again: goes on emptying the spool. */
  wake(): void {
    if (!this.#isOpen || this.#isDraining || this.#stop.signal.aborted) return;
    this.#isDraining = true;
    this.#drained = this.#drain();
  }

  /** Stops emptying the spool; what waits stays on disk. */
  async close(): Promise<void> {
    this.#stop.abort();
    await inTime(this.#drained, LAST_WAIT_MS);
  }

  async #spool(push: Push, direct?: Promise<Taken>): Promise<Taken> {
    const entry = await this.#options.spool.append(push);
    if (entry === undefined) return 'away';
    if (direct !== undefined) this.#underway.set(entry, direct);
    this.#isBehind = true;
    this.wake();
    return 'kept';
  }

  async #drain(): Promise<void> {
    const { signal } = this.#stop;
    const { spool, destination, retryMs } = this.#options;
    while (!signal.aborted && !spool.isEmpty) {
      const isGoing = destination.isThere() && (await this.#deliverOldest());
      if (!isGoing) await pause(retryMs, signal);
    }
    this.#isBehind = !spool.isEmpty;
    this.#isDraining = false;
  }

  /** Delivers what has waited longest. False when something has to be tried again after a pause. */
  async #deliverOldest(): Promise<boolean> {
    const { spool, onError } = this.#options;
    try {
      const entries = await spool.oldest(BATCH);
      const areDone = await Promise.all(entries.map((entry) => this.#deliverEntry(entry)));
      const isGoing = areDone.every(Boolean);
      // Only what came in the meantime is left: the next pushes need not queue behind that.
      if (isGoing && entries.length < BATCH) this.#isBehind = false;
      if (entries.length === 0) await spool.written();
      return isGoing;
    } catch (error) {
      onError(error);
      return false;
    }
  }

  /** True when the entry needs to be kept no longer. */
  async #deliverEntry(entry: SpoolEntry): Promise<boolean> {
    const { spool, destination } = this.#options;
    const earlier = await this.#underway.get(entry);
    this.#underway.delete(entry);
    const taken = earlier === undefined || earlier === 'away' ? await destination.deliver(entry.push, true) : earlier;
    if (taken !== 'kept' && !isRejection(taken)) return false;
    spool.release(entry);
    return true;
  }
}

/** What came of the work, or undefined when that takes longer than `ms`. */
async function inTime<Result>(work: Promise<Result>, ms: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  const result = await Promise.race([work, late]);
  clearTimeout(timer);
  return result;
}

/** Waits, but not longer than the program runs. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
