import { MINUTE_MS } from './durations.ts';
import type { Quantity } from './quantity.ts';

/** Width of a cell of the sliding means, ms. */
export const CELL_MS = 300_000;
/** Complete cells in 24 h. */
export const CELLS_PER_DAY = 288;

/** Averages the map offers. `1h` and `24h` are sliding means over complete 5-minute cells; `latest` is the snapshot value. */
export const AVERAGES = ['1h', '24h', 'latest'] as const;
/** One of `AVERAGES`. */
export type Average = (typeof AVERAGES)[number];

/** Complete cells a sliding mean covers. */
export const CELLS_OF: Readonly<Record<Exclude<Average, 'latest'>, number>> = { '1h': 12, '24h': 288 };

/** Least share of expected readings for a mean to count (39. BImSchV Anl. 11: 75 %). */
export const MIN_COVERAGE = 0.75;

/** After this long without a reading a station is stale, ms. Twice a slow Tasmota period (300 s), four airRohr cycles. */
export const STALE_AFTER_MS = 10 * MINUTE_MS;

/** Cadence assumed until one is known: the airRohr default of 145 s and about 4 s of sending. */
export const DEFAULT_CADENCE_MS = 149_000;

/**
 * - `ok`: coverage reached.
 * - `sparse`: values, but below the coverage; the mean is given, marked, never coloured as good.
 * - `stale`: no reading for `STALE_AFTER_MS`.
 * - `none`: nothing in the window.
 */
export type AggregateState = 'ok' | 'sparse' | 'stale' | 'none';

/** A sliding mean or the latest value of one station and quantity, as the map shows it. */
export interface Aggregate {
  stationId: string;
  sensor: string;
  quantity: Quantity;
  average: Average;
  /** undefined in state `none`. */
  value?: number;
  /** Smallest and largest single value of the window. */
  min?: number;
  max?: number;
  count: number;
  /** Readings the window should hold at this station's cadence. */
  expected: number;
  /** count / expected, at most 1. */
  coverage: number;
  state: AggregateState;
  /** End of the window (sliding) or time of the reading (latest), epoch ms. */
  at: number;
  /** Time of the last reading of this quantity, epoch ms. */
  lastMeasuredAt: number;
  /** Words of flags on the latest value, raw and derived. */
  flags: string[];
}

/** Readings a window of `windowMs` should hold when one comes every `cadenceMs`. */
export function expectedCount(windowMs: number, cadenceMs: number): number {
  return Math.max(1, Math.round(windowMs / cadenceMs));
}
