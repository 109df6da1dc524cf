import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';
import {
  type ClockMean,
  composedMean,
  hourMean,
  officialHourMean,
  shortMean,
} from '../../../server/domain/means/clockMean.ts';

const T0 = Date.UTC(2026, 0, 5, 12);
const hour = { start: T0, end: T0 + HOUR_MS, now: T0 + 2 * HOUR_MS, cadenceMs: 149_000 };

function statistics(...thirds: [number, number, number]) {
  const count = thirds[0] + thirds[1] + thirds[2];
  return { count, mean: 10, min: 5, max: 20, median: 9, thirds };
}

describe('a clock hour', () => {
  it.each<[string, [number, number, number], object, (number | string[] | null)[]]>([
    // -> mean, expected, coverage, flags
    ['is valid when complete', [8, 8, 8], {}, [10, 24, 1, []]],
    ['is valid with 75 %', [6, 6, 6], {}, [10, 24, 0.75, []]],
    ['is not valid below', [6, 6, 5], {}, [null, 24, 17 / 24, ['below-coverage']]],
    ['is not valid with an empty third, whatever the coverage', [12, 12, 0], {}, [null, 24, 1, ['below-coverage']]],
    ['has a coverage of at most 1', [9, 9, 9], {}, [10, 24, 1, []]],
    ['is not valid before it has ended', [8, 8, 8], { now: T0 + HOUR_MS - 1 }, [null, 24, 1, ['open']]],
    ['is valid at a cadence of 20 minutes', [1, 1, 1], { cadenceMs: 1_200_000 }, [10, 3, 1, []]],
    ['is never valid at a slower one', [1, 1, 1], { cadenceMs: 1_200_001 }, [null, 3, 1, ['cadence-too-slow']]],
  ])('%s', (_text, thirds, change, [mean, expected, coverage, flags]) => {
    const made = hourMean(statistics(...thirds), { ...hour, ...change });
    expect(made).toMatchObject({ start: T0, end: T0 + HOUR_MS, mean, expected, coverage, flags });
    expect(made).toMatchObject({ min: 5, max: 20, median: 9, count: thirds[0] + thirds[1] + thirds[2] });
  });

  it('of an official station is whole with its one value, and empty without', () => {
    const official = { ...hour, cadenceMs: HOUR_MS };
    expect(officialHourMean(statistics(1, 0, 0), official)).toMatchObject({
      mean: 10,
      expected: 1,
      coverage: 1,
      flags: [],
    });
    expect(officialHourMean(undefined, official)).toMatchObject({ mean: null, flags: ['below-coverage'] });
    expect(officialHourMean(statistics(1, 0, 0), { ...official, now: T0 })).toMatchObject({
      mean: null,
      flags: ['open'],
    });
  });

  it('shows a mean and a median without the noise of binary fractions', () => {
    const noisy = { ...statistics(8, 8, 8), mean: 32.489999999999995, median: 21.490000000000002 };
    expect(hourMean(noisy, hour)).toMatchObject({ mean: 32.49, median: 21.49 });
  });

  it('without a reading is empty, never 0', () => {
    expect(hourMean(undefined, hour)).toEqual({
      start: T0,
      end: T0 + HOUR_MS,
      mean: null,
      min: null,
      max: null,
      median: null,
      count: 0,
      expected: 24,
      coverage: 0,
      flags: ['below-coverage'],
    });
  });
});

describe('a window of five minutes', () => {
  const five = { start: T0, end: T0 + 300_000, now: T0 + HOUR_MS, cadenceMs: 149_000 };

  it.each([
    [
      'is given from one reading on, marked',
      1,
      five.now,
      { mean: 10, expected: 2, coverage: 0.5, flags: ['below-coverage'] },
    ],
    ['is given unmarked when complete', 2, five.now, { mean: 10, coverage: 1, flags: [] }],
    ['is not given before it has ended', 2, T0 + 200_000, { mean: null, flags: ['open'] }],
  ])('%s', (_text, count, now, expected) => {
    expect(shortMean({ count, mean: 10, min: 5, max: 20, median: 9 }, { ...five, now })).toMatchObject(expected);
  });
});

function hoursOf(means: (number | null)[], flags: ClockMean['flags'] = []): ClockMean[] {
  return means.map((mean, index) => ({
    start: T0 + index * HOUR_MS,
    end: T0 + (index + 1) * HOUR_MS,
    mean,
    min: mean === null ? null : mean - 1,
    max: mean === null ? null : mean + 1,
    median: mean,
    count: mean === null ? 3 : 24,
    expected: 24,
    coverage: mean === null ? 0.125 : 1,
    flags: mean === null ? ['below-coverage', ...flags] : flags,
  }));
}

const NONE = null;
const filled = (valid: number, of: number) => Array.from({ length: of }, (_, index) => (index < valid ? index : NONE));

describe('a day of hours', () => {
  it.each([
    // valid hours, of, valid?
    [24, 24, true],
    [18, 24, true],
    [17, 24, false],
    [18, 23, true],
    [17, 23, false],
    [19, 25, true],
    [18, 25, false],
    [0, 24, false],
  ])('with %d valid hours of %d is valid: %p', (valid, of, isValid) => {
    const day = composedMean(hoursOf(filled(valid, of)), {
      start: T0,
      end: T0 + of * HOUR_MS,
      now: T0 + 100 * HOUR_MS,
    });
    expect(day.mean).toBe(isValid ? (valid - 1) / 2 : null);
    expect(day.flags).toEqual(isValid ? [] : ['below-coverage']);
    expect(day).toMatchObject({
      count: valid * 24 + (of - valid) * 3,
      expected: of * 24,
      parts: { valid, of },
      min: valid === 0 ? null : -1,
      max: valid === 0 ? null : valid,
    });
  });

  it('is the mean of its valid hours, not of its readings', () => {
    const hours = hoursOf([...Array(18).fill(10), ...Array(6).fill(40)]);
    for (const part of hours.slice(18)) part.count = 240;
    const day = composedMean(hours, { start: T0, end: T0 + DAY_MS, now: T0 + 48 * HOUR_MS });
    expect(day).toMatchObject({ mean: 17.5, median: 10, count: 18 * 24 + 6 * 240, coverage: 1 });
  });

  it('is not given before it has ended', () => {
    const day = composedMean(hoursOf(filled(24, 24)), {
      start: T0,
      end: T0 + DAY_MS,
      now: T0 + DAY_MS - 1,
    });
    expect(day).toMatchObject({ mean: null, median: null, flags: ['open'] });
  });

  it('says when the device is too slow for any hour to count', () => {
    const hours = hoursOf(filled(0, 24), ['cadence-too-slow']);
    const day = composedMean(hours, { start: T0, end: T0 + DAY_MS, now: T0 + 48 * HOUR_MS });
    expect(day.flags).toEqual(['cadence-too-slow', 'below-coverage']);
  });

  it('of no parts at all is empty', () => {
    expect(composedMean([], { start: T0, end: T0, now: T0 })).toMatchObject({ mean: null, count: 0, coverage: 0 });
  });
});
