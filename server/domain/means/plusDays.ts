import { DAY_MS } from '../durations.ts';
import type { IsoDate } from '../limits/limitTable.ts';

/** The date so many days later; earlier with a negative number. */
export function plusDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
