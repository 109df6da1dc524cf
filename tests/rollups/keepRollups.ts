import { setInterval } from 'node:timers';
import { RollupKeeper } from '../../server/rollups/rollupKeeper.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';

/** `keepRollups.ts <file> <now, epoch ms> <stations...>`: makes what is to be made, and says how far it is. */
const [path = '', now = '0', ...stationIds] = process.argv.slice(2);
const store = new DuckDbReadingStore({ path });
await store.open();
const keeper = new RollupKeeper({
  store,
  stationIds: () => stationIds,
  annotationsOf: () => [],
  dayOffsetMs: 3_600_000,
  fixedUntil: async () => Number.NEGATIVE_INFINITY,
  clock: () => Number(now),
  log: { info: () => undefined, warn: console.error, error: console.error },
});
const telling = setInterval(() => {
  const { rowsWritten, dirtyStations } = keeper.stats();
  if (rowsWritten > 0) console.log(`written ${rowsWritten}, ${dirtyStations} stations left`);
}, 5);
keeper.start();
await keeper.upToDate(stationIds, { patienceMs: 600_000, to: Number(now) });
clearInterval(telling);
await keeper.close();
await store.close();
console.log('done');
