import { Router } from 'express';
import type { z } from 'zod';
import { type AlertSettings, rulesOf } from '../domain/alerts/alertSettings.ts';
import { alertSettingsOf, forgottenAlerts } from '../notices/alertRunner.ts';
import { put } from '../notices/noticeRecords.ts';
import type { Notices } from '../notices/notices.ts';
import type { Access } from './http/access.ts';
import { jsonAnswer, jsonBody, NEEDS_KEY, type OpenApiPaths, pathParameter, problems } from './http/openApiTypes.ts';
import { isProblem, NOT_FOUND, parseInput, sendProblem } from './http/problem.ts';
import { alertPatchSchema, alertsViewSchema } from './noticeRequests.ts';

/** What the alert routes need. */
export interface AlertsDeps {
  notices: Notices;
  access: Access;
}

const byOwner = {
  tags: ['Hosting'] as [string],
  security: NEEDS_KEY,
  parameters: [pathParameter('id', 'Station id')],
};

/** What the routes say of themselves. */
export const alertsPaths: OpenApiPaths = {
  '/api/v1/stations/{id}/alerts': {
    get: {
      ...byOwner,
      operationId: 'getAlerts',
      summary: 'What a station’s owner is told, and what the alerts say now (owner or admin)',
      responses: { 200: jsonAnswer('Settings and states', alertsViewSchema), ...problems(401, 403, 404) },
    },
    patch: {
      ...byOwner,
      operationId: 'setAlerts',
      summary:
        'Say what to be told, whole or in part; goes to all confirmed contacts that are not muted (owner or admin)',
      requestBody: jsonBody(alertPatchSchema),
      responses: {
        200: jsonAnswer('Settings and states', alertsViewSchema),
        ...problems(400, 401, 403, 404, 413, 503),
      },
    },
  },
};

/** A station's alert settings, for its owner. */
export function createAlertsRouter({ notices, access }: AlertsDeps): Router {
  const router = Router();
  router.get('/stations/:id/alerts', (request, response) => {
    const { id } = request.params;
    const refused = access.refuseNonOwner(request, id) ?? (notices.hasStation(id) ? undefined : NOT_FOUND);
    if (refused) return sendProblem(response, refused);
    return void response.set('Cache-Control', 'no-store').json(viewOf(notices, id));
  });
  router.patch('/stations/:id/alerts', async (request, response) => {
    const { id } = request.params;
    const refused = access.refuseNonOwner(request, id) ?? (notices.hasStation(id) ? undefined : NOT_FOUND);
    const patch = refused ?? parseInput(alertPatchSchema, request.body ?? {});
    if (isProblem(patch)) return sendProblem(response, patch);
    await setAlerts(notices, id, patch);
    return void response.set('Cache-Control', 'no-store').json(viewOf(notices, id));
  });
  return router;
}

async function setAlerts({ store }: Notices, id: string, patch: z.output<typeof alertPatchSchema>): Promise<void> {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  await store.write(() => {
    const settings: AlertSettings = { ...alertSettingsOf(store, id), ...Object.fromEntries(given) };
    const forgotten = forgottenAlerts(store, id, new Set(rulesOf(settings).keys()));
    return { answer: undefined, changes: [put('alerts', { id, settings }), ...forgotten] };
  });
}

function viewOf({ store }: Notices, stationId: string): z.output<typeof alertsViewSchema> {
  const settings = alertSettingsOf(store, stationId);
  const states = [...rulesOf(settings).keys()].map((rule) => {
    const { phase = 'calm', since } = store.get('alert', `${stationId}/${rule}`)?.state ?? {};
    return { rule, phase, since: since === undefined ? null : new Date(since).toISOString() };
  });
  return { settings, states };
}
