import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import { CourseCadences, type Intervals } from '../../server/rollups/courseCadences.ts';

/** Midnight at UTC+1. */
const MIDNIGHT = Date.UTC(2026, 0, 4, 23);
const DEFAULT_MS = 149_000;

const day = (number: number, hours = 0) => MIDNIGHT + number * DAY_MS + hours * HOUR_MS;

/** Readings over whole days, each with its own gap between them: `[day, gapMs]`. */
function cadencesOf(days: readonly [number, number][], intervals: Intervals = []): CourseCadences {
  const times = days.flatMap(([number, gapMs]) =>
    Array.from({ length: DAY_MS / gapMs }, (_, at) => day(number) + at * gapMs),
  );
  return new CourseCadences(Float64Array.from(times), { intervals, dayOffsetMs: HOUR_MS });
}

describe('the cadence of rows', () => {
  it.each<[string, number, number]>([
    ['on the first day that of its own gaps', day(0), 5 * MINUTE_MS],
    ['to the last moment of it', day(1) - 1, 5 * MINUTE_MS],
    ['on the next that of the day before', day(1), 5 * MINUTE_MS],
    ['after a day of silence that of the day before that', day(3), MINUTE_MS],
    ['after two that of its own gaps, as if nothing had been before', day(6), 10 * MINUTE_MS],
    ['in silence unknown, and so the default', day(9), DEFAULT_MS],
  ])('is %s', (_what, time, cadenceMs) => {
    const cadences = cadencesOf([
      [0, 5 * MINUTE_MS],
      [1, MINUTE_MS],
      [3, 2 * MINUTE_MS],
      [6, 10 * MINUTE_MS],
    ]);
    expect(cadences.at(time)).toBe(cadenceMs);
  });

  it.each<[string, number, number]>([
    ['from the hour it was sent in', day(1, 12), 64_000],
    ['for a day', day(2, 12), 64_000],
    ['and no longer', day(2, 13), 5 * MINUTE_MS],
    ['not before', day(1, 11), 5 * MINUTE_MS],
  ])('is the interval the device sent %s', (_what, time, cadenceMs) => {
    const days = [0, 1, 2].map((number): [number, number] => [number, 5 * MINUTE_MS]);
    expect(cadencesOf(days, [{ start: day(1, 12), intervalMs: 60_000 }]).at(time)).toBe(cadenceMs);
  });

  it('does not rest on an interval that was sent before the day before', () => {
    const cadences = cadencesOf([], [{ start: day(0, 23), intervalMs: 60_000 }]);
    expect(cadences.at(day(1, 23))).toBe(64_000);
    expect(cadences.at(day(2))).toBe(DEFAULT_MS);
  });
});
