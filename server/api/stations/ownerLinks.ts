import { Router } from 'express';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import type { Notices } from '../../notices/notices.ts';
import { type Allowance, addressKey, TokenBuckets } from '../../process/tokenBuckets.ts';
import type { Registry } from '../../store/registry/stationStore.ts';
import type { Access } from '../http/access.ts';
import { jsonAnswer, jsonBody, NEEDS_KEY, type OpenApiPaths, pathParameter, problems } from '../http/openApiTypes.ts';
import { isProblem, NOT_FOUND, type Problem, parseInput, problem, sendProblem } from '../http/problem.ts';
import { handoverSchema, recoverSchema } from '../noticeRequests.ts';
import { MAIL_OFF, TOO_OFTEN } from './contacts.ts';

/** What the routes need. */
export interface OwnerLinksDeps {
  notices: Notices;
  access: Access;
  stationStore: Registry;
  config: Pick<Config, 'LANGUAGE'>;
  /** Told of work that failed after the answer went out. */
  onError: (error: unknown) => void;
  clock: () => number;
}

/** Requests one asker may send: five, then one in ten minutes. */
const REQUESTS: Allowance = { burst: 5, perSecond: 1 / 600 };

const takenSchema = z.object({}).describe('Nothing: whether the address is known stays untold.');
const offerSchema = z.object({ expiresAt: z.iso.datetime(), link: z.string().optional() });

/** What the routes say of themselves. */
export const ownerLinksPaths: OpenApiPaths = {
  '/api/v1/owner-links': {
    post: {
      operationId: 'recoverOwnerLink',
      summary: 'Have a new owner link mailed to the confirmed address of a station; the answer is always the same',
      tags: ['Hosting'],
      requestBody: jsonBody(recoverSchema),
      responses: { 202: jsonAnswer('Taken', takenSchema), ...problems(400, 409, 413, 429) },
    },
  },
  '/api/v1/stations/{id}/handover': {
    post: {
      operationId: 'offerStation',
      summary: 'Offer a station to somebody else, by mail or with a link to pass on (owner or admin)',
      tags: ['Hosting'],
      security: NEEDS_KEY,
      parameters: [pathParameter('id', 'Station id')],
      requestBody: jsonBody(handoverSchema),
      responses: { 201: jsonAnswer('Offered', offerSchema), ...problems(400, 401, 403, 404, 409, 413, 429, 503) },
    },
    delete: {
      operationId: 'withdrawOffer',
      summary: 'Take the offer back (owner or admin)',
      tags: ['Hosting'],
      security: NEEDS_KEY,
      parameters: [pathParameter('id', 'Station id')],
      responses: { 204: { description: 'Taken back' }, ...problems(401, 403, 404, 503) },
    },
  },
};

/** Lost links, and stations that change hands. */
export function createOwnerLinksRouter(deps: OwnerLinksDeps): Router {
  const { notices, access, stationStore, clock } = deps;
  const router = Router();
  const askers = new TokenBuckets(REQUESTS);
  const offers = new TokenBuckets(REQUESTS);
  router.post('/owner-links', (request, response) => {
    const body = parseInput(recoverSchema, request.body ?? {});
    const refused = notices.isMailOn ? undefined : MAIL_OFF;
    if (refused || isProblem(body)) return sendProblem(response, refused ?? (body as Problem));
    if (askers.take(addressKey(request.ip), clock()) > 0) return sendProblem(response, TOO_OFTEN);
    // Answered before anything is looked up: neither words nor time tell whether the address is known.
    response.status(202).set('Cache-Control', 'no-store').json({});
    setImmediate(() => {
      notices.ownerLinks.recover(body).then(() => notices.sendSoon(), deps.onError);
    });
  });
  router.post('/stations/:id/handover', async (request, response) => {
    const { id } = request.params;
    const refused = access.refuseNonOwner(request, id);
    const body = refused ?? parseInput(handoverSchema, request.body ?? {});
    if (isProblem(body)) return sendProblem(response, body);
    const station = stationStore.station(id);
    if (station === undefined) return sendProblem(response, NOT_FOUND);
    const { address, language = deps.config.LANGUAGE } = body;
    if (address !== undefined && !notices.isMailOn) return sendProblem(response, MAIL_OFF);
    if (offers.take(id, clock()) > 0) return sendProblem(response, TOO_OFTEN);
    const offer = await notices.ownerLinks.offer(station, address === undefined ? undefined : { address, language });
    if (typeof offer === 'string') return sendProblem(response, offer === 'too-often' ? TOO_OFTEN : OUTBOX_FULL);
    notices.sendSoon();
    const expiresAt = new Date(offer.expiresAt).toISOString();
    // With an address the link is the addressee's alone: that they got it is what confirms their address.
    const told = address === undefined ? { expiresAt, link: offer.link } : { expiresAt };
    return void response.status(201).set('Cache-Control', 'no-store').json(told);
  });
  router.delete('/stations/:id/handover', async (request, response) => {
    const { id } = request.params;
    const refused = access.refuseNonOwner(request, id) ?? (notices.hasStation(id) ? undefined : NOT_FOUND);
    if (refused) return sendProblem(response, refused);
    await notices.ownerLinks.withdraw(id);
    return void response.status(204).end();
  });
  return router;
}

/** The outbox takes no more. */
export const OUTBOX_FULL = problem(503, 'unavailable', 'Too many messages are waiting; try again later.', {
  headers: { 'Retry-After': '600' },
});
