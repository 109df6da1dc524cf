import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { CITATION_ID } from '../citation/bundle.ts';
import type { Citation, Citations } from '../citation/citations.ts';
import type { CitationFeed } from '../citation/feed.ts';
import { jsonAnswer, type OpenApiPaths, pathParameter, problems } from './http/openApiTypes.ts';
import { NOT_FOUND, sendProblem } from './http/problem.ts';

/** What the routes need. */
export interface CitationsRouterDeps {
  citations: Citations;
  feed: CitationFeed;
  publicUrl?: string | undefined;
}

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

/** A new citation, or a withdrawn part of one, is seen within a minute. */
const CACHED = 'public, max-age=60';

/** Citations as everybody reads them. */
export function createCitationsRouter({ citations, feed, publicUrl }: CitationsRouterDeps): Router {
  const router = Router();
  router.get('/citations', (_request, response) => {
    const list = citations.list().reverse();
    const views = list.map(({ id, citedAt }) => ({ id, citedAt: new Date(citedAt).toISOString() }));
    response.set('Cache-Control', CACHED).json({ citations: views });
  });
  router.get('/citations/key', (_request, response) => {
    response.set('Cache-Control', CACHED);
    response.json({ schemaVersion: 1, algorithm: 'Ed25519', publicKey: citations.publicKey });
  });
  router.get('/citations/feed', (_request, response) => {
    response.set('Cache-Control', CACHED).json({ schemaVersion: 1, dates: feed.dates() });
  });
  router.get('/citations/feed/:date', async (request, response) => {
    const day = await feed.day(request.params.date);
    return day === undefined ? sendProblem(response, NOT_FOUND) : void response.set('Cache-Control', CACHED).json(day);
  });
  router.get('/citations/:id', async (request, response) => {
    const citation = await citations.read(request.params.id);
    if (citation === undefined) return sendProblem(response, NOT_FOUND);
    response.set('Cache-Control', CACHED).json(citationView(citation, publicUrl));
  });
  router.get('/citations/:id/bundle.json', (request, response) => sendBundle(citations, request, response));
  return router;
}

/** A citation in an answer. */
function citationView(
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

async function sendBundle(citations: Citations, request: Request<{ id: string }>, response: Response): Promise<void> {
  const id = CITATION_ID.test(request.params.id) ? request.params.id : citations.find(request.params.id);
  const pieces = id === undefined ? undefined : await citations.bundle(id);
  if (pieces === undefined) return sendProblem(response, NOT_FOUND);
  response
    .set('Cache-Control', CACHED)
    .attachment(`buergerluft-${id!.slice(0, 16)}.json`)
    .type('json');
  try {
    await pipeline(Readable.from(pieces), response);
  } catch (error) {
    // Whoever asked has gone: nobody is left to tell.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
