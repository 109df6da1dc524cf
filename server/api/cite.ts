import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { CHOICE_VALUES, isCitable, type Question, REPORT_QUANTITIES } from '../domain/report/question.ts';
import { EARLIEST, MAX_DAYS, MAX_STATIONS, type QuestionFault, type ReadQuestion } from '../report/questionUrl.ts';
import type { Report, Reports } from '../report/reports.ts';
import type { CitationFreezer } from './citationFreezer.ts';
import { jsonAnswer, jsonBody, type OpenApiPaths, problems } from './http/openApiTypes.ts';
import { isProblem, MEANS_BEHIND, type Problem, parseInput, problem, sendProblem } from './http/problem.ts';
import { makeReport, type NoReport, questionOf } from './pages/report/reportPages.ts';

/** What the route needs. */
export interface CiteDeps {
  /** Shared with the page's form: one allowance for both. */
  freezer: CitationFreezer;
  reports: Reports;
  config: { DAY_OFFSET: string };
  dayOffsetMs: number;
  publicUrl?: string | undefined;
  clock: () => number;
}

const choice = (name: keyof typeof CHOICE_VALUES) => z.enum(CHOICE_VALUES[name] as readonly string[]).optional();
const bodySchema = z.strictObject({
  area: z.string().max(60).optional(),
  station: z.string().max(800).optional(),
  quantity: z.string().max(10).optional(),
  from: z.string().max(10),
  to: z.string().max(10),
  rule: z.string().max(40).optional(),
  statistic: choice('statistic'),
  values: choice('values'),
  doubtful: choice('doubtful'),
  annotated: choice('annotated'),
  highest: choice('highest'),
  stations: choice('stations'),
});

const madeSchema = z.object({ id: z.string(), url: z.string(), bundle: z.string(), isNew: z.boolean() });

/** What the route says of itself. */
export const citePaths: OpenApiPaths = {
  '/api/v1/citations': {
    post: {
      operationId: 'cite',
      summary: 'Freeze the answer to a question: immutable, signed, with every hour it rests on',
      description:
        'The question is that of a report: an area or stations, a period of closed days, a quantity, a value to compare with, choices.',
      tags: ['Citations'],
      requestBody: jsonBody(bodySchema, { area: 'ehrenfeld', quantity: 'pm25', from: '2025-01-01', to: '2025-12-31' }),
      responses: {
        200: jsonAnswer('The same was cited today already', madeSchema),
        201: jsonAnswer('Frozen', madeSchema),
        ...problems(400, 404, 413, 429, 503),
      },
    },
  },
};

/** Freezes the answer to a question. */
export function createCiteRouter(deps: CiteDeps): Router {
  return Router().post('/citations', (request, response) => cite(deps, request, response));
}

async function cite(deps: CiteDeps, request: Request, response: Response) {
  const body = parseInput(bodySchema, request.body ?? {});
  if (isProblem(body)) return sendProblem(response, body);
  const report = await reportOf(deps, questionOf(deps, body));
  if (isProblem(report)) return sendProblem(response, report);
  const made = await deps.freezer.freeze(report, request.ip);
  if (made === 'behind') return sendProblem(response, MEANS_BEHIND);
  if ('waitSeconds' in made) return sendProblem(response, tooMany(made.waitSeconds));
  const { id, isNew } = made;
  const { publicUrl = '' } = deps;
  const path = `/cite/${id}`;
  response
    .status(isNew ? 201 : 200)
    .set({ 'Cache-Control': 'no-store', Location: path })
    .json({ id, url: `${publicUrl}${path}`, bundle: `${publicUrl}/api/v1/citations/${id}/bundle.json`, isNew });
}

async function reportOf({ reports }: CiteDeps, { question, faults, notes }: ReadQuestion): Promise<Report | Problem> {
  if (question === undefined) return badQuestion(faults);
  if (notes.includes('cut-to-closed')) return badQuestion(['not-begun']);
  if (!isCitable(question)) return badQuestion(['bad-choice']);
  const made = await makeReport(reports, question);
  if (typeof made === 'string') return noReport(made, question);
  if (made.answer.figure.state === 'no-data') {
    return problem(404, 'no-data', 'There are no valid hours to rest a citation on.');
  }
  return made;
}

/** The field each fault is about, and what is wrong with it in words that go on from its name. */
const REFUSED: Readonly<Record<QuestionFault, readonly [field: string, message: string]>> = {
  'no-place': ['area', 'is missing: name an area, or stations'],
  'bad-place': ['area', 'must be the id of an area, or station the ids of stations; not both'],
  'too-many-stations': ['station', `must have at most ${MAX_STATIONS} ids`],
  'bad-quantity': ['quantity', `must be one of ${REPORT_QUANTITIES.join(', ')}`],
  'bad-period': ['from', `must be a date such as 2026-01-05, not before ${EARLIEST}, and to such a date not before it`],
  'too-long': ['to', `must be less than ${MAX_DAYS} days after from`],
  'not-begun': ['to', 'must be a day that is over: yesterday or earlier'],
  'bad-rule': ['rule', 'must be a rule with a value for this quantity'],
  'bad-choice': ['values', 'must be a choice that can be cited'],
};

function badQuestion(faults: readonly QuestionFault[]): Problem {
  const errors = faults.map((code) => {
    const [field, message] = REFUSED[code];
    return { field, message, code };
  });
  return problem(400, 'invalid-request', 'The question cannot be cited; errors lists why.', { errors });
}

function noReport(reason: NoReport, { place }: Question): Problem {
  if (reason === 'storeAway') return problem(503, 'unavailable', 'The store does not answer; try again later.');
  if (reason === 'tooMuch')
    return problem(400, 'too-many-points', 'Too many hours of too many stations: ask for less time.');
  return problem(404, 'not-found', 'areaId' in place ? 'There is no such area.' : 'There is no such public station.');
}

function tooMany(waitSeconds: number): Problem {
  return problem(429, 'too-many-requests', 'Too many citations from this address; try again later.', {
    headers: { 'Retry-After': String(waitSeconds) },
  });
}
