import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { isRejection } from '../domain/reading.ts';
import type { CompatibleApi } from '../sensorCommunity/compatibleApi.ts';
import type { RecordFile } from '../sensorCommunity/recordFile.ts';
import { parseRecordFilter } from '../sensorCommunity/recordFilter.ts';
import type { RecordKind } from '../sensorCommunity/recordKinds.ts';
import { isUnchanged } from './http/conditional.ts';
import { cors, EXPOSED_HEADERS } from './http/cors.ts';
import { jsonAnswerLike, type OpenApiPaths, pathParameter, problems } from './http/openApiTypes.ts';
import { problem, sendProblem } from './http/problem.ts';

/** What the routes need. */
export interface SensorCommunityDeps {
  records: Pick<CompatibleApi, 'files' | 'ofSensor' | 'settled'>;
  clock: () => number;
}

const flag = z.union([z.literal(0), z.literal(1)]);

/** A record of sensor.community: one reading, or one mean, of one sensor. */
export const recordSchema = z.strictObject({
  id: z.int(),
  sampling_rate: z.null(),
  timestamp: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    .describe('UTC.'),
  location: z.strictObject({
    id: z.int(),
    latitude: z.string(),
    longitude: z.string(),
    altitude: z.string().describe('Metres above sea level, to 10 m; 0.0 where nobody said it.'),
    country: z.string(),
    exact_location: flag,
    indoor: flag,
  }),
  sensor: z.strictObject({
    id: z.int(),
    pin: z.string(),
    sensor_type: z.strictObject({ id: z.int(), name: z.string(), manufacturer: z.string() }),
  }),
  sensordatavalues: z.array(
    z.union([
      z.strictObject({ id: z.int(), value: z.string(), value_type: z.string().describe('P1: PM10. P2: PM2.5.') }),
      z.strictObject({ value: z.number(), value_type: z.literal('pressure_at_sealevel') }),
    ]),
  ),
});

const EXAMPLE = [
  {
    id: 113_917_301_653_010,
    sampling_rate: null,
    timestamp: '2026-11-26 15:16:17',
    location: {
      id: 1_000_000_000,
      latitude: '51.457',
      longitude: '7.0127',
      altitude: '0.0',
      country: 'DE',
      exact_location: 0,
      indoor: 0,
    },
    sensor: { id: 1_000_000_001, pin: '1', sensor_type: { id: 14, name: 'SDS011', manufacturer: 'Nova Fitness' } },
    sensordatavalues: [
      { id: 1_822_676_826_448_160, value: '2.73', value_type: 'P1' },
      { id: 1_822_676_826_448_161, value: '2.00', value_type: 'P2' },
    ],
  },
];

/** What each address holds, and how it is described. `data` is the prefix their map uses on its own host. */
const FILES: Readonly<Record<string, { kind: RecordKind; summary: string }>> = {
  '/static/v1/data.json': { kind: 'readings', summary: 'Every reading of the last 5 minutes' },
  '/static/v2/data.json': { kind: '5min', summary: 'Means of the last 5 minutes, one record a sensor' },
  '/static/v2/data.dust.min.json': { kind: 'dust', summary: 'Means of 5 minutes: particulates only' },
  '/static/v2/data.temp.min.json': { kind: 'climate', summary: 'Means of 5 minutes: temperature, humidity, pressure' },
  '/static/v2/data.1h.json': { kind: '1h', summary: 'Sliding means of an hour with at least 75 % of the readings' },
  '/static/v2/data.24h.json': { kind: '24h', summary: 'Sliding means of 24 h with at least 75 % of the readings' },
};

/** Further addresses of the same files: their map asks for them on its own host. */
const ALIASES: Readonly<Record<string, RecordKind>> = {
  '/data/v1/data.json': 'readings',
  '/data/v1/data.noise.json': 'noise',
  '/data/v2/data.json': '5min',
  '/data/v2/data.dust.min.json': 'dust',
  '/data/v2/data.temp.min.json': 'climate',
  '/data/v2/data.1h.json': '1h',
  '/data/v2/data.24h.json': '24h',
};

const records = jsonAnswerLike('Records', z.array(recordSchema), EXAMPLE);

/** What the routes say of themselves. */
export const sensorCommunityPaths: OpenApiPaths = {
  ...Object.fromEntries(
    Object.entries(FILES).map(([path, { kind, summary }]) => [
      path,
      {
        get: {
          operationId: `sensorCommunity_${kind}`,
          summary,
          tags: ['Sensor.Community'] as [string],
          responses: { 200: records },
        },
      },
    ]),
  ),
  '/airrohr/v1/sensor/{sensorId}/': {
    get: {
      operationId: 'sensorCommunity_sensor',
      summary: 'The readings of one sensor in the last 5 minutes; empty when there are none',
      tags: ['Sensor.Community'],
      parameters: [pathParameter('sensorId', 'Number of the sensor, as in the files')],
      responses: { 200: records },
    },
  },
  '/airrohr/v1/filter/{query}': {
    get: {
      operationId: 'sensorCommunity_filter',
      summary: 'The readings of the last 5 minutes that pass a filter',
      description: 'type=, area=lat,lon,km, box=lat,lon,lat,lon, country=, indoor=0 or 1, joined by &, in the path.',
      tags: ['Sensor.Community'],
      parameters: [pathParameter('query', 'For example type=SDS011&area=51.45,7.01,5')],
      responses: { 200: records, ...problems(400) },
    },
  },
};

const KIND_OF: ReadonlyMap<string | undefined, RecordKind> = new Map([
  ...Object.entries(FILES).map(([path, { kind }]): [string, RecordKind] => [path, kind]),
  ...Object.entries(ALIASES),
]);

/**
 * The read API of sensor.community at the root. Comes before everything that adds headers or compresses: the files are
 * compressed once for everybody.
 */
export function createSensorCommunityRouter(deps: SensorCommunityDeps): Router {
  const router = Router();
  for (const [path, kind] of KIND_OF) {
    router.get(path!, (request, response) => sendFile(deps, kind, { request, response }));
  }
  // The second of each is where clients of api.luftdaten.info still ask.
  const sensors = ['/airrohr/v1/sensor/:sensorId{/}', '/v1/sensor/:sensorId{/}'];
  const filters = ['/airrohr/v1/filter/:query{/}', '/v1/filter/:query{/}'];
  router.get(sensors, headers, (request, response) => sendSensor(deps, request, response));
  router.get(filters, headers, (request, response) => sendFiltered(deps, request, response));
  router.options([...[...KIND_OF.keys()].map(String), ...sensors, ...filters], cors);
  return router;
}

/**
 * Answers requests for the files by their exact address before `app` sees them: a city's screens ask for nothing else, and
 * Express costs as much again as the answer.
 */
export function withRecordFiles(app: RequestListener, deps: SensorCommunityDeps): RequestListener {
  return (request, response) => {
    const kind = KIND_OF.get(request.url);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (kind === undefined || !isRead) return app(request, response);
    sendFile(deps, kind, { request, response }).catch((error: unknown) => response.destroy(error as Error));
  };
}

const COMMON = {
  'Content-Type': 'application/json',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': EXPOSED_HEADERS,
};
const FILE_HEADERS = { ...COMMON, 'Cache-Control': 'public, max-age=0, must-revalidate', Vary: 'Accept-Encoding' };
const FILTERED_HEADERS = { ...FILE_HEADERS, 'Cache-Control': 'public, max-age=10' };
const GZIPPED = { 'Content-Encoding': 'gzip' };

const headers: RequestHandler = (_request, response, next) => {
  response.set(COMMON);
  return next();
};

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  headers?: OutgoingHttpHeaders;
}

async function sendFile(
  { records, clock }: SensorCommunityDeps,
  kind: RecordKind,
  { request, response }: Exchange,
): Promise<void> {
  await records.settled();
  const now = clock();
  await answer(records.files.file(kind, now), now, { request, response });
}

/** Sends a file, compressed for whom takes it, or that the client has it. */
async function answer(
  file: RecordFile,
  now: number,
  { request, response, headers = FILE_HEADERS }: Exchange,
): Promise<void> {
  // Weak: the same for the bytes as they are and compressed (RFC 9110 section 8.8.3.3).
  const held = { ...headers, ETag: `W/${file.etag}`, 'Last-Modified': file.lastModified };
  if (isHeld(request, file, now)) return void response.writeHead(304, held).end();
  const isGzipped = takesGzip(request.headers['accept-encoding']);
  const gzipped = isGzipped ? await file.gzipped() : undefined;
  const length = gzipped?.length ?? file.length;
  response.writeHead(200, { ...held, ...(isGzipped && GZIPPED), 'Content-Length': length });
  if (request.method === 'HEAD') return void response.end();
  if (gzipped !== undefined) return void response.end(gzipped);
  const [first, ...more] = file.pieces;
  if (more.length === 0) return void response.end(first);
  finished(response, file.hold());
  for (const piece of file.pieces) response.write(piece);
  response.end();
}

/** True for an `Accept-Encoding` that names gzip and does not refuse it. */
function takesGzip(accepted = ''): boolean {
  return accepted === 'gzip' || /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(accepted);
}

/** True when the client has this version. A time tells seconds apart and no more; without a tag it must not be in doubt. */
function isHeld(request: Pick<IncomingMessage, 'headers'>, file: RecordFile, now: number): boolean {
  if (request.headers['if-none-match'] !== undefined) return isUnchanged(request, file.etag);
  const given = request.headers['if-modified-since'];
  if (given === undefined || file.isSameSecond) return false;
  const since = httpDate(given);
  // A time to come is no time of ours: its sender would never get another version.
  return since <= now && file.builtAt <= since / 1000;
}

/** Epoch ms of a date in any of HTTP's three forms (RFC 9110 section 5.6.7); the one of C's `asctime` names no zone. */
function httpDate(text: string): number {
  return Date.parse(/GMT|UTC|[+-]\d{4}$/.test(text) ? text : `${text} GMT`);
}

async function sendSensor(deps: SensorCommunityDeps, request: Request, response: Response): Promise<void> {
  await deps.records.settled();
  const number = /^\d{1,10}$/.test(String(request.params.sensorId)) ? Number(request.params.sensorId) : -1;
  const body = deps.records.ofSensor(number, deps.clock());
  response.set({ 'Cache-Control': 'public, max-age=10', 'Content-Length': String(body.length) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function sendFiltered(deps: SensorCommunityDeps, request: Request, response: Response): Promise<void> {
  await deps.records.settled();
  const filter = parseRecordFilter(String(request.params.query));
  if (isRejection(filter)) return sendProblem(response, problem(400, 'invalid-filter', filter.detail));
  const now = deps.clock();
  await answer(deps.records.files.filtered(filter, now), now, { request, response, headers: FILTERED_HEADERS });
}
