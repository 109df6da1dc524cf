import { randomBytes } from 'node:crypto';
import { StationStore, type StationStoreOptions } from '../../../server/store/registry/stationStore.ts';
import { closeAfterTest } from '../../support/closing.ts';

/** The time in these tests, epoch ms, unless one brings its own clock. */
export const NOW = Date.UTC(2026, 0, 5, 12);

/** An open registry, closed after the test unless the test did it. */
export async function openStore(path: string, options: Partial<StationStoreOptions> = {}): Promise<StationStore> {
  const store = new StationStore({ path, clock: () => NOW, randomBytes, ...options });
  await store.open();
  let isOpen = true;
  const close = store.close.bind(store);
  store.close = async () => {
    if (isOpen) await close();
    isOpen = false;
  };
  closeAfterTest(() => store.close());
  return store;
}
