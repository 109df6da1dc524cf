import { describe, expect, it } from '@jest/globals';
import {
  correlation,
  mad,
  median,
  medianOfScratch,
  quantile,
  quartiles,
  toleratedOutliers,
} from '../../../server/domain/assessment/robust.ts';
import { randomNumbers } from '../../support/randomNumbers.ts';

describe('robust statistics', () => {
  it('of nothing are nothing', () => {
    expect(median([])).toBeUndefined();
    expect(mad([])).toBeUndefined();
    expect(quartiles([])).toBeUndefined();
  });

  it('the median of an even number lies between the middle two', () => {
    expect(median([1, 9, 3, 5])).toBe(4);
    expect(median([7])).toBe(7);
  });

  it('quantiles are type 7, as the database has them', () => {
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
    expect(quartiles([4, 1, 3, 2])).toEqual({ lower: 1.75, median: 2.5, upper: 3.25 });
  });

  it('a median found without sorting is the same, also among equal and ordered values', () => {
    const random = randomNumbers(7);
    for (let length = 1; length < 200; length++) {
      const some = Array.from({ length }, (_, at) => (length % 3 === 0 ? at : Math.floor(random() * length)));
      for (const values of [some, some.toReversed(), some.map(() => 145_000)]) {
        const scratch = Float64Array.from([...values, -1, 1e9]);
        expect(medianOfScratch(scratch, length)).toBe(median(values));
      }
    }
  });

  it.each([
    [0, 0],
    [1, 0],
    [3, 1],
    [5, 2],
    [9, 4],
  ])('a median of %i tolerates %i', (n, tolerated) => {
    expect(toleratedOutliers(n)).toBe(tolerated);
  });

  it('correlation needs three pairs and variation on both sides', () => {
    expect(
      correlation([
        [1, 2],
        [2, 4],
        [3, 6],
      ]),
    ).toBeCloseTo(1, 12);
    expect(
      correlation([
        [1, 6],
        [2, 4],
        [3, 2],
      ]),
    ).toBeCloseTo(-1, 12);
    expect(
      correlation([
        [1, 1],
        [2, 2],
      ]),
    ).toBeUndefined();
    expect(
      correlation([
        [1, 5],
        [2, 5],
        [3, 5],
      ]),
    ).toBeUndefined();
    expect(
      correlation([
        [5, 1],
        [5, 2],
        [5, 3],
      ]),
    ).toBeUndefined();
  });
});
