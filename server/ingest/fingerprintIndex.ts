/** Which unstamped bytes came in lately: the guard against redelivery without a stamp. */

/** Generations the span is cut into: forgetting drops a whole one, so no entry is ever looked at to expire it. */
const GENERATIONS_PER_SPAN = 4;
/** Slots of a new generation; doubles as it fills. */
const FIRST_CAPACITY = 1024;
/** Fill at which a table doubles. Linear probing stays below 2 probes up to here. */
const MAX_FILL = 0.6;
/** A slot's time when nothing is in it, and when what was in it was taken back. */
const EMPTY = 0;
const REMOVED = 1;

/** Limits of an index. */
export interface FingerprintIndexOptions {
  /** How long an entry is kept at least, ms; a quarter longer at most. */
  spanMs: number;
  /** Most entries kept; beyond, the oldest quarter of the span goes early and `forgottenEarly` counts it. */
  maxEntries: number;
}

/**
 * A set of 64-bit keys with their newest time, in typed arrays: 12 bytes a slot, about 20 to 40 an entry, no objects.
 * At 15,000 stations a day is 9 million entries.
 */
export class FingerprintIndex {
  /** Entries dropped before their time because the index was full. */
  forgottenEarly = 0;
  readonly #options: FingerprintIndexOptions;
  /** Newest first. */
  #generations: Generation[] = [];

  constructor(options: FingerprintIndexOptions) {
    this.#options = options;
  }

  /** Entries held, those taken back included until their generation goes. */
  get size(): number {
    return this.#generations.reduce((sum, generation) => sum + generation.used, 0);
  }

  /** Newest time (epoch ms, cut to the second) the key was added with; undefined when unknown. */
  timeOf(hi: number, lo: number): number | undefined {
    for (const generation of this.#generations) {
      const seconds = generation.find(hi, lo);
      if (seconds !== undefined) return seconds * 1000;
    }
    return undefined;
  }

  /** Remembers the key with its time, epoch ms. `now` decides which generation it joins. */
  add(key: { hi: number; lo: number }, at: number, now: number): void {
    this.#current(now).put(key.hi, key.lo, Math.floor(at / 1000));
  }

  /** Forgets the key, so that the same bytes count as new again. */
  remove(hi: number, lo: number): void {
    for (const generation of this.#generations) generation.take(hi, lo);
  }

  #current(now: number): Generation {
    const width = this.#options.spanMs / GENERATIONS_PER_SPAN;
    const newest = this.#generations[0];
    if (newest !== undefined && now - newest.startedAt < width && !this.#isCrowded(newest)) return newest;
    const next = new Generation(now);
    this.#generations.unshift(next);
    this.#forget(now - this.#options.spanMs - width);
    return next;
  }

  #isCrowded(newest: Generation): boolean {
    return newest.used >= this.#options.maxEntries / GENERATIONS_PER_SPAN;
  }

  #forget(startedBefore: number): void {
    this.#generations = this.#generations.filter((generation) => generation.startedAt >= startedBefore);
    while (this.#generations.length > 1 && this.size > this.#options.maxEntries) {
      this.forgottenEarly += this.#generations.pop()?.used ?? 0;
    }
  }
}

/** One open-addressing table. */
class Generation {
  readonly startedAt: number;
  used = 0;
  #capacity = FIRST_CAPACITY;
  #keys = new Uint32Array(2 * FIRST_CAPACITY);
  #seconds = new Uint32Array(FIRST_CAPACITY);

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  find(hi: number, lo: number): number | undefined {
    const seconds = this.#seconds[this.#slot(hi, lo)] ?? EMPTY;
    return seconds > REMOVED ? seconds : undefined;
  }

  put(hi: number, lo: number, seconds: number): void {
    if (this.used >= this.#capacity * MAX_FILL) this.#grow();
    const slot = this.#slot(hi, lo);
    if (this.#seconds[slot] === EMPTY) this.used++;
    this.#keys[2 * slot] = hi;
    this.#keys[2 * slot + 1] = lo;
    this.#seconds[slot] = Math.max(REMOVED + 1, seconds);
  }

  take(hi: number, lo: number): void {
    const slot = this.#slot(hi, lo);
    if (this.#seconds[slot] !== EMPTY) this.#seconds[slot] = REMOVED;
  }

  /** The key's slot, or the empty one where it would go. */
  #slot(hi: number, lo: number): number {
    const mask = this.#capacity - 1;
    let slot = (lo ^ Math.imul(hi, 0x9e3779b1)) & mask;
    while (this.#seconds[slot] !== EMPTY && !(this.#keys[2 * slot] === hi && this.#keys[2 * slot + 1] === lo)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const keys = this.#keys;
    const seconds = this.#seconds;
    this.#capacity *= 2;
    this.#keys = new Uint32Array(2 * this.#capacity);
    this.#seconds = new Uint32Array(this.#capacity);
    this.used = 0;
    for (let slot = 0; slot < seconds.length; slot++) {
      const at = seconds[slot] ?? EMPTY;
      if (at > REMOVED) this.put(keys[2 * slot] ?? 0, keys[2 * slot + 1] ?? 0, at);
    }
  }
}
