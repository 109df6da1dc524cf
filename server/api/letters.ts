import { Router } from 'express';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { LETTER_KINDS } from '../domain/alerts/letterPeriods.ts';
import { AREA_ID } from '../domain/area.ts';
import { LANGUAGES } from '../domain/names.ts';
import type { Letters } from '../letters/letters.ts';
import { type Allowance, addressKey, TokenBuckets } from '../process/tokenBuckets.ts';
import { jsonAnswer, jsonBody, type OpenApiPaths, pathParameter, problems } from './http/openApiTypes.ts';
import { isProblem, NOT_FOUND, type Problem, parseInput, sendProblem } from './http/problem.ts';
import { mailAddress } from './noticeRequests.ts';
import { MAIL_OFF, TOO_OFTEN } from './stations/contacts.ts';
import { OUTBOX_FULL } from './stations/ownerLinks.ts';

/** Subscriptions one asker may ask for: five, then one in ten minutes. */
const REQUESTS: Allowance = { burst: 5, perSecond: 1 / 600 };

/** `POST /areas/{id}/letters`. */
export const letterRequestSchema = z.strictObject({
  address: mailAddress,
  kinds: z.array(z.enum(LETTER_KINDS)).min(1).max(LETTER_KINDS.length).describe('Which letters to send.'),
  language: z.enum(LANGUAGES).optional(),
});
type LetterRequest = z.output<typeof letterRequestSchema>;

/** What the routes say of themselves. */
export const lettersPaths: OpenApiPaths = {
  '/api/v1/areas/{id}/letters': {
    post: {
      operationId: 'subscribeToLetters',
      summary: 'Get the weekly or monthly letter of an area by mail; the address is asked first',
      tags: ['Areas'],
      parameters: [pathParameter('id', 'Id of an area')],
      requestBody: jsonBody(letterRequestSchema),
      responses: { 202: jsonAnswer('Taken', z.object({})), ...problems(400, 404, 409, 413, 429, 503) },
    },
  },
};

/** What the desk needs. */
export interface LetterDeskDeps {
  letters: Pick<Letters, 'isMailOn' | 'subscribe'>;
  areas: { area(id: string): { id: string; name: string } | undefined };
  config: Pick<Config, 'LANGUAGE'>;
  clock: () => number;
}

/** Subscriptions to letters, for readers who have no account: the API's and the page's way to the same. */
export class LetterDesk {
  readonly #deps: LetterDeskDeps;
  readonly #askers = new TokenBuckets(REQUESTS);

  constructor(deps: LetterDeskDeps) {
    this.#deps = deps;
  }

  /** True when letters can be had by mail. */
  get isOpen(): boolean {
    return this.#deps.letters.isMailOn;
  }

  /** Takes a request, or says why not. `ip`: who asks. */
  async take(areaId: string, request: LetterRequest, ip: string | undefined): Promise<Problem | undefined> {
    const { letters, areas, config, clock } = this.#deps;
    const { address, kinds, language = config.LANGUAGE } = request;
    if (!letters.isMailOn) return MAIL_OFF;
    const area = AREA_ID.test(areaId) ? areas.area(areaId) : undefined;
    if (area === undefined) return NOT_FOUND;
    if (this.#askers.take(addressKey(ip), clock()) > 0) return TOO_OFTEN;
    const { id, name } = area;
    const isTaken = await letters.subscribe({ address, language, area: { id, name }, kinds: [...new Set(kinds)] });
    return isTaken ? undefined : OUTBOX_FULL;
  }
}

/** `POST /areas/{id}/letters`. */
export function createLettersRouter(desk: LetterDesk): Router {
  const router = Router();
  router.post('/areas/:id/letters', async (request, response) => {
    const body = parseInput(letterRequestSchema, request.body ?? {});
    const refused = isProblem(body) ? body : await desk.take(request.params.id, body, request.ip);
    if (refused) return sendProblem(response, refused);
    return void response.status(202).set('Cache-Control', 'no-store').json({});
  });
  return router;
}
