import { DEFAULT_CADENCE_MS, STALE_AFTER_MS } from '../aggregate.ts';
import { isOfficialSensor } from '../correction/referenceMeans.ts';
import type { SensorCourse } from '../means/course.ts';
import { staleAfterMs } from '../means/slidingMean.ts';
import { PARTICULATES, type Quantity } from '../quantity.ts';
import { type DerivedFlag, THRESHOLDS } from './assessment.ts';
import { HumidityCourse, isHumidAt } from './courseHumidity.ts';
import { isPm25AbovePm10 } from './stationAssessor.ts';

/**
 * The assessment of `stationAssessment.ts` on columns: the same flags
 * (`tests/domain/assessment/courseAssessment.test.ts`), at some 30 ns a value, so that years of readings can be judged anew.
 */

/** Derived flags of single readings, by their bit. */
export const READING_FLAGS = [
  'stuck',
  'pm25-above-pm10',
  'humid',
  'humidity-broken',
  'restart',
  'annotated',
] as const satisfies readonly DerivedFlag[];
const [STUCK, INVERTED, HUMID, BROKEN, RESTART] = [1, 2, 4, 8, 16] as const;

/** The bit of the one flag that takes a reading out of means. */
export const STUCK_BIT = STUCK;
/** The bit of readings in a period that the host has explained; `assessCourses`, which knows no periods, never sets it. */
export const ANNOTATED_BIT = 32;

/** Bits of each reading's flags, by quantity. */
export type CourseFlags = Partial<Record<Quantity, Uint8Array>>;

/** How often an instrument reports at a time, ms; asked only at gaps that may be silences. */
export type CadenceAt = (sensor: string, time: number) => number;

/** The humidity sensors among a station's instruments. `provedAt`: when one was proved broken last before its course. */
export function humidityCourses(
  courses: readonly SensorCourse[],
  provedAt: (sensor: string) => number | undefined = () => undefined,
): HumidityCourse[] {
  const measured = courses.filter(({ values }) => values.humidity !== undefined);
  const all = measured.map((course) => new HumidityCourse(course, provedAt(course.sensor)));
  const heard = all.filter(({ times }) => times.length > 0);
  return heard.sort((one, other) => one.times[0]! - other.times[0]!);
}

/** Flags of all instruments of one station, in the order given. */
export function assessCourses(
  courses: readonly SensorCourse[],
  cadenceAt: CadenceAt = () => DEFAULT_CADENCE_MS,
  humidity: readonly HumidityCourse[] = humidityCourses(courses),
): CourseFlags[] {
  return courses.map((course) => {
    const flags: CourseFlags = {};
    if (course.values.humidity) {
      const own = humidity.find(({ sensor }) => sensor === course.sensor);
      flags.humidity = own ? brokenFlags(course, own) : new Uint8Array(course.times.length);
    }
    return Object.assign(flags, particulateFlags(course, humidity, cadenceAt));
  });
}

function brokenFlags({ times, values }: SensorCourse, own: HumidityCourse): Uint8Array {
  const flags = new Uint8Array(times.length);
  own.rewind();
  for (let at = 0; at < times.length; at++) {
    own.moveTo(times[at]!);
    if (own.isBrokenAt(times[at]!) && !Number.isNaN(values.humidity![at]!)) flags[at] = BROKEN;
  }
  return flags;
}

function particulateFlags(
  course: SensorCourse,
  humidity: readonly HumidityCourse[],
  cadenceAt: CadenceAt,
): CourseFlags {
  const measured = PARTICULATES.filter((quantity) => course.values[quantity] !== undefined);
  if (measured.length === 0) return {};
  const common = commonFlags(course, measured, humidity, cadenceAt);
  const { pm25, pm10 } = course.values;
  const flags: CourseFlags = {};
  for (const quantity of measured) {
    const own = common.slice();
    if (pm25 && pm10 && (quantity === 'pm25' || quantity === 'pm10')) markInverted(own, pm25, pm10);
    if (!isOfficialSensor(course.sensor)) markStuck(own, course.times, course.values[quantity]!);
    flags[quantity] = own;
  }
  return flags;
}

/** What concerns a reading as a whole: humid air, and a pause before it. */
function commonFlags(
  { sensor, times, values }: SensorCourse,
  measured: readonly Quantity[],
  humidity: readonly HumidityCourse[],
  cadenceAt: CadenceAt,
): Uint8Array {
  const flags = new Uint8Array(times.length);
  const columns = measured.map((quantity) => values[quantity]!);
  // A published mean does not begin anew after a pause: a day's mean follows the last after a day.
  const mayPause = !isOfficialSensor(sensor);
  for (const each of humidity) each.rewind();
  let before = Number.NaN;
  for (let at = 0; at < times.length; at++) {
    const time = times[at]!;
    // A reading without particulates is none of this instrument's as far as pauses are concerned.
    if (!isMeasuredAt(columns, at)) continue;
    const gap = time - before;
    if (mayPause && gap > STALE_AFTER_MS && gap > staleAfterMs(cadenceAt(sensor, time))) flags[at] = RESTART;
    before = time;
    for (const each of humidity) each.moveTo(time);
    if (isHumidAt(time, humidity)) flags[at]! += HUMID;
  }
  return flags;
}

function isMeasuredAt(columns: readonly Float64Array[], at: number): boolean {
  for (let each = 0; each < columns.length; each++) if (!Number.isNaN(columns[each]![at]!)) return true;
  return false;
}

function markInverted(flags: Uint8Array, pm25: Float64Array, pm10: Float64Array): void {
  for (let at = 0; at < flags.length; at++) {
    if (pm25[at]! > pm10[at]! && isPm25AbovePm10(pm25[at], pm10[at])) flags[at]! += INVERTED;
  }
}

/** Marks each run of equal values that lasts too long, from its first reading; a pause ends a run. */
function markStuck(flags: Uint8Array, times: Float64Array, values: Float64Array): void {
  let runValue = Number.NaN;
  let [first, last, count] = [0, 0, 0];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    const isPause = (flags[at]! & RESTART) !== 0;
    if (Number.isNaN(value) && !isPause) continue;
    if (value === runValue && !isPause) {
      count += 1;
      last = at;
      continue;
    }
    if (count >= THRESHOLDS.stuckReadings) markRun(flags, { times, values, first, last });
    runValue = value;
    first = at;
    last = at;
    count = 1;
  }
  if (count >= THRESHOLDS.stuckReadings) markRun(flags, { times, values, first, last });
}

/** Equal readings, enough of them, from the first to the last place. */
interface Run {
  times: Float64Array;
  values: Float64Array;
  first: number;
  last: number;
}

/** Marks the run when it lasts too long; longer for low values, where the resolution is coarse. */
function markRun(flags: Uint8Array, { times, values, first, last }: Run): void {
  const isLow = values[first]! < THRESHOLDS.stuckLowBelow;
  const after = isLow ? THRESHOLDS.stuckLowAfterMs : THRESHOLDS.stuckAfterMs;
  if (times[last]! - times[first]! < after) return;
  for (let at = first; at <= last; at++) if (!Number.isNaN(values[at]!)) flags[at]! |= STUCK;
}
