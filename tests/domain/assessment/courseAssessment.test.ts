import { describe, expect, it } from '@jest/globals';
import type { DerivedFlag } from '../../../server/domain/assessment/assessment.ts';
import { assessCourses, READING_FLAGS } from '../../../server/domain/assessment/courseAssessment.ts';
import { flagBit } from '../../../server/domain/assessment/flag.ts';
import { assessStation } from '../../../server/domain/assessment/stationAssessment.ts';
import type { ReadingFlags } from '../../../server/domain/assessment/stationAssessor.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../server/domain/durations.ts';
import type { SensorCourse } from '../../../server/domain/means/course.ts';
import { flaggedWindows } from '../../../server/domain/means/courseHours.ts';
import type { Quantity } from '../../../server/domain/quantity.ts';
import type { Reading, Values } from '../../../server/domain/reading.ts';
import { archiveReadings } from '../../support/archiveReadings.ts';
import { type FlaggedValue, flaggedHour } from '../../support/flaggedHour.ts';
import { randomNumbers } from '../../support/randomNumbers.ts';
import { coursesOf } from '../../support/sensorCourses.ts';

const START = Date.UTC(2025, 0, 1);
const WORD_ORDER = (one: string, other: string) => one.localeCompare(other);

/** The flags of each reading as the columns have them, in the form and order of `assessStation`. */
function flagsByReading(readings: readonly Reading[]): ReadingFlags[] {
  const courses = coursesOf(readings);
  const flags = assessCourses(courses);
  return readings.map(({ sensor, measuredAt, values }) => {
    const index = courses.findIndex((course) => course.sensor === sensor);
    const place = courses[index]!.times.indexOf(measuredAt);
    const entries = Object.keys(values).map((name) => [name, wordsOf(flags[index]![name as Quantity]?.[place] ?? 0)]);
    return Object.fromEntries(entries.filter(([, words]) => words!.length > 0));
  });
}

function wordsOf(bits: number): DerivedFlag[] {
  return READING_FLAGS.filter((_, bit) => (bits >> bit) & 1).sort(WORD_ORDER);
}

/** The flags of `assessStation`, words in one order. */
function expected(readings: readonly Reading[]): ReadingFlags[] {
  return assessStation(readings).map((flags) =>
    Object.fromEntries(Object.entries(flags).map(([name, words]) => [name, [...words].sort(WORD_ORDER)])),
  );
}

/** Forty days of a station with one or two particle sensors and humidity sensors that may break, pause and repeat. */
function randomStation(seed: number): Reading[] {
  const random = randomNumbers(seed);
  const readings: Reading[] = [];
  const add = (sensor: string, measuredAt: number, values: Values, flags = 0) =>
    readings.push({ stationId: 'aaaaaaaaaa', sensor, measuredAt, values, flags });
  const cadence = 4 * MINUTE_MS + random() * 4 * MINUTE_MS;
  let [pm, wet, isStuck, isBroken] = [10, 70, false, false];
  for (let at = START; at < START + 40 * DAY_MS; at += cadence) {
    if (random() < 0.002) at += random() * 30 * HOUR_MS;
    if (random() < 0.003) isStuck = !isStuck;
    if (random() < 0.0008) isBroken = !isBroken;
    if (!isStuck) pm = Math.max(0, Math.round((pm + random() * 4 - 2) * 10) / 10);
    wet = Math.min(100, Math.max(20, wet + random() * 4 - 2));
    const pm25 = random() < 0.02 ? pm + 9 : pm;
    const flags = random() < 0.01 ? flagBit('saturated', 'pm10') : 0;
    const values: Values = random() < 0.05 ? { pm25 } : { pm25, pm10: pm + 1 };
    if (random() < 0.97) add('sds011', Math.round(at), values, flags);
    const humidity = isBroken && random() < 0.3 ? 1 : wet;
    if (seed % 3 > 0) add('dht22', Math.round(at), { humidity, temperature: 5 });
    if (seed % 3 > 1 && random() < 0.9) add('bme280', Math.round(at) + 500, { humidity: wet - 5 });
  }
  return readings.sort((a, b) => a.measuredAt - b.measuredAt);
}

/** Daily and hourly means of an official network, as read from its files. */
const officialMeans = (sensor: string, everyMs: number): Reading[] =>
  Array.from({ length: 30 }, (_, at) => ({
    ...{ stationId: 'aaaaaaaaaa', sensor, flags: 0 },
    measuredAt: START + at * everyMs,
    values: { pm25: 12, pm10: 20 },
  }));

describe('assessCourses', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('flags what assessStation flags, station %i', (seed) => {
    const readings = randomStation(seed);
    const flags = flagsByReading(readings);
    expect(flags).toEqual(expected(readings));
    expect(new Set(flags.flatMap((each) => Object.values(each).flat())).size).toBeGreaterThan(1);
  });

  it.each([
    ['official', HOUR_MS],
    ['official24h', DAY_MS],
  ])('calls no mean of an official network stuck or the first after a pause: %s', (sensor, everyMs) => {
    const readings = officialMeans(sensor, everyMs);
    expect(flagsByReading(readings)).toEqual(readings.map(() => ({})));
    expect(expected(readings)).toEqual(readings.map(() => ({})));
  });

  it('flags what assessStation flags in Bochum over New Year', () => {
    const files = ['2022-12-30', '2022-12-31', '2023-01-01'].flatMap((day) => [
      `${day}_sds011_sensor_3659.csv.gz`,
      `${day}_dht22_sensor_3660.csv.gz`,
    ]);
    const readings = archiveReadings(...files);
    const flags = flagsByReading(readings);
    expect(flags).toEqual(expected(readings));
    expect(flags.some(({ humidity }) => humidity?.includes('humidity-broken'))).toBe(true);
  });
});

describe('flaggedWindows', () => {
  it('sums up as flaggedHour does', () => {
    const readings = randomStation(4);
    const courses = coursesOf(readings);
    const flags = assessCourses(courses);
    const derived = assessStation(readings);
    for (const [index, course] of courses.entries()) {
      for (const name of Object.keys(course.values)) {
        const quantity = name as Quantity;
        const found = hoursOf(course, quantity, flags[index]![quantity]);
        expect(Object.fromEntries(found)).toEqual(expectedHours(readings, derived, { course, quantity }));
      }
    }
  });

  it('takes hours with thousands of readings', () => {
    const readings = Array.from({ length: 5000 }, (_, at) => ({
      stationId: 'aaaaaaaaaa',
      sensor: 'sds011',
      measuredAt: START + at * 500,
      values: { pm25: (at * 7919) % 100 },
      flags: 0,
    }));
    const [course] = coursesOf(readings) as [SensorCourse];
    expect(hoursOf(course, 'pm25').get(START)).toMatchObject({
      readings: 5000,
      statistics: { count: 5000, mean: 49.5, median: 49.5, min: 0, max: 99 },
    });
  });
});

function hoursOf(course: SensorCourse, quantity: Quantity, flags?: Uint8Array) {
  const derived = flags ?? new Uint8Array(course.times.length);
  const hours = flaggedWindows(course, { quantity, derived, from: START, to: START + 50 * DAY_MS });
  const entries = hours.map((hour, at) => [START + at * HOUR_MS, hour] as const);
  return new Map(entries.filter(([, { readings }]) => readings > 0));
}

function expectedHours(
  readings: readonly Reading[],
  derived: readonly ReadingFlags[],
  { course, quantity }: { course: SensorCourse; quantity: Quantity },
) {
  const hours = new Map<number, FlaggedValue[]>();
  for (const [at, { sensor, measuredAt, values, flags }] of readings.entries()) {
    const value = values[quantity];
    if (sensor !== course.sensor || value === undefined) continue;
    const start = Math.floor(measuredAt / HOUR_MS) * HOUR_MS;
    const hour = hours.get(start) ?? [];
    hours.set(start, hour);
    hour.push({ measuredAt, value, flags, derived: derived[at]![quantity] ?? [] });
  }
  return Object.fromEntries([...hours].map(([start, values]) => [start, flaggedHour(values, quantity)]));
}
