/** One reading as two systems may both have it. */
export interface Sighting {
  measuredAt: number;
  pm25?: number | undefined;
  pm10?: number | undefined;
}

/**
 * The same reading reaches two servers within this, ms: the firmware pushes to one after the other and gives each 20 s. No
 * longer: who copies what is public there comes later.
 */
export const SAME_READING_MS = 25_000;
/**
 * This many equal readings are no chance: each agrees in two values of two decimals. They must differ among themselves:
 * two instruments at their full scale, or at zero, say the same for days, and what one of them will say anybody knows.
 */
const NEEDED = 3;
/** Pairs remembered; the one seen first goes first. */
const MAX_PAIRS = 10_000;

/**
 * Whether a mirrored sensor and a station here are one device: they agree in both particulate values of several different readings.
 * A reading that stands alone at the time and says something else begins the count anew.
 */
export class DoubleFinder {
  /** Values both have said at the same time. */
  readonly #matchedByPair = new Map<string, Set<string>>();

  /** Compares a mirrored reading with what the station sent about then; true once they are known to be one. */
  compare(pair: string, mirrored: Sighting, ours: readonly Sighting[]): boolean {
    const near = ours.filter(({ measuredAt }) => Math.abs(measuredAt - mirrored.measuredAt) <= SAME_READING_MS);
    const matched = this.#matchedByPair.get(pair) ?? new Set();
    if (near.some((reading) => isSame(reading, mirrored))) {
      if (matched.size < NEEDED) matched.add(`${mirrored.pm25}/${mirrored.pm10}`);
    } else if (near.length > 0) matched.clear();
    if (matched.size === 0) this.#matchedByPair.delete(pair);
    else this.#keep(pair, matched);
    return matched.size >= NEEDED;
  }

  #keep(pair: string, matched: Set<string>): void {
    this.#matchedByPair.set(pair, matched);
    if (this.#matchedByPair.size <= MAX_PAIRS) return;
    const [first] = this.#matchedByPair.keys();
    if (first !== undefined) this.#matchedByPair.delete(first);
  }
}

/** Two values that are there on both sides, and equal as the firmware writes them. */
function isSame(one: Sighting, other: Sighting): boolean {
  const isEqual = (a: number | undefined, b: number | undefined) =>
    a !== undefined && b !== undefined && Math.abs(a - b) < 0.005;
  return isEqual(one.pm25, other.pm25) && isEqual(one.pm10, other.pm10);
}
