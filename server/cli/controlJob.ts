import { request } from 'node:http';
import { createInterface } from 'node:readline';
import type { ImportProgress } from '../archive/importReport.ts';
import { silentHolder } from './silentHolder.ts';
import { CommandError } from './verb.ts';

/** A job for the running server. */
export interface Asking {
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

/**
 * Has the running server do a job over its control socket. Resolves to its report.
 * @throws CommandError with the server's reason.
 */
export async function askServer<Report>(
  socketPath: string,
  { path, job, onProgress, signal }: Asking,
): Promise<Report> {
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
    sent.on('error', (cause) => reject(silentHolder(socketPath, cause)));
    sent.end(JSON.stringify(job));
  });
}
