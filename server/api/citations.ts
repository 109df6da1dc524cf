import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { CITATION_ID } from '../citation/bundle.ts';
import type { Citation, Citations } from '../citation/citations.ts';
import type { CitationFeed } from '../citation/feed.ts';
import { CHOICE_VALUES, isCitable, type Question, questionWindow } from '../domain/report/question.ts';
import type { QuestionFault, ReadQuestion } from '../report/questionUrl.ts';
import type { Report, Reports } from '../report/reports.ts';
import { jsonAnswer, jsonBody, type OpenApiPaths, pathParameter, problems } from './openApiTypes.ts';
import { makeReport, type NoReport, questionOf } from './pages/report/reportPages.ts';
import { isProblem, NOT_FOUND, type Problem, parseInput, problem, sendProblem } from './problem.ts';
import { addressKey, TokenBuckets } from './rateLimit.ts';

/** What an address may freeze: 20 at once, then 20 an hour; everybody together ten times as much. */
const OWN = { burst: 20, perSecond: 20 / 3600 };
const ALL = { burst: 200, perSecond: 200 / 3600 };
/** Hours that count as one citation more: a large one takes as much disk as many small ones. */
const HOURS_A_TOKEN = 60_000;

/** What the routes need. */
export interface CitationsRouterDeps {
  citations: Citations;
  /** Shared with the page's form: one allowance for both. */
  freezer: Freezer;
  feed: CitationFeed;
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
const citationSchema = z.object({
  id: z.string(),
  url: z.string(),
  bundle: z.string(),
  note: z.string(),
  citedAt: z.iso.datetime(),
  publicKey: z.string(),
  signature: z.string(),
  stationCount: z.int(),
  withdrawn: z.int(),
  withheldPlaces: z.int(),
  head: z.looseObject({ schemaVersion: z.literal(1), evaluator: z.string() }),
  stations: z.array(z.looseObject({}).nullable()),
});
const keySchema = z.object({ schemaVersion: z.literal(1), algorithm: z.literal('Ed25519'), publicKey: z.string() });
const listSchema = z.object({ citations: z.array(z.object({ id: z.string(), citedAt: z.iso.datetime() })) });
const feedSchema = z.object({ schemaVersion: z.literal(1), dates: z.array(z.string()) });
const feedDaySchema = z.object({
  schemaVersion: z.literal(1),
  date: z.string(),
  previous: z.string().nullable(),
  ids: z.array(z.string()),
  publicKey: z.string(),
  signature: z.string(),
});
const idParameter = pathParameter('id', 'Id, or its first 16 or more characters');
const tags = ['Citations'] as [string];

/** What the routes say of themselves. */
export const citationsPaths: OpenApiPaths = {
  '/api/v1/citations': {
    get: {
      operationId: 'listCitations',
      summary: 'All citations, newest first',
      tags,
      responses: { 200: jsonAnswer('Ids and times', listSchema) },
    },
    post: {
      operationId: 'cite',
      summary: 'Freeze the answer to a question: immutable, signed, with every hour it rests on',
      description:
        'The question is that of a report: an area or stations, a period of closed days, a quantity, a value to compare with, choices.',
      tags,
      requestBody: jsonBody(bodySchema),
      responses: {
        200: jsonAnswer('The same was cited today already', madeSchema),
        201: jsonAnswer('Frozen', madeSchema),
        ...problems(400, 404, 413, 429, 503),
      },
    },
  },
  '/api/v1/citations/key': {
    get: {
      operationId: 'getCitationKey',
      summary: 'The public key this instance signs citations with',
      tags,
      responses: { 200: jsonAnswer('The key, raw, in hex', keySchema) },
    },
  },
  '/api/v1/citations/feed': {
    get: {
      operationId: 'getCitationFeed',
      summary: 'Days with citations',
      tags,
      responses: { 200: jsonAnswer('Days, oldest first', feedSchema) },
    },
  },
  '/api/v1/citations/feed/{date}': {
    get: {
      operationId: 'getCitationFeedDay',
      summary: "A day's citations, signed and chained to the day before",
      tags,
      parameters: [pathParameter('date', 'Day, UTC', z.iso.date())],
      responses: { 200: jsonAnswer('The day', feedDaySchema), ...problems(404) },
    },
  },
  '/api/v1/citations/{id}': {
    get: {
      operationId: 'getCitation',
      summary: 'A frozen figure and what it rests on, without the hours',
      tags,
      parameters: [idParameter],
      responses: { 200: jsonAnswer('The citation', citationSchema), ...problems(404) },
    },
  },
  '/api/v1/citations/{id}/bundle.json': {
    get: {
      operationId: 'getCitationBundle',
      summary: 'Everything needed to check a citation without this server; see docs/citation-format.md',
      tags,
      parameters: [idParameter],
      responses: { 200: jsonAnswer('The bundle', z.looseObject({ schemaVersion: z.literal(1) })), ...problems(404) },
    },
  },
};

/** The citations' API. */
export function createCitationsRouter(deps: CitationsRouterDeps): Router {
  const { citations, feed } = deps;
  const router = Router();
  router.get('/citations', (_request, response) => {
    const list = citations.list().reverse();
    const views = list.map(({ id, citedAt }) => ({ id, citedAt: new Date(citedAt).toISOString() }));
    response.set('Cache-Control', 'public, max-age=60').json({ citations: views });
  });
  router.post('/citations', (request, response) => post(deps, request, response));
  router.get('/citations/key', (_request, response) => {
    response.json({ schemaVersion: 1, algorithm: 'Ed25519', publicKey: citations.publicKey });
  });
  router.get('/citations/feed', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=60').json({ schemaVersion: 1, dates: feed.dates() });
  });
  router.get('/citations/feed/:date', async (request, response) => {
    const day = await feed.day(request.params.date);
    return day === undefined ? sendProblem(response, NOT_FOUND) : void response.json(day);
  });
  router.get('/citations/:id', async (request, response) => {
    const citation = await citations.read(request.params.id);
    if (citation === undefined) return sendProblem(response, NOT_FOUND);
    response.set('Cache-Control', 'public, max-age=60').json(citationView(citation, deps.publicUrl));
  });
  router.get('/citations/:id/bundle.json', (request, response) => sendBundle(citations, request, response));
  return router;
}

/** Freezes what someone may freeze: limited by address and altogether, dearer for large ones. */
export class Freezer {
  readonly #deps: Pick<CitationsRouterDeps, 'citations' | 'clock'>;
  readonly #own = new TokenBuckets(OWN);
  readonly #all = new TokenBuckets(ALL);

  constructor(deps: Pick<CitationsRouterDeps, 'citations' | 'clock'>) {
    this.#deps = deps;
  }

  /** The id, or after how many seconds there may be one. */
  async freeze(
    report: Report,
    ip: string | undefined,
  ): Promise<{ id: string; isNew: boolean } | { waitSeconds: number }> {
    const { days } = questionWindow(report.question);
    const tokens = 1 + Math.floor((report.place.stations.length * days * 24) / HOURS_A_TOKEN);
    for (let taken = 0; taken < tokens; taken++) {
      const now = this.#deps.clock();
      const waitMs = this.#own.take(addressKey(ip), now) || this.#all.take('all', now);
      if (waitMs > 0) return { waitSeconds: Math.ceil(waitMs / 1000) };
    }
    return this.#deps.citations.freeze(report);
  }
}

/** A citation in an answer. */
export function citationView(
  { id, citedAt, head, stations, stationIds: _stationIds, ...rest }: Citation,
  publicUrl = '',
): z.output<typeof citationSchema> {
  return {
    id,
    url: `${publicUrl}/cite/${id}`,
    bundle: `${publicUrl}/api/v1/citations/${id}/bundle.json`,
    note: 'Bürgermessung, kein amtlicher Messwert. / Citizen measurement, not an official value.',
    citedAt: new Date(citedAt).toISOString(),
    ...rest,
    stationCount: head.stationCount,
    head: { ...head },
    stations: stations.map((station) => station && { ...station }),
  };
}

async function post(deps: CitationsRouterDeps, request: Request, response: Response) {
  const body = parseInput(bodySchema, request.body ?? {});
  if (isProblem(body)) return sendProblem(response, body);
  const report = await reportOf(deps, questionOf(deps, body));
  if (isProblem(report)) return sendProblem(response, report);
  const made = await deps.freezer.freeze(report, request.ip);
  if ('waitSeconds' in made) return sendProblem(response, tooMany(made.waitSeconds));
  const { id, isNew } = made;
  const { publicUrl = '' } = deps;
  const path = `/cite/${id}`;
  response
    .status(isNew ? 201 : 200)
    .set({ 'Cache-Control': 'no-store', Location: path })
    .json({ id, url: `${publicUrl}${path}`, bundle: `${publicUrl}/api/v1/citations/${id}/bundle.json`, isNew });
}

async function reportOf(
  { reports }: CitationsRouterDeps,
  { question, faults, notes }: ReadQuestion,
): Promise<Report | Problem> {
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

const FIELDS: Readonly<Record<QuestionFault, string>> = {
  'no-place': 'area',
  'bad-place': 'area',
  'too-many-stations': 'station',
  'bad-quantity': 'quantity',
  'bad-period': 'from',
  'too-long': 'to',
  'not-begun': 'to',
  'bad-rule': 'rule',
  'bad-choice': 'statistic',
};

function badQuestion(faults: readonly QuestionFault[]): Problem {
  return problem(
    400,
    'invalid-request',
    'The question cannot be cited; errors lists why. Only days that are over can.',
    {
      errors: faults.map((fault) => ({ field: FIELDS[fault], message: fault })),
    },
  );
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

async function sendBundle(citations: Citations, request: Request<{ id: string }>, response: Response): Promise<void> {
  const id = CITATION_ID.test(request.params.id) ? request.params.id : citations.find(request.params.id);
  const pieces = id === undefined ? undefined : await citations.bundle(id);
  if (pieces === undefined) return sendProblem(response, NOT_FOUND);
  response
    .set('Cache-Control', 'public, max-age=60')
    .attachment(`buergerluft-${id!.slice(0, 16)}.json`)
    .type('json');
  try {
    await pipeline(Readable.from(pieces), response);
  } catch (error) {
    // Whoever asked has gone: nobody is left to tell.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
