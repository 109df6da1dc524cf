import { AREA_ID } from '../domain/area.ts';
import { DAY_MS } from '../domain/durations.ts';
import { limitById } from '../domain/limits/limits.ts';
import type { IsoDate, Limit } from '../domain/limits/limitTable.ts';
import { limitOfRule, RULES, type Rule } from '../domain/report/frozenLimit.ts';
import {
  CHOICE_VALUES,
  type Choices,
  DEFAULT_CHOICES,
  type Place,
  type Question,
  REPORT_QUANTITIES,
  type ReportQuantity,
} from '../domain/report/question.ts';
import { STATION_ID } from '../domain/station.ts';

/** Longest period: three years and the leap day. */
export const MAX_DAYS = 1096;
/** Most stations asked for by id. */
export const MAX_STATIONS = 60;
/** First day a question may be about: nothing here was measured before. */
export const EARLIEST = '2010-01-01';

/** What keeps a question from having an answer. */
export type QuestionFault =
  | 'no-place'
  | 'bad-place'
  | 'too-many-stations'
  | 'bad-quantity'
  | 'bad-period'
  | 'too-long'
  | 'not-begun'
  | 'bad-rule'
  | 'bad-choice';

/** What was done to a question so that it has an answer. */
export type QuestionNote = 'cut-to-closed';

/** A question read off a link, or why it is none; `draft` fills the form again either way. */
export interface ReadQuestion {
  question?: Question;
  faults: QuestionFault[];
  notes: QuestionNote[];
  draft: QuestionDraft;
  /** The last day that was over when the link was read. */
  lastClosed: IsoDate;
}

/** What the form shows. */
export interface QuestionDraft {
  area: string;
  station: string;
  quantity: ReportQuantity;
  from: string;
  to: string;
  rule: string;
  choices: Choices;
}

/** A link's parameters; repeated ones come as lists and count as none. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Reads a question. `lastClosed` is the last day that is over. */
export function readQuestion(
  parameters: Parameters,
  { lastClosed, dayOffset }: { lastClosed: IsoDate; dayOffset: string },
): ReadQuestion {
  const faults: QuestionFault[] = [];
  const notes: QuestionNote[] = [];
  const draft = draftOf(parameters, lastClosed, faults);
  const place = placeOf(draft, faults);
  const asked = periodOf(draft, faults);
  if (asked !== undefined && asked.from > lastClosed) faults.push('not-begun');
  const to = asked !== undefined && asked.to > lastClosed ? lastClosed : (asked?.to ?? '');
  if (asked !== undefined && to !== asked.to) notes.push('cut-to-closed');
  const limit = ruleLimit(draft.rule, draft.quantity, to || lastClosed);
  if (limit === undefined && draft.rule !== 'none') faults.push('bad-rule');
  if (faults.length > 0 || place === undefined || asked === undefined) return { faults, notes, draft, lastClosed };
  const { quantity, choices } = draft;
  const question = { place, quantity, from: asked.from, to, dayOffset, limitId: limit?.id ?? null, choices };
  return { question, faults, notes, draft, lastClosed };
}

/** The value a rule means: its daily value, else its yearly one; a limit's own id means that limit. */
function ruleLimit(rule: string, quantity: ReportQuantity, on: IsoDate): Limit | undefined {
  if (!RULES.includes(rule as Rule)) {
    const limit = limitById(rule);
    const isFit = limit?.pollutant === quantity && (limit.averaging === 'day' || limit.averaging === 'year');
    return isFit ? limit : undefined;
  }
  return (
    limitOfRule(rule as Rule, quantity, { averaging: 'day', on }) ??
    limitOfRule(rule as Rule, quantity, { averaging: 'year', on })
  );
}

/** The parameters of a question's link, without what is default. */
export function questionParameters({ place, quantity, from, to, limitId, choices }: Question): Record<string, string> {
  const where: Record<string, string> =
    'areaId' in place ? { area: place.areaId } : { station: place.stationIds.join(',') };
  const changed = Object.entries(choices).filter(([name, value]) => value !== DEFAULT_CHOICES[name as keyof Choices]);
  return { ...where, quantity, from, to, rule: limitId ?? 'none', ...Object.fromEntries(changed) };
}

function draftOf(parameters: Parameters, lastClosed: IsoDate, faults: QuestionFault[]): QuestionDraft {
  const text = (name: string, most = 40) => {
    const value = parameters[name];
    return typeof value === 'string' ? value.trim().slice(0, most + 1) : '';
  };
  const quantity = REPORT_QUANTITIES.find((each) => each === text('quantity'));
  if (quantity === undefined && parameters.quantity !== undefined) faults.push('bad-quantity');
  return {
    area: text('area', 60),
    station: text('station', MAX_STATIONS * 12),
    quantity: quantity ?? 'pm25',
    from: text('from') || defaultFrom(lastClosed),
    to: text('to') || (text('from') === '' ? defaultTo(lastClosed) : lastClosed),
    rule: text('rule') || 'eu2030',
    choices: choicesOf(parameters, faults),
  };
}

/** The running year up to yesterday; in January the year before. */
function defaultFrom(lastClosed: IsoDate): IsoDate {
  return `${defaultTo(lastClosed).slice(0, 4)}-01-01`;
}

function defaultTo(lastClosed: IsoDate): IsoDate {
  const [year, month] = lastClosed.split('-');
  return month === '01' ? `${Number(year) - 1}-12-31` : lastClosed;
}

function choicesOf(parameters: Parameters, faults: QuestionFault[]): Choices {
  const choices: Record<string, string> = { ...DEFAULT_CHOICES };
  for (const [name, values] of Object.entries(CHOICE_VALUES)) {
    const asked = parameters[name];
    if (asked === undefined || asked === '') continue;
    const isKnown = [...values, ...(name === 'values' ? ['reference-ratio'] : [])].includes(String(asked));
    if (isKnown && typeof asked === 'string') choices[name] = asked;
    else if (!faults.includes('bad-choice')) faults.push('bad-choice');
  }
  return choices as unknown as Choices;
}

function placeOf({ area, station }: QuestionDraft, faults: QuestionFault[]): Place | undefined {
  if (area === '' && station === '') return fault(faults, 'no-place');
  if (area !== '') return AREA_ID.test(area) && station === '' ? { areaId: area } : fault(faults, 'bad-place');
  const ids = [...new Set(station.split(/[\s,]+/).filter(Boolean))].sort();
  if (ids.length > MAX_STATIONS) return fault(faults, 'too-many-stations');
  return ids.length > 0 && ids.every((id) => STATION_ID.test(id)) ? { stationIds: ids } : fault(faults, 'bad-place');
}

function periodOf({ from, to }: QuestionDraft, faults: QuestionFault[]): { from: IsoDate; to: IsoDate } | undefined {
  if (!isDate(from) || !isDate(to) || from > to || from < EARLIEST) return fault(faults, 'bad-period');
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS + 1;
  return days > MAX_DAYS ? fault(faults, 'too-long') : { from, to };
}

/** True for a day of the calendar, `2025-02-29` not among them. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function fault(faults: QuestionFault[], name: QuestionFault): undefined {
  faults.push(name);
  return undefined;
}
