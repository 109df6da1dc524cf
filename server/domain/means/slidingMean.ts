import {
  type Aggregate,
  type AggregateState,
  type Average,
  CELL_MS,
  CELLS_OF,
  expectedCount,
  MIN_COVERAGE,
  STALE_AFTER_MS,
} from '../aggregate.ts';
import { DAY_MS, HOUR_MS } from '../durations.ts';
import { MAX_VALID_CADENCE_MS } from './cadence.ts';

/** The one definition of the sliding means: which cells count, and what their sums are worth. Version 1. */

/** A latest value older than this is no longer shown: the reach of the longest mean, ms. */
const LATEST_REACH_MS = DAY_MS;

/** What a window of cells adds up to; `min` and `max` are meaningless while `count` is 0. */
export interface WindowSums {
  sum: number;
  count: number;
  min: number;
  max: number;
}

/** Number of the cell that holds `at`: epoch ms divided by the cell width. */
export function cellOf(at: number): number {
  return Math.floor(at / CELL_MS);
}

/** Number of the first cell that holds nothing older than `since`, epoch ms. */
export function firstCellFrom(since: number): number {
  return Math.ceil(since / CELL_MS);
}

/** The complete cells a mean at `now` covers, as cell numbers `[first, end)`: the cell that holds `now` still runs. */
export function windowCells(average: Exclude<Average, 'latest'>, now: number): { first: number; end: number } {
  const end = cellOf(now);
  return { first: end - CELLS_OF[average], end };
}

/** How long without a reading makes a station stale, ms: `STALE_AFTER_MS`, or twice a slower cadence, at most an hour. */
export function staleAfterMs(cadenceMs: number): number {
  return Math.min(HOUR_MS, Math.max(STALE_AFTER_MS, 2 * cadenceMs));
}

/** What judging needs besides the sums. Times epoch ms. */
export interface JudgeContext {
  cadenceMs: number;
  lastMeasuredAt: number;
  now: number;
}

/** The part of an `Aggregate` that follows from sums and clock. */
export type Judged = Pick<Aggregate, 'value' | 'min' | 'max' | 'count' | 'expected' | 'coverage' | 'state'>;

/**
 * A sliding mean with what it rests on. Its state gets worse by the clock alone: the window moves on and holds fewer
 * readings, and `lastMeasuredAt` falls behind. A short history counts against the whole window, so it never looks good.
 */
export function slidingMean(average: Exclude<Average, 'latest'>, sums: WindowSums, context: JudgeContext): Judged {
  const { sum, count, min, max } = sums;
  const expected = expectedCount(CELLS_OF[average] * CELL_MS, context.cadenceMs);
  const coverage = coverageOf(count, expected);
  if (count === 0) return { count, expected, coverage, state: 'none' };
  return { value: sum / count, min, max, count, expected, coverage, state: stateOf(coverage, context) };
}

/** The value of a sliding mean of state `ok`, as `slidingMean` has it; undefined of any other. */
export function fullMean(
  average: Exclude<Average, 'latest'>,
  { sum, count }: Pick<WindowSums, 'sum' | 'count'>,
  context: JudgeContext,
): number | undefined {
  if (count === 0) return undefined;
  const coverage = coverageOf(count, expectedCount(CELLS_OF[average] * CELL_MS, context.cadenceMs));
  return stateOf(coverage, context) === 'ok' ? sum / count : undefined;
}

function coverageOf(count: number, expected: number): number {
  return Math.min(1, count / expected);
}

/** The latest value, judged by its age alone: one reading is all it rests on. From before `since`, epoch ms, it is none. */
export function latestValue(value: number, context: JudgeContext & { since?: number }): Judged {
  const age = context.now - context.lastMeasuredAt;
  const isOld = context.since !== undefined && context.lastMeasuredAt < context.since;
  if (isOld || age > LATEST_REACH_MS) return { count: 0, expected: 1, coverage: 0, state: 'none' };
  const state = age > staleAfterMs(context.cadenceMs) ? 'stale' : 'ok';
  return { value, min: value, max: value, count: 1, expected: 1, coverage: 1, state };
}

function stateOf(coverage: number, context: JudgeContext): AggregateState {
  if (context.now - context.lastMeasuredAt > staleAfterMs(context.cadenceMs)) return 'stale';
  return coverage >= MIN_COVERAGE && context.cadenceMs <= MAX_VALID_CADENCE_MS ? 'ok' : 'sparse';
}
