import type { MonthComparison } from '../domain/correction/monthComparison.ts';
import type { UncertaintyOrigin } from '../domain/correction/uncertainty.ts';
import type { HourColumns } from '../domain/means/hourColumns.ts';
import type { RollupRow } from '../domain/means/rollup.ts';
import type { Quantity } from '../domain/quantity.ts';

/** Which rows are asked for. */
export interface RollupsQuery {
  stationIds: readonly string[];
  quantity: Quantity;
  /** A `day` is one at `DAY_OFFSET`. */
  window: 'hour' | 'day';
  /** Rows whose window begins in `[from, to)`, epoch ms. */
  from: number;
  to: number;
  /** Only this instrument's; without it, in each window, those of the instrument that speaks for the station. */
  sensor?: string;
  /** Rows without their uncertainty, which takes as long as the rest: for whoever only shows or compares means. */
  isBare?: boolean;
  /** Shared by the steps of one answer; without it this question has a patience of its own. */
  waited?: WaitedSoFar | undefined;
}

/** What an answer has waited so far for rows that are being made; each step adds its part. */
export interface WaitedSoFar {
  ms: number;
  /** Set once one of its steps, having waited, read rows that were missing or out of date. */
  wasInVain?: boolean;
}

/** A row as everybody gets it. */
export interface UncertainRow extends RollupRow {
  /** Expanded uncertainty (95 %) of the mean, µg/m³; absent without a mean, and for what it is not defined for. */
  uncertainty?: number;
  /** What made it: the larger of the directive's figure and a comparison, and humid air. */
  uncertaintyFrom?: UncertaintyOrigin;
  /** How sensors of its kind stood to the official station near them in its month; only where that is asked for. */
  comparison?: Pick<MonthComparison, 'u' | 'bias' | 'official'> | undefined;
}

/**
 * Hourly and daily means for whoever quotes them: series, areas, days above a value, reports, citations. Sorted by
 * station in the order asked for, then by time; closed windows only, complete up to now. A day on which an instrument
 * sent nothing has no rows, neither its own nor of its hours: whoever counts days fills them in as unknown.
 */
export interface Rollups {
  rows(query: RollupsQuery): Promise<UncertainRow[]>;
  /**
   * The same hours column by column, one entry an instrument that spoke for its station; an hour stands in one of them only.
   * A leaner way for whoever reads a great many; where there is none, rows are.
   */
  hours?(query: Omit<RollupsQuery, 'window' | 'sensor'>): Promise<HourColumns[]>;
  /**
   * Waits a few seconds for rows of these stations that begin before `to`, epoch ms, and are missing or out of date; false
   * while some still are, or where nobody knows: whoever fixes a figure for ever waits then. Ask before the rows are read:
   * what is made in between was read half-made.
   */
  upToDate(query: Pick<RollupsQuery, 'stationIds' | 'to' | 'waited'>): Promise<boolean>;
  /**
   * Something that rows rest on changed in `[from, to)`, epoch ms, by another way than the store of readings: they are
   * made anew, with a higher revision where they say something else. Durable when resolved.
   */
  markDirty(stationId: string, from: number, to: number): Promise<void>;
}
