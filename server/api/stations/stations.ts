import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { AreaDirectory } from '../../areas/areaDirectory.ts';
import { type OfficialSpan, officialSpansOf } from '../../domain/correction/referenceMeans.ts';
import { isPublic, publicPosition } from '../../domain/station.ts';
import type { Agreements } from '../../live/agreements.ts';
import type { ReadingStore } from '../../store/readingStore.ts';
import type { Registry } from '../../store/registry/stationStore.ts';
import type { Access } from '../http/access.ts';
import { isUnchanged } from '../http/conditional.ts';
import { jsonAnswer, type OpenApiPaths, pathParameter, problems, queryParameter } from '../http/openApiTypes.ts';
import { isProblem, NOT_FOUND, parseInput, sendProblem } from '../http/problem.ts';
import { whileThere } from '../pages/station/whileThere.ts';
import { neighboursOf } from './neighbours.ts';
import { type CollectionBody, StationCollection } from './stationCollection.ts';
import { stationQuerySchema } from './stationRequests.ts';
import {
  agreementViews,
  type StationFacts,
  stationDetailSchema,
  stationFeature,
  stationFeatureSchema,
} from './stationViews.ts';

/** What the station routes need. */
export interface StationsDeps {
  stationStore: Registry;
  access: Access;
  areas: Pick<AreaDirectory, 'areaOf'>;
  stationFacts: (stationId: string) => StationFacts;
  revisionOf: (stationId: string) => number;
  /** How a station agrees with those around it. */
  agreementOf: Agreements['of'];
  /** What a station ever measured, by instrument; without it nothing is said of an official station's means. */
  seriesOf?: ReadingStore['seriesOf'];
  clock: () => number;
}

const collectionSchema = z.object({ type: z.literal('FeatureCollection'), features: z.array(stationFeatureSchema) });

/** What the routes say of themselves. */
export const stationsPaths: OpenApiPaths = {
  '/api/v1/stations': {
    get: {
      operationId: 'listStations',
      summary: 'All public stations with their latest values, as GeoJSON',
      tags: ['Stations'],
      parameters: [queryParameter('bbox', 'west,south,east,north in degrees')],
      responses: { 200: jsonAnswer('Stations', collectionSchema, 'application/geo+json'), ...problems(400) },
    },
  },
  '/api/v1/stations/{id}': {
    get: {
      operationId: 'getStation',
      summary: 'One public station: latest values, health class, coverage of the last day, neighbours',
      tags: ['Stations'],
      parameters: [pathParameter('id', 'Station id')],
      responses: { 200: jsonAnswer('Station', stationDetailSchema, 'application/geo+json'), ...problems(404) },
    },
  },
};

/** `GET /stations` and `GET /stations/{id}`: only public stations, only snapped positions. */
export function createStationsRouter(deps: StationsDeps): Router {
  const router = Router();
  const collection = new StationCollection(deps);
  router.get('/stations', async (request, response) => {
    const query = parseInput(stationQuerySchema, request.query);
    if (isProblem(query)) return sendProblem(response, query);
    return sendCollection(request, response, query.bbox ? collection.within(query.bbox) : collection.whole());
  });
  router.get('/stations/:id', (request, response) => sendStation(deps, request, response));
  return router;
}

async function sendCollection(request: Request, response: Response, made: CollectionBody): Promise<void> {
  const isGzipped = request.acceptsEncodings('gzip') === 'gzip';
  response
    .set('Cache-Control', 'public, no-cache')
    .set('ETag', made.etag)
    .vary('Accept-Encoding')
    .type('application/geo+json');
  if (isUnchanged(request, made.etag)) return void response.status(304).end();
  if (isGzipped) response.set('Content-Encoding', 'gzip');
  response.send(isGzipped ? await made.gzipped() : made.body);
}

/** Owners and admins see their own also while it is pending or hidden; no cache keeps what a key was shown for. */
async function sendStation(deps: StationsDeps, request: Request<{ id: string }>, response: Response): Promise<void> {
  const station = deps.stationStore.station(request.params.id);
  const isOwn = station !== undefined && deps.access.refuseNonOwner(request, station.id) === undefined;
  if (station === undefined || !(isPublic(station) || isOwn)) {
    sendProblem(response, NOT_FOUND);
    return;
  }
  const facts = deps.stationFacts(station.id);
  const area = deps.areas.areaOf(publicPosition(station));
  const feature = stationFeature(station, facts, area?.id ?? null);
  const { reference } = station;
  const properties = {
    ...feature.properties,
    ...(reference && { reference: { ...reference, ...(await meansOf(deps, station.id)) } }),
    ...(station.heightClass && { heightClass: station.heightClass }),
    ...(station.siting && { siting: station.siting }),
    areaName: area?.name ?? null,
    health: facts.healthClass,
    coverage24h: facts.coverage24h,
    neighbours: neighboursOf(station, deps.stationStore.stations()),
    agreement: isPublic(station) ? agreementViews(await deps.agreementOf(station)) : {},
  };
  response
    .set('Cache-Control', isOwn ? 'private, no-store' : 'public, max-age=10')
    .vary('Authorization')
    .type('application/geo+json')
    .send(JSON.stringify({ ...feature, properties }));
}

/** Over what an official station's values are means; nothing while the store is away. */
async function meansOf({ seriesOf }: StationsDeps, stationId: string): Promise<{ means?: OfficialSpan[] }> {
  const series = seriesOf && (await whileThere(() => seriesOf(stationId)));
  return series === undefined ? {} : { means: officialSpansOf(series) };
}
