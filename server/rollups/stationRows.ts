import { THRESHOLDS } from '../domain/assessment.ts';
import { cadencesAt } from '../domain/cadence.ts';
import { placeOf, type SensorCourse } from '../domain/course.ts';
import {
  ANNOTATED_BIT,
  assessCourses,
  type CadenceAt,
  type CourseFlags,
  STUCK_BIT,
} from '../domain/courseAssessment.ts';
import { flaggedHours } from '../domain/courseHours.ts';
import type { HumidityCourse } from '../domain/courseHumidity.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import { OFFICIAL_SENSORS } from '../domain/referenceMeans.ts';
import { dayRow, type FlaggedHour, hourRow, type RollupRow, type SeriesKey } from '../domain/rollup.ts';
import { gapsOfCourse } from '../store/courseFold.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How far back the cadence of a day is looked for: a day of gaps within the two before it. */
const CADENCE_REACH_MS = 2 * DAY_MS;

/** Intervals a station's devices sent, by hour. */
export type Intervals = readonly { start: number; intervalMs: number }[];

/** What a station's rows are made from. */
export interface StationRowsInput {
  /** All its instruments, over the range and the context that flags and cadences need. */
  courses: readonly SensorCourse[];
  humidity: readonly HumidityCourse[];
  intervals: Intervals;
  /** Whole days, `[from, to)`, epoch ms. */
  from: number;
  to: number;
  now: number;
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  /** Periods that the host has explained, `[from, to)`, epoch ms. */
  annotations?: readonly { from: number; to: number }[];
  /** Readings before it were judged before; epoch ms. */
  newFrom?: number;
  /** Days that have rows already: they keep them, also when no reading is left. */
  keptDays?: readonly (SeriesKey & { start: number })[];
}

/** Rows of one station, revision 1. */
export interface StationRows {
  hours: RollupRow[];
  days: RollupRow[];
  /** Start of the earliest run of values before `newFrom` that only what came since shows to be stuck, epoch ms. */
  stuckSince?: number;
}

/** Daily means that official networks publish are no readings of an hour: they have no rows. Their hours are rows as they are. */
const OFFICIAL_DAYS = OFFICIAL_SENSORS['24h'];

const NO_HOUR: FlaggedHour = { readings: 0, flagged: {} };

/** The rows of every day of the range on which an instrument measured something: closed hours and closed days. */
export function stationRows(input: StationRowsInput): StationRows {
  const courses = input.courses.filter(({ sensor }) => sensor !== OFFICIAL_DAYS);
  const cadences = courses.map((course) => new Cadences(course.times, input));
  const cadenceAt: CadenceAt = (sensor, time) => {
    const index = courses.findIndex((course) => course.sensor === sensor);
    return cadences[index]!.at(time);
  };
  const flags = assessCourses(courses, cadenceAt, input.humidity);
  const rows: StationRows = { hours: [], days: [] };
  for (const [index, course] of courses.entries()) {
    const unflagged = new Uint8Array(course.times.length);
    for (const period of input.annotations ?? []) {
      markPeriod(course.times, [...Object.values(flags[index]!), unflagged], period);
    }
    for (const quantity of QUANTITIES) {
      if (course.values[quantity] === undefined) continue;
      const query = { quantity, derived: flags[index]![quantity] ?? unflagged, from: input.from, to: input.to };
      const series = { stationId: course.stationId, sensor: course.sensor, quantity };
      addDays(rows, { ...input, series, hours: flaggedHours(course, query), cadences: cadences[index]! });
    }
  }
  addAbandoned(rows, input);
  const since = input.newFrom === undefined ? undefined : stuckSince(courses, flags, input.newFrom);
  return since === undefined ? rows : { ...rows, stuckSince: since };
}

function markPeriod(times: Float64Array, columns: readonly Uint8Array[], period: { from: number; to: number }): void {
  const end = placeOf(times, period.to);
  for (let at = placeOf(times, period.from); at < end; at++) {
    for (const column of columns) column[at]! |= ANNOTATED_BIT;
  }
}

/** A run known to be stuck before has been marked before. */
const NEWLY_STUCK_MS = THRESHOLDS.stuckLowAfterMs + HOUR_MS;

function stuckSince(
  courses: readonly SensorCourse[],
  flags: readonly CourseFlags[],
  newFrom: number,
): number | undefined {
  const found: number[] = [];
  for (const [index, { times }] of courses.entries()) {
    for (const bits of Object.values(flags[index]!)) {
      let first = placeOf(times, newFrom);
      if (first === times.length || !isStuckAt(bits, first)) continue;
      while (first > 0 && isStuckAt(bits, first - 1)) first--;
      if (times[first]! < newFrom && newFrom - times[first]! <= NEWLY_STUCK_MS) found.push(times[first]!);
    }
  }
  return found.length === 0 ? undefined : Math.min(...found);
}

function isStuckAt(bits: Uint8Array, place: number): boolean {
  return (bits[place]! & STUCK_BIT) !== 0;
}

interface SeriesInput extends StationRowsInput {
  series: SeriesKey;
  hours: ReadonlyMap<number, FlaggedHour>;
  cadences: Cadences;
}

function addDays(rows: StationRows, { series, hours, cadences, from, now, keptDays = [] }: SeriesInput): void {
  const days = new Set<number>();
  for (const start of hours.keys()) days.add(from + Math.floor((start - from) / DAY_MS) * DAY_MS);
  for (const kept of keptDays) if (isOf(kept, series)) days.add(kept.start);
  for (const day of [...days].sort((a, b) => a - b)) {
    const cadence = cadences.ofDay(day);
    const ofDay: RollupRow[] = [];
    for (let hour = 0; hour < 24; hour++) {
      const start = day + hour * HOUR_MS;
      const context = { start, end: start + HOUR_MS, cadenceMs: cadence[hour]!, now };
      ofDay.push(hourRow(series, hours.get(start) ?? NO_HOUR, context));
    }
    for (const row of ofDay) if (row.end <= now) rows.hours.push(row);
    if (day + DAY_MS <= now) rows.days.push(dayRow(series, ofDay, { start: day, end: day + DAY_MS, now }));
  }
}

/** Series that have rows in the range but, by now, no reading anywhere near it. */
function addAbandoned(rows: StationRows, input: StationRowsInput): void {
  const isMeasured = (key: SeriesKey) =>
    input.courses.some(({ sensor, values }) => sensor === key.sensor && values[key.quantity] !== undefined);
  const abandoned = new Map<string, SeriesKey>();
  for (const kept of input.keptDays ?? []) {
    if (!isMeasured(kept)) abandoned.set(`${kept.sensor}/${kept.quantity}`, kept);
  }
  for (const { stationId, sensor, quantity } of abandoned.values()) {
    const series = { stationId, sensor, quantity };
    const cadences = new Cadences(new Float64Array(0), input);
    addDays(rows, { ...input, series, hours: new Map(), cadences });
  }
}

function isOf(key: SeriesKey, series: { sensor: string; quantity: Quantity }): boolean {
  return key.sensor === series.sensor && key.quantity === series.quantity;
}

/**
 * How often one instrument reports, by the hour. What counts is near: intervals from the day before on, gaps of the two
 * days before, so that a row does not depend on how much else was read.
 */
class Cadences {
  readonly #gaps: readonly { start: number; medianMs: number }[];
  readonly #intervals: Intervals;
  readonly #dayOffsetMs: number;
  readonly #byDay = new Map<number, number[]>();

  constructor(times: Float64Array, { intervals, dayOffsetMs }: Pick<StationRowsInput, 'intervals' | 'dayOffsetMs'>) {
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
