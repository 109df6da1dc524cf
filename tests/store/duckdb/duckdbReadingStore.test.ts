import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDbReadingStore } from '../../../server/store/duckdb/duckdbReadingStore.ts';
import { describeReadingStore, type StoreUnderTest } from '../readingStoreContract.ts';

describeReadingStore('DuckDbReadingStore on a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'buergerluft-duckdb-'));
  const underTest: StoreUnderTest = {
    store: new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') }),
    reopen: async () => {
      await underTest.store.close();
      underTest.store = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
      await underTest.store.open();
    },
    destroy: async () => {
      await underTest.store.close();
      await rm(folder, { recursive: true });
    },
  };
  await underTest.store.open();
  return underTest;
});
