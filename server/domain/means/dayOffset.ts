import { HOUR_MS, MINUTE_MS } from '../durations.ts';
import { offsetAt } from './calendarWindows.ts';

/** One day each of winter and summer, whichever hemisphere: clocks are at one of their two offsets on each. */
const HALVES_OF_YEAR = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)];

/** The offset of a zone without summer time as `DAY_OFFSET` writes it: `-05:00`, `+10:30`. */
export function standardOffset(timeZone: string): string {
  return offsetText(Math.min(...offsetsOf(timeZone)));
}

/**
 * What to tell an operator whose days begin at another time than those of the clocks in `timeZone`, summer or winter;
 * undefined where they begin together.
 */
export function dayOffsetHint({
  DAY_OFFSET,
  TIME_ZONE,
}: {
  DAY_OFFSET: string;
  TIME_ZONE: string;
}): string | undefined {
  if (offsetsOf(TIME_ZONE).map(offsetText).includes(DAY_OFFSET)) return undefined;
  const own = standardOffset(TIME_ZONE);
  return `DAY_OFFSET is ${DAY_OFFSET}, so that days of reports and limits do not begin at midnight in ${TIME_ZONE}; there it would be DAY_OFFSET=${own}`;
}

/** An offset in running text: `UTC+1`, `UTC-5`, `UTC+5:45`, `UTC`. */
export function utcText(offsetMs: number): string {
  if (offsetMs === 0) return 'UTC';
  const [hours, minutes] = [Math.trunc(Math.abs(offsetMs) / HOUR_MS), (Math.abs(offsetMs) % HOUR_MS) / MINUTE_MS];
  return `UTC${offsetMs < 0 ? '-' : '+'}${hours}${minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`}`;
}

function offsetsOf(timeZone: string): number[] {
  return HALVES_OF_YEAR.map((at) => offsetAt(at, { timeZone }));
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const [hours, rest] = [Math.trunc(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${offsetMs < 0 ? '-' : '+'}${hours}:${rest}`;
}
