import { DuckDbReadingStore } from '../../../server/store/duckdb/duckdbReadingStore.ts';
import { message } from '../storeMessages.ts';

/**
 * Program of the DuckDB crash tests: appends batches one after another and prints `acked <first> <last>` for each that
 * the store has acknowledged, or `refused <error>` and tries the same batch again. With `prune` it prunes (nothing)
 * after each, which folds the write-ahead log into the file.
 */
const [path = '', firstTime = '0', batchSize = '100', afterEach = ''] = process.argv.slice(2);

const store = new DuckDbReadingStore({ path });
await store.open();
console.log('open');

for (let first = Number(firstTime); ; first += Number(batchSize)) {
  const batch = Array.from({ length: Number(batchSize) }, (_, index) => {
    return message(first + index, { values: { pm25: (first + index) % 1000 }, health: { signal: -60 } });
  });
  while (!(await isAppended(batch)));
  console.log(`acked ${first} ${first + batch.length - 1}`);
}

async function isAppended(batch: Parameters<typeof store.append>[0]): Promise<boolean> {
  try {
    await store.append(batch);
    if (afterEach === 'prune') await store.prune(0);
    return true;
  } catch (error) {
    console.log(`refused ${(error as Error).name}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
}
