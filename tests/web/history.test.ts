import { describe, expect, it } from '@jest/globals';
import { standsToUsual, usualAtThisHour } from '../../server/api/pages/station/figures.ts';
import type { Series } from '../../server/domain/contract.ts';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { createFormat } from '../../server/domain/format.ts';
import {
  correctedHoursOf,
  correctionSummary,
  type HistoryPoint,
  summarise,
  tailOf,
  withGaps,
  withLiveHours,
  withTail,
} from '../../web/state/history.ts';

const QUARTER = 900_000;
const START = Date.parse('2026-11-05T19:00:00Z');
const point = (start: number, mean: number, count = 6): HistoryPoint => ({ start, mean, count, expected: 6 });

describe('the course of a station', () => {
  it('puts live readings into their quarter hour', () => {
    const points = withTail(
      [point(START, 10)],
      new Map([
        [START + QUARTER + 1_000, 4],
        [START + QUARTER + 150_000, 8],
      ]),
    );
    expect(points).toEqual([point(START, 10), { start: START + QUARTER, mean: 6, count: 2, expected: 6 }]);
  });

  it('counts a reading once however often it comes', () => {
    const tail = new Map([[START, 4], ...([[START, 4]] as [number, number][])]);
    expect(withTail([], tail)).toEqual([{ start: START, mean: 4, count: 1, expected: 0 }]);
  });

  it('leaves values with an invalid flag out and keeps doubtful ones', () => {
    const raw = [
      { measuredAt: '2026-11-05T19:00:00Z', value: 999.9, flags: ['saturated'] },
      { measuredAt: '2026-11-05T19:02:30Z', value: 7, flags: ['claimed'] },
    ];
    expect([...tailOf(raw).values()]).toEqual([7]);
  });

  it('makes the running hour of its quarters, weighted by their readings', () => {
    const hours = [point(START - HOUR_MS, 5, 24), point(START, 99, 1)];
    const quarters = [point(START, 10, 6), point(START + QUARTER, 4, 2)];
    expect(withLiveHours(hours, quarters, { loadedAt: START, now: START + HOUR_MS / 2 })).toEqual([
      point(START - HOUR_MS, 5, 24),
      { start: START, mean: 8.5, count: 8, expected: 24 },
    ]);
  });

  it('gives an hour that is over no mean where too few of its readings came', () => {
    const quarters = [point(START, 10, 6), point(START + QUARTER, 4, 6), point(START + HOUR_MS, 7, 6)];
    const starts = (now: number) => withLiveHours([], quarters, { loadedAt: START, now }).map(({ start }) => start);
    expect(starts(START + HOUR_MS - 1)).toEqual([START, START + HOUR_MS]);
    expect(starts(START + HOUR_MS + QUARTER)).toEqual([START + HOUR_MS]);
    const whole = [...quarters, point(START + 2 * QUARTER, 4, 6)];
    expect(withLiveHours([], whole, { loadedAt: START, now: START + HOUR_MS + QUARTER })[0]).toMatchObject({
      count: 18,
    });
  });

  it('makes it of the quarters since half past where hours begin there', () => {
    const half = HOUR_MS / 2;
    const hours = [point(START - half, 5, 24)];
    const quarters = [point(START + QUARTER, 90, 6), point(START + half, 10, 6), point(START + HOUR_MS, 20, 6)];
    const loadedAt = START + half + QUARTER;
    expect(withLiveHours(hours, quarters, { loadedAt, now: loadedAt + HOUR_MS / 2 })).toEqual([
      point(START - half, 5, 24),
      { start: START + half, mean: 15, count: 12, expected: 24 },
    ]);
  });

  it('breaks the line where means are missing', () => {
    const line = withGaps([point(START, 1), point(START + QUARTER, 2), point(START + 4 * QUARTER, 3)], QUARTER);
    expect(line.map(({ y }) => y)).toEqual([1, 2, null, 3]);
  });

  it('sums up lowest, highest, last and empty hours', () => {
    const points = [point(START, 10), point(START + HOUR_MS, 30), point(START + 2 * HOUR_MS, 20)];
    const summary = summarise(points, '24h', START + 3 * HOUR_MS);
    expect(summary).toEqual({ min: 10, max: 30, maxAt: START + HOUR_MS, last: 20, emptyHours: 20 });
  });

  it('leaves the hour that has not ended out of the sentence: it has no valid mean yet', () => {
    const points = [point(START, 10), point(START + HOUR_MS, 30)];
    const halfPast = START + HOUR_MS + HOUR_MS / 2;
    expect(summarise(points, '7d', halfPast)).toMatchObject({ min: 10, max: 10, last: 10 });
    expect(summarise(points.slice(1), '7d', halfPast)).toBeUndefined();
  });

  it('has no summary without points', () => {
    expect(summarise([], '7d', START)).toBeUndefined();
  });
});

describe('what is usual at this hour', () => {
  // Of the last 60 minutes 40 lie in the hour that begins at START.
  const context = {
    now: START + HOUR_MS + 20 * 60_000,
    clockTime: (at: number) => new Date(at).toISOString().slice(11, 16),
  };
  const daysBefore = (...days: number[]) => days.map((day) => ({ start: START - day * DAY_MS, mean: day * 10 }));

  it('is the median of the same hour on the days before', () => {
    expect(usualAtThisHour(daysBefore(1, 2, 3, 4, 7), context)).toEqual({
      median: 30,
      min: 10,
      max: 70,
      days: 5,
      hour: START,
    });
  });

  it('is of the hour in which most of the last 60 minutes lie', () => {
    const both = [0, HOUR_MS].flatMap((later) =>
      daysBefore(1, 2, 3, 4).map((hour) => ({ ...hour, start: hour.start + later })),
    );
    const hourAt = (minutes: number) =>
      usualAtThisHour(both, { ...context, now: START + HOUR_MS + minutes * 60_000 })?.hour;
    expect([hourAt(1), hourAt(29), hourAt(31), hourAt(59)]).toEqual([START, START, START + HOUR_MS, START + HOUR_MS]);
  });

  it('is of hours that begin at half past where those at hand do', () => {
    const half = HOUR_MS / 2;
    const hours = daysBefore(1, 2, 3, 4).map((hour) => ({ ...hour, start: hour.start + half }));
    expect(usualAtThisHour(hours, { ...context, now: START + half + 50 * 60_000 })?.hour).toBe(START + half);
    expect(usualAtThisHour(hours, { ...context, now: START + half + 20 * 60_000 })).toBeUndefined();
  });

  it('follows the clock of the people there where it changes', () => {
    const { time } = createFormat('de', 'Europe/Berlin');
    // Seven o'clock in Berlin on the six days around the end of summer time, and the hour before it, which is no seven o'clock.
    const sevens = ['22T05', '23T05', '24T05', '25T06', '26T06', '27T06'].map((at) =>
      Date.parse(`2026-10-${at}:00:00Z`),
    );
    const hours = sevens.flatMap((start) => [
      { start: start - HOUR_MS, mean: 900 },
      { start, mean: 10 },
    ]);
    const now = Date.parse('2026-10-28T06:50:00Z');
    expect(usualAtThisHour(hours, { now, clockTime: time })).toMatchObject({ median: 10, max: 10, days: 6 });
  });

  it('leaves out the running hour and other hours', () => {
    const hours = [...daysBefore(1, 2, 3, 4), { start: START, mean: 900 }, { start: START - HOUR_MS, mean: 900 }];
    expect(usualAtThisHour(hours, context)).toMatchObject({ median: 25, days: 4, hour: START });
  });

  it.each([
    [9.94, 'below'],
    [9.96, 'within'],
    [25, 'within'],
    [40.04, 'within'],
    [40.06, 'above'],
  ])('compares %d with all days, as it is shown', (value, standing) => {
    expect(standsToUsual(usualAtThisHour(daysBefore(1, 2, 3, 4), context)!, value)).toBe(standing);
  });

  it('says nothing with fewer than four days', () => {
    expect(usualAtThisHour(daysBefore(1, 2, 3), context)).toBeUndefined();
  });
});

describe('a course adjusted to a reference station', () => {
  const seriesOf = (points: object[]) => ({ points }) as unknown as Series;
  const at = (hour: number) => new Date(START + hour * HOUR_MS).toISOString();

  it('has the hours with both values alone', () => {
    const hours = correctedHoursOf(
      seriesOf([
        { start: at(0), mean: 15, raw: 30, shareFromOthers: 0.5 },
        { start: at(1), mean: null, raw: 30 },
        { start: at(2), mean: null, raw: null },
      ]),
    );
    expect(hours).toEqual([{ start: START, mean: 15, raw: 30 }]);
  });

  it('says both means of the same hours and what of them stems from others', () => {
    const hours = [
      { start: START, mean: 15, raw: 30 },
      { start: START + HOUR_MS, mean: 10, raw: 10 },
    ];
    expect(correctionSummary(hours)).toEqual({ hours: 2, raw: 20, mean: 12.5, share: 0.375 });
    expect(correctionSummary([])).toBeUndefined();
  });
});
