import { MIN_FOR_NUMBER } from '../areaStatistics.ts';
import { median } from '../assessment/robust.ts';
import { meanOfMeans, withoutNoise } from '../decimal.ts';
import { DAY_MS } from '../durations.ts';
import type { IsoDate } from '../limits/limitTable.ts';
import { plusDays } from '../means/plusDays.ts';
import { datesOf, isSingleStation, type Question, questionWindow } from './question.ts';

/** Least share of a period's days to be valid in it (`clock-mean-1`). */
const MIN_SHARE = 0.75;
/** How far back periods directly before are looked at, days, and how many at most. */
const BEFORE_DAYS = 366;
const MOST_BEFORE = 60;
/** Periods longer than this, days, are compared with the same dates of earlier years only. */
const LONGEST_BEFORE = 92;
/** Earlier years looked at. */
const YEARS = 5;

/** What kind of periods a group is made of: those directly before, or the same dates of earlier years. */
export type ComparableUnit = 'week' | 'month' | 'day' | 'span' | 'year';

/** A period beside the one asked about, by the stations valid in both. */
export interface ComparedPeriod {
  from: IsoDate;
  to: IsoDate;
  /** Stations valid in both periods. */
  n: number;
  /** Of those stations, then and in the period asked about, µg/m³; null with too few of them. */
  value: number | null;
  own: number | null;
}

/** Comparable periods of one kind, the oldest first, with how the one asked about lies among them. */
export interface ComparableGroup {
  unit: ComparableUnit;
  periods: ComparedPeriod[];
  /** Among the periods with a value: how many were lower, higher, or the same to a tenth. */
  lower: number;
  higher: number;
  same: number;
}

type Period = Pick<Question, 'from' | 'to'>;

/** The periods to compare one with, by kind, the oldest first. */
export function comparablePeriods(period: Period): { unit: ComparableUnit; periods: Period[] }[] {
  const days = datesOf(period).length;
  const before = days > LONGEST_BEFORE ? [] : [periodsBefore(period, days)];
  const years = Array.from({ length: YEARS }, (_, at) => yearsBefore(period, YEARS - at));
  return [...before, { unit: 'year', periods: years }];
}

/**
 * How a period lies among comparable ones: pair by pair, over the stations that were valid on at least 75 % of the days
 * of both. `days` gives a station's valid daily means (raw values) by the start of the day, epoch ms.
 */
export function comparableGroups(
  question: Question,
  stationIds: readonly string[],
  days: (stationId: string) => ReadonlyMap<number, number> | undefined,
): ComparableGroup[] {
  const meansOf = (period: Period) =>
    new Map(stationIds.flatMap((id) => entryOf(id, meanOver(days(id), { ...question, ...period }))));
  const own = meansOf(question);
  return comparablePeriods(question).map(({ unit, periods }) => {
    const compared = periods.map((period) => ({
      from: period.from,
      to: period.to,
      ...pair(question, own, meansOf(period)),
    }));
    return { unit, periods: compared, ...ranks(compared) };
  });
}

/** True when there is a period to compare with. */
export function hasComparable({ lower, higher, same }: ComparableGroup): boolean {
  return lower + higher + same > 0;
}

function pair(
  question: Question,
  own: ReadonlyMap<string, number>,
  then: ReadonlyMap<string, number>,
): Pick<ComparedPeriod, 'n' | 'value' | 'own'> {
  const common = [...own.keys()].filter((id) => then.has(id));
  const n = common.length;
  if (n < (isSingleStation(question) ? 1 : MIN_FOR_NUMBER)) return { n, value: null, own: null };
  const middle = (means: ReadonlyMap<string, number>) => {
    const values = common.map((id) => means.get(id)!);
    return question.choices.statistic === 'median' ? withoutNoise(median(values)!) : meanOfMeans(values)!;
  };
  return { n, value: middle(then), own: middle(own) };
}

function ranks(periods: readonly ComparedPeriod[]): Pick<ComparableGroup, 'lower' | 'higher' | 'same'> {
  const counts = { lower: 0, higher: 0, same: 0 };
  for (const { value, own } of periods) {
    if (value === null || own === null) continue;
    const difference = Math.round(value * 10) - Math.round(own * 10);
    counts[difference < 0 ? 'lower' : difference > 0 ? 'higher' : 'same'] += 1;
  }
  return counts;
}

function meanOver(days: ReadonlyMap<number, number> | undefined, period: Question): number | undefined {
  if (days === undefined) return undefined;
  const window = questionWindow(period);
  const valid: number[] = [];
  for (let at = window.start; at < window.end; at += DAY_MS) {
    const mean = days.get(at);
    if (mean !== undefined) valid.push(mean);
  }
  return valid.length > 0 && valid.length >= MIN_SHARE * window.days ? meanOfMeans(valid) : undefined;
}

function entryOf(id: string, mean: number | undefined): [string, number][] {
  return mean === undefined ? [] : [[id, mean]];
}

/** Calendar months before a calendar month; else pieces of the same length, without gaps. */
function periodsBefore(period: Period, days: number): { unit: ComparableUnit; periods: Period[] } {
  const monthOf = calendarMonth(period);
  const count = Math.min(MOST_BEFORE, Math.floor(BEFORE_DAYS / days));
  if (monthOf !== undefined) {
    return { unit: 'month', periods: Array.from({ length: 12 }, (_, at) => wholeMonth(monthOf - 12 + at)) };
  }
  const periods = Array.from({ length: count }, (_, at) => shifted(period, -(count - at) * days));
  return { unit: days === 1 ? 'day' : days === 7 ? 'week' : 'span', periods };
}

function shifted({ from, to }: Period, days: number): Period {
  return { from: plusDays(from, days), to: plusDays(to, days) };
}

/** The same dates some years earlier; 29 February becomes the 28th. */
function yearsBefore({ from, to }: Period, years: number): Period {
  const earlier = (date: IsoDate) => {
    const moved = `${String(Number(date.slice(0, 4)) - years).padStart(4, '0')}${date.slice(4)}`;
    // A calendar month and a leap day stay what they are: the last of February.
    const isLastOfMonth = plusDays(date, 1).endsWith('-01');
    return isLastOfMonth && moved.slice(5, 7) === '02' ? plusDays(`${moved.slice(0, 4)}-03-01`, -1) : moved;
  };
  return { from: earlier(from), to: earlier(to) };
}

/** Months since year 0 when the period is exactly one month of the calendar. */
function calendarMonth({ from, to }: Period): number | undefined {
  const isMonth = from.endsWith('-01') && from.slice(0, 7) === to.slice(0, 7) && plusDays(to, 1).endsWith('-01');
  return isMonth ? Number(from.slice(0, 4)) * 12 + Number(from.slice(5, 7)) - 1 : undefined;
}

function wholeMonth(month: number): Period {
  const first = (of: number) =>
    `${String(Math.floor(of / 12)).padStart(4, '0')}-${String((of % 12) + 1).padStart(2, '0')}-01`;
  return { from: first(month), to: plusDays(first(month + 1), -1) };
}
