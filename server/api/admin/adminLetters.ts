import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { LETTER_KINDS } from '../../domain/alerts/letterPeriods.ts';
import type { LetterState, Letters } from '../../letters/letters.ts';
import type { Access } from '../http/access.ts';
import { jsonAnswer, NEEDS_KEY, type OpenApiPaths, pathParameter, problems } from '../http/openApiTypes.ts';
import { isProblem, NOT_FOUND, type Problem, parseInput, sendProblem } from '../http/problem.ts';

/** What the routes need. */
export interface AdminLettersDeps {
  letters: Letters;
  access: Access;
}

const letterSchema = z.object({
  area: z.object({ id: z.string(), name: z.string() }),
  kind: z.enum(LETTER_KINDS),
  from: z.iso.date(),
  to: z.iso.date(),
  comesOutAt: z.iso.datetime().describe('When it is mailed and shown: 08:00 of the day after its period ended.'),
  status: z.enum(['waiting', 'stopped', 'out']),
  subscribers: z.int().describe('Confirmed addresses it goes to.'),
  page: z.string(),
});
const wordsSchema = z.object({ title: z.string(), text: z.string() });
const readableSchema = letterSchema.extend({
  hasData: z
    .boolean()
    .nullable()
    .describe('False: nothing was measured, and no letter goes out. null: not known yet, means are being made anew.'),
  texts: z.object({ de: wordsSchema, en: wordsSchema }).nullable().describe('What is mailed, without the footer.'),
});
const keySchema = z.object({ area: z.string().max(60), kind: z.enum(LETTER_KINDS), from: z.iso.date() });
const ofLetter = {
  tags: ['Areas'] as [string],
  security: NEEDS_KEY,
  parameters: [
    pathParameter('area', 'Id of an area'),
    pathParameter('kind', 'week or month', z.enum(LETTER_KINDS)),
    pathParameter('from', 'First day', z.iso.date()),
  ],
};
const answers = { 200: jsonAnswer('The letter', letterSchema), ...problems(401, 403, 404) };

/** What the routes say of themselves. */
export const adminLettersPaths: OpenApiPaths = {
  '/api/v1/admin/letters/upcoming': {
    get: {
      operationId: 'listUpcomingLetters',
      summary: 'Letters of areas that come out next (admin)',
      tags: ['Areas'],
      security: NEEDS_KEY,
      responses: {
        200: jsonAnswer('The letters, the next one first', z.object({ letters: z.array(letterSchema) })),
        ...problems(401, 403),
      },
    },
  },
  '/api/v1/admin/letters/{area}/{kind}/{from}': {
    get: {
      ...ofLetter,
      operationId: 'readLetter',
      summary: 'A letter as it is mailed, before or after it comes out (admin)',
      responses: { 200: jsonAnswer('The letter', readableSchema), ...problems(401, 403, 404) },
    },
  },
  '/api/v1/admin/letters/{area}/{kind}/{from}/stop': {
    post: {
      ...ofLetter,
      operationId: 'stopLetter',
      summary: 'Hold a letter back: not mailed, not in the feed, and its page says so (admin)',
      responses: answers,
    },
  },
  '/api/v1/admin/letters/{area}/{kind}/{from}/release': {
    post: {
      ...ofLetter,
      operationId: 'releaseLetter',
      summary: 'Let a letter out that was held back (admin)',
      responses: answers,
    },
  },
};

/** The operator's look at letters, and the way to hold one back. */
export function createAdminLettersRouter({ letters, access }: AdminLettersDeps): Router {
  const router = Router();
  const path = '/admin/letters/:area/:kind/:from';
  const answer = (response: Response, body: object) =>
    isProblem(body) ? sendProblem(response, body) : void response.set('Cache-Control', 'no-store').json(body);
  const found = (request: Request): LetterState | Problem => {
    const key = parseInput(keySchema, request.params);
    if (isProblem(key)) return NOT_FOUND;
    return letters.find(key.area, key.kind, key.from) ?? NOT_FOUND;
  };
  router.get('/admin/letters/upcoming', (request, response) => {
    const refused = access.refuseNonAdmin(request);
    return answer(response, refused ?? { letters: letters.upcoming().map(viewOf) });
  });
  router.get(path, async (request, response) => {
    const letter = access.refuseNonAdmin(request) ?? found(request);
    if (isProblem(letter)) return sendProblem(response, letter);
    const texts = await letters.texts(letter);
    const content = texts === 'behind' ? { hasData: null, texts: null } : { hasData: texts !== null, texts };
    return answer(response, { ...viewOf(letter), ...content });
  });
  for (const verb of ['stop', 'release'] as const) {
    router.post(`${path}/${verb}`, async (request, response) => {
      const letter = access.refuseNonAdmin(request) ?? found(request);
      if (isProblem(letter)) return sendProblem(response, letter);
      return answer(response, viewOf(await letters[verb](letter)));
    });
  }
  return router;
}

function viewOf({ area, period, comesOutAt, status, subscribers, page }: LetterState): z.output<typeof letterSchema> {
  const { kind, from, to } = period;
  return { area, kind, from, to, comesOutAt: new Date(comesOutAt).toISOString(), status, subscribers, page };
}
