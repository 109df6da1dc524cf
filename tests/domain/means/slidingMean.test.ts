import { describe, expect, it } from '@jest/globals';
import { CELL_MS, DEFAULT_CADENCE_MS } from '../../../server/domain/aggregate.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../server/domain/durations.ts';
import { latestValue, slidingMean, staleAfterMs, windowCells } from '../../../server/domain/means/slidingMean.ts';

/** A time on a full hour. */
const T0 = Date.UTC(2026, 0, 5, 12);

const sums = (count: number, value = 10) => ({ sum: count * value, count, min: value - 1, max: value + 1 });
const heard = (agoMs: number, cadenceMs = DEFAULT_CADENCE_MS) => ({ cadenceMs, lastMeasuredAt: T0 - agoMs, now: T0 });

describe('the window of a sliding mean', () => {
  it.each([
    ['1h', T0, 12],
    ['1h', T0 + CELL_MS - 1, 12],
    ['24h', T0, 288],
  ] as const)('of %s at %d ends with the last complete cell', (average, now, cells) => {
    const { first, end } = windowCells(average, now);
    expect(end * CELL_MS).toBe(T0);
    expect(end - first).toBe(cells);
  });

  it('moves on when a cell is complete', () => {
    expect(windowCells('1h', T0 + CELL_MS).end * CELL_MS).toBe(T0 + CELL_MS);
  });
});

describe('a sliding mean', () => {
  it.each([
    // average, readings, heard ago, cadence -> expected, coverage, state
    ['1h', 24, MINUTE_MS, DEFAULT_CADENCE_MS, 24, 1, 'ok'],
    ['1h', 25, MINUTE_MS, DEFAULT_CADENCE_MS, 24, 1, 'ok'],
    ['1h', 18, MINUTE_MS, DEFAULT_CADENCE_MS, 24, 0.75, 'ok'],
    ['1h', 17, MINUTE_MS, DEFAULT_CADENCE_MS, 24, 17 / 24, 'sparse'],
    ['1h', 24, 10 * MINUTE_MS, DEFAULT_CADENCE_MS, 24, 1, 'ok'],
    ['1h', 24, 10 * MINUTE_MS + 1, DEFAULT_CADENCE_MS, 24, 1, 'stale'],
    ['1h', 5, 20 * MINUTE_MS, DEFAULT_CADENCE_MS, 24, 5 / 24, 'stale'],
    ['1h', 0, 70 * MINUTE_MS, DEFAULT_CADENCE_MS, 24, 0, 'none'],
    ['1h', 0, 0, DEFAULT_CADENCE_MS, 24, 0, 'none'],
    ['24h', 24, MINUTE_MS, DEFAULT_CADENCE_MS, 580, 24 / 580, 'sparse'],
    ['24h', 435, MINUTE_MS, DEFAULT_CADENCE_MS, 580, 0.75, 'ok'],
    // A device that reports every 15 minutes is not stale after 10, but after 30.
    ['1h', 4, 20 * MINUTE_MS, 15 * MINUTE_MS, 4, 1, 'ok'],
    ['1h', 4, 31 * MINUTE_MS, 15 * MINUTE_MS, 4, 1, 'stale'],
    // Slower than one reading in each third of an hour: never valid.
    ['1h', 2, MINUTE_MS, 30 * MINUTE_MS, 2, 1, 'sparse'],
  ] as const)(
    'of %s from %d readings, heard %d ms ago at a cadence of %d ms, expects %d: %d, %s',
    (average, count, ago, cadence, expected, coverage, state) => {
      const mean = slidingMean(average, sums(count), heard(ago, cadence));
      expect(mean).toMatchObject({ count, expected, coverage, state });
      expect(mean.value).toBe(count === 0 ? undefined : 10);
    },
  );

  it('keeps value and extremes of what there is', () => {
    expect(slidingMean('1h', { sum: 60.3, count: 3, min: 19.8, max: 20.4 }, heard(0))).toMatchObject({
      value: 20.099999999999998,
      min: 19.8,
      max: 20.4,
    });
  });
});

describe('the latest value', () => {
  it.each([
    [0, 'ok', 7],
    [10 * MINUTE_MS, 'ok', 7],
    [10 * MINUTE_MS + 1, 'stale', 7],
    [DAY_MS, 'stale', 7],
    [DAY_MS + 1, 'none', undefined],
  ])('of %d ms ago is %s', (ago, state, value) => {
    const latest = latestValue(7, heard(ago));
    expect(latest.state).toBe(state);
    expect(latest.value).toBe(value);
  });
});

describe('staleness', () => {
  it.each([
    [DEFAULT_CADENCE_MS, 10 * MINUTE_MS],
    [5 * MINUTE_MS, 10 * MINUTE_MS],
    [15 * MINUTE_MS, 30 * MINUTE_MS],
    [HOUR_MS, HOUR_MS],
  ])('at a cadence of %d ms begins after %d ms', (cadence, after) => {
    expect(staleAfterMs(cadence)).toBe(after);
  });
});
