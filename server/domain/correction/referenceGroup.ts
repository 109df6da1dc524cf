import { MAD_TO_SIGMA } from '../assessment/robust.ts';
import { GROUP_OUTLIER, MIN_FOR_OUTLIERS, MIN_GROUP, MIN_GROUP_MEAN } from './referenceRatio.ts';

/**
 * The like sensors of one hour near a reference, asked for the factor of each of them without itself. The same as
 * `referenceFactor` of the others, to the last digit, without sorting them anew for each: a year of fifty stations asks
 * 438,000 times.
 */
export class ReferenceGroup {
  readonly #means: readonly number[];
  readonly #logs: Float64Array;
  /** The logs in ascending order, and where each member stands in it. */
  readonly #sorted: Float64Array;
  readonly #placeOf: Uint16Array;
  /** Of the whole group: for sensors that are no members of it. */
  #whole: number | undefined | null = null;

  /** `means`: raw hourly means, µg/m³, finite and not below 0. */
  constructor(means: readonly number[]) {
    this.#means = means;
    this.#logs = Float64Array.from(means, Math.log1p);
    const order = Uint16Array.from(means, (_, at) => at).sort((a, b) => this.#logs[a]! - this.#logs[b]!);
    this.#sorted = Float64Array.from(order, (at) => this.#logs[at]!);
    this.#placeOf = new Uint16Array(means.length);
    for (const [place, at] of order.entries()) this.#placeOf[at] = place;
  }

  /** Reference / mean of the group without one member; -1: without nobody. Undefined where there is no factor. */
  factor(reference: number, without: number): number | undefined {
    if (!(reference > 0) || !Number.isFinite(reference)) return undefined;
    const mean = without === -1 ? this.#wholeMean() : this.#meanWithout(without);
    return mean === undefined || mean < MIN_GROUP_MEAN ? undefined : reference / mean;
  }

  #wholeMean(): number | undefined {
    if (this.#whole === null) this.#whole = this.#meanWithout(-1);
    return this.#whole;
  }

  #meanWithout(without: number): number | undefined {
    const count = this.#means.length - (without === -1 ? 0 : 1);
    if (count < MIN_GROUP) return undefined;
    const [middle, most] = count < MIN_FOR_OUTLIERS ? [0, Number.POSITIVE_INFINITY] : this.#bounds(without, count);
    let [sum, kept] = [0, 0];
    for (let at = 0; at < this.#means.length; at++) {
      if (at === without || Math.abs(this.#logs[at]! - middle) > most) continue;
      sum += this.#means[at]!;
      kept += 1;
    }
    return kept < MIN_GROUP ? undefined : sum / kept;
  }

  /** Median of the logs without one, and how far from it a member may be. */
  #bounds(without: number, count: number): [middle: number, most: number] {
    const gone = without === -1 ? count : this.#placeOf[without]!;
    const at = (place: number) => this.#sorted[place < gone ? place : place + 1]!;
    const middle = medianOf(at, count);
    const spread = MAD_TO_SIGMA * medianDistance(middle, at, count);
    return [middle, spread === 0 ? Number.POSITIVE_INFINITY : GROUP_OUTLIER * spread];
  }
}

/** Median of `count` ascending values, as `sortedQuantile` has it. */
function medianOf(at: (place: number) => number, count: number): number {
  return between(at(Math.floor((count - 1) / 2)), at(Math.floor(count / 2)));
}

/** Median of the distances of ascending values from their median: two ascending runs, merged as far as the middle. */
function medianDistance(middle: number, at: (place: number) => number, count: number): number {
  let above = Math.floor(count / 2);
  let below = above - 1;
  let [before, last] = [0, 0];
  for (let taken = 0; taken <= Math.floor(count / 2); taken++) {
    const down = below < 0 ? Number.POSITIVE_INFINITY : middle - at(below);
    const up = above >= count ? Number.POSITIVE_INFINITY : at(above) - middle;
    if (down < up) below -= 1;
    else above += 1;
    before = last;
    last = Math.min(down, up);
  }
  return count % 2 === 1 ? last : between(before, last);
}

function between(below: number, above: number): number {
  return below === above ? below : below + (above - below) * 0.5;
}
