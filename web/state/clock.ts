import { type ReadonlySignal, type Signal, signal } from '@preact/signals';

/** Ages are shown in minutes and rings in 50 s steps; every 5 s is often enough to be right. */
const TICK_MS = 5_000;
/** Below this the difference to the server is the network's, not the clock's. */
const TOLERATED_SKEW_MS = 2_000;

/**
 * The server's clock as this browser knows it: many phones are minutes off, and an age must not depend on it. Ticks, so
 * that silence makes a station stale with no message arriving; stands still while the reader paused updates.
 */
export class Clock {
  readonly #now: Signal<number>;
  readonly #local: () => number;
  #offset = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(local: () => number) {
    this.#local = local;
    this.#now = signal(local());
  }

  /** Epoch ms, changes every few seconds. */
  get now(): ReadonlySignal<number> {
    return this.#now;
  }

  /** Corrects the clock by a state the server made just now. */
  sync(serverNow: number): void {
    const offset = serverNow - this.#local();
    this.#offset = Math.abs(offset) > TOLERATED_SKEW_MS ? offset : 0;
    this.tick();
  }

  start(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.tick(), TICK_MS);
    this.tick();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  tick(): void {
    this.#now.value = this.#local() + this.#offset;
  }
}
