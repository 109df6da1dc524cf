import { Router } from 'express';
import { z } from 'zod';
import type { LatestValue } from '../../domain/contract.ts';
import { DEVICE_HEALTH_VERSION, judgeDevice, worstState } from '../../domain/device/deviceHealth.ts';
import type { OwnStation } from '../../domain/ownStation.ts';
import { QUANTITIES, type Quantity } from '../../domain/quantity.ts';
import type { Station } from '../../domain/station.ts';
import type { Assignment, StationStore } from '../../store/registry/stationStore.ts';
import type { Access } from '../http/access.ts';
import { jsonAnswer, NEEDS_KEY, type OpenApiPaths, pathParameter, problems } from '../http/openApiTypes.ts';
import { NOT_FOUND, sendProblem } from '../http/problem.ts';
import { seriesMarkSchema } from '../series/seriesViews.ts';
import { annotationSchema, annotationView } from './annotations.ts';
import { type EvidenceSources, healthEvidence } from './healthEvidence.ts';
import { privateDevice, privateDeviceSchema, privateStation, privateStationSchema } from './stationViews.ts';

/** What the owner's page asks. */
export interface OwnStationDeps extends EvidenceSources {
  stationStore: Pick<StationStore, 'station' | 'stations' | 'devicesOf' | 'assignments'>;
  access: Pick<Access, 'refuseNonOwner'>;
  latest: (stationId: string) => Partial<Record<Quantity, LatestValue>>;
  clock: () => number;
}

const time = z.iso.datetime();
const state = z.enum(['good', 'notice', 'problem', 'unknown']);
const latestValue = z.object({ value: z.number(), measuredAt: time, flags: z.array(z.string()), sensor: z.string() });

const ownStationSchema = z.object({
  station: privateStationSchema,
  latest: z.partialRecord(z.enum(QUANTITIES), latestValue),
  devices: z.array(privateDeviceSchema),
  assignments: z.array(z.object({ deviceId: z.string(), boundAt: time, unboundAt: time.optional() })),
  marks: z.array(seriesMarkSchema),
  annotations: z.array(annotationSchema),
  health: z.object({
    state,
    at: time,
    version: z.string(),
    findings: z
      .array(z.looseObject({ id: z.string(), state }))
      .describe('What was found and the numbers it rests on; times in epoch ms, durations in ms'),
  }),
});

/** What the route says of itself. */
export const ownStationPaths: OpenApiPaths = {
  '/api/v1/stations/{id}/owner': {
    get: {
      operationId: 'getOwnView',
      summary:
        'A station as its owner sees it: exact position, devices, health of the device with evidence (owner or admin)',
      tags: ['Hosting'],
      security: NEEDS_KEY,
      parameters: [pathParameter('id', 'Station id')],
      responses: { 200: jsonAnswer('The station', ownStationSchema), ...problems(401, 403, 404, 503) },
    },
  },
};

/** `GET /stations/{id}/owner`. */
export function createOwnStationRouter(deps: OwnStationDeps): Router {
  const router = Router();
  router.get('/stations/:id/owner', async (request, response) => {
    const refused = deps.access.refuseNonOwner(request, request.params.id);
    const station = deps.stationStore.station(request.params.id);
    if (refused ?? station === undefined) return sendProblem(response, refused ?? NOT_FOUND);
    return void response.set('Cache-Control', 'no-store').json(await ownView(deps, station));
  });
  return router;
}

async function ownView(deps: OwnStationDeps, station: Station): Promise<OwnStation> {
  const now = deps.clock();
  const [evidence, assignments] = await Promise.all([
    healthEvidence(deps, station, now),
    deps.stationStore.assignments(station.id),
  ]);
  const findings = judgeDevice(evidence);
  return {
    station: privateStation(station),
    latest: deps.latest(station.id),
    devices: deps.stationStore.devicesOf(station.id).map(privateDevice),
    assignments: assignments.map(assignmentView),
    marks: (station.marks ?? []).map(({ kind, at }) => ({ kind, at: isoTime(at) })),
    annotations: (station.annotations ?? []).map(annotationView),
    health: { state: worstState(findings), at: isoTime(now), version: DEVICE_HEALTH_VERSION, findings },
  };
}

/** When a device stood at the station. */
function assignmentView({ deviceId, boundAt, unboundAt }: Assignment): OwnStation['assignments'][number] {
  return { deviceId, boundAt: isoTime(boundAt), ...(unboundAt !== undefined && { unboundAt: isoTime(unboundAt) }) };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
