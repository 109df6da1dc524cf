import { randomBytes } from 'node:crypto';
import { ArchiveJobError, type ArchiveJobs, LocalArchiveJobs } from '../archive/archiveJobs.ts';
import { loadConfig } from '../config.ts';
import { controlSocketPath } from '../process/controlSocket.ts';
import { lockHolder } from '../process/dataDirLock.ts';
import { StartError } from '../process/startError.ts';
import { storeName } from '../start/stores.ts';
import { askServer } from './controlJob.ts';
import { withOwnStores } from './ownStores.ts';
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
    return await withOwnStores(config, (stores) => {
      const where = { dataDir: config.DATA_DIR, storeName: storeName(config) };
      return use(new LocalArchiveJobs({ ...stores, ...where, clock: Date.now, randomBytes }));
    });
  } catch (error) {
    const isExplained = error instanceof ArchiveJobError || error instanceof StartError;
    throw isExplained ? new CommandError(error.message, { cause: error }) : error;
  }
}

/** The jobs as the server does them. An aborted import ends with the connection; the server stores what it has read. */
function serverJobs(socketPath: string): ArchiveJobs {
  return {
    import: (job, { onProgress, signal }) =>
      askServer(socketPath, { path: '/_control/imports', job, onProgress, signal }),
    export: (job) => askServer(socketPath, { path: '/_control/exports', job }),
  };
}
