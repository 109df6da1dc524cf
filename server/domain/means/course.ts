import type { Quantity } from '../quantity.ts';

/**
 * One instrument's readings as columns, in order of time, each time once: what a year of readings is worked on as,
 * where an object a reading would take most of the time.
 */
export interface SensorCourse {
  stationId: string;
  sensor: string;
  /** Epoch ms. */
  times: Float64Array;
  /** Raw flags as masks, see `flag.ts`. */
  flags: Float64Array;
  /** Values of each quantity it ever measured in this stretch; NaN where a reading has none. */
  values: Partial<Record<Quantity, Float64Array>>;
}

/** One quantity of an instrument's earlier and later readings as one course. */
export function coursesJoined(earlier: SensorCourse, later: SensorCourse, quantity: Quantity): SensorCourse {
  const { stationId, sensor } = later;
  const valuesOf = ({ times, values }: SensorCourse) =>
    values[quantity] ?? new Float64Array(times.length).fill(Number.NaN);
  return {
    stationId,
    sensor,
    times: joined(earlier.times, later.times),
    flags: joined(earlier.flags, later.flags),
    values: { [quantity]: joined(valuesOf(earlier), valuesOf(later)) },
  };
}

/** First place in `times`, ascending, that is not before `time`. */
export function placeOf(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joined(one: Float64Array, other: Float64Array): Float64Array {
  const both = new Float64Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
