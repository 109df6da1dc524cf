import { MIN_FOR_BAND, MIN_FOR_NUMBER } from '../areaStatistics.ts';
import { dayLedger, type LedgerDay } from '../dayLedger.ts';
import { meanOfMeans, withoutNoise } from '../decimal.ts';
import { isAbove } from '../limits.ts';
import type { IsoDate, Limit } from '../limitTable.ts';
import { lastingUncertainty } from '../monthComparison.ts';
import { median, quartiles } from '../robust.ts';
import { expandedUncertainty, type UncertainMean, type UncertaintyOrigin, uncertaintyOrigin } from '../uncertainty.ts';
import type { StationFacts } from './evidence.ts';
import { type Choices, calendarYearOf, datesOf, isSingleStation, type Question, questionWindow } from './question.ts';
import type { StationCourse } from './stationCourse.ts';

/** The value a report compares with, as it stood when the report was made: a later table changes no citation. */
export type FrozenLimit = Pick<
  Limit,
  'id' | 'value' | 'rounding' | 'averaging' | 'instrument' | 'kind' | 'checkedOn'
> & {
  permittedExceedances: number | null;
  validFrom: IsoDate | null;
  validTo: IsoDate | null;
  /** Only where it is: shown with `unconfirmedMark`. */
  isUnconfirmed?: true;
};

/** One day of the report's place. */
export interface ReportDay {
  date: IsoDate;
  /** Median (mean) of the stations valid that day; one station's own mean. Null: not counted. */
  value: number | null;
  /** Expanded uncertainty, µg/m³; null without a value. */
  uncertainty: number | null;
  /** What made it; from `report-2` on. */
  uncertaintyFrom?: UncertaintyOrigin;
  /** Quartiles from five stations on. */
  lower: number | null;
  upper: number | null;
  /** Stations valid that day. */
  n: number;
  isHumid: boolean;
  isFlagged: boolean;
  isAnnotated: boolean;
}

/** Days above the value, counted. */
export interface ReportLedger {
  above: number;
  aboveAtLeast: number;
  aboveAtMost: number;
  aboveHumid: number;
  validDays: number;
  notCounted: number;
  days: number;
  permitted: number;
  isBeyondPermitted: boolean;
  isComplete: boolean;
  /** The daily mean that decides (36th highest of a complete year, its share with gaps); null for none. */
  decidingMean: number | null;
}

/**
 * What the comparison comes to. `beyond`: more days than the rule permits, or the year's mean above the value.
 * `within`: not so, and the data suffices to say it. `open`: the data does not suffice. `none`: nothing to compare.
 */
export type Finding = 'beyond' | 'within' | 'open' | 'none';

/** The report's one figure with what it rests on. */
export interface ReportFigure {
  /** `too-few`: n is shown, no number. */
  state: 'ok' | 'number-only' | 'too-few' | 'no-data';
  /** µg/m³. */
  value: number | null;
  uncertainty: number | null;
  /** What made it, and the official station of the comparison where that did; from `report-2` on. */
  uncertaintyFrom?: UncertaintyOrigin;
  comparedWith?: string;
  lower: number | null;
  upper: number | null;
  min: number | null;
  max: number | null;
  /** Stations that count, and stations of the place. */
  n: number;
  of: number;
  /** Valid hours of the stations that count, and how many there could be. */
  validHours: number;
  possibleHours: number;
  days: ReportDay[];
  ledger: ReportLedger | null;
  finding: Finding;
}

/** One station's course with what is known of it. */
export interface CoursedStation {
  facts: StationFacts;
  course: StationCourse;
}

/** As much of a station as tells whether it counts. */
export interface RankedStation {
  facts: StationFacts;
  course: Pick<StationCourse, 'mean'>;
}

/** What a figure is made from besides the question. */
export interface FigureGround {
  stations: readonly CoursedStation[];
  limit: FrozenLimit | null;
  /** False: the days come without quartiles, which nobody looks at in a Gegenprobe. */
  hasBands?: boolean;
  /** True from `report-2` on: comparisons with official stations widen U, and what made U is said. */
  isCompared?: boolean;
}

/** The figure of a place from its stations' courses. */
export function reportFigure(
  question: Question,
  { stations, limit, hasBands = true, isCompared = false }: FigureGround,
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
  const compare = isCompared && choices.values === 'raw' ? comparisonOfPeriod(counted, question) : undefined;
  const uncertain = { quantity, isYear, humidShare, ...(compare && { comparisonU: compare.u }) };
  const uncertainty = uncertaintyOf(value, uncertain, isCompared);
  const hasComparison = uncertainty.uncertaintyFrom?.startsWith('comparison') === true;
  // A station counts on a day by that day's hours, whatever becomes of its mean over the period.
  const days = daysOf(question, eligibleStations(stations, choices, isSingle, counted), {
    least,
    hasBands,
    isCompared,
  });
  const ledger = limit?.averaging === 'day' ? ledgerOf(limit, days) : null;
  const figure = {
    state: stateOf(stations, counted.length, { hasNumber, isSingle }),
    value,
    ...uncertainty,
    ...(hasComparison && { comparedWith: compare!.official }),
    ...bandOf(means, hasNumber),
    n: counted.length,
    of: stations.length,
    validHours,
    possibleHours: (counted.length * (window.end - window.start)) / 3_600_000,
    days,
    ledger,
  };
  return { ...figure, finding: findingOf(question, limit, figure) };
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

/** Outdoors (or asked for alone), not left out by the operator, and of the stations the choice allows. */
function allowedStations<Station extends RankedStation>(
  stations: readonly Station[],
  choices: Choices,
  isSingle: boolean,
): Station[] {
  return stations.filter(
    ({ facts }) =>
      (isSingle || !facts.isIndoor) &&
      (isSingle || facts.excludedFor === null) &&
      (choices.stations === 'all' || facts.validLastYear === true),
  );
}

/** The stations a figure is made of under its choices. */
export function countedStations<Station extends RankedStation>(
  stations: readonly Station[],
  choices: Choices,
  isSingle: boolean,
): Station[] {
  const valid = allowedStations(stations, choices, isSingle).filter(({ course }) => course.mean !== null);
  if (choices.highest === 'with' || isSingle || valid.length === 0) return valid;
  const highest = valid.reduce((top, each) => (each.course.mean! > top.course.mean! ? each : top));
  return valid.filter((station) => station !== highest);
}

/** Stations whose days enter the ledger: the highest, when left out, is left out of every day. */
function eligibleStations(
  stations: readonly CoursedStation[],
  choices: Choices,
  isSingle: boolean,
  counted: readonly CoursedStation[],
): CoursedStation[] {
  const allowed = allowedStations(stations, choices, isSingle);
  if (choices.highest === 'with' || isSingle) return allowed;
  return allowed.filter((station) => station.course.mean === null || counted.includes(station));
}

function daysOf(
  question: Question,
  stations: readonly CoursedStation[],
  { least, hasBands, isCompared }: { least: number; hasBands: boolean; isCompared: boolean },
): ReportDay[] {
  const { quantity, choices } = question;
  const mayCompare = isCompared && choices.values === 'raw';
  return datesOf(question).map((date, at) => {
    const ofDay = stations.filter(({ course }) => course.means[at] !== null);
    const valid = ofDay.map(({ course }) => course);
    const means = valid.map((course) => course.means[at]!);
    const isMarked = (mark: 'humid' | 'flagged' | 'annotated') =>
      valid.length > 0 && 2 * valid.reduce((sum, course) => sum + (course[mark][at] ? 1 : 0), 0) >= valid.length;
    const value = valid.length >= least ? middleOf(means, question.choices) : null;
    const humidShare = meanOfMeans(valid.map((course) => course.humidShares[at]!)) ?? 0;
    const { lower, upper } = bandOf(means, hasBands && value !== null);
    const comparisonU = mayCompare ? comparisonOfDay(ofDay, date) : undefined;
    const uncertain = { quantity, humidShare, ...(comparisonU !== undefined && { comparisonU }) };
    return {
      date,
      value,
      ...uncertaintyOf(value, uncertain, isCompared),
      lower,
      upper,
      n: valid.length,
      isHumid: isMarked('humid'),
      isFlagged: isMarked('flagged'),
      isAnnotated: isMarked('annotated'),
    };
  });
}

function ledgerOf(limit: FrozenLimit, days: readonly ReportDay[]): ReportLedger {
  const { permittedExceedances: permitted, ...rest } = limit;
  const rule = permitted === null ? rest : { ...rest, permittedExceedances: permitted };
  const ledger = dayLedger(rule, days.map(ledgerDay));
  const { above, aboveAtLeast, aboveAtMost, aboveHumid, validDays, notCounted, isBeyondPermitted, isComplete } = ledger;
  return {
    above,
    aboveAtLeast,
    aboveAtMost,
    aboveHumid,
    validDays,
    notCounted,
    days: ledger.days,
    permitted: permitted ?? 0,
    isBeyondPermitted,
    isComplete,
    decidingMean: ledger.decidingMean ?? null,
  };
}

/** A report's day as the ledger takes it. */
export function ledgerDay({ date, value, uncertainty, isHumid }: ReportDay): LedgerDay {
  return { date, mean: value ?? undefined, uncertainty: uncertainty ?? undefined, isHumid };
}

function findingOf(
  question: Question,
  limit: FrozenLimit | null,
  { value, ledger }: Pick<ReportFigure, 'value' | 'ledger'>,
): Finding {
  if (limit === null) return 'none';
  const isYear = calendarYearOf(question) !== undefined;
  if (ledger !== null) {
    if (ledger.isBeyondPermitted) return 'beyond';
    return isYear && ledger.isComplete ? 'within' : 'open';
  }
  if (limit.averaging !== 'year' || !isYear) return 'none';
  if (value === null) return 'open';
  return isAbove(limit, value) === true ? 'beyond' : 'within';
}

function middleOf(means: readonly number[], { statistic }: Pick<Choices, 'statistic'>): number {
  return statistic === 'median' ? withoutNoise(median(means)!) : meanOfMeans(means)!;
}

function bandOf(means: readonly number[], hasNumber: boolean): Pick<ReportFigure, 'lower' | 'upper' | 'min' | 'max'> {
  if (!hasNumber || means.length < MIN_FOR_BAND) return { lower: null, upper: null, min: null, max: null };
  const { lower, upper } = quartiles(means)!;
  return { lower: withoutNoise(lower), upper: withoutNoise(upper), min: Math.min(...means), max: Math.max(...means) };
}

/** U of a value that may be none; with `isNamed` also what made it. */
function uncertaintyOf(
  mean: number | null,
  rest: Omit<UncertainMean, 'mean'>,
  isNamed: boolean,
): Pick<ReportFigure, 'uncertainty' | 'uncertaintyFrom'> {
  const uncertain = mean === null ? undefined : { ...rest, mean };
  const uncertainty = uncertain && expandedUncertainty(uncertain);
  if (uncertain === undefined || uncertainty === undefined) return { uncertainty: null };
  const uncertaintyFrom = isNamed ? uncertaintyOrigin(uncertain) : undefined;
  return { uncertainty: withoutNoise(uncertainty), ...(uncertaintyFrom && { uncertaintyFrom }) };
}

/** The largest that the stations' comparisons of the day's month show; undefined without any. */
function comparisonOfDay(stations: readonly CoursedStation[], date: IsoDate): number | undefined {
  const month = date.slice(0, 7);
  const found = stations.flatMap(({ facts }) => facts.comparisons?.find((each) => each.month === month)?.u ?? []);
  return found.length === 0 ? undefined : Math.max(...found);
}

/** Of the whole period: one day's, or what lasts of the differences over the valid days; the largest of the stations. */
function comparisonOfPeriod(
  stations: readonly CoursedStation[],
  question: Question,
): { u: number; official: string } | undefined {
  const dates = datesOf(question);
  const found = stations.flatMap(({ facts, course }) => {
    const byMonth = new Map(facts.comparisons?.map((each) => [each.month, each]));
    const known = dates.flatMap((date, at) => (course.means[at] === null ? [] : (byMonth.get(date.slice(0, 7)) ?? [])));
    const [first] = known;
    if (first === undefined) return [];
    const u = dates.length === 1 ? first.u : lastingUncertainty(known.map(({ bias }) => bias))!;
    return [{ u, official: first.official }];
  });
  return found.reduce<(typeof found)[number] | undefined>(
    (top, each) => (top && top.u >= each.u ? top : each),
    undefined,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
