import { MIN_FOR_BAND, MIN_FOR_NUMBER } from '../areaStatistics.ts';
import { lastingUncertainty, officialsOf } from '../correction/monthComparison.ts';
import { meanOfMeans } from '../decimal.ts';
import { HOUR_MS } from '../durations.ts';
import {
  type DayLedger,
  type DayRuleValue,
  dayLedger,
  isWithinPermitted,
  type LedgerDay,
  yearLedgers,
} from '../limits/dayLedger.ts';
import { isAbove } from '../limits/limits.ts';
import { type CoursedStation, countedStations, eligibleStations } from './countedStations.ts';
import { daysOf } from './figureDays.ts';
import { bandOf, middleOf, uncertaintyOf } from './figureNumbers.ts';
import type { Finding, FrozenLimit, ReportDay, ReportFigure, ReportLedger } from './figureTypes.ts';
import { calendarYearOf, datesOf, isSingleStation, isWholeYears, type Question, questionWindow } from './question.ts';

/** What a figure is made from besides the question. */
export interface FigureGround {
  stations: readonly CoursedStation[];
  limit: FrozenLimit | null;
  /** False: the days come without quartiles, which nobody looks at in a Gegenprobe. */
  hasBands?: boolean;
  /** True from `report-2` on: comparisons with official stations widen U, and what made U is said. */
  isCompared?: boolean;
  /**
   * True from `report-3` on: days are held against what a rule permits year by year, gaps against the daily mean that
   * decides, and every official station of the comparison is named.
   */
  isByYear?: boolean;
}

/** The figure of a place from its stations' courses. */
export function reportFigure(
  question: Question,
  { stations, limit, hasBands = true, isCompared = false, isByYear = false }: FigureGround,
): ReportFigure {
  const { quantity, choices } = question;
  const isSingle = isSingleStation(question);
  const window = questionWindow(question);
  const counted = countedStations(stations, choices, isSingle);
  const means = counted.map(({ course }) => course.mean!);
  const least = isSingle ? 1 : MIN_FOR_NUMBER;
  const hasNumber = counted.length >= least;
  const value = hasNumber ? middleOf(means, choices) : null;
  const validHours = sum(counted.map(({ course }) => course.validHours));
  const humidShare = meanOfMeans(counted.map(({ course }) => course.humidShare)) ?? 0;
  const isYear = window.days >= 365;
  // What was compared are raw values: a corrected one carries no comparison.
  const compare = isCompared && choices.values === 'raw' ? comparisonOfPeriod(counted, question, isByYear) : undefined;
  const uncertain = { quantity, isYear, humidShare, ...(compare && { comparisonU: compare.u }) };
  const uncertainty = uncertaintyOf(value, uncertain, isCompared);
  const hasComparison = uncertainty.uncertaintyFrom?.startsWith('comparison') === true;
  // A station counts on a day by that day's hours, whatever becomes of its mean over the period.
  const days = daysOf(question, eligibleStations(stations, choices, isSingle, counted), {
    least,
    hasBands,
    isCompared,
  });
  const count = limit?.averaging === 'day' ? countOf(limit, days) : null;
  const figure = {
    state: stateOf(stations, counted.length, { hasNumber, isSingle }),
    value,
    ...uncertainty,
    ...(hasComparison && { comparedWith: compare!.official }),
    ...bandOf(means, hasNumber),
    n: counted.length,
    of: stations.length,
    validHours,
    possibleHours: (counted.length * (window.end - window.start)) / HOUR_MS,
    days,
    ledger: count && ledgerOf(count, isByYear),
  };
  const finding = count ? findingOfDays(question, count, isByYear) : findingOfMean(question, limit, value);
  return { ...figure, finding };
}

function stateOf(
  stations: readonly CoursedStation[],
  count: number,
  { hasNumber, isSingle }: { hasNumber: boolean; isSingle: boolean },
): ReportFigure['state'] {
  if (stations.every(({ course }) => course.validHours === 0)) return 'no-data';
  if (!hasNumber) return 'too-few';
  return isSingle || count < MIN_FOR_BAND ? 'number-only' : 'ok';
}

/** A frozen limit as the ledger takes it. */
export function dayRuleOf({ permittedExceedances: permitted, ...rest }: FrozenLimit): DayRuleValue {
  return permitted === null ? rest : { ...rest, permittedExceedances: permitted };
}

/** The days counted against a rule: the whole period, and each calendar year of it. */
interface DayCount {
  rule: DayRuleValue;
  whole: DayLedger;
  years: readonly DayLedger[];
}

function countOf(limit: FrozenLimit, days: readonly ReportDay[]): DayCount {
  const rule = dayRuleOf(limit);
  const counted = days.map(ledgerDay);
  const years = yearLedgers(rule, counted).map(({ ledger }) => ledger);
  return { rule, years, whole: years.length === 1 ? years[0]! : dayLedger(rule, counted) };
}

function isBeyond({ whole, years }: DayCount, isByYear: boolean): boolean {
  return isByYear ? years.some((year) => year.isBeyondPermitted) : whole.isBeyondPermitted;
}

function ledgerOf(count: DayCount, isByYear: boolean): ReportLedger {
  const { rule, whole } = count;
  const { above, aboveAtLeast, aboveAtMost, aboveHumid, validDays, days, notCounted, isComplete } = whole;
  return {
    ...{ above, aboveAtLeast, aboveAtMost, aboveHumid, validDays, notCounted, days },
    permitted: rule.permittedExceedances ?? 0,
    isBeyondPermitted: isBeyond(count, isByYear),
    isComplete,
    decidingMean: whole.decidingMean ?? null,
  };
}

/** A report's day as the ledger takes it. */
export function ledgerDay({ date, value, uncertainty, isHumid }: ReportDay): LedgerDay {
  return { date, mean: value ?? undefined, uncertainty: uncertainty ?? undefined, isHumid };
}

function findingOfDays(question: Question, count: DayCount, isByYear: boolean): Finding {
  if (isBeyond(count, isByYear)) return 'beyond';
  const { rule, whole, years } = count;
  const isWithin = isByYear
    ? isWholeYears(question) && years.every((year) => isWithinPermitted(rule, year))
    : calendarYearOf(question) !== undefined && whole.isComplete;
  return isWithin ? 'within' : 'open';
}

function findingOfMean(question: Question, limit: FrozenLimit | null, value: number | null): Finding {
  if (limit?.averaging !== 'year' || calendarYearOf(question) === undefined) return 'none';
  if (value === null) return 'open';
  return isAbove(limit, value) === true ? 'beyond' : 'within';
}

/** Of the whole period: one day's, or what lasts of the differences over the valid days; the largest of the stations. */
function comparisonOfPeriod(
  stations: readonly CoursedStation[],
  question: Question,
  isEachNamed: boolean,
): { u: number; official: string } | undefined {
  const dates = datesOf(question);
  const found = stations.flatMap(({ facts, course }) => {
    const byMonth = new Map(facts.comparisons?.map((each) => [each.month, each]));
    const known = dates.flatMap((date, at) => (course.means[at] === null ? [] : (byMonth.get(date.slice(0, 7)) ?? [])));
    const [first] = known;
    if (first === undefined) return [];
    const u = dates.length === 1 ? first.u : lastingUncertainty(known.map(({ bias }) => bias))!;
    return [{ u, official: isEachNamed ? officialsOf(known) : first.official }];
  });
  return found.reduce<(typeof found)[number] | undefined>(
    (top, each) => (top && top.u >= each.u ? top : each),
    undefined,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
