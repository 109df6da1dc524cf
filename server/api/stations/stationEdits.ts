import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import type { Station } from '../../domain/station.ts';
import type { StationTally } from '../../erasure/tally.ts';
import type { Logger } from '../../log.ts';
import { isRefusal, type Registry, type StationChange } from '../../store/registry/stationStore.ts';
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
import { isProblem, NOT_FOUND, type Problem, parseInput, problem, sendProblem } from '../http/problem.ts';
import { erasureReceiptSchema, receiptOf } from './erasureReceipt.ts';
import { changeJudged } from './judgedChange.ts';
import { type StationPatch, stationPatchSchema } from './stationRequests.ts';
import { privateDevice, privateDeviceSchema, privateStation, privateStationSchema } from './stationViews.ts';

/** What changing stations needs. */
export interface StationEditsDeps {
  stationStore: Registry;
  access: Access;
  log: Logger;
  config: Pick<Config, 'INSTANCE_NAME' | 'CONTACT'>;
  clock: () => number;
  /** Removes everything stored of a station but its registry entry: readings, cells, caches. Durable when resolved. */
  erase: (stationId: string) => Promise<StationTally>;
  /** Told when a station's fields changed: what was public of it before may be too much now. */
  onStationChanged: (stationId: string) => Promise<void>;
  /** Told when a station link was replaced by whoever holds the old one, or by the operator. */
  onOwnerKeyRotated: (station: Station) => void;
  /** True while a station is being joined with another one. */
  isJoining: (stationId: string) => boolean;
  /** Told when a station was deleted, before what is kept of its owner goes. */
  onStationDeleted: (station: Station) => void;
}

const ownViewSchema = z.object({ station: privateStationSchema, devices: z.array(privateDeviceSchema) });
const registrySchema = z.object({ stations: z.array(ownViewSchema) });
const stationId = [pathParameter('id', 'Station id')];
const byOwner = { tags: ['Hosting'] as [string], security: NEEDS_KEY, parameters: stationId };

const deletionQuerySchema = z.object({ receipt: z.literal('true').optional() });

/** What the routes say of themselves. */
export const stationEditsPaths: OpenApiPaths = {
  '/api/v1/stations/{id}': {
    patch: {
      ...byOwner,
      operationId: 'changeStation',
      summary: 'Change a station (owner or admin)',
      requestBody: jsonBody(stationPatchSchema, { name: 'Hinterhof Rüttenscheid', heightClass: '4-to-10m' }),
      responses: { 200: jsonAnswer('Changed', privateStationSchema), ...problems(400, 401, 403, 404, 409, 413, 503) },
    },
    delete: {
      ...byOwner,
      operationId: 'deleteStation',
      parameters: [
        ...stationId,
        queryParameter(
          'receipt',
          'true: the answer is 200 or 202 with a receipt of what was deleted',
          z.literal('true'),
        ),
      ],
      summary: 'Delete a station with all its readings; its devices are refused from then on (owner or admin)',
      responses: {
        200: jsonAnswer('Deleted, readings too; the receipt', erasureReceiptSchema),
        202: { description: 'Deleted; stored readings are being erased' },
        204: { description: 'Deleted, readings too' },
        ...problems(400, 401, 403, 404, 409, 503),
      },
    },
  },
  '/api/v1/stations/{id}/private': {
    get: {
      ...byOwner,
      operationId: 'getOwnStation',
      summary: 'A station with its exact position and devices (owner or admin)',
      responses: { 200: jsonAnswer('The station', ownViewSchema), ...problems(401, 403, 404) },
    },
  },
  '/api/v1/stations/{id}/owner-key': {
    post: {
      ...byOwner,
      operationId: 'rotateOwnerKey',
      summary: 'A new owner key; the old one ends (owner or admin)',
      responses: { 201: jsonAnswer('The key', z.object({ ownerKey: z.string() })), ...problems(401, 403, 404, 503) },
    },
  },
  '/api/v1/registry/stations': {
    get: {
      operationId: 'listRegistry',
      summary: 'All stations, also pending and hidden ones, with exact positions and devices (admin)',
      tags: ['Administration'],
      security: NEEDS_KEY,
      responses: { 200: jsonAnswer('Stations', registrySchema), ...problems(401, 403) },
    },
  },
};

/** What owners and admins do with stations that exist. */
export function createStationEditsRouter(deps: StationEditsDeps): Router {
  const { stationStore, access } = deps;
  const router = Router();
  const send = (response: Response, body: object | Problem, status = 200) => {
    if (isProblem(body)) return sendProblem(response, body);
    return void response.status(status).set('Cache-Control', 'no-store').json(body);
  };
  router.patch('/stations/:id', async (request, response) => send(response, await changeStation(deps, request)));
  router.delete('/stations/:id', async (request, response) => {
    const refused = access.refuseNonOwner(request, request.params.id);
    return refused ? sendProblem(response, refused) : deleteStation(deps, request, response);
  });
  router.get('/stations/:id/private', (request, response) => {
    const refused = access.refuseNonOwner(request, request.params.id);
    const station = stationStore.station(request.params.id);
    send(response, refused ?? (station === undefined ? NOT_FOUND : ownView(stationStore, station)));
  });
  router.post('/stations/:id/owner-key', async (request, response) => {
    const refused = access.refuseNonOwner(request, request.params.id);
    const rotated = refused ?? (await stationStore.rotateOwnerKey(request.params.id));
    const station = stationStore.station(request.params.id);
    if ('ownerKey' in rotated && station) deps.onOwnerKeyRotated(station);
    send(response, isRefusal(rotated) ? NOT_FOUND : rotated, 201);
  });
  router.get('/registry/stations', (request, response) => {
    const views = () => ({ stations: stationStore.stations().map((station) => ownView(stationStore, station)) });
    send(response, access.refuseNonAdmin(request) ?? views());
  });
  return router;
}

function ownView(stationStore: Registry, station: Station): z.output<typeof ownViewSchema> {
  return { station: privateStation(station), devices: stationStore.devicesOf(station.id).map(privateDevice) };
}

async function changeStation(deps: StationEditsDeps, request: Request<{ id: string }>): Promise<object> {
  const refused = deps.access.refuseNonOwner(request, request.params.id);
  if (refused) return refused;
  const patch = parseInput(stationPatchSchema, request.body ?? {});
  if (isProblem(patch)) return patch;
  const isAdmin = deps.access.callerOf(request).is === 'admin';
  const refuse = isAdmin ? refuseWithoutReason : refuseToOwner;
  const { positionChange, ...fields } = patch;
  const changed = await changeJudged(deps.stationStore, request.params.id, {
    edit: (station, now) => refuse(station, patch) ?? toChange(fields, station, now),
    isCorrection: positionChange === 'corrected',
  });
  if (isProblem(changed)) return changed;
  await deps.onStationChanged(changed.id);
  return privateStation(changed);
}

/** An owner hides and shows; the operator approves and excludes. */
function refuseToOwner(station: Station, patch: StationPatch): Problem | undefined {
  const adminFields = ['statusReason', 'licence', 'externalIds'] as const;
  const given = adminFields.filter((field) => patch[field] !== undefined);
  if (given.length > 0) return problem(403, 'forbidden', `Only an admin may set ${given.join(', ')}.`);
  if (patch.status === undefined) return undefined;
  const isHiding = patch.status !== 'excluded' && (station.status === 'active' || station.status === 'hidden');
  return isHiding ? undefined : problem(403, 'forbidden', 'Only an admin may change this status.');
}

/** What ends an exclusion. */
export const NOT_EXCLUDED = { statusReason: undefined, exclusion: undefined } as const;

/** Left out of figures, a station is still public: one that is hidden or not yet let through would become so. */
export const NOT_SHOWN = problem(409, 'not-shown', 'Only a station that is shown can be left out of figures.');

/** An exclusion is public, and so is its reason. */
function refuseWithoutReason(station: Station, patch: StationPatch): Problem | undefined {
  const isShown = station.status === 'active' || station.status === 'excluded';
  if (patch.status === 'excluded' && !isShown) return NOT_SHOWN;
  const status = patch.status ?? station.status;
  const reason = patch.statusReason === undefined ? station.statusReason : patch.statusReason;
  if (status !== 'excluded' || reason) return undefined;
  return problem(400, 'invalid-request', 'An exclusion needs a public reason.', {
    errors: [{ field: 'statusReason', message: 'is needed with status excluded' }],
  });
}

function toChange(patch: Omit<StationPatch, 'positionChange'>, station: Station, now: number): StationChange {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const change: StationChange = Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined]));
  const status = patch.status ?? station.status;
  if (status !== 'excluded') return patch.status === undefined ? change : { ...change, ...NOT_EXCLUDED };
  // A reason in words of its own takes the place of one from the list.
  const isNewReason = patch.statusReason !== undefined || station.status !== 'excluded';
  return isNewReason ? { ...change, exclusion: { since: station.exclusion?.since ?? now } } : change;
}

/** Deleted half-way, its readings would stay with the other station. */
const BEING_JOINED = problem(
  409,
  'being-joined',
  'This station is just being joined with another one. Once it is, delete that one, or take this one out again.',
);

/** First the registry forgets it, durably, so that nothing new comes in; then the readings go. */
async function deleteStation(deps: StationEditsDeps, request: Request<{ id: string }>, response: Response) {
  const query = parseInput(deletionQuerySchema, request.query);
  if (isProblem(query)) return sendProblem(response, query);
  const { id } = request.params;
  if (deps.isJoining(id)) return sendProblem(response, BEING_JOINED);
  const removed = await deps.stationStore.removeStation(id);
  if (isRefusal(removed)) return sendProblem(response, NOT_FOUND);
  deps.onStationDeleted(removed.station);
  const tally = await eraseReadings(deps, id);
  if (query.receipt === undefined) return void response.status(tally === undefined ? 202 : 204).end();
  const receipt = receiptOf(deps, removed, tally);
  return void response
    .status(receipt.isComplete ? 200 : 202)
    .set('Cache-Control', 'no-store')
    .json(receipt);
}

/** What was erased; undefined when that has to wait. */
async function eraseReadings({ stationStore, erase, log }: StationEditsDeps, id: string) {
  try {
    const tally = await erase(id);
    await stationStore.completeErasure(id);
    return tally;
  } catch (error) {
    // The station stays among `pendingErasures`, which are erased every hour and at the next start.
    log.error({ err: error, stationId: id }, 'readings of a deleted station are still stored');
    return undefined;
  }
}
