import { READING_FLAGS, STUCK_BIT } from '../assessment/courseAssessment.ts';
import { flagsOf, isValid, type RawFlag } from '../assessment/flag.ts';
import { sortedQuantile } from '../assessment/robust.ts';
import { exactMean } from '../decimal.ts';
import { HOUR_MS } from '../durations.ts';
import type { Quantity } from '../quantity.ts';
import type { HourStatistics } from './clockMean.ts';
import { placeOf, type SensorCourse } from './course.ts';
import type { FlaggedHour } from './rollup.ts';

/** Which windows of a course are summed up. */
export interface CourseWindowsQuery {
  quantity: Quantity;
  /** Bits of each reading's derived flags, see `assessCourses`. */
  derived: Uint8Array;
  /** Whole windows, `[from, to)`, epoch ms. */
  from: number;
  to: number;
  /** An hour when left out; 5 or 15 minutes, ms. */
  widthMs?: number;
}

/** An hour without a reading. */
const NO_HOUR: FlaggedHour = Object.freeze({ readings: 0, flagged: Object.freeze({}) });

/** Sums up every window of the range, in order. Raw-invalid and stuck values count in no mean; humid ones do. */
export function flaggedWindows(course: SensorCourse, query: CourseWindowsQuery): FlaggedHour[] {
  const { times } = course;
  const { from, to, widthMs = HOUR_MS } = query;
  const hours: FlaggedHour[] = [];
  let end = placeOf(times, from);
  for (let start = from; start < to; start += widthMs) {
    const first = end;
    while (end < times.length && times[end]! < start + widthMs) end++;
    hours.push(first === end ? NO_HOUR : hourOf(course, query, { start, first, end }));
  }
  return hours;
}

/** Counted values of the hour at hand, and how many carry each derived flag; kept from hour to hour. */
const scratch = { values: new Float64Array(4096), flagged: new Uint32Array(READING_FLAGS.length) };

function hourOf(
  { times, flags, values }: SensorCourse,
  { quantity, derived, widthMs = HOUR_MS }: CourseWindowsQuery,
  { start, first, end }: { start: number; first: number; end: number },
): FlaggedHour {
  const column = values[quantity]!;
  if (scratch.values.length < end - first) scratch.values = new Float64Array(2 * (end - first));
  scratch.flagged.fill(0);
  const thirds: [number, number, number] = [0, 0, 0];
  let flagged = NONE_FLAGGED;
  let [readings, counted] = [0, 0];
  for (let at = first; at < end; at++) {
    const value = column[at]!;
    if (Number.isNaN(value)) continue;
    readings++;
    const mask = flags[at]!;
    const bits = derived[at]!;
    if (mask !== 0) flagged = withRaw(flagged, flagsOf(mask, quantity));
    if (bits !== 0) countBits(bits);
    if ((bits & STUCK_BIT) !== 0 || !isValid(mask, quantity)) continue;
    scratch.values[counted++] = value;
    thirds[thirdOf((times[at]! - start) / widthMs)]++;
  }
  for (let bit = 0; bit < READING_FLAGS.length; bit++) {
    if (scratch.flagged[bit]! === 0) continue;
    if (flagged === NONE_FLAGGED) flagged = {};
    flagged[READING_FLAGS[bit]!] = scratch.flagged[bit]!;
  }
  return counted === 0 ? { readings, flagged } : { readings, flagged, statistics: statisticsOf(counted, thirds) };
}

function thirdOf(share: number): 0 | 1 | 2 {
  if (share < 1 / 3) return 0;
  return share < 2 / 3 ? 1 : 2;
}

/** Most hours have no flag: they share one object. */
const NONE_FLAGGED: FlaggedHour['flagged'] = Object.freeze({});

function withRaw(flagged: FlaggedHour['flagged'], flags: readonly RawFlag[]): FlaggedHour['flagged'] {
  if (flags.length === 0) return flagged;
  const counted = flagged === NONE_FLAGGED ? {} : flagged;
  for (const flag of flags) counted[flag] = (counted[flag] ?? 0) + 1;
  return counted;
}

function countBits(bits: number): void {
  for (let bit = 0; bit < READING_FLAGS.length; bit++) if ((bits >> bit) & 1) scratch.flagged[bit]!++;
}

function statisticsOf(count: number, thirds: [number, number, number]): HourStatistics {
  const { values } = scratch;
  const mean = exactMean(values, count)!;
  sort(values, count);
  const [min, max] = [values[0]!, values[count - 1]!];
  return { count, mean, min, max, median: sortedQuantile(values, 0.5, count), thirds };
}

/** Values of an hour are few and often nearly in order: moving them takes a third of what the engine's sort does. */
const FEW = 64;

function sort(values: Float64Array, count: number): void {
  if (count > FEW) {
    values.subarray(0, count).sort();
    return;
  }
  for (let at = 1; at < count; at++) {
    const value = values[at]!;
    let place = at;
    while (place > 0 && values[place - 1]! > value) {
      values[place] = values[place - 1]!;
      place--;
    }
    values[place] = value;
  }
}
