import type { Finding } from '../../../domain/report/figureTypes.ts';
import type { Choices } from '../../../domain/report/question.ts';
import type { TextSpan } from '../../../domain/textSpan.ts';
import type { QuestionFault, QuestionNote } from '../../../report/questionUrl.ts';

/** Words for each value of each choice. */
type ChoiceWords = { [Name in keyof Choices]: Record<Choices[Name], string> };

/** How named periods are called: by what they are, so that the name stays right on paper. */
interface QuickPeriodWords {
  lastDays: string;
  soFar(year: string): string;
  /** The years a winter begins and ends in. */
  winter(from: string, to: string): string;
}

/** Texts of reports and citations in one language. Numbers and dates come in formatted. */
export interface ReportTexts {
  title: string;
  heading(parts: { quantity: string; place: string; period: string }): string;
  intro: string;
  severalStations(count: number): string;
  station(name: string): string;
  withdrawnStation: string;
  /** A station whose place was taken out. */
  withheldStation: string;
  period(from: string, to: string): string;
  indicative: string;
  figure: Record<'median' | 'mean', (parts: FigureParts) => string> & { single(parts: FigureParts): string };
  /** Stations of the place beside those of the figure. */
  furtherStations(count: number): string;
  /** `official`: the stations of the comparison, where that made it. */
  uncertainty(value: string, official: string | undefined): string;
  /** `isConverted`: asked with the humidity formula; the hours may be there, and what converts them not. */
  noData(parts: { quantity: string; place: string; isConverted: boolean }): string;
  tooFew(parts: { quantity: string; place: string; n: number; of: number }): string;
  daysAbove(parts: DaysAboveParts): string;
  humidDays(count: number): string;
  notCounted(parts: { notCounted: number; days: number }): string;
  yearAbove(parts: { limit: string; instrument: string; isAbove: boolean }): string;
  /** Of a value that was not in force on all days of the period. */
  inForce: Record<'later' | 'since' | 'until' | 'earlier', (date: string) => string>;
  yearNeedsYear(parts: { limit: string; instrument: string }): string;
  finding: Record<Finding, string>;
  /** Of a period of several calendar years: `beyond` once for each that is. */
  findingOfYears: { beyond(parts: { year: string; above: number }): string; within: string; open: string };
  findingAlsoLeast: string;
  findingWord: Record<Finding, string>;
  percentile(parts: { value: string; rank: number }): string;
  legal: string;
  chart: string;
  chartSummary(parts: { quantity: string; place: string; period: string; span: TextSpan; valid: number }): string;
  chartLegend: { line: string; band: string; limit: string; gap: string; above: string };
  noChart: string;
  rules: string;
  rulesCaption: string;
  rulesColumns: [string, string, string, string, string];
  noDailyRule: string;
  calendar: string;
  calendarLegend: string;
  calendarTable: string;
  dayColumns: [string, string, string, string, string, string];
  dayState: Record<'above' | 'not-above' | 'no-coverage', string>;
  marks: Record<'humid' | 'flagged' | 'annotated', string>;
  gegenprobe: string;
  gegenprobeIntro: string;
  gegenprobeColumns: [string, string, string, string, string];
  gegenprobeOwn: string;
  holds(parts: { holds: number; of: number }): string;
  holdsNothing: string;
  /** Smallest without its unit and largest of all ways to compute. */
  valueRange(span: TextSpan): string;
  /** Of a report that itself comes to no statement. */
  holdsOpen(of: number): string;
  choices: ChoiceWords;
  choiceNames: Record<keyof Choices, string>;
  quality: string;
  coverage(parts: { n: number; of: number; valid: string; possible: string; percent: string }): string;
  lastYear(count: number): string;
  stationColumns: [string, string, string, string];
  leftOut: { indoor: string; excluded(reason: string): string; invalid: string };
  missing(ids: string): string;
  revised(count: string): string;
  official: string;
  noOfficial: string;
  officialText(
    parts: Record<'name' | 'distance' | 'officialMean' | 'placeMean', string> &
      Record<'common' | 'place' | 'official', number>,
  ): string;
  officialAway(distance: string): string;
  /** `distance`: as `officialAway` says it, or empty. */
  officialNoCommon(parts: { name: string; distance: string; place: number; official: number }): string;
  officialHours(
    parts: Record<'name' | 'distance' | 'officialMean' | 'placeMean', string> &
      Record<'common' | 'place' | 'official', string>,
  ): string;
  reference: {
    row(names: string): string;
    note(parts: { names: string; share: string; method: string }): string;
  };
  noReference: string;
  notCitable: string;
  method: string;
  methodText(parts: { report: string; list: string }): string;
  methodsLink: string;
  checked(date: string): string;
  licence: string;
  licences(all: readonly string[]): string;
  says: string;
  /** `n` is 0 where nothing was measured: then nothing is said of what it rests on. */
  caveats(parts: { n: number; percent: string }): string;
  copy: string;
  copied: string;
  takeAway: string;
  cite: string;
  citeText: string;
  print: string;
  /** On paper only: of when it is, and where the same question is answered anew. */
  printed(date: string, address: string): string;
  files: Record<'svg' | 'png' | 'csv' | 'excel' | 'json', string>;
  form: string;
  fields: Record<
    | 'area'
    | 'station'
    | 'orStation'
    | 'stationHelp'
    | 'stationName'
    | 'remove'
    | 'quantity'
    | 'from'
    | 'to'
    | 'rule'
    | 'choices'
    | 'submit'
    | 'noArea'
    | 'period',
    string
  >;
  quickPeriods: QuickPeriodWords;
  ruleNames: Record<string, string>;
  faults: Record<QuestionFault, string>;
  notes: Record<QuestionNote, string>;
  unknownArea: string;
  unknownStation: string;
  tooMuch: string;
  storeAway: string;
  /** That means of its stations are missing or out of date. */
  behind: string;
}

interface FigureParts {
  n: number;
  /** Name of an area or station; empty for several stations. */
  place: string;
  value: string;
  quantity: string;
  period: string;
}

interface DaysAboveParts {
  above: number;
  limit: string;
  instrument: string;
  least: number;
  most: number;
  permitted: number;
}

/** ` in Ehrenfeld`; nothing where the place has no name of its own. */
export function inPlace(area: string): string {
  return area === '' ? '' : ` in ${area}`;
}
