import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { AREA_ID } from '../../domain/area.ts';
import { DAY_MS } from '../../domain/durations.ts';
import { isoDate, limitById } from '../../domain/limits/limits.ts';
import type { IsoDate, Limit } from '../../domain/limits/limitTable.ts';
import { limitOfRule, RULES, type Rule } from '../../domain/report/frozenLimit.ts';
import {
  DEFAULT_CHOICES,
  type Place,
  type Question,
  REPORT_QUANTITIES,
  type ReportQuantity,
} from '../../domain/report/question.ts';
import { STATION_ID } from '../../domain/station.ts';
import { type Report, type Reports, TooManyHoursError } from '../../report/reports.ts';
import { CSV_FORMS } from '../http/csvFile.ts';
import { jsonAnswer, type OpenApiPaths, problems, queryParameter } from '../http/openApiTypes.ts';
import { isProblem, MEANS_BEHIND, NOT_FOUND, type Problem, parseInput, problem, sendProblem } from '../http/problem.ts';
import { daysAboveCsv } from './daysAboveCsv.ts';
import { type DaysAbove, daysAbove, daysAboveSchema } from './daysAboveViews.ts';

/** Seconds an answer may be kept. */
const MAX_AGE = 60;

/** What the ledger is made from. */
export interface DaysAboveDeps {
  reports: Reports;
  /** Where days begin, ms east of UTC, and as it is written. */
  dayOffsetMs: number;
  config: { DAY_OFFSET: string };
  clock: () => number;
}

const ruleSchema = z.string().regex(/^[a-z0-9.]{2,40}$/, 'must be eu, eu2030, who, at, ch or the id of a daily value');

/** The query of `GET /days-above`. */
const daysAboveQuerySchema = z
  .object({
    station: z.string().regex(STATION_ID, 'is no station id').optional(),
    area: z.string().regex(AREA_ID, 'is no area id').optional(),
    quantity: z.enum(REPORT_QUANTITIES).default('pm10'),
    rule: ruleSchema.default('eu'),
    year: z.coerce.number().int().min(2010).max(2100).optional(),
    format: z.enum(['json', ...CSV_FORMS]).default('json'),
  })
  .refine(({ station, area }) => (station === undefined) !== (area === undefined), {
    path: ['station'],
    message: 'give either station or area',
  });

/** A query that is clear. */
export interface DaysAboveAsked {
  place: Place;
  quantity: ReportQuantity;
  limit: Limit;
  year: number;
}

/** What the route says of itself. */
export const daysAbovePaths: OpenApiPaths = {
  '/api/v1/days-above': {
    get: {
      operationId: 'getDaysAbove',
      summary: 'Days of a year on which the mean of a station or area lay above a value',
      description:
        'Each day counted as measured, and with its uncertainty U subtracted and added; days without coverage count neither way. An indicative comparison: only the official network establishes a breach.',
      tags: ['Areas'],
      parameters: [
        queryParameter('station', 'Station id; this or area', z.string()),
        queryParameter('area', 'Area id; this or station', z.string()),
        queryParameter('quantity', 'pm25 or pm10', z.enum(REPORT_QUANTITIES).default('pm10')),
        queryParameter('rule', `${RULES.join(', ')}, or the id of a daily value of /limits`, z.string().default('eu')),
        queryParameter('year', 'Calendar year at DAY_OFFSET; without it the running one', z.int()),
        queryParameter(
          'format',
          'json, csv, or csv-excel for German Excel',
          z.enum(['json', ...CSV_FORMS]).default('json'),
        ),
      ],
      responses: {
        200: {
          ...jsonAnswer('The ledger', daysAboveSchema),
          content: { ...jsonAnswer('', daysAboveSchema).content, 'text/csv': { schema: { type: 'string' } } },
        },
        ...problems(400, 404, 503),
      },
    },
  },
};

/** `GET /days-above`. */
export function createDaysAboveRouter(deps: DaysAboveDeps): Router {
  const router = Router();
  router.get('/days-above', (request, response) => send(deps, request, response));
  return router;
}

async function send(deps: DaysAboveDeps, request: Request, response: Response): Promise<void> {
  const query = parseInput(daysAboveQuerySchema, request.query);
  if (isProblem(query)) return sendProblem(response, query);
  const asked = askedOf(deps, query);
  if (isProblem(asked)) return sendProblem(response, asked);
  const ledger = await ledgerOf(deps, asked);
  if (isProblem(ledger)) return sendProblem(response, ledger);
  response.set('Cache-Control', ledger.isUpToDate ? `public, max-age=${MAX_AGE}` : 'no-store');
  if (query.format === 'json') return void response.json(ledger);
  if (!ledger.isUpToDate) return sendProblem(response, MEANS_BEHIND);
  const name = `${ledger.stationId ?? ledger.areaId}-${ledger.limit.id}-${ledger.year}`;
  response.attachment(`${name}.csv`).type('text/csv; charset=utf-8').send(daysAboveCsv(query.format, ledger));
}

/** What a query means today. */
function askedOf(
  { dayOffsetMs, clock }: Pick<DaysAboveDeps, 'dayOffsetMs' | 'clock'>,
  query: z.output<typeof daysAboveQuerySchema>,
): DaysAboveAsked | Problem {
  const { station, area, quantity, rule } = query;
  const year = query.year ?? Number(isoDate(clock(), dayOffsetMs).slice(0, 4));
  // Of the running year the texts in force so far: another may begin in its last days.
  const [start, end, lastClosed] = [`${year}-01-01`, `${year}-12-31`, lastClosedDay({ clock, dayOffsetMs })];
  const soFar = end < lastClosed ? end : lastClosed;
  // Of a year that has no day yet, and on its first one, those that it begins with.
  const limit = limitFor(rule, quantity, soFar < start ? start : soFar);
  if (limit === undefined) return noDailyValue(rule, quantity);
  return { place: station === undefined ? { areaId: area! } : { stationIds: [station] }, quantity, limit, year };
}

/** The ledger as asked, or why there is none. */
async function ledgerOf(deps: DaysAboveDeps, asked: DaysAboveAsked): Promise<DaysAbove | Problem> {
  const { reports, dayOffsetMs, config, clock } = deps;
  const { place, quantity, limit, year } = asked;
  const lastClosed = lastClosedDay({ clock, dayOffsetMs });
  const [from, end] = [`${year}-01-01`, `${year}-12-31`];
  const to = end < lastClosed ? end : lastClosed;
  const known = reports.place({ place, quantity, from, to, dayOffset: config.DAY_OFFSET });
  if (known === undefined || ('stationIds' in place && known.stations.length === 0)) return NOT_FOUND;
  const question: Question = {
    ...{ place, quantity, from, to, dayOffset: config.DAY_OFFSET },
    ...{ limitId: limit.id, choices: DEFAULT_CHOICES },
  };
  let report: Report | undefined;
  try {
    report = to < from ? undefined : await reports.report(question, known);
  } catch (error) {
    if (error instanceof TooManyHoursError) return TOO_MANY_STATIONS;
    throw error;
  }
  const where = 'areaId' in place ? { areaId: place.areaId } : { stationId: place.stationIds[0]! };
  return daysAbove(limit, { ...where, name: known.name, quantity, year, day: config.DAY_OFFSET }, report);
}

function lastClosedDay({ clock, dayOffsetMs }: Pick<DaysAboveDeps, 'dayOffsetMs' | 'clock'>): IsoDate {
  return isoDate(clock() - DAY_MS, dayOffsetMs);
}

function limitFor(rule: string, quantity: ReportQuantity, on: IsoDate): Limit | undefined {
  if (RULES.includes(rule as Rule)) {
    return limitOfRule(rule as Rule, quantity, { averaging: 'day', on });
  }
  const limit = limitById(rule);
  return limit?.averaging === 'day' && limit.pollutant === quantity ? limit : undefined;
}

function noDailyValue(rule: string, quantity: ReportQuantity): Problem {
  return problem(400, 'no-daily-value', `${rule} has no daily value for ${quantity} in that year.`, {
    errors: [{ field: 'rule', message: `has no daily value for ${quantity} in that year` }],
  });
}

const TOO_MANY_STATIONS = problem(400, 'too-many-stations', 'A year of this many stations is too much for one answer.');
