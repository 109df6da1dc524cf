import type { Window } from '../../domain/contract.ts';
import { type DayRule, hourShiftMs, type TimeWindow } from '../../domain/means/calendarWindows.ts';
import type { Quantity } from '../../domain/quantity.ts';
import type { CorrectHours } from '../../rollups/corrections.ts';
import type { Rollups } from '../../rollups/rollups.ts';
import type { ReadingStore } from '../../store/readingStore.ts';

/** Means of one series over `[from, to)`, epoch ms. */
export interface MeansRequest {
  stationId: string;
  sensor: string;
  quantity: Quantity;
  window: Exclude<Window, 'raw'>;
  dayRule: DayRule;
  from: number;
  to: number;
  now: number;
  /** Windows that end before it and hold nothing are left out: the station was not there yet. Epoch ms. */
  notBefore: number;
  /** Periods left out: a window of an hour or less that they touch counts as not measured. */
  leftOut?: readonly { from: number; to: number }[];
  /** What a correction makes of the hours; absent for the means as measured. */
  correct?: CorrectHours;
}

/** What means need of the store. */
export type MeansStore = Pick<
  ReadingStore,
  'buckets' | 'hours' | 'hoursAndGaps' | 'intervals' | 'gaps' | 'raw' | 'courses'
>;

/** Where means come from. */
export interface MeansSources {
  store: MeansStore;
  rollups: Pick<Rollups, 'rows'>;
  /** Where days of the rollups begin, ms east of UTC. */
  dayOffsetMs: number;
}

/** The windows of a width that overlap the request and have begun, as one stretch. */
export function fixedRange({ from, to, now, dayRule }: MeansRequest, width: number): TimeWindow {
  const shift = hourShiftMs(dayRule, from);
  const last = Math.min(alignDown(to - 1, width, shift), alignDown(now, width, shift));
  return { start: alignDown(from, width, shift), end: last + width };
}

/** The last border at or before `at` between windows of a width, shifted as `hourShiftMs` says, ms. */
export function alignDown(at: number, width: number, shift: number): number {
  return Math.floor((at + shift) / width) * width - shift;
}
