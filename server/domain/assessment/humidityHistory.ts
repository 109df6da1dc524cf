import { HOUR_MS, MINUTE_MS } from '../durations.ts';

/** DHT22 stops at 99.9 %, BME280 at 100 %. */
export const WET_END = 99.9;
/** 1.0 % is a stuck DHT22 (airRohr firmware issue 737): no weather here is as dry. */
export const DRY_END = 1;

/** Step between two readings, percentage points, and how close they must be, ms: air does not change so fast. */
const FLIP = 30;
const FLIP_WITHIN_MS = 10 * MINUTE_MS;
/** So many flips or dry ends in the window prove a broken sensor; one flip happens when somebody opens a window. */
const PROOFS = 3;
/**
 * What is looked back on. Fog keeps a sound sensor at its wet end for a day; two days without leaving it is a stuck
 * one.
 */
const WINDOW_HOURS = 48;
/** Hours of the window that must hold readings before "never left" says anything: a silence between equal ones does not. */
const HEARD_HOURS = 36;
/** Where the wet readings and the proofs of an hour stand behind its readings. */
const WET = 1;
const PROOFS_SEEN = 2;
/**
 * A sensor proved broken stays so for this long after the last proof, ms: the Bochum one pauses for days between its
 * flips.
 */
export const BROKEN_FOR_MS = 14 * 24 * HOUR_MS;

/**
 * What one humidity sensor did over the last two days, and whether it works. The DHT22 of the Bochum archive flips
 * between 1 and 99.9 % in 82 % of its rows; judged by it, every second reading there would be "humid". Readings come
 * in order of time.
 */
export class HumidityHistory {
  /** Readings, wet ones and proofs of each hour; one array, since fifteen thousand sensors each have theirs. */
  readonly #counts = new Uint16Array(WINDOW_HOURS * 3);
  /** Sums of the three over the window, and hours of it that hold readings. */
  #totals = { readings: 0, wet: 0, proofs: 0, hours: 0 };
  #hour = Number.NEGATIVE_INFINITY;
  #value = Number.NaN;
  #measuredAt = Number.NEGATIVE_INFINITY;
  #runSince = Number.NEGATIVE_INFINITY;
  #provedAt: number;

  /** `provedAt`: when it was proved broken last, as far as known from before; epoch ms. */
  constructor(provedAt = Number.NEGATIVE_INFINITY) {
    this.#provedAt = provedAt;
  }

  /** Time of the last proof that it is broken; minus infinity for none. */
  get provedAt(): number {
    return this.#provedAt;
  }

  /** The last value, %. */
  get value(): number {
    return this.#value;
  }

  /** Time of the last value, epoch ms; minus infinity before the first. */
  get measuredAt(): number {
    return this.#measuredAt;
  }

  /** It was proved broken at `provedAt`, epoch ms, by readings that are not looked back on any more. */
  noteProof(provedAt: number): void {
    this.#provedAt = Math.max(this.#provedAt, provedAt);
  }

  /** Takes the next reading, %. */
  add(measuredAt: number, humidity: number): void {
    this.#forgetUntil(Math.floor(measuredAt / HOUR_MS));
    const isFlip = Math.abs(humidity - this.#value) > FLIP && measuredAt - this.#measuredAt <= FLIP_WITHIN_MS;
    this.#count(humidity >= WET_END, isFlip || humidity <= DRY_END);
    if (humidity !== this.#value) this.#runSince = measuredAt;
    this.#value = humidity;
    this.#measuredAt = measuredAt;
    if (this.#isProved()) this.#provedAt = measuredAt;
  }

  /**
   * True when what it says about the air cannot be used: it flipped, lay at its dry end, or did not leave one value
   * or the wet end for two days.
   */
  get isBroken(): boolean {
    return this.#measuredAt - this.#provedAt <= BROKEN_FOR_MS;
  }

  #isProved(): boolean {
    const { readings, wet, proofs, hours } = this.#totals;
    if (proofs >= PROOFS) return true;
    const hasStayed = wet === readings || this.#measuredAt - this.#runSince >= WINDOW_HOURS * HOUR_MS;
    return hasStayed && hours >= HEARD_HOURS;
  }

  #count(isWet: boolean, isProof: boolean): void {
    const counts = this.#counts;
    const slot = slotOf(this.#hour);
    if (counts[slot] === 0) this.#totals.hours += 1;
    counts[slot]! += 1;
    this.#totals.readings += 1;
    if (isWet) {
      counts[slot + WET]! += 1;
      this.#totals.wet += 1;
    }
    if (isProof) {
      counts[slot + PROOFS_SEEN]! += 1;
      this.#totals.proofs += 1;
    }
  }

  #forgetUntil(hour: number): void {
    for (let passed = Math.max(this.#hour + 1, hour - WINDOW_HOURS + 1); passed <= hour; passed++) {
      const slot = slotOf(passed);
      this.#totals.readings -= this.#counts[slot]!;
      this.#totals.wet -= this.#counts[slot + WET]!;
      this.#totals.proofs -= this.#counts[slot + PROOFS_SEEN]!;
      if (this.#counts[slot]! > 0) this.#totals.hours -= 1;
      this.#counts.fill(0, slot, slot + 3);
    }
    this.#hour = Math.max(this.#hour, hour);
  }
}

/** Where the counts of an hour begin. */
function slotOf(hour: number): number {
  return (hour % WINDOW_HOURS) * 3;
}
