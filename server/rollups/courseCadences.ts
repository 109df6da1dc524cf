import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import { cadencesAt } from '../domain/means/cadence.ts';
import { gapsOfCourse } from '../store/courseFold.ts';

/** How far back the cadence of a day is looked for: a day of gaps within the two before it. */
const CADENCE_REACH_MS = 2 * DAY_MS;

/** Intervals a station's devices sent, by hour. */
export type Intervals = readonly { start: number; intervalMs: number }[];

/**
 * How often one instrument reports, by the hour. What counts is near: intervals from the day before on, gaps of the two
 * days before, so that a row does not depend on how much else was read.
 */
export class CourseCadences {
  readonly #gaps: readonly { start: number; medianMs: number }[];
  readonly #intervals: Intervals;
  readonly #dayOffsetMs: number;
  readonly #byDay = new Map<number, number[]>();

  constructor(times: Float64Array, { intervals, dayOffsetMs }: { intervals: Intervals; dayOffsetMs: number }) {
    this.#gaps = gapsOfCourse(times, dayOffsetMs);
    this.#intervals = intervals;
    this.#dayOffsetMs = dayOffsetMs;
  }

  /** Cadence of each of the 24 hours of a day, ms. */
  ofDay(day: number): number[] {
    const known = this.#byDay.get(day);
    if (known !== undefined) return known;
    const starts = Array.from({ length: 24 }, (_, hour) => day + hour * HOUR_MS);
    const found = cadencesAt(starts, {
      intervals: stretch(this.#intervals, day - DAY_MS, day + DAY_MS),
      gaps: stretch(this.#gaps, day - CADENCE_REACH_MS, day + DAY_MS),
    });
    this.#byDay.set(day, found);
    return found;
  }

  /** Cadence of the hour that holds `time`. */
  at(time: number): number {
    const day = Math.floor((time + this.#dayOffsetMs) / DAY_MS) * DAY_MS - this.#dayOffsetMs;
    return this.ofDay(day)[Math.floor((time - day) / HOUR_MS)]!;
  }
}

/** What starts in `[from, to)` of a list in order. */
function stretch<T extends { start: number }>(list: readonly T[], from: number, to: number): readonly T[] {
  return list.slice(placeIn(list, from), placeIn(list, to));
}

function placeIn(list: readonly { start: number }[], start: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
