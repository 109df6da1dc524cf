import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../../server/domain/durations.ts';
import { cadenceFrom, cadenceOfCells, cadencesAt, GapSample, medianGap } from '../../../server/domain/means/cadence.ts';

describe('cadence', () => {
  it.each([
    ['the interval the device sends, and the time sending takes', { intervalMs: 145_000 }, 149_000],
    ['the interval before any gap', { intervalMs: 145_000, medianGapDayBeforeMs: 300_000 }, 149_000],
    [
      'the median gap of the day before without an interval',
      { medianGapDayBeforeMs: 300_000, medianGapSoFarMs: 10_000 },
      300_000,
    ],
    ['the gaps so far on the first day', { medianGapSoFarMs: 60_000 }, 60_000],
    ['the airRohr default while nothing is known', {}, 149_000],
    ['no interval below a second', { intervalMs: 0, medianGapSoFarMs: 60_000 }, 60_000],
    ['at least a second', { medianGapSoFarMs: 20 }, 1_000],
    [
      'at most an hour: a silent device must not look complete',
      { medianGapDayBeforeMs: 7 * 60 * MINUTE_MS },
      60 * MINUTE_MS,
    ],
    ['at most an hour also when the device claims more', { intervalMs: 999_999_999 }, 60 * MINUTE_MS],
  ])('is %s', (_text, evidence, expected) => {
    expect(cadenceFrom(evidence)).toBe(expected);
  });
});

describe('the median gap', () => {
  it.each([
    [[1, 2, 3, 4], undefined],
    [[], undefined],
    [[5, 1, 3, 2, 4], 3],
    [[6, 1, 3, 2, 5, 4], 3.5],
    [[149, 149, 149, 149, 7_200], 149],
  ])('of %j is %p', (gaps, expected) => {
    expect(medianGap(gaps)).toBe(expected);
  });
});

describe('a sample of gaps', () => {
  it('is every gap while there is room', () => {
    const sample = new GapSample();
    for (let gap = 1; gap <= GapSample.SIZE; gap++) sample.add(gap);
    expect(sample.median()).toBe((GapSample.SIZE + 1) / 2);
  });

  it('stays spread over a day of any number of gaps', () => {
    const sample = new GapSample();
    for (let gap = 0; gap < 20_000; gap++) sample.add(gap);
    expect(Math.abs(sample.median()! - 10_000)).toBeLessThan(20_000 / GapSample.SIZE);
  });

  it('starts over with the next day', () => {
    const sample = new GapSample();
    for (let gap = 0; gap < 1_000; gap++) sample.add(500);
    sample.clear();
    expect(sample.median()).toBeUndefined();
    for (let gap = 0; gap < 5; gap++) sample.add(7);
    expect(sample.median()).toBe(7);
  });
});

describe('the cadence read off 5-minute cells', () => {
  it.each<[string, number[], number | undefined]>([
    ['two readings a cell', Array(12).fill(2), 150_000],
    [
      'the fullest hour, for missing and invalid values make hours emptier',
      [2, 1, 2, 2, 1, 2, 0, 2, 2, 1, 2, 2, ...Array(12).fill(2)],
      150_000,
    ],
    [
      'an outage in between, which does not count',
      [...Array(12).fill(2), ...Array(6).fill(0), ...Array(6).fill(2)],
      150_000,
    ],
    ['one reading in every second cell', [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0], 600_000],
    ['too few to say', [2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0], undefined],
    ['less than an hour', Array(11).fill(2), undefined],
    ['nothing', [], undefined],
  ])('sees %s', (_text, counts, expected) => {
    expect(cadenceOfCells(counts)).toBe(expected);
  });
});

describe('the cadence over time', () => {
  const DAY = 1440 * MINUTE_MS;
  const NOON = DAY / 2;
  const at = (times: number[], history: Parameters<typeof cadencesAt>[1]) => cadencesAt(times, history);

  it('is the interval sent last, for a day', () => {
    const intervals = [
      { start: 0, intervalMs: 145_000 },
      { start: NOON, intervalMs: 56_000 },
    ];
    expect(at([0, NOON - 1, NOON, NOON + DAY], { intervals, gaps: [] })).toEqual([149_000, 149_000, 60_000, 60_000]);
  });

  it('is the median gap of the day before, of the own day on the first one', () => {
    const gaps = [0, 1, 2].map((day) => ({ start: day * DAY, medianMs: (day + 1) * MINUTE_MS }));
    expect(at([NOON, DAY + NOON, 2 * DAY + NOON], { intervals: [], gaps })).toEqual([
      MINUTE_MS,
      MINUTE_MS,
      2 * MINUTE_MS,
    ]);
  });

  it('is what was known last during a silence, and what is known first before', () => {
    const gaps = [{ start: 5 * DAY, medianMs: MINUTE_MS }];
    expect(at([0, 5 * DAY, 9 * DAY], { intervals: [], gaps })).toEqual([MINUTE_MS, MINUTE_MS, MINUTE_MS]);
    const intervals = [{ start: 5 * DAY, intervalMs: 56_000 }];
    expect(at([0, 5 * DAY, 9 * DAY], { intervals, gaps: [] })).toEqual([MINUTE_MS, MINUTE_MS, MINUTE_MS]);
  });

  it('is the default while nothing is known', () => {
    expect(at([0], { intervals: [], gaps: [] })).toEqual([149_000]);
  });
});
