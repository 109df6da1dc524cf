import { describe, expect, it } from '@jest/globals';
import { CellRings } from '../../server/live/cellRing.ts';
import { RingTotals, takeTotals } from '../../server/live/ringTotals.ts';
import { randomNumbers } from '../support/randomNumbers.ts';

const NOTHING = { sum: 0, count: 0, min: 0, max: 0 };

const sumsOf = (rings: CellRings, series: number, first: number, end: number) => {
  const into = { ...NOTHING };
  rings.sums(series, first, end, into);
  return into;
};

describe('rings of cells', () => {
  it('add up whole hours as they add up cells, over silence, late values and stored cells', () => {
    const random = randomNumbers(3);
    const rings = new CellRings();
    const series = [rings.allocate(), rings.allocate()];
    let cell = 1_000;
    for (let turn = 0; turn < 3_000; turn++) {
      cell += random() < 0.01 ? Math.floor(random() * 700) : Math.floor(random() * 3);
      const one = series[turn % 2]!;
      rings.add(one, cell - Math.floor(random() * 40), 1 + Math.floor(random() * 9));
      if (random() < 0.1) rings.put(one, cell - 20, { sum: 60, count: 12, min: 5, max: 5 });
      for (const width of [12, 288]) {
        const end = cell - Math.floor(random() * 20);
        const totals = { ...NOTHING };
        rings.totals(one, end - width, end, totals);
        const { sum, count } = sumsOf(rings, one, end - width, end);
        expect({ turn, ...totals }).toEqual({ turn, sum, count, min: 0, max: 0 });
      }
    }
  });

  it('have the same totals when those of all are taken in one go, also after more series came', () => {
    const rings = new CellRings();
    const [hour, day] = [new RingTotals(), new RingTotals()];
    const random = randomNumbers(5);
    for (const size of [100, 300]) {
      while (rings.size < size) rings.allocate();
      for (let series = 0; series < size; series++) {
        for (let cell = 5_000 - (series % 7); cell > 4_700; cell--) rings.add(series, cell, random());
      }
      Object.assign(hour, { first: 4_988, end: 5_000 });
      Object.assign(day, { first: 4_712, end: 5_000 });
      takeTotals(rings, [hour, day]);
      for (let series = 0; series < size; series++) {
        for (const taken of [hour, day]) {
          const [of, alone] = [{ ...NOTHING }, { ...NOTHING }];
          taken.read(series, of);
          rings.totals(series, taken.first, taken.end, alone);
          expect({ series, ...of }).toEqual({ series, ...alone });
        }
      }
    }
  });

  it('keep 290 cells and forget older ones as they turn', () => {
    const rings = new CellRings();
    const series = rings.allocate();
    for (let cell = 0; cell < 1_000; cell++) rings.add(series, cell, cell);
    expect(sumsOf(rings, series, 0, 1_000)).toEqual({ sum: (290 * (710 + 999)) / 2, count: 290, min: 710, max: 999 });
    expect(rings.add(series, 709, 1)).toBe(false);
    expect(rings.add(series, 710, 1)).toBe(true);
  });

  it('are empty after a long silence', () => {
    const rings = new CellRings();
    const series = rings.allocate();
    for (let cell = 0; cell < 290; cell++) rings.add(series, cell, 5);
    rings.add(series, 5_000, 7);
    expect(sumsOf(rings, series, 0, 6_000)).toMatchObject({ sum: 7, count: 1 });
  });

  it('keep series apart, across slabs', () => {
    const rings = new CellRings();
    const series = Array.from({ length: 300 }, () => rings.allocate());
    for (const one of series) rings.add(one, 10 + (one % 5), one);
    for (const one of series) expect(sumsOf(rings, one, 0, 20)).toEqual({ sum: one, count: 1, min: one, max: one });
  });

  it('give a released series out again, empty, and leave those beside it as they are', () => {
    const rings = new CellRings();
    const [before, series, after] = [rings.allocate(), rings.allocate(), rings.allocate()];
    for (const one of [before, series, after]) for (let cell = 0; cell < 1_000; cell++) rings.add(one, cell, 5);
    rings.release(series);
    expect(rings.allocate()).toBe(series);
    const told = (one: number, end: number) => {
      const totals = { ...NOTHING };
      rings.totals(one, end - 288, end, totals);
      const { sum, count } = sumsOf(rings, one, end - 288, end);
      return [sum, count, totals.sum, totals.count];
    };
    expect(told(series, 1_000)).toEqual([0, 0, 0, 0]);
    // Long before the last one of its former owner.
    rings.add(series, 500, 4);
    expect(told(series, 501)).toEqual([4, 1, 4, 1]);
    for (const one of [before, after]) expect(told(one, 1_000)).toEqual([5 * 288, 288, 5 * 288, 288]);
  });

  it('take a stored cell unless they hold as many values of it', () => {
    const rings = new CellRings();
    const series = rings.allocate();
    rings.add(series, 10, 1);
    rings.put(series, 10, { sum: 30, count: 3, min: 5, max: 20 });
    rings.put(series, 10, { sum: 1, count: 1, min: 1, max: 1 });
    rings.put(series, 10, { sum: 99, count: 3, min: 0, max: 99 });
    rings.put(series, 9, { sum: 8, count: 2, min: 3, max: 5 });
    expect(sumsOf(rings, series, 0, 20)).toEqual({ sum: 38, count: 5, min: 3, max: 20 });
  });

  it('stay right when a cell is full', () => {
    const rings = new CellRings();
    const series = rings.allocate();
    for (let count = 0; count < 65_535; count++) rings.add(series, 10, 2);
    expect(rings.add(series, 10, 1_000)).toBe(false);
    expect(sumsOf(rings, series, 0, 20)).toEqual({ sum: 2 * 65_535, count: 65_535, min: 2, max: 2 });
  });
});
