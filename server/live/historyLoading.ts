import { setTimeout as wait } from 'node:timers/promises';
import { type Logger, warnOnce } from '../log.ts';
import type { CompatibleApi } from '../sensorCommunity/compatibleApi.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Aggregator } from './aggregator.ts';
import type { LastReadings } from './lastReadings.ts';
import type { LiveAssessment } from './liveAssessment.ts';

const RETRY_MS = 10_000;

/** What history is loaded from, and into what. */
export interface HistoryLoadingParts {
  store: ReadingStore;
  aggregator: Aggregator;
  assessment: LiveAssessment;
  compatibleApi: CompatibleApi;
  lastReadings: LastReadings;
  /** True when there are stations that the last day says nothing of. */
  hasUnknown: () => boolean;
  /** The last hour is there. */
  onWarm: () => void;
  /** So is the last day. */
  onDay: () => void;
  log: Logger;
  clock: () => number;
  /** Pause between attempts, ms; 10 s when left out. */
  warmRetryMs?: number;
}

/**
 * Loads the history the live side needs, again and again while the store is away: first the last hour, without which
 * nothing is shown; then, beside the work, the rest of the day; then what readings are judged by.
 */
export class HistoryLoading {
  readonly #parts: HistoryLoadingParts;
  readonly #warn: ReturnType<typeof warnOnce>;
  #isWarm = false;
  #isDayLoaded = false;
  #isStopped = false;

  constructor(parts: HistoryLoadingParts) {
    this.#parts = parts;
    this.#warn = warnOnce(parts.log);
  }

  /** True when the last hour is in memory. */
  get isWarm(): boolean {
    return this.#isWarm;
  }

  /** True when everything that the last day's figures need is in memory. */
  get isDayLoaded(): boolean {
    return this.#isDayLoaded;
  }

  /** True from the moment on from which a store that closes is no failure. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Resolves when the last hour is there, or the store is away; then it is tried again and again. */
  async start(): Promise<void> {
    if (await this.#warmOnce()) return;
    void this.#warmUntilDone();
  }

  /** From now on a store that closes under the loading is no failure. */
  stop(): void {
    this.#isStopped = true;
  }

  async #warmUntilDone(): Promise<void> {
    do await this.#pause();
    while (!this.#isStopped && !(await this.#warmOnce()));
  }

  async #warmOnce(): Promise<boolean> {
    const { store, aggregator, compatibleApi, clock, onWarm } = this.#parts;
    try {
      const { rest } = await aggregator.warm(store, clock());
      void this.#loadDay(rest);
      await compatibleApi.warm(store, clock());
    } catch (error) {
      this.#warn(error, 'the last hour is not loaded yet');
      return false;
    }
    this.#isWarm = true;
    onWarm();
    return true;
  }

  /** The rest of the day, beside the work; all of it again while the store is away. */
  async #loadDay(rest: Promise<void>): Promise<void> {
    let loading = rest;
    while (!this.#isDayLoaded) {
      try {
        await loading;
        this.#isDayLoaded = true;
        this.#parts.onDay();
        void this.#warmAssessment();
        void this.#loadLast();
      } catch (error) {
        if (!this.#isStopped) this.#warn(error, 'the last day is not loaded yet');
        await this.#pause();
        if (this.#isStopped) return;
        loading = this.#reload();
      }
    }
  }

  async #reload(): Promise<void> {
    const { store, aggregator, clock } = this.#parts;
    const { rest } = await aggregator.warm(store, clock());
    await rest;
  }

  async #warmAssessment(): Promise<void> {
    const { store, assessment, clock, log } = this.#parts;
    try {
      await assessment.warm(store, clock());
    } catch (error) {
      if (!this.#isStopped) log.error({ err: error }, 'readings are judged by what has come since the start');
    }
  }

  /** When those measured last that the day says nothing of. It reads the whole store, so only where there are any. */
  async #loadLast(): Promise<void> {
    const { store, lastReadings, hasUnknown } = this.#parts;
    if (!hasUnknown()) return;
    for (;;) {
      try {
        return await lastReadings.load(store);
      } catch (error) {
        if (!this.#isStopped) this.#warn(error, 'when silent stations measured last is not known yet');
        await this.#pause();
        if (this.#isStopped) return;
      }
    }
  }

  #pause(): Promise<void> {
    return wait(this.#parts.warmRetryMs ?? RETRY_MS, undefined, { ref: false });
  }
}
