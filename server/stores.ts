import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Closing } from './closing.ts';
import type { Config } from './config.ts';
import type { Logger } from './log.ts';
import { DuckDbReadingStore } from './store/duckdbReadingStore.ts';
import type { ReadingStore } from './store/readingStore.ts';
import { StationStore } from './store/stationStore.ts';

/** What stores are opened with. */
export interface StoresParts {
  config: Config;
  log: Logger;
  clock: () => number;
  closing: Closing;
}

/** Opens the registry and the reading store the settings ask for. */
export async function openStores(parts: StoresParts): Promise<{ stationStore: StationStore; store: ReadingStore }> {
  const { config, log, clock, closing } = parts;
  const stationStore = new StationStore({
    path: join(config.DATA_DIR, 'registry.duckdb'),
    clock,
    randomBytes,
    onFlushError: (error) => log.warn({ err: error }, 'last-seen times are not written yet'),
  });
  await stationStore.open();
  closing.push('registry', () => stationStore.close());
  const store = createReadingStore(config);
  await store.open();
  closing.push('reading store', () => store.close());
  return { stationStore, store };
}

function createReadingStore(config: Config): ReadingStore {
  return new DuckDbReadingStore({ path: join(config.DATA_DIR, 'readings.duckdb') });
}
