import { type Request, Router } from 'express';
import { type IssuedDevice, isRefusal, type Registry } from '../../store/registry/stationStore.ts';
import type { Access } from '../http/access.ts';
import { jsonAnswer, jsonBody, NEEDS_KEY, type OpenApiPaths, pathParameter, problems } from '../http/openApiTypes.ts';
import { isProblem, NOT_FOUND, type Problem, parseInput, sendProblem } from '../http/problem.ts';
import { DEVICE_TAKEN, takeFrom } from './registration.ts';
import { deviceRequestSchema, issuedDeviceSchema } from './stationRequests.ts';

/** What the device routes need. */
export interface DevicesDeps {
  stationStore: Registry;
  access: Access;
}

/** What the routes say of themselves. */
export const devicesPaths: OpenApiPaths = {
  '/api/v1/stations/{id}/devices': {
    post: {
      operationId: 'bindDevice',
      summary: 'Bind a device to a station, or give it a new token; shown this once (owner or admin)',
      tags: ['Hosting'],
      security: NEEDS_KEY,
      parameters: [pathParameter('id', 'Station id')],
      requestBody: jsonBody(deviceRequestSchema),
      responses: { 201: jsonAnswer('Bound', issuedDeviceSchema), ...problems(400, 401, 403, 404, 409, 413, 503) },
    },
  },
  '/api/v1/stations/{id}/devices/{deviceId}': {
    delete: {
      operationId: 'revokeDevice',
      summary: 'Take a device off a station; its token ends (owner or admin)',
      tags: ['Hosting'],
      security: NEEDS_KEY,
      parameters: [pathParameter('id', 'Station id'), pathParameter('deviceId', 'Device id')],
      responses: { 204: { description: 'Taken off' }, ...problems(401, 403, 404, 503) },
    },
  },
};

/** Binding and revoking devices. */
export function createDevicesRouter(deps: DevicesDeps): Router {
  const { stationStore, access } = deps;
  const router = Router();
  router.post('/stations/:id/devices', async (request, response) => {
    const bound = await bindDevice(deps, request);
    if (isProblem(bound)) return sendProblem(response, bound);
    return void response.status(201).set('Cache-Control', 'no-store').json(bound);
  });
  router.delete('/stations/:id/devices/:deviceId', async (request, response) => {
    const { id, deviceId } = request.params;
    const refused = access.refuseNonOwner(request, id);
    if (refused) return sendProblem(response, refused);
    const isHere = stationStore.device(deviceId)?.stationId === id;
    if (!isHere || isRefusal(await stationStore.revokeDevice(deviceId))) return sendProblem(response, NOT_FOUND);
    return void response.status(204).end();
  });
  return router;
}

async function bindDevice(
  { stationStore, access }: DevicesDeps,
  request: Request<{ id: string }>,
): Promise<IssuedDevice | Problem> {
  const refused = access.refuseNonOwner(request, request.params.id);
  if (refused) return refused;
  const body = parseInput(deviceRequestSchema, request.body ?? {});
  if (isProblem(body)) return body;
  const { deviceId, names, replaces, currentOwnerKey } = body;
  const formerStationId = currentOwnerKey === undefined ? undefined : stationStore.stationOfOwnerKey(currentOwnerKey);
  const claim = {
    deviceId,
    ...(names && { names }),
    ...(replaces !== undefined && { replaces }),
    ...(formerStationId === undefined ? takeFrom(access.callerOf(request)) : { takeFrom: formerStationId }),
  };
  const bound = await stationStore.bindDevice(request.params.id, claim);
  if (!isRefusal(bound)) return bound;
  return bound.refused === 'device-taken' ? DEVICE_TAKEN : NOT_FOUND;
}
