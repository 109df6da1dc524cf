import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { ArchiveJobError, type ArchiveJobs, LocalArchiveJobs } from '../archive/archiveJobs.ts';
import type { ImportProgress } from '../archive/importReport.ts';
import { Closing } from '../closing.ts';
import { type Config, loadConfig } from '../config.ts';
import { controlSocketPath } from '../controlSocket.ts';
import { lockDataDir, lockHolder } from '../dataDirLock.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { StartError } from '../startError.ts';
import { openStores } from '../stores.ts';
import { CommandError, type Terminal } from './verb.ts';

/**
 * Gives `use` import and export: those of the running server, over its control socket, or, when none runs, the same ones
 * over the stores opened here, under the data folder's lock.
 */
export async function withArchiveJobs<Result>(
  terminal: Terminal,
  use: (jobs: ArchiveJobs) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig(terminal.env);
  try {
    if (lockHolder(config.DATA_DIR) !== undefined) return await use(serverJobs(controlSocketPath(config.DATA_DIR)));
    return await withOwnStores(config, use);
  } catch (error) {
    const isExplained = error instanceof ArchiveJobError || error instanceof StartError;
    throw isExplained ? new CommandError(error.message, { cause: error }) : error;
  }
}

async function withOwnStores<Result>(config: Config, use: (jobs: ArchiveJobs) => Promise<Result>): Promise<Result> {
  const closing = new Closing((error, what) => {
    process.emitWarning(`Closing ${what} failed: ${String(error)}`);
  });
  try {
    const lock = lockDataDir(config.DATA_DIR);
    closing.push('the lock', () => lock.release());
    const parts = { config, log: createLog('silent'), clock: Date.now, metrics: createMetrics(), closing };
    const stores = await openStores(parts);
    return await use(new LocalArchiveJobs({ ...stores, dataDir: config.DATA_DIR, clock: Date.now, randomBytes }));
  } finally {
    await closing.close();
  }
}

/** The jobs as the server does them. An aborted import ends with the connection; the server stores what it has read. */
function serverJobs(socketPath: string): ArchiveJobs {
  return {
    import: (job, { onProgress, signal }) => ask(socketPath, { path: '/_control/imports', job, onProgress, signal }),
    export: (job) => ask(socketPath, { path: '/_control/exports', job }),
  };
}

interface Asking {
  path: string;
  job: object;
  onProgress?: ((progress: ImportProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A line of the server's answer. */
type JobEvent<Report> =
  | { event: 'progress'; progress: ImportProgress }
  | { event: 'report'; report: Report }
  | { event: 'failed'; detail: string };

async function ask<Report>(socketPath: string, { path, job, onProgress, signal }: Asking): Promise<Report> {
  const lines = createInterface({ input: await send(socketPath, { path, job, signal }) });
  for await (const line of lines) {
    const event = JSON.parse(line) as JobEvent<Report>;
    if (event.event === 'report') return event.report;
    if (event.event === 'failed') throw new CommandError(event.detail);
    onProgress?.(event.progress);
  }
  throw new CommandError(
    signal?.aborted ? 'Stopped. What the server had read is stored.' : 'The server ended before it was done.',
  );
}

function send(socketPath: string, { path, job, signal }: Asking): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const sent = request({ socketPath, path, method: 'POST', headers }, (response) => {
      if (response.statusCode === 200) resolve(response);
      else {
        response.resume();
        reject(new CommandError(`The server answered ${response.statusCode}: it may be an older version.`));
      }
      // Ends the lines; who reads them sees that the last one is missing.
      signal?.addEventListener('abort', () => response.push(null), { once: true });
    });
    signal?.addEventListener('abort', () => sent.destroy(), { once: true });
    sent.on('error', (cause) => {
      reject(new CommandError(`The server holds the data folder but does not answer on ${socketPath}.`, { cause }));
    });
    sent.end(JSON.stringify(job));
  });
}
