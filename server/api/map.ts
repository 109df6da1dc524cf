import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { AVERAGES } from '../domain/aggregate.ts';
import { QUANTITIES } from '../domain/quantity.ts';
import type { BodyEncoding } from '../live/mapBody.ts';
import type { LayerName, LiveLayers } from '../live/mapLayers.ts';
import type { PastHours } from '../live/pastHours.ts';
import { isUnchanged } from './http/conditional.ts';
import { jsonAnswer, type OpenApiPaths, problems, queryParameter } from './http/openApiTypes.ts';
import { isProblem, parseInput, problem, sendProblem } from './http/problem.ts';
import { timeSchema } from './series/seriesQuery.ts';
import { boxSchema } from './stations/stationRequests.ts';

const gunzipAsync = promisify(gunzip);

/** What the map route needs. */
export interface MapRouterDeps {
  mapLayers: Pick<LiveLayers, 'body' | 'etag' | 'state'>;
  pastHours: Pick<PastHours, 'body' | 'hourEnd'>;
  clock: () => number;
}

const quantity = z.enum(QUANTITIES);
const average = z.enum(AVERAGES);

/** The query of `GET /map`. */
const mapQuerySchema = z.object({
  quantity: quantity.default('pm25'),
  average: average.default('1h'),
  bbox: boxSchema.optional(),
  at: timeSchema.optional(),
});

const bit = z.union([z.literal(0), z.literal(1)]);

/** `MapState`: columns of equal length. */
export const mapStateSchema = z.object({
  epoch: z.string(),
  seq: z.int(),
  quantity,
  average,
  unit: z.string(),
  scale: z.int().describe('Divide value by this.'),
  at: z.iso.datetime(),
  hour: z
    .object({ start: z.iso.datetime(), method: z.string() })
    .exactOptional()
    .describe('With at: values are means of the closed clock hour that ends at `at`.'),
  id: z.array(z.string()),
  name: z.array(z.string()),
  lat: z.array(z.int()).describe('Degrees times 10,000, snapped to the public grid.'),
  lon: z.array(z.int()),
  value: z.array(z.int().nullable()).describe('In unit times scale; null where there is none.'),
  coverage: z.array(z.int()).describe('Share of the expected readings, per cent.'),
  count: z.array(z.int()),
  state: z
    .array(z.enum(['ok', 'sparse', 'stale', 'none']))
    .describe('sparse: below 75 % coverage; stale: no reading lately.'),
  age: z.array(z.int().nullable()).describe('Seconds from the last reading to at; null when never.'),
  doubtful: z.array(bit),
  indoor: z.array(bit),
  kind: z.array(z.enum(['citizen', 'reference'])),
});

/** What the route says of itself. */
export const mapPaths: OpenApiPaths = {
  '/api/v1/map': {
    get: {
      operationId: 'getMap',
      summary: 'Compact state of one map layer: one entry a public station, in columns',
      description: 'Changes with a higher seq come over the socket, event map:changed.',
      tags: ['Map'],
      parameters: [
        queryParameter('quantity', 'Quantity shown', quantity.default('pm25')),
        queryParameter(
          'average',
          'Sliding mean of the last 60 minutes or 24 hours, or the latest value',
          average.default('1h'),
        ),
        queryParameter('bbox', 'west,south,east,north in degrees'),
        queryParameter(
          'at',
          'ISO 8601: means of the last clock hour that had ended by then, with average=1h; bbox does not apply',
          z.iso.datetime({ offset: true }),
        ),
      ],
      responses: { 200: jsonAnswer('The layer', mapStateSchema), ...problems(400) },
    },
  },
};

/** `GET /map`. The whole layer is made and compressed once for everybody; a part of it is made for each request. */
export function createMapRouter(deps: MapRouterDeps): Router {
  const router = Router();
  router.get('/map', async (request, response) => {
    const query = parseInput(mapQuerySchema, request.query);
    if (isProblem(query)) return sendProblem(response, query);
    const { bbox, at, ...name } = query;
    if (at !== undefined) return sendPast(deps, { ...name, at }, request, response);
    // `no-cache`: keep it, but ask each time; the answer is mostly 304.
    response.set('Cache-Control', 'public, no-cache').type('json');
    if (bbox === undefined) return sendWhole(deps, name, request, response);
    const now = deps.clock();
    // Each address has its own box, so the layer's validator holds for it too.
    response.set('ETag', await deps.mapLayers.etag(name, now));
    response.send(JSON.stringify(await deps.mapLayers.state(name, now, bbox)));
  });
  return router;
}

const HOURS_ONLY = problem(400, 'hours-only', 'Past states are means of clock hours: ask for average=1h.', {
  errors: [{ field: 'average', message: 'must be 1h with at' }],
});

async function sendPast(
  { pastHours, clock }: MapRouterDeps,
  { quantity, average, at }: LayerName & { at: number },
  request: Request,
  response: Response,
): Promise<void> {
  if (average !== '1h') return sendProblem(response, HOURS_ONLY);
  const now = clock();
  const made = await pastHours.body(quantity, pastHours.hourEnd(Math.min(at, now)), now);
  response.set({ 'Cache-Control': 'public, max-age=60', ETag: made.etag }).vary('Accept-Encoding').type('json');
  if (isUnchanged(request, made.etag)) return void response.status(304).end();
  if (request.acceptsEncodings('gzip') !== 'gzip') return void response.send(await gunzipAsync(made.gzipped));
  response.set('Content-Encoding', 'gzip').send(made.gzipped);
}

async function sendWhole(deps: MapRouterDeps, name: LayerName, request: Request, response: Response): Promise<void> {
  const now = deps.clock();
  response.vary('Accept-Encoding');
  const etag = await deps.mapLayers.etag(name, now);
  if (isUnchanged(request, etag)) return void response.set('ETag', etag).status(304).end();
  const encoding = encodingFor(request);
  const body = await deps.mapLayers.body(name, encoding, now);
  if (encoding !== 'identity') response.set('Content-Encoding', encoding);
  response.set('ETag', body.etag).send(body.bytes);
}

function encodingFor(request: Request): BodyEncoding {
  if (request.acceptsEncodings('br') === 'br') return 'br';
  return request.acceptsEncodings('gzip') === 'gzip' ? 'gzip' : 'identity';
}
