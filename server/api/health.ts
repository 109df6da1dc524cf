import { type Response, Router } from 'express';
import { z } from 'zod';
import type { Metrics } from '../metrics.ts';
import type { Access } from './http/access.ts';
import { jsonAnswer, NEEDS_KEY, type OpenApiPaths, problems } from './http/openApiTypes.ts';
import { sendProblem } from './http/problem.ts';

/** What the service routes need. */
export interface HealthDeps {
  /** Why the program cannot do its work now, one English sentence each; empty when it can. */
  readiness: () => string[];
  metrics: Metrics;
  isMetricsPublic: boolean;
  access: Access;
}

const liveSchema = z.object({ status: z.literal('ok') });
const readySchema = z.object({ status: z.enum(['ready', 'not-ready']), reasons: z.array(z.string()) });

/** What the routes say of themselves. */
export const healthPaths: OpenApiPaths = {
  '/healthz': {
    get: {
      operationId: 'getLiveness',
      summary: 'The process runs',
      tags: ['Service'],
      responses: { 200: jsonAnswer('It runs', liveSchema) },
    },
  },
  '/readyz': {
    get: {
      operationId: 'getReadiness',
      summary: 'The process can take and show readings',
      tags: ['Service'],
      responses: { 200: jsonAnswer('Ready', readySchema), 503: jsonAnswer('Not ready, and why', readySchema) },
    },
  },
  '/metrics': {
    get: {
      operationId: 'getMetrics',
      summary: 'Prometheus text (admin, unless METRICS_PUBLIC)',
      tags: ['Service'],
      security: NEEDS_KEY,
      responses: {
        200: { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } },
        ...problems(401, 403),
      },
    },
  },
};

/** `/healthz`, `/readyz` and `/metrics`. */
export function createHealthRouter({ readiness, metrics, isMetricsPublic, access }: HealthDeps): Router {
  const router = Router();
  const send = (response: Response, status: number, body: object) =>
    void response.status(status).set('Cache-Control', 'no-store').json(body);
  router.get('/healthz', (_request, response) => send(response, 200, { status: 'ok' }));
  router.get('/readyz', (_request, response) => {
    const reasons = readiness();
    const isReady = reasons.length === 0;
    send(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not-ready', reasons });
  });
  router.get('/metrics', async (request, response) => {
    const refused = isMetricsPublic ? undefined : access.refuseNonAdmin(request);
    if (refused) return sendProblem(response, refused);
    return void response
      .set({ 'Content-Type': metrics.registry.contentType, 'Cache-Control': 'no-store' })
      .send(await metrics.registry.metrics());
  });
  return router;
}
