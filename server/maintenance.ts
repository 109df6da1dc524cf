import type { Config } from './config.ts';
import type { Logger } from './log.ts';
import { type ReadingStore, StoreUnavailableError } from './store/readingStore.ts';
import type { StationStore } from './store/stationStore.ts';

const HOUR_MS = 3_600_000;

/** What is tidied up. */
export interface MaintenanceParts {
  config: Pick<Config, 'RETENTION'>;
  stationStore: StationStore;
  store: ReadingStore;
  /** Removes everything stored of a station but its registry entry. */
  erase: (stationId: string) => Promise<void>;
  log: Logger;
  clock: () => number;
}

/**
 * Every hour and at the start: finishes erasures that were cut short, ends bindings never used, and prunes readings
 * older than `RETENTION`. Returns how to stop.
 */
export function startMaintenance(parts: MaintenanceParts): () => void {
  const run = () => {
    tidyUp(parts).catch((error: unknown) => {
      const level = error instanceof StoreUnavailableError ? 'warn' : 'error';
      parts.log[level]({ err: error }, 'tidying up failed; it is tried again in an hour');
    });
  };
  const timer = setInterval(run, HOUR_MS).unref();
  run();
  return () => clearInterval(timer);
}

async function tidyUp({ config, stationStore, store, erase, log, clock }: MaintenanceParts): Promise<void> {
  for (const stationId of stationStore.pendingErasures()) {
    await erase(stationId);
    await stationStore.completeErasure(stationId);
  }
  const expired = await stationStore.expireUnusedBindings(clock());
  if (expired.length > 0) log.info({ devices: expired.length }, 'bindings never used have ended');
  if (config.RETENTION !== undefined) await store.prune(clock() - config.RETENTION);
}
