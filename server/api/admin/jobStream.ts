import type { Response } from 'express';
import { ArchiveJobError } from '../../archive/archiveJobs.ts';
import { BackupError } from '../../backup/manifest.ts';
import type { Logger } from '../../log.ts';
import { PruneRefusal } from '../../retention/prune.ts';
import { StoreUnavailableError } from '../../store/readingStore.ts';

/** Errors whose message tells the operator all there is to know. */
const EXPLAINED = [ArchiveJobError, BackupError, PruneRefusal, StoreUnavailableError];

/** Aborted when the caller goes away before it has its answer: that is how an import is stopped. */
export function endOf(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}

/**
 * Answers with a line of JSON per event while `work` goes on: what it sends, then `report` with its result or `failed`
 * with the reason.
 */
export async function streamJob(
  response: Response,
  log: Logger,
  work: (send: (event: object) => void) => Promise<object>,
): Promise<void> {
  const send = (event: object) => void response.write(`${JSON.stringify(event)}\n`);
  response.status(200).type('application/x-ndjson').set('Cache-Control', 'no-store');
  response.flushHeaders();
  try {
    send({ event: 'report', report: await work(send) });
  } catch (error) {
    // The status is sent already: the failure travels as the last line.
    const isExplained = EXPLAINED.some((kind) => error instanceof kind);
    if (!isExplained) log.error({ err: error }, 'a job failed');
    send({ event: 'failed', detail: isExplained ? (error as Error).message : 'The server failed; its log says why.' });
  }
  response.end();
}
