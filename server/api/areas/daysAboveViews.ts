import { z } from 'zod';
import { UNCERTAINTY_ORIGINS, UNCERTAINTY_VERSION } from '../../domain/correction/uncertainty.ts';
import { strictestFirst } from '../../domain/licences.ts';
import { dayLedger, decidingRankOf, isWithinPermitted, LEDGER_VERSION } from '../../domain/limits/dayLedger.ts';
import { equivalentPercentile, isAbove } from '../../domain/limits/limits.ts';
import type { IsoDate, Limit } from '../../domain/limits/limitTable.ts';
import { ledgerDay } from '../../domain/report/figure.ts';
import type { ReportDay } from '../../domain/report/figureTypes.ts';
import { datesOf } from '../../domain/report/question.ts';
import type { Report } from '../../report/reports.ts';

/** `open`: the day is not over yet. */
export type LineState = 'above' | 'not-above' | 'no-coverage' | 'open';
const state = z.enum(['above', 'not-above', 'no-coverage', 'open']);
const names = z.object({ de: z.string(), en: z.string() });

/** The answer of `GET /days-above`. */
export const daysAboveSchema = z.object({
  stationId: z.string().optional(),
  areaId: z.string().optional(),
  name: z.string(),
  quantity: z.enum(['pm25', 'pm10']),
  unit: z.string(),
  year: z.int(),
  day: z.string(),
  limit: z.object({
    id: z.string(),
    instrument: names,
    kind: z.string(),
    value: z.number(),
    permitted: z.int(),
    validFrom: z.string().nullable(),
    validTo: z.string().nullable(),
    checkedOn: z.string(),
    isUnconfirmed: z.boolean(),
  }),
  method: z.string().meta({ examples: [LEDGER_VERSION] }),
  uncertaintyMethod: z.string(),
  stations: z.int(),
  above: z.int().nullable(),
  aboveAtLeast: z.int().nullable(),
  aboveAtMost: z.int().nullable(),
  aboveHumid: z.int().nullable(),
  aboveFlagged: z.int().nullable(),
  aboveAnnotated: z.int().nullable(),
  permitted: z.int(),
  isBeyondPermitted: z
    .boolean()
    .nullable()
    .describe(
      'null while that is open: not more than permitted so far, and days are missing or the percentile lies above',
    ),
  isComplete: z.boolean(),
  isUpToDate: z.boolean().describe('false while means are being made anew: the counts will change'),
  days: z.int(),
  validDays: z.int(),
  notCounted: z.int(),
  openDays: z.int(),
  percentile: z.object({ percent: z.number(), rank: z.int(), value: z.number().nullable() }),
  licences: z.array(z.string()),
  note: names,
  lines: z.array(
    z.object({
      date: z.string(),
      state,
      lowest: state,
      highest: state,
      mean: z.number().nullable(),
      uncertainty: z.number().nullable(),
      uncertaintyFrom: z.enum(UNCERTAINTY_ORIGINS).optional(),
      stations: z.int(),
      marks: z.array(z.enum(['humid', 'flagged', 'annotated'])),
    }),
  ),
});

/** A year's ledger as the API gives it. */
export type DaysAbove = z.output<typeof daysAboveSchema>;

/** Stands with every count of a citizen sensor. */
const LEDGER_NOTE = {
  de: 'Bürgermessung, kein amtlicher Messwert. Orientierender Vergleich: Tage, an denen das Sensormittel über dem Wert lag. Ob eine Vorgabe verletzt ist, stellt nur das amtliche Messnetz fest.',
  en: 'Citizen measurement, not an official value. Indicative comparison: days on which the mean of the sensors lay above the value. Only the official network can establish a breach.',
} as const;

/** Which ledger it is. */
export interface LedgerPlace {
  year: number;
  /** Offset of the days. */
  day: string;
  name: string;
  stationId?: string;
  areaId?: string;
  quantity: 'pm25' | 'pm10';
}

/** The ledger of a year; `report` covers its closed days, the days after them are open. Undefined before the first. */
export function daysAbove(limit: Limit, asked: LedgerPlace, report: Report | undefined): DaysAbove {
  const { year, day, ...place } = asked;
  const days = report?.answer.figure.days ?? [];
  const lines = ledgerLines(limit, days, year);
  const ledger = dayLedger(limit, days.map(ledgerDay));
  const total = lines.length;
  const hasDays = ledger.validDays > 0;
  const marked = (mark: 'flagged' | 'annotated') =>
    lines.filter((line) => line.state === 'above' && line.marks.includes(mark)).length;
  const permitted = limit.permittedExceedances ?? 0;
  const isComplete = ledger.isComplete && days.length === total;
  return {
    ...place,
    unit: 'µg/m³',
    year,
    day,
    limit: limitView(limit),
    method: LEDGER_VERSION,
    uncertaintyMethod: UNCERTAINTY_VERSION,
    stations: report?.answer.figure.of ?? 0,
    above: hasDays ? ledger.above : null,
    aboveAtLeast: hasDays ? ledger.aboveAtLeast : null,
    aboveAtMost: hasDays ? ledger.aboveAtMost : null,
    aboveHumid: hasDays ? ledger.aboveHumid : null,
    aboveFlagged: hasDays ? marked('flagged') : null,
    aboveAnnotated: hasDays ? marked('annotated') : null,
    permitted,
    // More than permitted stays more; "not more" is a statement only of a complete year, where the percentile says so too.
    isBeyondPermitted: ledger.isBeyondPermitted || (isComplete && isWithinPermitted(limit, ledger) ? false : null),
    isComplete,
    isUpToDate: report?.isUpToDate ?? true,
    days: total,
    validDays: ledger.validDays,
    notCounted: ledger.notCounted,
    openDays: total - days.length,
    percentile: {
      percent: equivalentPercentile(limit),
      rank: decidingRankOf(limit, ledger.validDays),
      value: ledger.decidingMean ?? null,
    },
    licences: strictestFirst(report?.stations.map(({ facts }) => facts.licence) ?? []),
    note: LEDGER_NOTE,
    lines,
  };
}

/** One line a day of the year. */
function ledgerLines(limit: Limit, days: readonly ReportDay[], year: number): DaysAbove['lines'] {
  const byDate = new Map<IsoDate, ReportDay>(days.map((each) => [each.date, each]));
  return datesOf({ from: `${year}-01-01`, to: `${year}-12-31` }).map((date) => {
    const found = byDate.get(date);
    const at = (shift: number): LineState => stateOf(limit, found, shift);
    return {
      date,
      state: at(0),
      lowest: at(-1),
      highest: at(1),
      mean: found?.value ?? null,
      uncertainty: found?.uncertainty ?? null,
      ...(found?.uncertaintyFrom && { uncertaintyFrom: found.uncertaintyFrom }),
      stations: found?.n ?? 0,
      marks: marksOf(found),
    };
  });
}

function stateOf(limit: Limit, day: ReportDay | undefined, shift: number): LineState {
  if (day === undefined) return 'open';
  if (day.value === null) return 'no-coverage';
  return isAbove(limit, day.value + shift * (day.uncertainty ?? 0)) === true ? 'above' : 'not-above';
}

function marksOf(day: ReportDay | undefined): DaysAbove['lines'][number]['marks'] {
  if (day === undefined) return [];
  return [
    ...(day.isHumid ? (['humid'] as const) : []),
    ...(day.isFlagged ? (['flagged'] as const) : []),
    ...(day.isAnnotated ? (['annotated'] as const) : []),
  ];
}

function limitView(limit: Limit): DaysAbove['limit'] {
  const { id, instrument, kind, value, permittedExceedances = 0, validFrom = null, validTo = null } = limit;
  const { checkedOn, isUnconfirmed } = limit;
  return { id, instrument, kind, value, permitted: permittedExceedances, validFrom, validTo, checkedOn, isUnconfirmed };
}
