import type { IsoDate } from '../limits/limitTable.ts';
import { plusDays } from '../means/plusDays.ts';
import type { Question } from './question.ts';

type Period = Pick<Question, 'from' | 'to'>;

/** Periods that people ask for by name. */
export const QUICK_PERIODS = ['last-7-days', 'last-month', 'this-year', 'last-year', 'last-winter'] as const;
/** One of them. */
export type QuickPeriod = (typeof QUICK_PERIODS)[number];

/**
 * The days of a named period, all of them over: `lastClosed` is the last day that is. A month, year or winter (the heating
 * season: October to March, south of the equator April to September) counts as the last one when it is over as a whole; of
 * this year the days so far.
 */
export function quickPeriod(name: QuickPeriod, lastClosed: IsoDate, isSouthern: boolean): Period {
  const year = Number(lastClosed.slice(0, 4));
  switch (name) {
    case 'last-7-days':
      return { from: plusDays(lastClosed, -6), to: lastClosed };
    case 'last-month':
      return lastMonth(lastClosed);
    case 'this-year':
      return { from: `${year}-01-01`, to: lastClosed };
    case 'last-year':
      return { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` };
    case 'last-winter':
      return lastWinter(lastClosed, isSouthern);
  }
}

/** The name that a link carries; undefined for anything else. */
export function quickPeriodOf(value: unknown): QuickPeriod | undefined {
  return QUICK_PERIODS.find((name) => name === value);
}

function lastWinter(lastClosed: IsoDate, isSouthern: boolean): Period {
  const lastDay = isSouthern ? '09-30' : '03-31';
  const year = Number(lastClosed.slice(0, 4)) - (lastClosed.slice(5) >= lastDay ? 0 : 1);
  return { from: isSouthern ? `${year}-04-01` : `${year - 1}-10-01`, to: `${year}-${lastDay}` };
}

function lastMonth(lastClosed: IsoDate): Period {
  const today = plusDays(lastClosed, 1);
  const to = plusDays(`${today.slice(0, 7)}-01`, -1);
  return { from: `${to.slice(0, 7)}-01`, to };
}
