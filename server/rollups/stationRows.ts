import { THRESHOLDS } from '../domain/assessment/assessment.ts';
import {
  ANNOTATED_BIT,
  assessCourses,
  type CadenceAt,
  type CourseFlags,
  STUCK_BIT,
} from '../domain/assessment/courseAssessment.ts';
import type { HumidityCourse } from '../domain/assessment/courseHumidity.ts';
import { OFFICIAL_SENSORS } from '../domain/correction/referenceMeans.ts';
import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import { placeOf, type SensorCourse } from '../domain/means/course.ts';
import { flaggedWindows } from '../domain/means/courseHours.ts';
import { dayRow, type FlaggedHour, hourRow, type RollupRow, type SeriesKey } from '../domain/means/rollup.ts';
import type { RollupColumns } from '../domain/means/rollupColumns.ts';
import { RollupGatherer } from '../domain/means/rollupGatherer.ts';
import { QUANTITIES } from '../domain/quantity.ts';
import { CourseCadences, type Intervals } from './courseCadences.ts';

/** Rows to have room for at first: a few days. */
const HOURS_ROOM = 96;
const NO_DAYS: ReadonlySet<number> = new Set();

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
  /** Days that have rows already, of whose series: they keep them, also when no reading is left. */
  kept?: readonly KeptDays[];
}

/** Days of a series that have rows, by their start, epoch ms. */
export interface KeptDays {
  series: SeriesKey;
  days: ReadonlySet<number>;
}

/** Rows of one station, revision 1. */
export interface StationRows {
  hours: RollupColumns[];
  days: RollupColumns[];
  /** Start of the earliest run of values before `newFrom` that only what came since shows to be stuck, epoch ms. */
  stuckSince?: number;
}

/** Daily means that official networks publish are no readings of an hour: they have no rows. Their hours are rows as they are. */
const OFFICIAL_DAYS = OFFICIAL_SENSORS['24h'];

const NO_HOUR: FlaggedHour = { readings: 0, flagged: {} };

/** The rows of every day of the range on which an instrument measured something: closed hours and closed days. */
export function stationRows(input: StationRowsInput): StationRows {
  const courses = input.courses.filter(({ sensor }) => sensor !== OFFICIAL_DAYS);
  const cadences = courses.map((course) => new CourseCadences(course.times, input));
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
      const series = { stationId: course.stationId, sensor: course.sensor, quantity };
      const measured = { course, derived: flags[index]![quantity] ?? unflagged };
      addDays(rows, { ...input, series, measured, cadences: cadences[index]! });
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
  cadences: CourseCadences;
  /** What it measured; absent where nothing is left. */
  measured?: { course: SensorCourse; derived: Uint8Array };
}

function addDays(rows: StationRows, input: SeriesInput): void {
  const { series, cadences, now, measured } = input;
  const kept = keptOf(series, input);
  const hours = new RollupGatherer(series, HOUR_MS, HOURS_ROOM);
  const days = new RollupGatherer(series, DAY_MS);
  for (const day of daysOf(measured?.course.times, kept, input)) {
    const query = { quantity: series.quantity, from: day, to: day + DAY_MS };
    const sums = measured && flaggedWindows(measured.course, { ...query, derived: measured.derived });
    if (!kept.has(day) && sums?.every(({ readings }) => readings === 0)) continue;
    const cadence = cadences.ofDay(day);
    const ofDay: RollupRow[] = [];
    for (let hour = 0; hour < 24; hour++) {
      const start = day + hour * HOUR_MS;
      const context = { start, end: start + HOUR_MS, cadenceMs: cadence[hour]!, now };
      ofDay.push(hourRow(series, sums?.[hour] ?? NO_HOUR, context));
    }
    for (const row of ofDay) if (row.end <= now) hours.add(row);
    if (day + DAY_MS <= now) days.add(dayRow(series, ofDay, { start: day, end: day + DAY_MS, now }));
  }
  if (hours.length > 0) rows.hours.push(hours.columns());
  if (days.length > 0) rows.days.push(days.columns());
}

function keptOf({ sensor, quantity }: SeriesKey, { kept = [] }: StationRowsInput): ReadonlySet<number> {
  const own = kept.find(({ series }) => series.sensor === sensor && series.quantity === quantity);
  return own?.days ?? NO_DAYS;
}

/** Days of the range with readings of the instrument, and those that have rows; in order. */
function daysOf(
  times: Float64Array | undefined,
  kept: ReadonlySet<number>,
  { from, to }: { from: number; to: number },
): number[] {
  const days: number[] = [];
  for (let day = from; day < to; day += DAY_MS) {
    const first = times === undefined ? 0 : placeOf(times, day);
    const isHeard = times !== undefined && first < times.length && times[first]! < day + DAY_MS;
    if (isHeard || kept.has(day)) days.push(day);
  }
  return days;
}

/** Series that have rows in the range but, by now, no reading anywhere near it. */
function addAbandoned(rows: StationRows, input: StationRowsInput): void {
  const isMeasured = (key: SeriesKey) =>
    input.courses.some(({ sensor, values }) => sensor === key.sensor && values[key.quantity] !== undefined);
  for (const { series } of input.kept ?? []) {
    if (isMeasured(series)) continue;
    addDays(rows, { ...input, series, cadences: new CourseCadences(new Float64Array(0), input) });
  }
}
