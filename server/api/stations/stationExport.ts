import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { zipStream } from '../../archive/zipStream.ts';
import type { Station } from '../../domain/station.ts';
import type { Access } from '../http/access.ts';
import type { LongFileTurns } from '../http/longFileTurns.ts';
import { NEEDS_KEY, type OpenApiPaths, pathParameter, problems } from '../http/openApiTypes.ts';
import { NOT_FOUND, sendProblem } from '../http/problem.ts';
import { type OwnFilesSources, ownFiles } from './ownFiles.ts';

/** What the download of everything needs. */
export interface StationExportDeps extends OwnFilesSources {
  access: Pick<Access, 'refuseNonOwner'>;
  /** Where it waits for its turn: it reads everything of a station, several times. */
  inTurn: LongFileTurns;
  clock: () => number;
}

/** What the route says of itself. */
export const stationExportPaths: OpenApiPaths = {
  '/api/v1/stations/{id}/export': {
    get: {
      operationId: 'exportStation',
      summary: 'Everything stored of a station as a ZIP of CSV and JSON files (owner or admin)',
      tags: ['Hosting'],
      security: NEEDS_KEY,
      parameters: [pathParameter('id', 'Station id')],
      responses: {
        200: {
          description: 'The archive',
          content: { 'application/zip': { schema: { type: 'string', format: 'binary' } } },
        },
        ...problems(401, 403, 404, 429, 503),
      },
    },
  },
};

/** `GET /stations/{id}/export`. */
export function createStationExportRouter(deps: StationExportDeps): Router {
  const router = Router();
  router.get('/stations/:id/export', (request, response) => sendAll(deps, request, response));
  return router;
}

async function sendAll(deps: StationExportDeps, request: Request<{ id: string }>, response: Response): Promise<void> {
  const refused = deps.access.refuseNonOwner(request, request.params.id);
  const station = deps.stationStore.station(request.params.id);
  if (refused ?? station === undefined) return sendProblem(response, refused ?? NOT_FOUND);
  return deps.inTurn(request, response, () => sendFiles(deps, station, response));
}

async function sendFiles(deps: StationExportDeps, station: Station, response: Response): Promise<void> {
  const now = deps.clock();
  const day = new Date(now).toISOString().slice(0, 10);
  response.set('Cache-Control', 'no-store').attachment(`buergerluft-${station.id}-${day}.zip`).type('application/zip');
  try {
    await pipeline(Readable.from(zipStream(ownFiles(deps, station, now), now), { objectMode: false }), response);
  } catch (error) {
    // Whoever asked has gone: nobody is left to tell.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
