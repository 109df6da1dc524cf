import { describe, expect, it } from '@jest/globals';
import {
  type CalendarUnit,
  calendarWindows,
  type DayRule,
  hourShiftMs,
} from '../../../server/domain/means/calendarWindows.ts';

const BERLIN: DayRule = { timeZone: 'Europe/Berlin' };
const UTC1: DayRule = { offsetMs: 3_600_000 };

function windows(unit: CalendarUnit, rule: DayRule, from: string, to: string): [string, number][] {
  const range = { start: Date.parse(from), end: Date.parse(to) };
  return calendarWindows(unit, rule, range).map(({ start, end }) => [
    new Date(start).toISOString().slice(0, 16),
    (end - start) / 3_600_000,
  ]);
}

describe('calendar windows', () => {
  it.each<[string, CalendarUnit, DayRule, string, string, [string, number][]]>([
    [
      'days at UTC+1 have 24 hours also when summer time begins',
      '1d',
      UTC1,
      '2026-03-28T23:00Z',
      '2026-03-30T23:00Z',
      [
        ['2026-03-28T23:00', 24],
        ['2026-03-29T23:00', 24],
      ],
    ],
    [
      'local days have 23 hours when summer time begins',
      '1d',
      BERLIN,
      '2026-03-28T12:00Z',
      '2026-03-30T12:00Z',
      [
        ['2026-03-27T23:00', 24],
        ['2026-03-28T23:00', 23],
        ['2026-03-29T22:00', 24],
      ],
    ],
    [
      'local days have 25 hours when it ends',
      '1d',
      BERLIN,
      '2026-10-24T22:00Z',
      '2026-10-26T23:00Z',
      [
        ['2026-10-24T22:00', 25],
        ['2026-10-25T23:00', 24],
      ],
    ],
    [
      'a window touched by one ms is there, whole',
      '1d',
      UTC1,
      '2026-01-05T22:59:59.999Z',
      '2026-01-05T23:00Z',
      [['2026-01-04T23:00', 24]],
    ],
    ['an empty range has none', '1d', UTC1, '2026-01-05T23:00Z', '2026-01-05T23:00Z', []],
    [
      'weeks begin on Monday',
      '1w',
      UTC1,
      '2026-01-04T22:00Z',
      '2026-01-05T00:00Z',
      [
        ['2025-12-28T23:00', 168],
        ['2026-01-04T23:00', 168],
      ],
    ],
    [
      'a local week with the change to summer time has 167 hours',
      '1w',
      BERLIN,
      '2026-03-25T00:00Z',
      '2026-03-26T00:00Z',
      [['2026-03-22T23:00', 167]],
    ],
    [
      'months',
      '1mo',
      BERLIN,
      '2026-02-15T00:00Z',
      '2026-04-01T00:00Z',
      [
        ['2026-01-31T23:00', 28 * 24],
        ['2026-02-28T23:00', 31 * 24 - 1],
        ['2026-03-31T22:00', 30 * 24],
      ],
    ],
    ['a leap year', '1y', { offsetMs: 0 }, '2024-06-01T00:00Z', '2024-06-02T00:00Z', [['2024-01-01T00:00', 366 * 24]]],
    [
      'days where clocks go forward at midnight begin at one',
      '1d',
      { timeZone: 'America/Havana' },
      '2026-03-08T12:00Z',
      '2026-03-08T13:00Z',
      [['2026-03-08T05:00', 23]],
    ],
  ])('%s', (_text, unit, rule, from, to, expected) => {
    expect(windows(unit, rule, from, to)).toEqual(expected);
  });

  it('follow each other without a gap for years', () => {
    const range = { start: Date.UTC(2019, 0), end: Date.UTC(2027, 0) };
    for (const unit of ['1d', '1w', '1mo', '1y'] as const) {
      const all = calendarWindows(unit, BERLIN, range);
      for (const [index, { start }] of all.entries()) {
        if (index > 0) expect(start).toBe(all[index - 1]!.end);
      }
      expect(all[0]!.start).toBeLessThanOrEqual(range.start);
      expect(all.at(-1)!.end).toBeGreaterThanOrEqual(range.end);
    }
  });
});

describe('where hours begin', () => {
  it.each([
    [UTC1, 0],
    [BERLIN, 0],
    [{ offsetMs: 19_800_000 }, 1_800_000],
    [{ offsetMs: -12_600_000 }, 1_800_000],
    [{ timeZone: 'Asia/Kathmandu' }, 2_700_000],
  ])('under %j is %d ms before the full hour of UTC', (rule, shift) => {
    expect(hourShiftMs(rule, Date.UTC(2026, 0, 5))).toBe(shift);
  });
});
