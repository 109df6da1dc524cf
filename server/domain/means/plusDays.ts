import type { IsoDate } from '../limits/limitTable.ts';

const DAY_MS = 86_400_000;

/** The date so many days later; earlier with a negative number. */
export function plusDays(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
