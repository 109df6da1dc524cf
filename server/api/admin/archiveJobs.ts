import express, { Router } from 'express';
import { z } from 'zod';
import type { ArchiveJobs } from '../../archive/archiveJobs.ts';
import { REFERENCE_TYPES } from '../../domain/station.ts';
import type { Logger } from '../../log.ts';
import { isLocalAdmin } from '../http/access.ts';
import { isProblem, NOT_FOUND, parseInput, sendProblem } from '../http/problem.ts';
import { endOf, streamJob } from './jobStream.ts';

/** A shell turns `*.csv` into thousands of paths. */
const MAX_BODY = '16mb';

const absolutePath = z.string().startsWith('/').max(4096);

/** What is said of official stations that the files do not say. */
export const referenceSchema = z.strictObject({
  network: z.string().min(1).max(80),
  licence: z.string().min(1).max(60),
  code: z.string().min(1).max(40).optional(),
  name: z.string().min(1).max(80).optional(),
  position: z.strictObject({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }).optional(),
  type: z.enum(REFERENCE_TYPES, `must be one of ${REFERENCE_TYPES.join(', ')}`).optional(),
});

/** Body of an import. */
const importRequestSchema = z.strictObject({
  paths: z.array(absolutePath).min(1),
  isDryRun: z.boolean().optional(),
  isJoining: z.boolean().optional(),
  isAgain: z.boolean().optional(),
  stationId: z.string().optional(),
  reference: referenceSchema.optional(),
});

/** Body of an export. */
const exportRequestSchema = z.strictObject({
  stationId: z.string(),
  from: z.number(),
  to: z.number(),
  format: z.enum(['csv', 'parquet']),
  folder: absolutePath,
});

/** What the routes need. */
export interface ArchiveJobsDeps {
  jobs: ArchiveJobs;
  log: Logger;
}

/**
 * Import and export for `npx buergerluft` beside a running server. On the control socket only: they read and write files
 * of this machine. The answer is a line of JSON per event: `progress`, then `report` or `failed`.
 */
export function createArchiveJobsRouter({ jobs, log }: ArchiveJobsDeps): Router {
  const router = Router();
  router.use((request, response, next) => (isLocalAdmin(request) ? next() : sendProblem(response, NOT_FOUND)));
  router.use(express.json({ limit: MAX_BODY }));
  router.post('/imports', async (request, response) => {
    const body = parseInput(importRequestSchema, request.body ?? {});
    if (isProblem(body)) return sendProblem(response, body);
    return streamJob(response, log, (send) => {
      const signal = endOf(response);
      return jobs.import(body, { signal, onProgress: (progress) => send({ event: 'progress', progress }) });
    });
  });
  router.post('/exports', async (request, response) => {
    const body = parseInput(exportRequestSchema, request.body ?? {});
    if (isProblem(body)) return sendProblem(response, body);
    return streamJob(response, log, () => jobs.export(body));
  });
  return router;
}
