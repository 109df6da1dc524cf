import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { refuseBrokenRestore } from '../backup/brokenRestore.ts';
import type { Config } from '../config.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { Closing } from '../process/closing.ts';
import { lockDataDir } from '../process/dataDirLock.ts';
import { type OpenStores, openStores } from '../start/stores.ts';
import { REGISTRY_FILE } from '../store/registry/stationStore.ts';
import { CommandError } from './verb.ts';

/** Gives `use` the stores, opened here under the data folder's lock because no server runs. */
export async function withOwnStores<Result>(
  config: Config,
  use: (stores: OpenStores) => Promise<Result>,
): Promise<Result> {
  const closing = new Closing((error, what) => {
    process.emitWarning(`Closing ${what} failed: ${String(error)}`);
  });
  try {
    const lock = lockDataDir(config.DATA_DIR);
    closing.push('the lock', () => lock.release());
    refuseBrokenRestore(config.DATA_DIR);
    return await use(
      await openStores({ config, log: createLog('silent'), clock: Date.now, metrics: createMetrics(), closing }),
    );
  } finally {
    await closing.close();
  }
}

/** @throws CommandError for a data folder in which nothing ever ran: hardly the one that was meant. */
export function refuseNewFolder({ DATA_DIR }: Pick<Config, 'DATA_DIR'>): void {
  if (existsSync(join(DATA_DIR, REGISTRY_FILE))) return;
  throw new CommandError(
    `There is no ${REGISTRY_FILE} in ${resolve(DATA_DIR)}. Is DATA_DIR right, and this the right folder?`,
  );
}
