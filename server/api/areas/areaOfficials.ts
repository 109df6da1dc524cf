import type { Request, Response } from 'express';
import { z } from 'zod';
import { areaFigures } from '../../areas/areaFigures.ts';
import { courseWindows, extentOf } from '../../areas/areaWindows.ts';
import { type OfficialNeighbour, officialNeighbours } from '../../areas/officialComparison.ts';
import { rowsWhileThere } from '../../areas/rowsWhileThere.ts';
import { COMPARISON_VERSION } from '../../domain/correction/comparison.ts';
import { HOUR_MS } from '../../domain/durations.ts';
import { publicPosition, REFERENCE_TYPES } from '../../domain/station.ts';
import { jsonAnswer, type OpenApiPaths, pathParameter, problems, queryParameter } from '../http/openApiTypes.ts';
import { isProblem, NOT_FOUND, parseInput, problem, sendProblem } from '../http/problem.ts';
import { timeSchema } from '../series/seriesQuery.ts';
import { rangeOf } from './areaQuery.ts';
import type { AreasRouterDeps } from './areas.ts';
import { figureHead } from './areaViews.ts';

/** Longest range in hours, ms: a year of hours of fifty stations is too much for an answer, a season is not. */
const MAX_HOURS_MS = 100 * 24 * HOUR_MS;

const querySchema = z.object({
  quantity: z.enum(['pm25', 'pm10']).default('pm25'),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
  window: z.enum(['1h', '1d']).default('1h'),
});

const officialSchema = z.object({
  id: z.string(),
  name: z.string(),
  lat: z.number(),
  lon: z.number(),
  network: z.string(),
  code: z.string().optional(),
  type: z.enum(REFERENCE_TYPES),
  licence: z.string(),
  distanceMetres: z.object({ nearest: z.int(), farthest: z.int() }).describe('From the stations of the area'),
  state: z
    .enum(['agrees', 'deviates', 'unknown'])
    .describe('deviates: the network as a whole lies off by more than an indicative measurement may'),
  n: z.int().describe('Windows in which both have a value'),
  networkMean: z.number().nullable().describe('Mean of the area’s medians in those windows'),
  officialMean: z.number().nullable(),
  bias: z.number().nullable().describe('networkMean - officialMean'),
  slope: z.number().nullable().describe('Least squares line, network over official'),
  correlation: z.number().nullable(),
  r2: z.number().nullable(),
  rmse: z.number().nullable(),
});

const answerSchema = z.object({
  areaId: z.string(),
  name: z.string(),
  quantity: z.enum(['pm25', 'pm10']),
  unit: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  window: z.enum(['1h', '1d']),
  method: z.literal(COMPARISON_VERSION),
  officials: z.array(officialSchema),
});

const time = z.iso.datetime({ offset: true });

/** What the route says of itself. */
export const areaOfficialsPaths: OpenApiPaths = {
  '/api/v1/areas/{id}/officials': {
    get: {
      operationId: 'getAreaOfficials',
      summary: 'Official stations near a district, and how the medians of its stations stand to them',
      description:
        'Raw values of the same hours or days. The nearest three within 15 km. Hours of at most 100 days at a time.',
      tags: ['Areas'],
      parameters: [
        pathParameter('id', 'Area id'),
        queryParameter('quantity', 'What was measured', querySchema.shape.quantity),
        queryParameter('from', 'ISO 8601; without it 24 hours before to', time),
        queryParameter('to', 'ISO 8601; without it now', time),
        queryParameter('window', 'Compared in hours or in days', querySchema.shape.window),
      ],
      responses: { 200: jsonAnswer('The official stations', answerSchema), ...problems(400, 404) },
    },
  },
};

/** `GET /areas/{id}/officials`. */
export async function sendAreaOfficials(
  deps: AreasRouterDeps,
  request: Request<{ id: string }>,
  response: Response,
): Promise<void> {
  const area = deps.areas.area(request.params.id);
  if (area === undefined) return sendProblem(response, NOT_FOUND);
  const query = parseInput(querySchema, request.query);
  if (isProblem(query)) return sendProblem(response, query);
  const { quantity, window } = query;
  const now = deps.clock();
  const { start, end } = rangeOf(query, now);
  const range = { start, end: Math.min(end, now) };
  if (start >= range.end || (window === '1h' && end - start > MAX_HOURS_MS)) return sendProblem(response, BAD_RANGE);
  const { unit, windows } = courseWindows(window, range, deps.dayOffsetMs);
  const stations = deps.areas.citizensOf(area.id, quantity, extentOf(windows) ?? range);
  const rollups = rowsWhileThere(deps.rollups, deps.areas, { areaId: area.id, stations });
  const course = await areaFigures(rollups, stations, { quantity, unit, windows, now });
  const asked = { quantity, stations, all: deps.areas.stations(), course };
  const officials = (await officialNeighbours(deps.readings, asked)).map(officialView);
  const { unit: written, from, to } = figureHead(quantity, { start: windows[0]!.start, end: windows.at(-1)!.end });
  const head = { areaId: area.id, name: area.name, quantity, unit: written, from, to, window };
  response.set('Cache-Control', 'public, max-age=60').json({ ...head, method: COMPARISON_VERSION, officials });
}

const BAD_RANGE = problem(400, 'bad-range', 'Ask for a time that has begun, and for at most 100 days of hours.', {
  errors: [{ field: 'from', message: 'must be in the past and, for window=1h, at most 100 days before to' }],
});

function officialView(official: OfficialNeighbour): z.output<typeof officialSchema> {
  const { station, distance, comparison, network } = official;
  const { network: name, code, type } = station.reference;
  return {
    ...{ id: station.id, name: station.name, ...publicPosition(station), network: name, type },
    ...(code !== undefined && { code }),
    ...{ licence: station.licence, distanceMetres: distance, state: network.state, n: comparison?.n ?? 0 },
    networkMean: comparison?.sensorMean ?? null,
    officialMean: comparison?.referenceMean ?? null,
    bias: comparison?.bias ?? null,
    slope: comparison?.slope ?? null,
    correlation: comparison?.correlation ?? null,
    r2: comparison?.r2 ?? null,
    rmse: comparison?.rmse ?? null,
  };
}
