import { describe, expect, it } from '@jest/globals';
import { CELL_MS, RateMeter } from '../../server/admin/rateMeter.ts';

const START = Date.UTC(2026, 10, 26, 12);
const totals = (messages: number, readings = messages, rejections = 0) => ({ messages, readings, rejections });

describe('rates', () => {
  it('are nothing before two looks, then those of the last minute', () => {
    const meter = new RateMeter();
    meter.sample(START, totals(1_000));
    expect(meter.perSecond()).toEqual(totals(0));
    meter.sample(START + 10_000, totals(1_020, 1_010, 5));
    expect(meter.perSecond()).toEqual(totals(2, 1, 0.5));
    for (let second = 20; second <= 120; second += 10) meter.sample(START + second * 1000, totals(1_020, 1_010, 5));
    expect(meter.perSecond()).toEqual(totals(0));
  });

  it('are summed in cells of five minutes, of the last day only, and go on after an earlier process', () => {
    const meter = new RateMeter();
    meter.restore([
      { start: START - 300 * CELL_MS, ...totals(7) },
      { start: START, ...totals(3) },
    ]);
    meter.sample(START + 1_000, totals(0));
    meter.sample(START + 2_000, totals(4));
    meter.sample(START + CELL_MS, totals(5));
    expect(meter.cells(START + CELL_MS)).toEqual([
      { start: START, ...totals(7) },
      { start: START + CELL_MS, ...totals(1) },
    ]);
    for (let cell = 2; cell < 400; cell++) meter.sample(START + cell * CELL_MS, totals(5 + cell));
    expect(meter.cells(START + 399 * CELL_MS)).toHaveLength(288);
  });
});
