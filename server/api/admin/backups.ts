import express, { Router } from 'express';
import { z } from 'zod';
import type { Backups } from '../../backup/backups.ts';
import type { Logger } from '../../log.ts';
import { isLocalAdmin } from '../http/access.ts';
import { isProblem, NOT_FOUND, parseInput, sendProblem } from '../http/problem.ts';
import { streamJob } from './jobStream.ts';

/** Body of a request for a backup. */
const backupRequestSchema = z.strictObject({ folder: z.string().startsWith('/').max(4096) });

/** What the routes need. */
export interface BackupsDeps {
  backups: Pick<Backups, 'make'>;
  log: Logger;
}

/** `npx buergerluft backup` beside a running server. On the control socket only: it writes files of this machine. */
export function createBackupsRouter({ backups, log }: BackupsDeps): Router {
  const router = Router();
  router.use('/backups', (request, response, next) => {
    if (isLocalAdmin(request)) next();
    else sendProblem(response, NOT_FOUND);
  });
  router.post('/backups', express.json(), async (request, response) => {
    const body = parseInput(backupRequestSchema, request.body ?? {});
    if (isProblem(body)) return sendProblem(response, body);
    return streamJob(response, log, () => backups.make(body.folder));
  });
  return router;
}
