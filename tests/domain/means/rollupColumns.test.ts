import { describe, expect, it } from '@jest/globals';
import type { DerivedFlag } from '../../../server/domain/assessment/assessment.ts';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';
import { dayRow, hourRow, type RollupRow } from '../../../server/domain/means/rollup.ts';
import {
  portionsOf,
  type RollupColumns,
  rowsOf,
  rowsSince,
  rowsUntil,
} from '../../../server/domain/means/rollupColumns.ts';
import { rollupColumnsOf } from '../../../server/domain/means/rollupGatherer.ts';
import { successorsOf } from '../../../server/domain/means/rollupSuccessors.ts';
import { flaggedHour } from '../../support/flaggedHour.ts';

const START = Date.UTC(2026, 0, 5);
const SERIES = { stationId: 'aaaaaaaaaa', sensor: 'sds011', quantity: 'pm25' } as const;

function hour(at: number, { value = 9.1, count = 24, derived = [] as DerivedFlag[], flagged = 24 } = {}): RollupRow {
  const start = START + at * HOUR_MS;
  const values = Array.from({ length: count }, (_, index) => ({
    measuredAt: start + index * 150_000,
    value,
    flags: 0,
    derived: index < flagged ? derived : [],
  }));
  return hourRow(SERIES, flaggedHour(values, 'pm25'), {
    start,
    end: start + HOUR_MS,
    cadenceMs: 150_000,
    now: START * 2,
  });
}

/** One series' columns. */
function columnsOf(...rows: RollupRow[]): RollupColumns {
  return rollupColumnsOf(rows)[0]!;
}

describe('RollupColumns', () => {
  it('stand for the rows they were made of, in order of time', () => {
    const rows = [hour(2, { derived: ['humid'], flagged: 7 }), hour(0, { count: 0 }), hour(1, { count: 3 })];
    expect(rowsOf(columnsOf(...rows))).toEqual([rows[1], rows[2], rows[0]]);
    const hours = Array.from({ length: 24 }, (_, at) => hour(at, { count: at < 20 ? 24 : 0 }));
    const day = dayRow(SERIES, hours, { start: START, end: START + DAY_MS, now: START * 2 });
    expect(rowsOf(columnsOf(day))).toEqual([day]);
  });

  it('keep series apart', () => {
    const other = { ...hour(0), quantity: 'pm10' as const };
    expect(rollupColumnsOf([hour(0), other, hour(1)]).flatMap(rowsOf)).toEqual([hour(0), hour(1), other]);
  });

  it('can be cut by time', () => {
    const columns = columnsOf(...Array.from({ length: 100 }, (_, at) => hour(at)));
    expect(rowsOf(rowsSince(columns, START + 98 * HOUR_MS))).toEqual([hour(98), hour(99)]);
    expect(rowsOf(rowsUntil(columns, START + HOUR_MS + 1))).toEqual([hour(0), hour(1)]);
    expect(rowsSince(columns, START)).toBe(columns);
  });

  it('come in portions of so many rows: short series together, long ones cut', () => {
    const series = ['sds011', 'sps30', 'pms7003'].map((sensor) => ({ ...hour(0), sensor }));
    const long = Array.from({ length: 5 }, (_, at) => ({ ...hour(at), quantity: 'pm10' as const }));
    const portions = [...portionsOf(rollupColumnsOf([...series, ...long]), 4)];
    expect(portions.map((part) => part.map(({ start }) => start.length))).toEqual([[1, 1, 1, 1], [4]]);
    expect(portions.flat().flatMap(rowsOf)).toEqual([...series, ...long]);
    expect([...portionsOf([], 4)]).toEqual([]);
  });
});

describe('successorsOf', () => {
  const rowsAfter = (stored: readonly RollupRow[], ...made: RollupRow[]) => {
    const found = successorsOf(columnsOf(...made), rollupColumnsOf(stored)[0]);
    return found === undefined ? [] : rowsOf(found);
  };

  it('takes all rows where none are stored', () => {
    expect(rowsAfter([], hour(0), hour(1))).toEqual([hour(0), hour(1)]);
  });

  it('the same content keeps its revision, other content gets the next', () => {
    const stored = [hour(0), { ...hour(1), revision: 4 }, hour(2, { count: 0 })];
    expect(rowsAfter(stored, hour(0), hour(1), hour(2, { count: 0 }))).toEqual([]);
    expect(rowsAfter(stored, hour(0), hour(1, { value: 9.2 }), hour(2), hour(3))).toEqual([
      { ...hour(1, { value: 9.2 }), revision: 5 },
      { ...hour(2), revision: 2 },
      hour(3),
    ]);
  });

  it('sees every field', () => {
    const stored = hour(1, { derived: ['humid'], flagged: 7 });
    const changed: Partial<RollupRow>[] = [
      { mean: null },
      { min: 1 },
      { max: 99 },
      { median: 9.2 },
      { count: 23 },
      { expected: 23 },
      { flags: ['below-coverage'] },
      { cadenceMs: 151_000 },
      { readings: 25 },
      { shares: {} },
      { shares: { humid: 0.5 } },
      { shares: { ...stored.shares, stuck: 0.1 } },
      { parts: { valid: 1, of: 2 } },
      { isHumid: true },
      { method: 'other' },
    ];
    for (const change of changed) {
      expect(rowsAfter([stored], { ...stored, ...change }).map(({ revision }) => revision)).toEqual([2]);
    }
  });

  it('leaves stored rows alone that nothing was made of', () => {
    expect(rowsAfter([hour(0), hour(2), hour(5)], hour(2), hour(3), hour(5))).toEqual([hour(3)]);
  });
});
