/**
 * Time our own process was at work, ms. A tick that comes late (the machine was busy, the process stopped, the clock set)
 * counts for little more than one in time: what waited meanwhile waited for us, and no device is to blame.
 */
export class AwakeClock {
  readonly #mostPerTickMs: number;
  #awakeMs = 0;
  #tickedAt: number | undefined;

  /** `tickMs`: how often `tick` is to be called. */
  constructor(tickMs: number) {
    this.#mostPerTickMs = 2 * tickMs;
  }

  /** Goes on; `now` as any clock of ours has it, epoch ms. */
  tick(now: number): void {
    this.#awakeMs = this.at(now);
    this.#tickedAt = now;
  }

  /** What this clock shows at `now`. */
  at(now: number): number {
    const sinceMs = now - (this.#tickedAt ?? now);
    return this.#awakeMs + Math.min(Math.max(sinceMs, 0), this.#mostPerTickMs);
  }
}
