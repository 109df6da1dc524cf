import { DAY_MS, HOUR_MS } from '../durations.ts';

/**
 * Days, weeks, months and years as half-open windows of epoch ms. By a fixed offset every day has 24 hours, which is
 * official practice (UTC+1 all year); by a time zone days are those of people and have 23 or 25 hours twice a year.
 */

/** What makes a day: ms east of UTC, or an IANA time zone. */
export type DayRule = { offsetMs: number } | { timeZone: string };

/** Windows made of days. */
export type CalendarUnit = '1d' | '1w' | '1mo' | '1y';

/** `[start, end)`, epoch ms. */
export interface TimeWindow {
  start: number;
  end: number;
}

/** The windows that overlap `[from, to)`, in order and whole. Weeks start on Monday. */
export function calendarWindows(unit: CalendarUnit, rule: DayRule, { start: from, end: to }: TimeWindow): TimeWindow[] {
  const windows: TimeWindow[] = [];
  let date = firstOf(unit, dateAt(from, rule));
  let start = startOf(date, rule);
  while (start < to) {
    date = next(unit, date);
    const end = startOf(date, rule);
    windows.push({ start, end });
    start = end;
  }
  return windows;
}

/** How much earlier than the full hour of UTC an hour of the rule begins, ms: 0 but for offsets such as +05:30. */
export function hourShiftMs(rule: DayRule, at: number): number {
  const offset = offsetAt(at, rule);
  return ((offset % HOUR_MS) + HOUR_MS) % HOUR_MS;
}

/** A date of the calendar as the ms of its midnight if it were in UTC: sums and comparisons stay whole days. */
type CalendarDate = number;

function dateAt(at: number, rule: DayRule): CalendarDate {
  return Math.floor((at + offsetAt(at, rule)) / DAY_MS) * DAY_MS;
}

function startOf(date: CalendarDate, rule: DayRule): number {
  // The offset at midnight is not known before midnight is: guess with the one a day before, then correct.
  const guess = date - offsetAt(date - DAY_MS, rule);
  const start = date - offsetAt(guess, rule);
  // Where clocks skip midnight, the day begins with the skip: the corrected time would lie in the day before.
  return dateAt(start, rule) < date ? guess : start;
}

function firstOf(unit: CalendarUnit, date: CalendarDate): CalendarDate {
  const day = new Date(date);
  switch (unit) {
    case '1d':
      return date;
    case '1w':
      return date - ((day.getUTCDay() + 6) % 7) * DAY_MS;
    case '1mo':
      return Date.UTC(day.getUTCFullYear(), day.getUTCMonth());
    case '1y':
      return Date.UTC(day.getUTCFullYear(), 0);
  }
}

function next(unit: CalendarUnit, date: CalendarDate): CalendarDate {
  const day = new Date(date);
  switch (unit) {
    case '1d':
      return date + DAY_MS;
    case '1w':
      return date + 7 * DAY_MS;
    case '1mo':
      return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1);
    case '1y':
      return Date.UTC(day.getUTCFullYear() + 1, 0);
  }
}

/** Ms east of UTC at an instant. */
export function offsetAt(at: number, rule: DayRule): number {
  return 'offsetMs' in rule ? rule.offsetMs : zoneOffset(at, rule.timeZone);
}

const formatsByZone = new Map<string, Intl.DateTimeFormat>();

function zoneOffset(at: number, timeZone: string): number {
  const seconds = Math.floor(at / 1000) * 1000;
  const part = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(seconds)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - seconds;
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatsByZone.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatsByZone.set(timeZone, format);
  return format;
}
