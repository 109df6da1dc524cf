import { HOUR_MS } from '../durations.ts';
import { THRESHOLDS } from './assessment.ts';
import { MAD_TO_SIGMA, sortedQuantile } from './robust.ts';

/** How an hour stands to a station's own past. */
export interface OwnPast {
  /** Median of the hours of the window before, µg/m³. */
  usual: number;
  /** (1 + hour) / (1 + usual): what neighbours are compared by. */
  ratio: number;
  /** True when the hour lies farther from the usual than `spikeMads` robust deviations and `spikeFloor`. */
  isFarOff: boolean;
}

/** A window holds at most one mean an hour, and the one coming in. */
const CAPACITY = THRESHOLDS.spikeWindowMs / HOUR_MS + 1;

/**
 * The valid hourly means of one station and quantity over the last 360 hours, kept sorted beside, so that a year of
 * hours costs milliseconds. Hours come in order of time, each once.
 */
export class SpikeWindow {
  /** Ring of the hours by time, from `#first`. */
  readonly #starts = new Float64Array(CAPACITY);
  readonly #values = new Float64Array(CAPACITY);
  #first = 0;
  #size = 0;
  /** The same values in ascending order. */
  readonly #sorted = new Float64Array(CAPACITY);

  /**
   * Judges an hour by the hours before it, then takes it in; undefined while the window holds fewer than
   * `spikeMinHours`.
   */
  add(start: number, mean: number): OwnPast | undefined {
    this.#forgetBefore(start - THRESHOLDS.spikeWindowMs);
    const past = this.#size < THRESHOLDS.spikeMinHours ? undefined : this.#judge(mean);
    const slot = (this.#first + this.#size) % CAPACITY;
    this.#starts[slot] = start;
    this.#values[slot] = mean;
    const at = this.#place(mean);
    this.#sorted.copyWithin(at + 1, at, this.#size);
    this.#sorted[at] = mean;
    this.#size += 1;
    return past;
  }

  #judge(mean: number): OwnPast {
    const sorted = this.#sorted.subarray(0, this.#size);
    const usual = sortedQuantile(sorted, 0.5);
    const distance = Math.abs(mean - usual);
    // The spread costs a pass over the window, so it is computed only for the few hours beyond the floor.
    const isFarOff = distance > THRESHOLDS.spikeFloor && distance > THRESHOLDS.spikeMads * spreadAround(usual, sorted);
    return { usual, ratio: (1 + mean) / (1 + usual), isFarOff };
  }

  #forgetBefore(start: number): void {
    while (this.#size > 0 && this.#starts[this.#first]! < start) {
      const at = this.#place(this.#values[this.#first]!);
      this.#sorted.copyWithin(at, at + 1, this.#size);
      this.#first = (this.#first + 1) % CAPACITY;
      this.#size -= 1;
    }
  }

  /** First place in the sorted values that is not below `value`. */
  #place(value: number): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function spreadAround(usual: number, values: Float64Array): number {
  const distances = values.map((value) => Math.abs(value - usual)).sort();
  return MAD_TO_SIGMA * sortedQuantile(distances, 0.5);
}
