import { type NextFunction, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Overview } from '../../admin/overview.ts';
import type { Backups } from '../../backup/backups.ts';
import type { Config } from '../../config.ts';
import { MAX_FOUND } from '../../domain/operator/adminOverview.ts';
import { EXCLUSION_REASONS, EXCLUSION_WORDS } from '../../domain/operator/exclusion.ts';
import { REFUSAL_WORDS, type RefusalReason } from '../../domain/operator/stationRefusal.ts';
import type { Station } from '../../domain/station.ts';
import type { Registry } from '../../store/registry/stationStore.ts';
import type { Access } from '../http/access.ts';
import {
  jsonAnswer,
  jsonBody,
  NEEDS_KEY,
  type OpenApiPaths,
  pathParameter,
  problems,
  queryParameter,
} from '../http/openApiTypes.ts';
import { isProblem, type Problem, parseInput, problem, sendProblem } from '../http/problem.ts';
import { changeJudged, type JudgedEdit } from '../stations/judgedChange.ts';
import { NOT_EXCLUDED, NOT_SHOWN } from '../stations/stationEdits.ts';
import { privateStation, privateStationSchema } from '../stations/stationViews.ts';
import { overviewSchema } from './adminSchemas.ts';

/** What the operator's routes need. */
export interface AdminDeps {
  config: Pick<Config, 'LANGUAGE'>;
  stationStore: Registry;
  access: Access;
  overview: Overview;
  backups: Pick<Backups, 'makeNow' | 'state'>;
  /** Told when a station was not let through. */
  onRefused: (station: Station, reason: RefusalReason) => void;
}

const exclusionBody = z.strictObject({ reason: z.enum(EXCLUSION_WORDS) });
const refusalBody = z.strictObject({ reason: z.enum(REFUSAL_WORDS) });
const searchQuery = z.object({ q: z.string().trim().min(1).max(80) });
const foundSchema = z.object({
  stations: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })),
});
const forAdmin = { tags: ['Administration'] as [string], security: NEEDS_KEY };
const ofStation = { ...forAdmin, parameters: [pathParameter('id', 'Station id')] };
const changedStation = { 200: jsonAnswer('The station', privateStationSchema) };

/** What the routes say of themselves. */
export const adminPaths: OpenApiPaths = {
  '/api/v1/admin/overview': {
    get: {
      ...forAdmin,
      operationId: 'getOverview',
      summary: 'Rates, refusals, queues, lag, store, disk, backups, and stations that wait for something (admin)',
      responses: { 200: jsonAnswer('The overview', overviewSchema), ...problems(401, 403) },
    },
  },
  '/api/v1/admin/stations': {
    get: {
      ...forAdmin,
      operationId: 'searchStations',
      summary: 'Up to 20 stations by a part of their name, or by their id (admin)',
      parameters: [{ ...queryParameter('q', 'Part of the name, or the id'), required: true }],
      responses: { 200: jsonAnswer('Stations', foundSchema), ...problems(400, 401, 403) },
    },
  },
  '/api/v1/admin/stations/{id}/exclusion': {
    put: {
      ...ofStation,
      operationId: 'excludeStation',
      summary: 'Leave a station out of every figure over several stations, with a public reason (admin)',
      requestBody: jsonBody(exclusionBody),
      responses: { ...changedStation, ...problems(400, 401, 403, 404, 409, 413, 503) },
    },
    delete: {
      ...ofStation,
      operationId: 'includeStation',
      summary: 'Let a station count again (admin)',
      responses: { ...changedStation, ...problems(401, 403, 404, 503) },
    },
  },
  '/api/v1/admin/stations/{id}/refusal': {
    put: {
      ...ofStation,
      operationId: 'refuseStation',
      summary: 'Do not let a waiting station through, with a reason its owner is told; deleted 30 days later (admin)',
      requestBody: jsonBody(refusalBody),
      responses: { ...changedStation, ...problems(400, 401, 403, 404, 409, 413, 503) },
    },
  },
  '/api/v1/admin/backups': {
    post: {
      ...forAdmin,
      operationId: 'makeBackup',
      summary: 'Begin a backup in BACKUP_DIR; the overview tells what became of it (admin)',
      responses: { 202: jsonAnswer('Begun', z.object({ status: z.literal('begun') })), ...problems(401, 403, 409) },
    },
  },
};

/** What only an operator does. */
export function createAdminRouter(deps: AdminDeps): Router {
  const { access, overview, backups } = deps;
  const router = Router();
  const forAdmins = <Params extends Request['params']>(
    request: Request<Params>,
    response: Response,
    next: NextFunction,
  ) => {
    const refused = access.refuseNonAdmin(request);
    if (refused) return sendProblem(response, refused);
    response.set('Cache-Control', 'no-store');
    next();
  };
  router.get('/admin/overview', forAdmins, async (_request, response) => void response.json(await overview.make()));
  router.get('/admin/stations', forAdmins, (request, response) => {
    const query = parseInput(searchQuery, request.query);
    if (isProblem(query)) return sendProblem(response, query);
    return void response.json({ stations: findStations(deps.stationStore, query.q) });
  });
  router.put('/admin/stations/:id/exclusion', forAdmins, async (request, response) => exclude(deps, request, response));
  router.delete('/admin/stations/:id/exclusion', forAdmins, async (request, response) => {
    const edit: JudgedEdit = ({ status }) => (status === 'excluded' ? { status: 'active', ...NOT_EXCLUDED } : {});
    return sendChanged(response, await changeJudged(deps.stationStore, request.params.id, { edit }));
  });
  router.put('/admin/stations/:id/refusal', forAdmins, async (request, response) => refuse(deps, request, response));
  router.post('/admin/backups', forAdmins, (_request, response) => {
    if (backups.makeNow()) return void response.status(202).json({ status: 'begun' });
    return sendProblem(response, backups.state.folder === undefined ? NO_BACKUP_FOLDER : BACKUP_RUNNING);
  });
  return router;
}

const NO_BACKUP_FOLDER = problem(409, 'no-backup-folder', 'BACKUP_DIR is not set: this server has nowhere to put one.');
const BACKUP_RUNNING = problem(409, 'backup-running', 'A backup is being made.');
const NOT_PENDING = problem(409, 'not-pending', 'Only a station that waits to be let through can be refused.');

function findStations(stationStore: Registry, text: string): z.output<typeof foundSchema>['stations'] {
  const wanted = text.toLocaleLowerCase('de');
  const found: z.output<typeof foundSchema>['stations'] = [];
  for (const { id, name, status, reference } of stationStore.stations()) {
    if (found.length >= MAX_FOUND) break;
    const isMeant = id === wanted || name.toLocaleLowerCase('de').includes(wanted);
    if (isMeant && reference === undefined) found.push({ id, name, status });
  }
  return found;
}

async function exclude(deps: AdminDeps, request: Request<{ id: string }>, response: Response): Promise<void> {
  const body = parseInput(exclusionBody, request.body ?? {});
  if (isProblem(body)) return sendProblem(response, body);
  const statusReason = EXCLUSION_REASONS[body.reason][deps.config.LANGUAGE];
  const edit: JudgedEdit = ({ status, exclusion }, now) => {
    if (status !== 'active' && status !== 'excluded') return NOT_SHOWN;
    return { status: 'excluded', statusReason, exclusion: { reason: body.reason, since: exclusion?.since ?? now } };
  };
  return sendChanged(response, await changeJudged(deps.stationStore, request.params.id, { edit }));
}

async function refuse(deps: AdminDeps, request: Request<{ id: string }>, response: Response): Promise<void> {
  const body = parseInput(refusalBody, request.body ?? {});
  if (isProblem(body)) return sendProblem(response, body);
  const edit: JudgedEdit = ({ status }, at) => {
    return status === 'pending' ? { refusal: { reason: body.reason, at } } : NOT_PENDING;
  };
  const changed = await changeJudged(deps.stationStore, request.params.id, { edit });
  if (!isProblem(changed)) deps.onRefused(changed, body.reason);
  return sendChanged(response, changed);
}

function sendChanged(response: Response, changed: Station | Problem): void {
  if (isProblem(changed)) sendProblem(response, changed);
  else response.json(privateStation(changed));
}
