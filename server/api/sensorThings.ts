import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { SensorThingsError } from '../sensorThings/sensorThingsError.ts';
import type { SensorThings } from '../sensorThings/service.ts';
import { baseUrl } from './http/baseUrl.ts';
import { jsonAnswerLike, type OpenApiPaths, pathParameter, problems, queryParameter } from './http/openApiTypes.ts';
import { problem, sendProblem } from './http/problem.ts';

/** What the route needs. */
export interface SensorThingsDeps {
  sensorThings: Pick<SensorThings, 'answer'>;
  /** `PUBLIC_URL`; without it links begin with the address that was asked. */
  publicUrl: string | undefined;
}

const ROOT = '/sta/v1.1';
/** Far below the 145 s between two pushes of a device. */
const MAX_AGE_S = 10;

const rootSchema = z.object({
  value: z.array(z.object({ name: z.string(), url: z.string() })),
  serverSettings: z.object({ conformance: z.array(z.string()) }),
});
const resourceSchema = z.record(z.string(), z.unknown());
const host = 'https://luft.example.org/sta/v1.1';
const ROOT_EXAMPLE = {
  value: [{ name: 'Things', url: `${host}/Things` }],
  serverSettings: { conformance: ['http://www.opengis.net/spec/iot_sensing/1.1/req/request-data'] },
};
const RESOURCE_EXAMPLE = {
  '@iot.nextLink': `${host}/Observations?$top=1&$skiptoken=1_a1b2c3d4e5.sds011.pm25.1795701977000`,
  value: [
    {
      '@iot.id': 'a1b2c3d4e5.sds011.pm25.1795701977000',
      '@iot.selfLink': `${host}/Observations('a1b2c3d4e5.sds011.pm25.1795701977000')`,
      phenomenonTime: '2026-11-26T15:26:17.000Z',
      result: 2.73,
      resultTime: '2026-11-26T15:26:17.000Z',
    },
  ],
};

/** What the routes say of themselves. */
export const sensorThingsPaths: OpenApiPaths = {
  [ROOT]: {
    get: {
      operationId: 'sensorThingsRoot',
      summary: 'OGC SensorThings 1.1: its sets and what it conforms to',
      tags: ['SensorThings'],
      responses: { 200: jsonAnswerLike('Root', rootSchema, ROOT_EXAMPLE) },
    },
  },
  [`${ROOT}/{resource}`]: {
    get: {
      operationId: 'sensorThingsResource',
      summary: 'A set, an entity or a property',
      description:
        "Things, Locations, HistoricalLocations, Datastreams, Sensors, ObservedProperties, Observations, FeaturesOfInterest; further with ('id') and the names of links, properties, $ref and $value.",
      tags: ['SensorThings'],
      parameters: [
        pathParameter('resource', "For example Datastreams('a1b2c3d4e5.sds011.pm25')/Observations"),
        queryParameter('$filter', 'For example result gt 10 and phenomenonTime ge 2026-01-01T00:00:00Z'),
        queryParameter(
          '$orderby',
          'Properties, each with asc or desc; Observations by another one than time: up to 50,000 of them',
        ),
        queryParameter('$top', 'Entities on a page: 100 when left out, at most 1000'),
        queryParameter('$skip', 'Entities to pass over'),
        queryParameter('$count', 'true: how many there are in all'),
        queryParameter('$select', 'Properties to show'),
        queryParameter('$expand', 'Links to show with their entities, options in parentheses'),
      ],
      responses: {
        200: jsonAnswerLike('Set, entity or property', resourceSchema, RESOURCE_EXAMPLE),
        ...problems(400, 404, 501),
      },
    },
  },
};

/** `GET /sta/v1.1/…`. */
export function createSensorThingsRouter(deps: SensorThingsDeps): Router {
  const router = Router();
  const handle: RequestHandler = (request, response, next) => send(deps, request, response, next);
  router.get([ROOT, `${ROOT}/*resource`], handle);
  return router;
}

async function send(deps: SensorThingsDeps, request: Request, response: Response, next: NextFunction): Promise<void> {
  const base = baseUrl(request, deps.publicUrl) + ROOT;
  try {
    const path = decodeURIComponent(request.path.slice(ROOT.length));
    const answer = await deps.sensorThings.answer(path, request.query, base);
    response.set('Cache-Control', `public, max-age=${MAX_AGE_S}`);
    if ('isEmpty' in answer) response.status(204).end();
    else if ('text' in answer) response.type('text/plain').send(answer.text);
    else response.type('json').send(JSON.stringify(answer.json));
  } catch (error) {
    if (!(error instanceof SensorThingsError)) return next(error);
    const code = { 400: 'invalid-query', 404: 'not-found', 501: 'not-supported' }[error.status];
    sendProblem(response, problem(error.status, code, error.message));
  }
}
