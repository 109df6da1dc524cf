import express, { type Express } from 'express';
import { createHealthRouter } from '../api/health.ts';
import { Access } from '../api/http/access.ts';
import { createErrorHandler } from '../api/http/problem.ts';
import { logRequests } from '../api/http/requestLog.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';

/** What the service routes of a node without pages are made from. */
export interface ServiceAppParts {
  config: Pick<Config, 'METRICS_PUBLIC'>;
  metrics: Metrics;
  log: Logger;
  adminToken: string;
  /** Why the node cannot do its work now; empty when it can. */
  problems: () => string[];
}

/** `/healthz`, `/readyz` and `/metrics` of a node that shows nothing else. */
export function createServiceApp({ config, metrics, log, adminToken, problems }: ServiceAppParts): Express {
  const access = new Access(adminToken, { stationOfOwnerKey: () => undefined });
  const app = express();
  app.disable('x-powered-by').set('query parser', 'simple');
  app.use(logRequests(log));
  app.use(createHealthRouter({ readiness: problems, metrics, isMetricsPublic: config.METRICS_PUBLIC, access }));
  app.use((_request, response) => void response.status(404).json({ type: 'about:blank', title: 'Not found' }));
  return app.use(createErrorHandler(log));
}
