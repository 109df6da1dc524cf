import { medianOfScratch, sortedQuantile } from '../domain/assessment/robust.ts';
import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import { MIN_GAPS } from '../domain/means/cadence.ts';
import type { HourBucket } from './readingStore.ts';

const THIRD_MS = HOUR_MS / 3;

/** A series as two columns, in time order. */
export interface Course {
  /** Epoch ms. */
  times: Float64Array;
  values: Float64Array;
}

/** Clock hours of valid values; `ReadingStore.hours`. */
export function hoursOfCourse({ times, values }: Course, offsetMs: number): HourBucket[] {
  const hours: HourBucket[] = [];
  for (let from = 0; from < times.length; ) {
    const start = Math.floor((times[from]! + offsetMs) / HOUR_MS) * HOUR_MS - offsetMs;
    let to = from;
    while (to < times.length && times[to]! < start + HOUR_MS) to++;
    hours.push(hourOf(start, times.subarray(from, to), values.slice(from, to)));
    from = to;
  }
  return hours;
}

/** Gaps of the day at hand; kept from day to day. */
let scratch = new Float64Array(2048);

/** Median gaps of days; `ReadingStore.gaps`. Times of one reading that came in parts are equal: no gap. */
export function gapsOfCourse(times: Float64Array, offsetMs: number): { start: number; medianMs: number }[] {
  const found: { start: number; medianMs: number }[] = [];
  for (let place = 1; place < times.length; ) {
    const start = Math.floor((times[place]! + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
    let gaps = 0;
    for (; place < times.length && times[place]! < start + DAY_MS; place++) {
      const gap = times[place]! - times[place - 1]!;
      if (gap === 0) continue;
      if (gaps === scratch.length) scratch = longer(scratch);
      scratch[gaps++] = gap;
    }
    if (gaps >= MIN_GAPS) found.push({ start, medianMs: medianOfScratch(scratch, gaps) });
  }
  return found;
}

function longer(column: Float64Array): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(2 * column.length);
  copy.set(column);
  return copy;
}

/** `values` is the caller's to give: it is sorted in place. */
function hourOf(start: number, times: Float64Array, values: Float64Array): HourBucket {
  let sum = 0;
  for (const value of values) sum += value;
  const thirds: HourBucket['thirds'] = [0, 0, 0];
  for (const time of times) thirds[Math.floor((time - start) / THIRD_MS) as 0 | 1 | 2]++;
  values.sort();
  const count = values.length;
  const [min, max, median] = [values[0]!, values[count - 1]!, sortedQuantile(values, 0.5)];
  return { start, count, mean: sum / count, min, max, sum, median, thirds };
}
