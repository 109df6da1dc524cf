import { type Request, type Response, Router } from 'express';
import type { Logger } from '../../log.ts';
import type { Joins } from '../../mirror/joins.ts';
import type { Registry } from '../../store/registry/stationStore.ts';
import type { Access } from '../http/access.ts';
import { jsonAnswer, NEEDS_KEY, type OpenApiPaths, pathParameter, problems } from '../http/openApiTypes.ts';
import { NOT_FOUND, problem, sendProblem } from '../http/problem.ts';
import { privateStation, privateStationSchema } from '../stations/stationViews.ts';

/** What the routes need. */
export interface AdminJoinsDeps {
  stationStore: Pick<Registry, 'station'>;
  access: Access;
  joins: Pick<Joins, 'join' | 'split'>;
  log: Pick<Logger, 'info'>;
}

const path = '/api/v1/admin/stations/{id}/joined/{other}';
const common = {
  tags: ['Administration'] as [string],
  security: NEEDS_KEY,
  parameters: [pathParameter('id', 'Station that stays'), pathParameter('other', 'Station that is joined with it')],
};

/** What the routes say of themselves. */
export const adminJoinsPaths: OpenApiPaths = {
  [path]: {
    put: {
      ...common,
      operationId: 'joinStations',
      summary: 'Make one station of a station here and a mirrored or imported one that is the same device (admin)',
      responses: {
        200: jsonAnswer('The station, with the history of both', privateStationSchema),
        ...problems(401, 403, 404, 409, 503),
      },
    },
    delete: {
      ...common,
      operationId: 'splitStation',
      summary: 'Take a mirrored or imported station out again that was joined with a station here (admin)',
      responses: {
        200: jsonAnswer('The station that stands alone again, under a new id', privateStationSchema),
        ...problems(401, 403, 404, 503),
      },
    },
  },
};

const NOT_JOINABLE = problem(
  409,
  'not-joinable',
  'Only a mirrored or imported station can be joined, and only with one that sends here itself.',
);

/** Joining two stations that are one device, and the way back. */
export function createAdminJoinsRouter({ stationStore, access, joins, log }: AdminJoinsDeps): Router {
  const router = Router();
  const forAdmins = async (request: Request, response: Response, work: () => Promise<void>) => {
    const refused = access.refuseNonAdmin(request);
    if (refused) return sendProblem(response, refused);
    response.set('Cache-Control', 'no-store');
    await work();
  };
  router.put('/admin/stations/:id/joined/:other', (request, response) =>
    forAdmins(request, response, async () => {
      const [into, other] = [stationStore.station(request.params.id), stationStore.station(request.params.other)];
      if (into === undefined || other === undefined) return sendProblem(response, NOT_FOUND);
      const isJoinable = other.source === 'mirror' || other.source === 'import';
      if (into.source !== 'direct' || !isJoinable) return sendProblem(response, NOT_JOINABLE);
      await joins.join(other.id, into.id);
      log.info({ stationId: into.id, joinedId: other.id }, 'two stations were joined by the operator');
      response.json(privateStation(stationStore.station(into.id) ?? into));
    }),
  );
  router.delete('/admin/stations/:id/joined/:other', (request, response) =>
    forAdmins(request, response, async () => {
      const { id, other } = request.params;
      const station = await joins.split(id, other);
      if (station === undefined) return sendProblem(response, NOT_FOUND);
      log.info({ stationId: id, joinedId: other, newId: station.id }, 'a joined station was taken out by the operator');
      response.json(privateStation(station));
    }),
  );
  return router;
}
