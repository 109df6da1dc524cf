import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import { calendarWindows, type TimeWindow } from '../domain/means/calendarWindows.ts';

/** Windows a course of area figures can be asked in. */
export const AREA_WINDOWS = ['1h', '1d', '1w', '1mo', '1y'] as const;
/** One of `AREA_WINDOWS`. */
export type AreaWindow = (typeof AREA_WINDOWS)[number];

/** Periods a district's page shows. */
export const AREA_PERIODS = ['24h', '7d', '30d', '365d'] as const;
/** One of `AREA_PERIODS`. */
export type AreaPeriod = (typeof AREA_PERIODS)[number];

/** What windows are made of. */
export type PartUnit = 'hour' | 'day';

/** A whole window, what it is made of, and the shorter windows of its course. */
export interface Period {
  whole: TimeWindow;
  unit: PartUnit;
  course: TimeWindow[];
}

/** The closed hours (24h, 7d) or days (30d, 365d) before `now`; days begin `dayOffsetMs` before midnight UTC. */
export function periodBefore(period: AreaPeriod, now: number, dayOffsetMs: number): Period {
  const unit = period === '30d' || period === '365d' ? 'day' : 'hour';
  const width = unit === 'day' ? DAY_MS : HOUR_MS;
  const parts = { '24h': 24, '7d': 168, '30d': 30, '365d': 365 }[period];
  const end = alignDown(now, width, dayOffsetMs);
  const whole = { start: end - parts * width, end };
  return { whole, unit, course: evenWindows(whole, width) };
}

/** Windows of a course that overlap `[from, to)`, whole; hours count from the beginning of the day. */
export function courseWindows(
  window: AreaWindow,
  { start, end }: TimeWindow,
  dayOffsetMs: number,
): { unit: PartUnit; windows: TimeWindow[] } {
  if (window !== '1h')
    return { unit: 'day', windows: calendarWindows(window, { offsetMs: dayOffsetMs }, { start, end }) };
  const from = alignDown(start, HOUR_MS, dayOffsetMs);
  return { unit: 'hour', windows: evenWindows({ start: from, end }, HOUR_MS) };
}

/** The window a single figure is asked for, cut to full hours; of days where both ends begin one. */
export function wholeWindow({ start, end }: TimeWindow, dayOffsetMs: number): { unit: PartUnit; window: TimeWindow } {
  const window = { start: alignDown(start, HOUR_MS, dayOffsetMs), end: alignDown(end, HOUR_MS, dayOffsetMs) };
  const isOfDays = [window.start, window.end].every((at) => alignDown(at, DAY_MS, dayOffsetMs) === at);
  return { unit: isOfDays && window.end > window.start ? 'day' : 'hour', window };
}

/** From the beginning of the first window to the end of the last; undefined for none. */
export function extentOf(windows: readonly TimeWindow[]): TimeWindow | undefined {
  const [first, last] = [windows[0], windows.at(-1)];
  return first && last && { start: first.start, end: last.end };
}

function evenWindows({ start, end }: TimeWindow, width: number): TimeWindow[] {
  const count = Math.max(0, Math.ceil((end - start) / width));
  return Array.from({ length: count }, (_, at) => ({ start: start + at * width, end: start + (at + 1) * width }));
}

function alignDown(at: number, width: number, offsetMs: number): number {
  return Math.floor((at + offsetMs) / width) * width - offsetMs;
}
