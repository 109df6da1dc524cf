import type { CorrectionId } from '../correction/correction.ts';
import { DAY_MS } from '../durations.ts';
import type { IsoDate } from '../limits/limitTable.ts';

/** What a report may be asked about: the particulates that limits exist for. */
export const REPORT_QUANTITIES = ['pm25', 'pm10'] as const;
/** One of `REPORT_QUANTITIES`. */
export type ReportQuantity = (typeof REPORT_QUANTITIES)[number];

/** Choices between defensible ways to one figure; each is open to the other side, so each can be asked for. */
export interface Choices {
  /** How an area's figure follows from its stations. */
  statistic: 'median' | 'mean';
  /**
   * As the sensors report; by the one humidity formula published for SDS011 in Germany (research only); or adjusted to official
   * stations near them. The last rests on values of others: it can be asked for, not cited, and no Gegenprobe of a citation
   * recomputes it.
   */
  values: Extract<CorrectionId, 'raw' | 'gamma-de' | 'reference-ratio'>;
  /** Hours of which at least half the readings carry a doubtful flag. */
  doubtful: 'with' | 'without';
  /** Hours the host marked (barbecue, building site, maintenance). */
  annotated: 'with' | 'without';
  /** The station with the highest mean of the period. */
  highest: 'with' | 'without';
  /** `same-as-last-year`: only stations that were valid in the same period a year before too. */
  stations: 'all' | 'same-as-last-year';
}

/** What a report is made with unless its link says otherwise. */
export const DEFAULT_CHOICES: Choices = {
  statistic: 'median',
  values: 'raw',
  doubtful: 'with',
  annotated: 'with',
  highest: 'with',
  stations: 'all',
};

/** Every choice with its values, the default first, as `report-1` tries them: what follows from a citation's own hours. */
export const CHOICE_VALUES: { readonly [Name in keyof Choices]: readonly Choices[Name][] } = {
  statistic: ['median', 'mean'],
  values: ['raw', 'gamma-de'],
  doubtful: ['with', 'without'],
  annotated: ['with', 'without'],
  highest: ['with', 'without'],
  stations: ['all', 'same-as-last-year'],
};

/** An area of the operator's, or stations by their ids in ascending order. */
export type Place = { areaId: string } | { stationIds: string[] };

/** A question whose answer is one figure. Everything the answer depends on besides the hours themselves. */
export interface Question {
  place: Place;
  quantity: ReportQuantity;
  /** First and last day, both included, at `dayOffset`. */
  from: IsoDate;
  to: IsoDate;
  /** Fixed offset of the days, `+01:00`. */
  dayOffset: string;
  /** The value compared with; null: none. */
  limitId: string | null;
  choices: Choices;
}

/** The question's days as instants: `[start, end)`, epoch ms, and their number. */
export interface QuestionWindow {
  start: number;
  end: number;
  days: number;
}

/** The window of a period of whole days at a fixed offset. */
export function questionWindow({ from, to, dayOffset }: Pick<Question, 'from' | 'to' | 'dayOffset'>): QuestionWindow {
  const start = Date.parse(`${from}T00:00:00${dayOffset}`);
  const end = Date.parse(`${to}T00:00:00${dayOffset}`) + DAY_MS;
  return { start, end, days: Math.round((end - start) / DAY_MS) };
}

/** The dates of a period, in order. */
export function datesOf({ from, to }: Pick<Question, 'from' | 'to'>): IsoDate[] {
  const first = Date.parse(`${from}T00:00:00Z`);
  const count = Math.round((Date.parse(`${to}T00:00:00Z`) - first) / DAY_MS) + 1;
  return Array.from({ length: count }, (_, day) => new Date(first + day * DAY_MS).toISOString().slice(0, 10));
}

/** The calendar year a period is exactly; undefined for any other period. */
export function calendarYearOf({ from, to }: Pick<Question, 'from' | 'to'>): number | undefined {
  const year = from.slice(0, 4);
  return from === `${year}-01-01` && to === `${year}-12-31` ? Number(year) : undefined;
}

/** True for a period of one or several whole calendar years. */
export function isWholeYears({ from, to }: Pick<Question, 'from' | 'to'>): boolean {
  return from.endsWith('-01-01') && to.endsWith('-12-31');
}

/** True for a question whose answer follows from the hours of its own stations: only such can be cited. */
export function isCitable({ choices }: Pick<Question, 'choices'>): boolean {
  return choices.values !== 'reference-ratio';
}

/** True when the question is about one station, whose own mean is the figure. */
export function isSingleStation({ place }: Pick<Question, 'place'>): boolean {
  return 'stationIds' in place && place.stationIds.length === 1;
}
