import { Router } from 'express';
import { z } from 'zod';
import type { NoticeView } from '../../domain/contract.ts';
import { DAY_MS } from '../../domain/durations.ts';
import { NOTICE_CHARACTERS, NOTICE_DAYS, NOTICE_WORDS, type PublicNotice } from '../../domain/operator/publicNotice.ts';
import type { PublicNotices } from '../../notices/publicNotices.ts';
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
import { isProblem, NOT_FOUND, parseInput, problem, sendProblem } from '../http/problem.ts';
import { timeSchema } from '../series/seriesQuery.ts';
import { PRINTABLE_LINE } from '../stations/stationRequests.ts';

/** What the operator's routes need. */
export interface AdminNoticesDeps {
  publicNotices: PublicNotices;
  access: Pick<Access, 'refuseNonAdmin'>;
}

const words = z
  .string()
  .trim()
  .min(1)
  .max(NOTICE_CHARACTERS)
  .regex(PRINTABLE_LINE, 'must be one line of printable text');
const text = z.strictObject({ de: words, en: words });
const draftSchema = z
  .strictObject({ kind: z.enum(NOTICE_WORDS), from: timeSchema, to: timeSchema, text })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than from' })
  .refine(({ from, to }) => to - from <= NOTICE_DAYS * DAY_MS, {
    path: ['to'],
    message: `must be at most ${NOTICE_DAYS} days after from`,
  });
const time = z.iso.datetime();
const bodySchema = z.strictObject({ kind: z.enum(NOTICE_WORDS), from: time, to: time, text });
/** A notice as everyone sees it. */
export const noticeSchema = z.object({
  id: z.string(),
  kind: z.enum(NOTICE_WORDS),
  from: time,
  to: time,
  text: z.object({ de: z.string(), en: z.string() }),
});
const listSchema = z.object({ notices: z.array(noticeSchema) });
const querySchema = z.object({ from: timeSchema.optional(), to: timeSchema.optional() });
/** A notice as an operator may write it. */
const NOTICE: z.input<typeof bodySchema> = {
  kind: 'fog',
  from: '2026-11-26T04:00:00.000Z',
  to: '2026-11-26T09:00:00.000Z',
  text: { de: 'Nebel: Die Werte sind zu hoch.', en: 'Fog: values are too high.' },
};
const forAdmin = { tags: ['Administration'] as [string], security: NEEDS_KEY };

/** What the route everybody reads at says of itself. */
export const publicNoticesPaths: OpenApiPaths = {
  '/api/v1/notices': {
    get: {
      operationId: 'listNotices',
      summary: 'What the operator tells about some days: fog, Sahara dust, fireworks',
      tags: ['Service'],
      parameters: [
        queryParameter('from', 'Only those that touch the time from here on, ISO 8601', time),
        queryParameter('to', 'Only those that touch the time before, ISO 8601', time),
      ],
      responses: { 200: jsonAnswer('Notices, the earliest first', listSchema), ...problems(400) },
    },
  },
};

/** What the operator's routes say of themselves. */
export const adminNoticesPaths: OpenApiPaths = {
  '/api/v1/admin/notices': {
    post: {
      ...forAdmin,
      operationId: 'addNotice',
      summary: 'Tell everybody about some days, beside their values (admin)',
      requestBody: jsonBody(bodySchema, NOTICE),
      responses: { 201: jsonAnswer('The notice', noticeSchema), ...problems(400, 401, 403, 409, 413, 503) },
    },
  },
  '/api/v1/admin/notices/{id}': {
    put: {
      ...forAdmin,
      operationId: 'changeNotice',
      summary: 'Other words or days for a notice (admin)',
      parameters: [pathParameter('id', 'Notice id')],
      requestBody: jsonBody(bodySchema, NOTICE),
      responses: { 200: jsonAnswer('The notice', noticeSchema), ...problems(400, 401, 403, 404, 413, 503) },
    },
    delete: {
      ...forAdmin,
      operationId: 'removeNotice',
      summary: 'Take a notice away (admin)',
      parameters: [pathParameter('id', 'Notice id')],
      responses: { 204: { description: 'Taken away' }, ...problems(401, 403, 404, 503) },
    },
  },
};

/** Notices as everybody reads them. */
export function createPublicNoticesRouter(publicNotices: Pick<PublicNotices, 'in'>): Router {
  const router = Router();
  router.get('/notices', (request, response) => {
    const query = parseInput(querySchema, request.query);
    if (isProblem(query)) return sendProblem(response, query);
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
    const notices = publicNotices.in({ start: from, end: to }).map(noticeView);
    return void response.set('Cache-Control', 'no-cache').json({ notices });
  });
  return router;
}

/** How an operator writes notices. */
export function createAdminNoticesRouter({ publicNotices, access }: AdminNoticesDeps): Router {
  const router = Router();
  router.post('/admin/notices', async (request, response) => {
    const draft = access.refuseNonAdmin(request) ?? parseInput(draftSchema, request.body ?? {});
    if (isProblem(draft)) return sendProblem(response, draft);
    const notice = await publicNotices.add(draft);
    if (notice === undefined) return sendProblem(response, TOO_MANY);
    return void response.status(201).set('Cache-Control', 'no-store').json(noticeView(notice));
  });
  router.put('/admin/notices/:id', async (request, response) => {
    const draft = access.refuseNonAdmin(request) ?? parseInput(draftSchema, request.body ?? {});
    if (isProblem(draft)) return sendProblem(response, draft);
    const notice = await publicNotices.change(request.params.id, draft);
    if (notice === undefined) return sendProblem(response, NOT_FOUND);
    return void response.set('Cache-Control', 'no-store').json(noticeView(notice));
  });
  router.delete('/admin/notices/:id', async (request, response) => {
    const refused = access.refuseNonAdmin(request);
    if (refused) return sendProblem(response, refused);
    const isGone = await publicNotices.remove(request.params.id);
    return isGone ? void response.status(204).end() : sendProblem(response, NOT_FOUND);
  });
  return router;
}

const TOO_MANY = problem(409, 'too-many', 'There are 500 notices already; remove old ones first.');

/** A notice as everyone sees it. */
export function noticeView({ id, kind, from, to, text: said }: PublicNotice): NoticeView {
  return { id, kind, from: new Date(from).toISOString(), to: new Date(to).toISOString(), text: said };
}
