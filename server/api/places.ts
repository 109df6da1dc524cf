import { Router } from 'express';
import { z } from 'zod';
import { PLACE_KINDS } from '../offline/placeIndex.ts';
import type { Places } from '../offline/placesFile.ts';
import { type Allowance, addressKey, TokenBuckets } from '../process/tokenBuckets.ts';
import { jsonAnswer, type OpenApiPaths, problems } from './http/openApiTypes.ts';
import { isProblem, type Problem, parseInput, problem, sendProblem } from './http/problem.ts';

/** Results of one query. */
const LIMIT = 8;

/** Queries of one address: as fast as one types, for as long as one searches. */
const QUERIES: Allowance = { burst: 60, perSecond: 5 };

const querySchema = z.object({ q: z.string().trim().min(1).max(100) });

const placesSchema = z.object({
  places: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(PLACE_KINDS),
      lat: z.number(),
      lon: z.number(),
      context: z.string().optional(),
      postcode: z.string().optional(),
    }),
  ),
  /** Whose data it is; empty when the operator's file does not say. */
  credit: z.string(),
});

/** What the route says of itself. */
export const placesPaths: OpenApiPaths = {
  '/api/v1/places': {
    get: {
      operationId: 'findPlaces',
      summary: "Places, postcodes and streets by the beginnings of their words, from the operator's file",
      tags: ['Service'],
      parameters: [
        { name: 'q', in: 'query', required: true, description: 'At least two letters', schema: { type: 'string' } },
      ],
      responses: { 200: jsonAnswer('At most eight places, best first', placesSchema), ...problems(400, 404, 429) },
    },
  },
};

/** `GET /places`: 404 where no file is configured. What was asked for is kept nowhere. */
export function createPlacesRouter(places: Places | undefined, clock: () => number): Router {
  const router = Router();
  const buckets = new TokenBuckets(QUERIES);
  router.get('/places', (request, response) => {
    const waitMs = buckets.take(addressKey(request.ip), clock());
    if (waitMs > 0) return sendProblem(response, tooOften(waitMs));
    if (!places) return sendProblem(response, problem(404, 'not-found', 'This instance has no file of places.'));
    const query = parseInput(querySchema, request.query);
    if (isProblem(query)) return sendProblem(response, query);
    return void response
      .set('Cache-Control', 'private, max-age=3600')
      .json({ places: places.search(query.q, LIMIT), credit: places.credit });
  });
  return router;
}

function tooOften(waitMs: number): Problem {
  const headers = { 'Retry-After': String(Math.ceil(waitMs / 1000)) };
  return problem(429, 'too-often', 'Too many searches from this address; try again shortly.', { headers });
}
