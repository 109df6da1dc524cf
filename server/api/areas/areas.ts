import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { AreaDirectory } from '../../areas/areaDirectory.ts';
import { type AreaFigure, areaFigures } from '../../areas/areaFigures.ts';
import { AREA_WINDOWS, courseWindows, extentOf, wholeWindow } from '../../areas/areaWindows.ts';
import { rowsWhileThere } from '../../areas/rowsWhileThere.ts';
import type { Area } from '../../domain/area.ts';
import { creditedLicence } from '../../domain/credit.ts';
import { HOUR_MS } from '../../domain/durations.ts';
import { strictestFirst } from '../../domain/licences.ts';
import { QUANTITIES, type Quantity } from '../../domain/quantity.ts';
import type { Station } from '../../domain/station.ts';
import { placeAt } from '../../domain/stationHistory.ts';
import { forOneAnswer, type ReadRollups } from '../../rollups/oneAnswer.ts';
import type { ReadingStore } from '../../store/readingStore.ts';
import { jsonAnswer, type OpenApiPaths, pathParameter, problems, queryParameter } from '../http/openApiTypes.ts';
import { isProblem, MEANS_BEHIND, NOT_FOUND, parseInput, problem, sendProblem } from '../http/problem.ts';
import { areaCsv } from './areaCsv.ts';
import { areaOfficialsPaths, sendAreaOfficials } from './areaOfficials.ts';
import { areaQuerySchema, areaSeriesQuerySchema, rangeOf } from './areaQuery.ts';
import {
  areaHead,
  areaSchema,
  areaSeriesSchema,
  areasSchema,
  figureHead,
  memberView,
  pointOf,
  statisticsOf,
} from './areaViews.ts';

/** Most station hours or days one answer is made from: 50 stations in a year of hours, 500 in a month of them. */
const MAX_PARTS = 450_000;
/** An answer may be kept for a minute: figures change when an hour closes, and when late readings come. */
const KEPT = 'public, max-age=60';

/** What the area routes need. */
export interface AreasRouterDeps {
  areas: AreaDirectory;
  rollups: ReadRollups;
  readings: Pick<ReadingStore, 'raw'>;
  /** Where days begin, ms east of UTC, and as it is written. */
  dayOffsetMs: number;
  config: { DAY_OFFSET: string; DATA_LICENCE: string };
  clock: () => number;
}

const time = z.iso.datetime({ offset: true });
const parameters = [
  queryParameter('quantity', 'What was measured', z.enum(QUANTITIES).default('pm25')),
  queryParameter('from', 'ISO 8601, cut to the full hour; without it 24 hours before to', time),
  queryParameter('to', 'ISO 8601, cut to the full hour; without it now', time),
];
const DESCRIPTION = [
  "Each station's own valid mean over the whole window, then the median of these: a number from 3 stations, quartiles from 5.",
  'A window of whole days is made of daily means, any other of hourly means; 75 % of them must be valid.',
  'Citizen stations outdoors only. It is the median of the stations in the area, not the air of the whole area.',
].join(' ');

/** What the routes say of themselves. */
export const areasPaths: OpenApiPaths = {
  ...areaOfficialsPaths,
  '/api/v1/areas': {
    get: {
      operationId: 'listAreas',
      summary: 'Districts with the figures of their stations',
      description: DESCRIPTION,
      tags: ['Areas'],
      parameters,
      responses: { 200: jsonAnswer('Areas', areasSchema), ...problems(400) },
    },
  },
  '/api/v1/areas/{id}': {
    get: {
      operationId: 'getArea',
      summary: "One district: its figure for a window and each station's part in it",
      description: DESCRIPTION,
      tags: ['Areas'],
      parameters: [pathParameter('id', 'Area id'), ...parameters],
      responses: { 200: jsonAnswer('The area', areaSchema), ...problems(400, 404) },
    },
  },
  '/api/v1/areas/{id}/series': {
    get: {
      operationId: 'getAreaSeries',
      summary: "Course of a district's figures",
      description: `${DESCRIPTION} Windows are half-open and labelled by their start; days begin at DAY_OFFSET.`,
      tags: ['Areas'],
      parameters: [
        pathParameter('id', 'Area id'),
        ...parameters,
        queryParameter('window', 'Width of the windows', z.enum(AREA_WINDOWS).default('1h')),
        queryParameter('format', 'json or csv', z.enum(['json', 'csv']).default('json')),
      ],
      responses: {
        200: {
          ...jsonAnswer('The course', areaSeriesSchema),
          content: { ...jsonAnswer('', areaSeriesSchema).content, 'text/csv': { schema: { type: 'string' } } },
        },
        ...problems(400, 404, 503),
      },
    },
  },
};

/** `GET /areas`, `/areas/{id}` and `/areas/{id}/series`. */
export function createAreasRouter(deps: AreasRouterDeps): Router {
  const router = Router();
  const answering = () => ({ ...deps, rollups: forOneAnswer(deps.rollups) });
  router.get('/areas', (request, response) => sendAreas(answering(), request, response));
  router.get('/areas/:id', (request, response) => sendArea(answering(), request, response));
  router.get('/areas/:id/officials', (request, response) => sendAreaOfficials(answering(), request, response));
  router.get('/areas/:id/series', (request, response) => sendSeries(answering(), request, response));
  return router;
}

async function sendAreas(deps: AreasRouterDeps, request: Request, response: Response): Promise<void> {
  const query = parseInput(areaQuerySchema, request.query);
  if (isProblem(query)) return sendProblem(response, query);
  const { quantity } = query;
  const now = deps.clock();
  const { unit, window } = wholeWindow(rangeOf(query, now), deps.dayOffsetMs);
  const citizens = deps.areas.citizensByArea(quantity, window);
  const all = deps.areas.areas().map((area) => ({ area, stations: citizens.get(area.id) ?? [] }));
  const everywhere = all.flatMap(({ stations }) => stations);
  if (isTooMuch(everywhere.length, window)) return sendProblem(response, TOO_MUCH);
  const isUpToDate = await areMeansTrue(deps, everywhere, window.end);
  const areas = [];
  for (const { area, stations } of all) {
    const rollups = rowsWhileThere(deps.rollups, deps.areas, { areaId: area.id, stations });
    const [figure] = await areaFigures(rollups, stations, { quantity, unit, windows: [window], now });
    areas.push({ ...areaHead(area, stations.length), statistics: statisticsOf(figure!) });
  }
  send(response, { ...figureHead(quantity, window), areas }, isUpToDate);
}

async function sendArea(deps: AreasRouterDeps, request: Request<{ id: string }>, response: Response): Promise<void> {
  const area = deps.areas.area(request.params.id);
  if (area === undefined) return sendProblem(response, NOT_FOUND);
  const query = parseInput(areaQuerySchema, request.query);
  if (isProblem(query)) return sendProblem(response, query);
  const { quantity } = query;
  const now = deps.clock();
  const { unit, window } = wholeWindow(rangeOf(query, now), deps.dayOffsetMs);
  const stations = deps.areas.citizensOf(area.id, quantity, window);
  if (isTooMuch(stations.length, window)) return sendProblem(response, TOO_MUCH);
  const isUpToDate = await areMeansTrue(deps, stations, window.end);
  const rollups = rowsWhileThere(deps.rollups, deps.areas, { areaId: area.id, stations });
  const [figure] = await areaFigures(rollups, stations, { quantity, unit, windows: [window], now });
  const members = stations.map((station, at) =>
    memberView({ ...station, ...placeAt(station, window.end - 1) }, figure!.members[at]!),
  );
  const head = { ...areaHead(area, stations.length), ...figureHead(quantity, window) };
  send(response, { ...head, statistics: statisticsOf(figure!), stations: members }, isUpToDate);
}

async function sendSeries(deps: AreasRouterDeps, request: Request<{ id: string }>, response: Response): Promise<void> {
  const area = deps.areas.area(request.params.id);
  if (area === undefined) return sendProblem(response, NOT_FOUND);
  const query = parseInput(areaSeriesQuerySchema, request.query);
  if (isProblem(query)) return sendProblem(response, query);
  const { quantity, window, format } = query;
  const now = deps.clock();
  const { start, end } = rangeOf(query, now);
  const range = { start, end: Math.min(end, now + 1) };
  const course = range.end > start ? courseWindows(window, range, deps.dayOffsetMs) : undefined;
  const stations = course ? deps.areas.citizensOf(area.id, quantity, extentOf(course.windows) ?? range) : [];
  if (isTooMuch(stations.length * (window === '1h' ? 1 : 1 / 24), range)) return sendProblem(response, TOO_MUCH);
  const isUpToDate = await areMeansTrue(deps, stations, range.end);
  if (format === 'csv' && !isUpToDate) return sendProblem(response, MEANS_BEHIND);
  const rollups = rowsWhileThere(deps.rollups, deps.areas, { areaId: area.id, stations });
  const figures = course ? await areaFigures(rollups, stations, { quantity, now, ...course }) : [];
  if (format === 'csv') return sendCsv(deps, { area, quantity, window, figures, stations }, response);
  const { unit, method, meanMethod, uncertaintyMethod } = figureHead(quantity, range);
  const day = deps.config.DAY_OFFSET;
  const head = { areaId: area.id, name: area.name, quantity, unit, window, day, method, meanMethod, uncertaintyMethod };
  send(response, { ...head, points: figures.map(pointOf) }, isUpToDate);
}

/** False while means of stations that begin before `to`, epoch ms, are missing or out of date. */
function areMeansTrue({ rollups }: AreasRouterDeps, stations: readonly Station[], to: number): Promise<boolean> {
  return rollups.upToDate({ stationIds: stations.map(({ id }) => id), to });
}

const TOO_MUCH = problem(400, 'too-many-points', 'These are too many hours of too many stations: ask for less time.', {
  errors: [{ field: 'from', message: 'is too long ago for this many stations' }],
});

function isTooMuch(stationCount: number, { start, end }: { start: number; end: number }): boolean {
  return (stationCount * (end - start)) / HOUR_MS > MAX_PARTS;
}

type CsvParts = { area: Area; quantity: Quantity; window: (typeof AREA_WINDOWS)[number]; figures: AreaFigure[] };

function sendCsv(
  { config }: AreasRouterDeps,
  { area, quantity, window, figures, stations }: CsvParts & { stations: readonly Station[] },
  response: Response,
): void {
  const licence = strictestFirst([config.DATA_LICENCE, ...stations.map(creditedLicence)]).join('; ');
  const head = { area, quantity, window, dayOffset: config.DAY_OFFSET, licence };
  response
    .set('Cache-Control', KEPT)
    .attachment(`${area.id}-${quantity}-${window}.csv`)
    .type('text/csv; charset=utf-8');
  response.send(areaCsv(head, figures));
}

function send(response: Response, body: object, isUpToDate: boolean): void {
  if (isUpToDate) response.set('Cache-Control', KEPT).json(body);
  else response.set('Cache-Control', 'no-store').json({ ...body, isUpToDate });
}
