import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../../server/domain/durations.ts';
import { comparableGroups, comparablePeriods, hasComparable } from '../../../server/domain/report/comparable.ts';
import { DEFAULT_CHOICES, type Question, questionWindow } from '../../../server/domain/report/question.ts';

function question(from: string, to: string, changes: Partial<Question> = {}): Question {
  const place = { areaId: 'ehrenfeld' };
  return {
    place,
    quantity: 'pm25',
    from,
    to,
    dayOffset: '+01:00',
    limitId: null,
    choices: DEFAULT_CHOICES,
    ...changes,
  };
}

/** A station's valid days between two dates, all with the same mean. */
function days(from: string, to: string, mean: number): [number, number][] {
  const { start, end } = questionWindow({ from, to, dayOffset: '+01:00' });
  return Array.from({ length: (end - start) / DAY_MS }, (_, at) => [start + at * DAY_MS, mean]);
}

describe('comparable periods', () => {
  it.each([
    ['2025-11-10', '2025-11-16', 'week', 52, '2024-11-11', '2025-11-09'],
    ['2025-03-01', '2025-03-31', 'month', 12, '2024-03-01', '2025-02-28'],
    ['2025-11-01', '2025-11-30', 'month', 12, '2024-11-01', '2025-10-31'],
    ['2025-03-05', '2025-03-05', 'day', 60, '2025-01-04', '2025-03-04'],
    ['2025-03-01', '2025-03-30', 'span', 12, '2024-03-06', '2025-02-28'],
  ])('before %s to %s are whole ones of the same kind', (from, to, unit, count, first, last) => {
    const [before, years] = comparablePeriods({ from, to });
    expect(before).toMatchObject({ unit });
    expect(before?.periods).toHaveLength(count);
    expect([before?.periods[0]?.from, before?.periods.at(-1)?.to]).toEqual([first, last]);
    expect(years).toMatchObject({ unit: 'year' });
  });

  it('of a long period are the same dates of earlier years only, a leap day the last of February', () => {
    expect(comparablePeriods({ from: '2024-01-01', to: '2024-12-31' }).map(({ unit }) => unit)).toEqual(['year']);
    const [, years] = comparablePeriods({ from: '2025-02-01', to: '2025-02-28' });
    expect(years?.periods.map(({ to }) => to)).toEqual([
      ...['2020-02-29', '2021-02-28', '2022-02-28', '2023-02-28', '2024-02-29'],
    ]);
    const [, autumn] = comparablePeriods({ from: '2025-09-10', to: '2025-11-30' });
    expect(autumn?.periods.at(-1)).toEqual({ from: '2024-09-10', to: '2024-11-30' });
    const [, winter] = comparablePeriods({ from: '2025-01-10', to: '2025-02-27' });
    expect(winter?.periods.at(-1)).toEqual({ from: '2024-01-10', to: '2024-02-27' });
    const [, leap] = comparablePeriods({ from: '2024-02-29', to: '2024-02-29' });
    expect(leap?.periods.at(-1)).toEqual({ from: '2023-02-28', to: '2023-02-28' });
  });

  it('are compared pair by pair over the stations valid in both, from three on', () => {
    const month = question('2025-03-01', '2025-03-31');
    // Four stations in March at 10, 20, 30, 90; the fourth alone had no February, and no two had a January.
    const months = new Map([
      ['a', [...days('2025-03-01', '2025-03-31', 10), ...days('2025-02-01', '2025-02-28', 12)]],
      ['b', [...days('2025-03-01', '2025-03-31', 20), ...days('2025-02-01', '2025-02-28', 24)]],
      [
        'c',
        [
          ...days('2025-03-01', '2025-03-31', 30),
          ...days('2025-02-01', '2025-02-28', 36),
          ...days('2025-01-01', '2025-01-31', 1),
        ],
      ],
      ['d', days('2025-03-01', '2025-03-31', 90)],
    ]);
    const groups = comparableGroups(month, [...months.keys()], (id) => new Map(months.get(id)));
    const [before, years] = groups;
    expect(before?.periods.at(-1)).toEqual({ from: '2025-02-01', to: '2025-02-28', n: 3, value: 24, own: 20 });
    expect(before?.periods.at(-2)).toMatchObject({ from: '2025-01-01', n: 1, value: null, own: null });
    expect([before?.lower, before?.higher, before?.same]).toEqual([0, 1, 0]);
    expect(years && hasComparable(years)).toBe(false);
  });

  it('take the mean where the question does, and a single station alone', () => {
    const values = new Map([
      ...days('2025-03-01', '2025-03-31', 10),
      // 20 of 28 days of February are too few.
      ...days('2025-02-01', '2025-02-20', 50),
      ...days('2025-01-01', '2025-01-24', 9.96),
    ]);
    const alone = question('2025-03-01', '2025-03-31', { place: { stationIds: ['a'] } });
    const [before] = comparableGroups(alone, ['a'], () => values);
    expect(before?.periods.at(-1)).toMatchObject({ n: 0, value: null });
    expect(before?.periods.at(-2)).toMatchObject({ n: 1, value: 9.96, own: 10 });
    // To the tenth that is shown, the two are alike.
    expect([before?.lower, before?.higher, before?.same]).toEqual([0, 0, 1]);
    const mean = question('2025-03-01', '2025-03-31', { choices: { ...DEFAULT_CHOICES, statistic: 'mean' } });
    const levels: Record<string, number> = { a: 10, b: 20, c: 90 };
    const both = (id: string) =>
      new Map([...days('2025-03-01', '2025-03-31', levels[id]!), ...days('2025-02-01', '2025-02-28', 2 * levels[id]!)]);
    const [group] = comparableGroups(mean, ['a', 'b', 'c'], both);
    expect(group?.periods.at(-1)).toMatchObject({ value: 80, own: 40 });
  });
});
