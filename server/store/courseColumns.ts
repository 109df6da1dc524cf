import { placeOf, type SensorCourse } from '../domain/means/course.ts';
import type { Quantity } from '../domain/quantity.ts';
import { unionOfFlags } from './admissionFlags.ts';

/** Whose readings they are. */
export type CourseSeries = Pick<SensorCourse, 'stationId' | 'sensor'>;

/** Readings of one series being gathered, in any order, as columns that grow. */
export class CourseColumns {
  readonly #series: CourseSeries;
  size = 0;
  times: Float64Array;
  flags: Float64Array;
  /** By the quantity's place among those asked for; undefined until there is a value. */
  values: (Float64Array | undefined)[];

  constructor(series: CourseSeries, quantities: number, capacity: number) {
    this.#series = series;
    this.times = new Float64Array(capacity);
    this.flags = new Float64Array(capacity);
    this.values = new Array(quantities).fill(undefined);
  }

  /** Adds a row without values or flags; returns its place. */
  add(time: number): number {
    if (this.size === this.times.length) this.#grow();
    this.times[this.size] = time;
    return this.size++;
  }

  /** The column of a quantity, which now has one. */
  column(index: number): Float64Array {
    const column = new Float64Array(this.times.length).fill(Number.NaN);
    this.values[index] = column;
    return column;
  }

  /** The course: in order of time, partial rows of one time merged. */
  finished(quantities: readonly Quantity[]): SensorCourse {
    const { stationId, sensor } = this.#series;
    const values: SensorCourse['values'] = {};
    for (const [index, quantity] of quantities.entries()) {
      const column = this.values[index];
      if (column !== undefined) values[quantity] = column.subarray(0, this.size);
    }
    const [times, flags] = [this.times.subarray(0, this.size), this.flags.subarray(0, this.size)];
    const course: SensorCourse = { stationId, sensor, times, flags, values };
    return isStrictlyAscending(times) ? course : merged(course);
  }

  #grow(): void {
    const length = 2 * this.times.length;
    this.times = grown(this.times, length, 0);
    this.flags = grown(this.flags, length, 0);
    this.values = this.values.map((column) => column && grown(column, length, Number.NaN));
  }
}

function grown(column: Float64Array, length: number, missing: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length).fill(missing);
  longer.set(column);
  return longer;
}

function mapped(
  values: SensorCourse['values'],
  change: (column: Float64Array) => Float64Array,
): SensorCourse['values'] {
  const changed: SensorCourse['values'] = {};
  for (const name in values) changed[name as Quantity] = change(values[name as Quantity]!);
  return changed;
}

function isStrictlyAscending(times: Float64Array): boolean {
  for (let at = 1; at < times.length; at++) if (times[at - 1]! >= times[at]!) return false;
  return true;
}

/** Late rows in their place, and parts of one reading, which have no field in common, as one. */
function merged({ stationId, sensor, times, flags, values }: SensorCourse): SensorCourse {
  const unique = Float64Array.from(new Set(times)).sort();
  const places = Array.from(times, (time) => placeOf(unique, time));
  const mergedFlags = new Float64Array(unique.length);
  for (const [row, place] of places.entries()) mergedFlags[place] = unionOfFlags(mergedFlags[place]!, flags[row]!);
  const mergedValues = mapped(values, (column) => {
    const sorted = new Float64Array(unique.length).fill(Number.NaN);
    for (const [row, place] of places.entries()) if (!Number.isNaN(column[row]!)) sorted[place] = column[row]!;
    return sorted;
  });
  return { stationId, sensor, times: unique, flags: mergedFlags, values: mergedValues };
}
