import { describe, expect, it } from '@jest/globals';
import { comparisonOf } from '../../../server/domain/correction/comparison.ts';
import { officialMean } from '../../../server/domain/correction/referenceMeans.ts';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';

describe('comparisonOf', () => {
  it('finds the line, the bias and the scatter of pairs', () => {
    const pairs = [10, 20, 30, 40].map((reference) => ({ reference, sensor: 2 + 1.5 * reference }));
    expect(comparisonOf(pairs)).toEqual({
      ...{ n: 4, sensorMean: 39.5, referenceMean: 25, bias: 14.5, slope: 1.5, intercept: 2, correlation: 1, r2: 1 },
      rmse: Math.sqrt((7 ** 2 + 12 ** 2 + 17 ** 2 + 22 ** 2) / 4),
    });
  });

  it('gives no correlation of two pairs and no line of one reference', () => {
    expect(comparisonOf([])).toBeUndefined();
    expect(comparisonOf([{ sensor: 3, reference: 5 }])).toEqual({
      n: 1,
      sensorMean: 3,
      referenceMean: 5,
      bias: -2,
      rmse: 2,
    });
    const two = comparisonOf([1, 2].map((value) => ({ sensor: value, reference: value })));
    expect([two?.slope, two?.correlation]).toEqual([1, undefined]);
  });

  it('R² of unlike pairs is that of the textbook', () => {
    // Anscombe's first set: R² 0.67, slope 0.5, intercept 3.0.
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    const found = comparisonOf(x.map((reference, at) => ({ reference, sensor: y[at]! })))!;
    expect([found.slope!.toFixed(3), found.intercept!.toFixed(2), found.r2!.toFixed(3)]).toEqual([
      '0.500',
      '3.00',
      '0.667',
    ]);
  });
});

describe('officialMean', () => {
  const hours = Array.from({ length: 24 }, (_, at) => ({ start: at * HOUR_MS, value: 10 + at }));

  it('is the hour itself, or the mean of a day of at least 18 hours', () => {
    expect(officialMean({ hours, days: [] }, { start: HOUR_MS, end: 2 * HOUR_MS })).toBe(11);
    expect(officialMean({ hours, days: [] }, { start: 0, end: DAY_MS })).toBe(21.5);
    expect(officialMean({ hours: hours.slice(6), days: [] }, { start: 0, end: DAY_MS })).toBe(24.5);
    expect(officialMean({ hours: hours.slice(7), days: [] }, { start: 0, end: DAY_MS })).toBeUndefined();
  });

  it('is the published day where there are no hours, and never an hour made of a day', () => {
    const days = [{ start: 0, value: 30 }];
    expect(officialMean({ hours: [], days }, { start: 0, end: DAY_MS })).toBe(30);
    expect(officialMean({ hours: [], days }, { start: 0, end: HOUR_MS })).toBeUndefined();
    expect(officialMean({ hours: [], days }, { start: 12 * HOUR_MS, end: DAY_MS + 12 * HOUR_MS })).toBeUndefined();
  });
});
