import { MINUTE_MS } from '../domain/durations.ts';
import type { Metrics } from '../metrics.ts';
import { put } from '../notices/noticeRecords.ts';
import type { NoticeStore } from '../notices/noticeStore.ts';
import { RateMeter, type Totals } from './rateMeter.ts';

/** How often totals are looked at, and how often the course is kept on disk, ms. */
const SAMPLE_MS = 10_000;
const KEEP_MS = 5 * MINUTE_MS;

/** What the rates are taken from. */
export interface RatesParts {
  store: NoticeStore;
  metrics: Metrics;
  /** Refusals of all reasons since the start. */
  rejections: () => number;
  clock: () => number;
  onError: (error: unknown) => void;
}

/** Messages, readings and refusals over time: of this process, and of those before it in the same data folder. */
export class Rates {
  readonly meter = new RateMeter();
  readonly #parts: RatesParts;
  #timers: NodeJS.Timeout[] = [];
  #keeping: Promise<void> = Promise.resolve();

  constructor(parts: RatesParts) {
    this.#parts = parts;
  }

  /** Takes the course of an earlier process and begins to count. */
  async start(): Promise<void> {
    const { store, onError } = this.#parts;
    this.meter.restore(store.get('rates', 'rates')?.cells ?? []);
    // The doors are open already: what came through them counts, too.
    this.meter.sample(this.#parts.clock(), { messages: 0, readings: 0, rejections: 0 });
    await this.sample();
    const every = (ms: number, work: () => Promise<void>) => setInterval(() => void work().catch(onError), ms).unref();
    this.#timers = [every(SAMPLE_MS, () => this.sample()), every(KEEP_MS, () => this.keep())];
  }

  /** Looks at the totals now. */
  async sample(): Promise<void> {
    const { clock } = this.#parts;
    this.meter.sample(clock(), await this.#totals());
  }

  /** Writes the course to disk. */
  keep(): Promise<void> {
    const { store, clock } = this.#parts;
    const cells = this.meter.cells(clock()).map((cell) => ({ ...cell }));
    this.#keeping = store.write(() => ({ answer: undefined, changes: [put('rates', { id: 'rates', cells })] }));
    return this.#keeping;
  }

  /** Counts no more and keeps what was counted. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#timers.length === 0) return;
    this.#timers = [];
    await this.sample();
    await this.keep();
  }

  async #totals(): Promise<Totals> {
    const { metrics, rejections } = this.#parts;
    let messages = 0;
    for (const [, total] of metrics.messagesReceived.entries()) messages += total;
    const { values } = await metrics.readingsStored.get();
    return { messages, readings: values[0]?.value ?? 0, rejections: rejections() };
  }
}
