import { DAY_MS } from '../domain/durations.ts';

/** Start of the day that holds `at`, epoch ms. */
export function dayStart(at: number, dayOffsetMs: number): number {
  return Math.floor((at + dayOffsetMs) / DAY_MS) * DAY_MS - dayOffsetMs;
}
