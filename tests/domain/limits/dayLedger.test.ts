import { describe, expect, it } from '@jest/globals';
import {
  dayLedger,
  decidingRankOf,
  isWithinPermitted,
  type LedgerDay,
  yearLedgers,
} from '../../../server/domain/limits/dayLedger.ts';
import { limitById } from '../../../server/domain/limits/limits.ts';

const PM10_DAY = limitById('de39.pm10.day')!;
const WHO_DAY = limitById('who2021.pm25.day.aqg')!;

/** A year of days with `highs` days at 60 and the rest at 20; the high ones lie in spring, not at the beginning. */
function yearOf(days: number, highs: number): LedgerDay[] {
  return Array.from({ length: days }, (_, at) => ({
    date: new Date(Date.UTC(2025, 0, 1 + at)).toISOString().slice(0, 10),
    mean: at >= 100 && at < 100 + highs ? 60 : 20,
  }));
}

describe('dayLedger', () => {
  it.each([
    [50.4, 'not-above'],
    [50.49, 'not-above'],
    [50.5, 'above'],
    [51, 'above'],
    [undefined, 'no-coverage'],
  ])('a day at %p is %s', (mean, state) => {
    expect(dayLedger(PM10_DAY, [{ date: '2025-01-01', mean }]).lines[0]!.state).toBe(state);
  });

  it('35 days are permitted, 36 are too many, and the 36th highest day tells the same', () => {
    expect(dayLedger(PM10_DAY, yearOf(365, 35))).toMatchObject({
      above: 35,
      isBeyondPermitted: false,
      decidingMean: 20,
    });
    expect(dayLedger(PM10_DAY, yearOf(365, 36))).toMatchObject({
      above: 36,
      isBeyondPermitted: true,
      decidingMean: 60,
    });
  });

  it('says “within” with gaps only where the daily mean that decides then does not lie above', () => {
    const withGaps = (highs: number) =>
      yearOf(365, highs).map((day, at) => (at < 350 ? day : { ...day, mean: undefined }));
    // Of 350 days the 34th highest decides.
    expect([33, 34, 36].map((highs) => isWithinPermitted(PM10_DAY, dayLedger(PM10_DAY, withGaps(highs))))).toEqual([
      true,
      false,
      false,
    ]);
    expect(isWithinPermitted(PM10_DAY, dayLedger(PM10_DAY, yearOf(365, 35)))).toBe(true);
  });

  it('counts each calendar year by itself, since a rule permits days by the year', () => {
    const days = [...yearOf(365, 20), { date: '2026-01-01', mean: 60 }, { date: '2026-01-02', mean: 20 }];
    const counted = yearLedgers(PM10_DAY, days).map(({ year, ledger }) => [year, ledger.above, ledger.days]);
    expect(counted).toEqual([
      ['2025', 20, 365],
      ['2026', 1, 2],
    ]);
  });

  it('counts as a range: with U subtracted and added', () => {
    const days = [20, 35, 60, 90].map((mean, at) => ({
      date: `2025-01-0${at + 1}`,
      mean,
      uncertainty: Math.max(22.5, mean / 2),
    }));
    expect(dayLedger(PM10_DAY, days)).toMatchObject({ above: 2, aboveAtLeast: 0, aboveAtMost: 3 });
    const certain = days.map(({ date, mean }) => ({ date, mean }));
    expect(dayLedger(PM10_DAY, certain)).toMatchObject({ above: 2, aboveAtLeast: 2, aboveAtMost: 2 });
  });

  it('days without coverage count neither way and are numbered', () => {
    const days: LedgerDay[] = [
      { date: '2025-01-01', mean: undefined },
      { date: '2025-01-02', mean: 70, isHumid: true },
      { date: '2025-01-03', mean: 80 },
    ];
    expect(dayLedger(PM10_DAY, days)).toMatchObject({
      limitId: 'de39.pm10.day',
      days: 3,
      validDays: 2,
      notCounted: 1,
      above: 2,
      aboveHumid: 1,
      isComplete: false,
    });
  });

  it('is complete from 85 % of the days on', () => {
    const withGaps = (valid: number) =>
      yearOf(100, 0).map((day, at) => (at < valid ? day : { ...day, mean: undefined }));
    expect(dayLedger(PM10_DAY, withGaps(85)).isComplete).toBe(true);
    expect(dayLedger(PM10_DAY, withGaps(84)).isComplete).toBe(false);
  });

  it('of nothing decides nothing', () => {
    expect(dayLedger(PM10_DAY, [])).not.toHaveProperty('decidingMean');
  });
});

describe('decidingRankOf', () => {
  it.each([
    [365, 36],
    [366, 36],
    [300, 29],
    [0, 1],
  ])('PM10 days above 50 with %i valid days: place %i', (days, rank) => {
    expect(decidingRankOf(PM10_DAY, days)).toBe(rank);
  });

  it('WHO’s 99th percentile is the fourth highest day of a year', () => {
    expect(decidingRankOf(WHO_DAY, 365)).toBe(4);
  });

  it('a rule that permits none looks at the highest', () => {
    expect(decidingRankOf(limitById('eu2024.information.pm25')!, 365)).toBe(1);
  });
});
