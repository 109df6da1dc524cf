import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import { type Station, TERMS_VERSION } from '../../domain/station.ts';
import { type Allowance, addressKey, TokenBuckets } from '../../process/tokenBuckets.ts';
import type { IssuedStation, NewStation, Registry } from '../../store/registry/stationStore.ts';
import { isRefusal } from '../../store/registry/stationStore.ts';
import { type Access, type Caller, UNAUTHENTICATED } from '../http/access.ts';
import { jsonAnswer, jsonBody, NEEDS_KEY, type OpenApiPaths, pathParameter, problems } from '../http/openApiTypes.ts';
import { isProblem, NOT_FOUND, type Problem, parseInput, problem, sendProblem } from '../http/problem.ts';
import { issuedDeviceSchema, type NewStationRequest, newStationSchema } from './stationRequests.ts';
import { privateStation, privateStationSchema } from './stationViews.ts';

/** What hosts usually send. */
const NEW_STATION: z.input<typeof newStationSchema> = {
  name: 'Hinterhof Rüttenscheid',
  position: { lat: 51.45604, lon: 7.01287 },
  isIndoor: false,
  sensorModel: 'sds011',
  heightClass: 'below-4m',
  siting: 'courtyard',
  deviceId: 'esp8266-15303512',
  acceptedTerms: true,
};

/** What registration needs. */
export interface RegistrationDeps {
  stationStore: Registry;
  access: Access;
  config: Pick<Config, 'REGISTRATION' | 'DATA_LICENCE'>;
  /** Told when a pending station was let through. */
  onApproved: (station: Station) => void;
  clock: () => number;
}

/** Stations one address may register: a class of twenty at once, then one in three minutes. */
const REGISTRATIONS: Allowance = { burst: 20, perSecond: 1 / 180 };

const issuedStationSchema = z.object({
  station: privateStationSchema,
  ownerKey: z.string(),
  device: issuedDeviceSchema.optional(),
});

/** What the routes say of themselves. */
export const registrationPaths: OpenApiPaths = {
  '/api/v1/stations': {
    post: {
      operationId: 'addStation',
      summary: 'Register a station; its keys are shown this once',
      tags: ['Hosting'],
      security: [{}, ...NEEDS_KEY],
      requestBody: jsonBody(newStationSchema, NEW_STATION),
      responses: { 201: jsonAnswer('Registered', issuedStationSchema), ...problems(400, 401, 403, 409, 413, 429, 503) },
    },
  },
  '/api/v1/stations/{id}/approve': {
    post: {
      operationId: 'approveStation',
      summary: 'Let a pending station through (admin)',
      tags: ['Administration'],
      security: NEEDS_KEY,
      parameters: [pathParameter('id', 'Station id')],
      responses: { 200: jsonAnswer('The station', privateStationSchema), ...problems(401, 403, 404, 503) },
    },
  },
};

/** `POST /stations` and `POST /stations/{id}/approve`. */
export function createRegistrationRouter(deps: RegistrationDeps): Router {
  const router = Router();
  const buckets = new TokenBuckets(REGISTRATIONS);
  router.post('/stations', async (request, response) => {
    const added = await register(deps, buckets, request);
    if (isProblem(added)) return sendProblem(response, added);
    return sendIssued(response, added);
  });
  router.post('/stations/:id/approve', async (request, response) => {
    const refused = deps.access.refuseNonAdmin(request);
    if (refused) return sendProblem(response, refused);
    const isPending = deps.stationStore.station(request.params.id)?.status === 'pending';
    const approved = await deps.stationStore.approveStation(request.params.id);
    if (isRefusal(approved)) return sendProblem(response, NOT_FOUND);
    if (isPending) deps.onApproved(approved);
    return void response.set('Cache-Control', 'no-store').json(privateStation(approved));
  });
  return router;
}

async function register(
  deps: RegistrationDeps,
  buckets: TokenBuckets,
  request: Request,
): Promise<IssuedStation | Problem> {
  const caller = deps.access.callerOf(request);
  const refused = refuseRegistration(deps, buckets, request, caller);
  if (refused) return refused;
  const body = parseInput(newStationSchema, request.body ?? {});
  if (isProblem(body)) return body;
  if (caller.is !== 'admin' && body.acceptedTerms === undefined) return TERMS_MISSING;
  const added = await deps.stationStore.addStation(toNewStation(body, caller, deps));
  return isRefusal(added) ? DEVICE_TAKEN : added;
}

function refuseRegistration(
  { config, clock }: RegistrationDeps,
  buckets: TokenBuckets,
  request: Request,
  caller: Caller,
): Problem | undefined {
  if (caller.is === 'admin') return undefined;
  if (caller.is === 'stranger') return UNAUTHENTICATED;
  if (config.REGISTRATION === 'closed') {
    return problem(403, 'registration-closed', 'This instance takes no new stations; ask its operator.');
  }
  const waitMs = buckets.take(addressKey(request.ip), clock());
  if (waitMs === 0) return undefined;
  const headers = { 'Retry-After': String(Math.ceil(waitMs / 1000)) };
  return problem(429, 'too-often', 'Too many stations from this address; try again later.', { headers });
}

function toNewStation(body: NewStationRequest, caller: Caller, { config, clock }: RegistrationDeps): NewStation {
  const { sensorModel, sensorModels, deviceId, acceptedTerms, ...fields } = body;
  const models = new Set([...(sensorModel === undefined ? [] : [sensorModel]), ...(sensorModels ?? [])]);
  const isTrusted = caller.is === 'admin' || config.REGISTRATION === 'open';
  return {
    ...withoutUndefined(fields),
    sensorModels: [...models],
    status: isTrusted ? 'active' : 'pending',
    source: 'direct',
    licence: config.DATA_LICENCE,
    ...(acceptedTerms !== undefined && { consent: { version: TERMS_VERSION, acceptedAt: clock() } }),
    ...(deviceId !== undefined && { device: { deviceId, ...takeFrom(caller) } }),
  };
}

/** From which station the caller may take a device: any as admin, one's own as owner. */
export function takeFrom(caller: Caller): { takeFrom?: string } {
  if (caller.is === 'admin') return { takeFrom: 'any' };
  return caller.is === 'owner' ? { takeFrom: caller.stationId } : {};
}

/** The device stands at another station. */
export const DEVICE_TAKEN = problem(
  409,
  'device-taken',
  'This device belongs to another station; its owner key or the admin key is needed to take it from there.',
);

const TERMS_MISSING = problem(400, 'invalid-request', 'Some fields are missing or wrong; errors lists them.', {
  errors: [{ field: 'acceptedTerms', message: `must be true or "${TERMS_VERSION}"` }],
});

function sendIssued(response: Response, { station, ownerKey, device }: IssuedStation): void {
  response
    .status(201)
    .set({ 'Cache-Control': 'no-store', Location: `/api/v1/stations/${station.id}` })
    .json({ station: privateStation(station), ownerKey, ...(device && { device }) });
}

type Defined<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** Leaves out fields that zod passed on as undefined: in the registry absent means absent. */
function withoutUndefined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
}
