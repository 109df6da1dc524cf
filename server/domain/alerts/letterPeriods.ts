import { DAY_MS, HOUR_MS } from '../durations.ts';
import { isoDate } from '../limits/limits.ts';
import type { IsoDate } from '../limits/limitTable.ts';
import { calendarWindows } from '../means/calendarWindows.ts';

/** Kinds of letters: one a week (Monday to Sunday), one a month. */
export const LETTER_KINDS = ['week', 'month'] as const;
/** One of `LETTER_KINDS`. */
export type LetterKind = (typeof LETTER_KINDS)[number];

/** The days of one letter, first and last included. */
export interface LetterPeriod {
  kind: LetterKind;
  from: IsoDate;
  to: IsoDate;
  /** When the period is over, epoch ms. */
  end: number;
}

/**
 * A letter comes out this long after its period ended, ms: at 08:00 of the day after. By then late readings are in, and
 * the operator has had a day to read it and, if need be, to hold it back.
 */
const COMES_OUT_AFTER_MS = 32 * HOUR_MS;

const UNITS = { week: '1w', month: '1mo' } as const;
/** Longest period, days. */
const LONGEST = { week: 7, month: 31 } as const;

/** The last `count` periods that are over at `now`, the newest first. Days run at `offsetMs` east of UTC. */
export function closedPeriods(
  kind: LetterKind,
  { now, offsetMs, count }: { now: number; offsetMs: number; count: number },
): LetterPeriod[] {
  const windows = calendarWindows(
    UNITS[kind],
    { offsetMs },
    { start: now - (count + 1) * LONGEST[kind] * DAY_MS, end: now },
  );
  const closed = windows.filter(({ end }) => end <= now).slice(-count);
  return closed.reverse().map(({ start, end }) => ({
    ...{ kind, from: isoDate(start, offsetMs), to: isoDate(end - 1, offsetMs), end },
  }));
}

/** When a letter comes out, epoch ms. */
export function comesOutAt({ end }: Pick<LetterPeriod, 'end'>): number {
  return end + COMES_OUT_AFTER_MS;
}

/** The last `count` letters that are out at `now`, the newest first. */
export function lettersOut(
  kind: LetterKind,
  { now, ...at }: { now: number; offsetMs: number; count: number },
): LetterPeriod[] {
  return closedPeriods(kind, { now: now - COMES_OUT_AFTER_MS, ...at });
}

/** The closed period that begins on a date; undefined when none does, or it is not over. */
export function closedPeriodFrom(
  kind: LetterKind,
  from: IsoDate,
  { now, offsetMs }: { now: number; offsetMs: number },
): LetterPeriod | undefined {
  const start = Date.parse(`${from}T00:00:00Z`) - offsetMs;
  if (Number.isNaN(start) || start >= now) return undefined;
  const [window] = calendarWindows(UNITS[kind], { offsetMs }, { start, end: start + 1 });
  if (window === undefined || window.start !== start || window.end > now) return undefined;
  return { kind, from: isoDate(start, offsetMs), to: isoDate(window.end - 1, offsetMs), end: window.end };
}
