import express, { Router } from 'express';
import { z } from 'zod';
import type { Logger } from '../../log.ts';
import { type PruneParts, prune } from '../../retention/prune.ts';
import { isLocalAdmin } from '../http/access.ts';
import { isProblem, NOT_FOUND, parseInput, sendProblem } from '../http/problem.ts';
import { streamJob } from './jobStream.ts';

/** Body of a request to prune. */
const pruneRequestSchema = z.strictObject({ before: z.int(), isDryRun: z.boolean() });

/** What the route needs. */
export interface PruningDeps extends PruneParts {
  log: Logger;
}

/** `npx buergerluft prune` beside a running server. On the control socket only: what goes is gone for good. */
export function createPruningRouter({ log, ...parts }: PruningDeps): Router {
  const router = Router();
  router.post('/prune', express.json(), async (request, response) => {
    if (!isLocalAdmin(request)) return sendProblem(response, NOT_FOUND);
    const body = parseInput(pruneRequestSchema, request.body ?? {});
    if (isProblem(body)) return sendProblem(response, body);
    return streamJob(response, log, () => prune(parts, body));
  });
  return router;
}
