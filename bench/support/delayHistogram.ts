/** Each bucket is 5 % wider than the one before: a quantile is true to 5 %, however long a run is. */
const RATIO = Math.log(1.05);
const BUCKETS = 300;
/** The first bucket ends here, ms; the last at half an hour. */
const FIRST_MS = 0.5;

/** Delays of a run of any length in a fixed space. */
export class DelayHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #max = 0;

  /** Notes one delay, ms. */
  add(ms: number): void {
    const bucket = ms <= FIRST_MS ? 0 : Math.ceil(Math.log(ms / FIRST_MS) / RATIO);
    const at = Math.min(BUCKETS - 1, bucket);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#count++;
    if (ms > this.#max) this.#max = ms;
  }

  /** Delays noted. */
  get count(): number {
    return this.#count;
  }

  /** The largest, ms. */
  get maxMs(): number {
    return this.#max;
  }

  /** For a table or JSON; nothing without any delay. */
  get figures(): Record<string, number> {
    if (this.#count === 0) return {};
    return { p50Ms: this.quantile(0.5), p99Ms: this.quantile(0.99), maxMs: this.maxMs };
  }

  /** Upper end of the bucket in which the share `p` (0 to 1) lies, ms; NaN without any delay. */
  quantile(p: number): number {
    if (this.#count === 0) return Number.NaN;
    let rest = p * this.#count;
    for (const [bucket, count] of this.#counts.entries()) {
      rest -= count;
      if (rest <= 0) return Math.min(this.#max, FIRST_MS * Math.exp(bucket * RATIO));
    }
    return this.#max;
  }
}
