import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { DAY_MS } from '../../domain/durations.ts';
import { isPublic, type Station } from '../../domain/station.ts';
import {
  ANNOTATION_DAYS,
  ANNOTATION_KINDS,
  type Annotation,
  type AnnotationKind,
  MAX_ANNOTATIONS,
} from '../../domain/stationHistory.ts';
import type { RandomBytes } from '../../process/keys.ts';
import { isRefusal, type Registry } from '../../store/registry/stationStore.ts';
import type { Access } from '../http/access.ts';
import { jsonAnswer, jsonBody, NEEDS_KEY, type OpenApiPaths, pathParameter, problems } from '../http/openApiTypes.ts';
import { isProblem, NOT_FOUND, type Problem, parseInput, problem, sendProblem } from '../http/problem.ts';
import { timeSchema } from '../series/seriesQuery.ts';

/** What marking periods needs. */
export interface AnnotationsDeps {
  stationStore: Registry;
  access: Access;
  randomBytes: RandomBytes;
  /** Told of every period whose figures are to be made again, epoch ms. */
  onAnnotated: (stationId: string, from: number, to: number) => Promise<void>;
  clock: () => number;
}

const { longest, ahead } = ANNOTATION_DAYS;
const kinds = Object.keys(ANNOTATION_KINDS) as [AnnotationKind, ...AnnotationKind[]];
const kindSchema = z.enum(kinds);
const requestSchema = z
  .strictObject({ kind: kindSchema, from: timeSchema, to: timeSchema })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than from' })
  .refine(({ from, to }) => to - from <= longest * DAY_MS, {
    path: ['to'],
    message: `must be at most ${longest} days after from`,
  });
const time = z.iso.datetime();
const bodySchema = z.strictObject({ kind: kindSchema, from: time, to: time });

/** An annotation as anyone sees it. */
export const annotationSchema = z.object({ id: z.string(), kind: kindSchema, from: time, to: time });
const listSchema = z.object({ annotations: z.array(annotationSchema) });

/** What the routes say of themselves. */
export const annotationsPaths: OpenApiPaths = {
  '/api/v1/stations/{id}/annotations': {
    get: {
      operationId: 'listAnnotations',
      summary: 'Periods the owner of a station marked',
      tags: ['Stations'],
      parameters: [pathParameter('id', 'Station id')],
      responses: { 200: jsonAnswer('Marked periods', listSchema), ...problems(404) },
    },
    post: {
      operationId: 'annotate',
      summary: 'Mark a period of a station (owner or admin)',
      tags: ['Hosting'],
      security: NEEDS_KEY,
      parameters: [pathParameter('id', 'Station id')],
      requestBody: jsonBody(bodySchema, {
        kind: 'barbecue',
        from: '2026-11-26T17:00:00.000Z',
        to: '2026-11-26T20:00:00.000Z',
      }),
      responses: { 201: jsonAnswer('Marked', annotationSchema), ...problems(400, 401, 403, 404, 409, 413, 503) },
    },
  },
  '/api/v1/stations/{id}/annotations/{annotationId}': {
    delete: {
      operationId: 'removeAnnotation',
      summary: 'Take a mark off a period again (owner or admin)',
      tags: ['Hosting'],
      security: NEEDS_KEY,
      parameters: [pathParameter('id', 'Station id'), pathParameter('annotationId', 'Annotation id')],
      responses: { 204: { description: 'Taken off' }, ...problems(401, 403, 404, 503) },
    },
  },
};

/** Marking periods, and who may see that. */
export function createAnnotationsRouter(deps: AnnotationsDeps): Router {
  const { stationStore, access } = deps;
  const router = Router();
  router.get('/stations/:id/annotations', (request, response) => sendList(deps, request, response));
  router.post('/stations/:id/annotations', async (request, response) => {
    const made = access.refuseNonOwner(request, request.params.id) ?? (await annotate(deps, request));
    if (isProblem(made)) return sendProblem(response, made);
    return void response.status(201).set('Cache-Control', 'no-store').json(annotationView(made));
  });
  router.delete('/stations/:id/annotations/:annotationId', async (request, response) => {
    const { id, annotationId } = request.params;
    const refused = access.refuseNonOwner(request, id);
    if (refused) return sendProblem(response, refused);
    const found = stationStore.station(id)?.annotations?.find((annotation) => annotation.id === annotationId);
    if (found === undefined) return sendProblem(response, NOT_FOUND);
    await stationStore.updateStation(id, ({ annotations = [] }) => ({
      annotations: annotations.filter((annotation) => annotation.id !== annotationId),
    }));
    await deps.onAnnotated(id, found.from, found.to);
    return void response.status(204).end();
  });
  return router;
}

/** An annotation in an answer. */
export function annotationView({ id, kind, from, to }: Annotation): z.output<typeof annotationSchema> {
  return { id, kind, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

function sendList({ stationStore, access }: AnnotationsDeps, request: Request<{ id: string }>, response: Response) {
  const station = stationStore.station(request.params.id);
  const isSeen = (one: Station) => isPublic(one) || access.refuseNonOwner(request, one.id) === undefined;
  if (station === undefined || !isSeen(station)) return sendProblem(response, NOT_FOUND);
  response.set('Cache-Control', isPublic(station) ? 'public, max-age=10' : 'private, no-store').vary('Authorization');
  response.json({ annotations: (station.annotations ?? []).map(annotationView) });
}

async function annotate(deps: AnnotationsDeps, request: Request<{ id: string }>): Promise<Annotation | Problem> {
  const { stationStore, randomBytes, onAnnotated, clock } = deps;
  const body = parseInput(requestSchema, request.body ?? {});
  if (isProblem(body)) return body;
  if (body.to > clock() + ahead * DAY_MS) return TOO_FAR_AHEAD;
  const id = Buffer.from(randomBytes(9)).toString('base64url');
  const annotation: Annotation = { id, ...body, createdAt: clock() };
  const changed = await stationStore.updateStation(request.params.id, ({ annotations = [] }) => {
    if (annotations.length >= MAX_ANNOTATIONS) return { refused: 'too-many-annotations' };
    return { annotations: [...annotations, annotation] };
  });
  if (isRefusal(changed)) return changed.refused === 'too-many-annotations' ? TOO_MANY : NOT_FOUND;
  await onAnnotated(request.params.id, annotation.from, annotation.to);
  return annotation;
}

const TOO_FAR_AHEAD = problem(400, 'invalid-request', 'Some fields are missing or wrong; errors lists them.', {
  errors: [{ field: 'to', message: `must be at most ${ahead} days ahead` }],
});
const TOO_MANY = problem(409, 'too-many-annotations', `A station can have ${MAX_ANNOTATIONS} marked periods.`);
