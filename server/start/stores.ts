import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { IN_DUCKDB } from '../archive/importMemory.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Closing } from '../process/closing.ts';
import { StartError } from '../process/startError.ts';
import { CitationStore } from '../store/citationStore.ts';
import type { CopyableDatabase } from '../store/duckdb/duckdbCopy.ts';
import { DuckDbReadingStore } from '../store/duckdb/duckdbReadingStore.ts';
import type { InfluxConnection } from '../store/influx/influxClient.ts';
import { InfluxReadingStore } from '../store/influx/influxReadingStore.ts';
import { QueueingReadingStore } from '../store/queueingReadingStore.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { REGISTRY_FILE, StationStore } from '../store/registry/stationStore.ts';
import { type StoreGap, storeGap } from './storeGap.ts';

/** What stores are opened with. */
export interface StoresParts {
  config: Config;
  log: Logger;
  clock: () => number;
  closing: Closing;
  metrics: Metrics;
  /** Other processes write readings too: resolves when what they began before is stored. */
  othersAppended?: ((closedUntil: number) => Promise<unknown>) | undefined;
}

/** What the data folder holds, open. */
export interface OpenStores {
  stationStore: StationStore;
  store: ReadingStore;
  citationStore: CitationStore;
  /** What a backup copies, by the name of its file in the data folder. */
  databases: Record<string, CopyableDatabase>;
  /** Set when registry and readings do not belong together. */
  gap?: StoreGap;
}

const READINGS = 'readings.duckdb';
const CITATIONS = 'citations.duckdb';

/** Opens the registry and the reading store the settings ask for. */
export async function openStores(parts: StoresParts): Promise<OpenStores> {
  const { config, log, clock, closing } = parts;
  const stationStore = new StationStore({
    path: join(config.DATA_DIR, REGISTRY_FILE),
    clock,
    randomBytes,
    onFlushError: (error) => log.warn({ err: error }, 'last-seen times are not written yet'),
  });
  await opened('registry', stationStore);
  closing.push('registry', () => stationStore.close());
  const store = createReadingStore(parts);
  await opened('store of readings', store);
  closing.push('reading store', () => store.close());
  const citationStore = new CitationStore(join(config.DATA_DIR, CITATIONS));
  await opened('store of citations', citationStore);
  closing.push('citations', () => citationStore.close());
  const databases: OpenStores['databases'] = { [REGISTRY_FILE]: stationStore, [CITATIONS]: citationStore };
  if (!(store instanceof DuckDbReadingStore)) return { stationStore, store, citationStore, databases };
  databases[READINGS] = store;
  const gap = await storeGap(stationStore, store);
  return { stationStore, store, citationStore, databases, ...(gap && { gap }) };
}

/** What keeps a store from opening is for the operator to mend: a damaged file, a full disk, a wrong password. */
async function opened(what: string, store: { open(): Promise<void> }): Promise<void> {
  try {
    await store.open();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`The ${what} cannot be opened: ${reason}`, { cause });
  }
}

/** Which store of readings the settings mean, told from any other that the data folder was used with. */
export function storeName({ STORE, INFLUX_URL, INFLUX_BUCKET }: Config): string {
  switch (STORE) {
    case 'duckdb':
      return IN_DUCKDB;
    case 'influxdb':
      return `influxdb ${INFLUX_URL} ${INFLUX_BUCKET}`;
  }
}

/** The file of readings that is there and not read, because the settings name another store; undefined for none. */
export function unreadReadings({ STORE, DATA_DIR }: Config): string | undefined {
  const path = join(DATA_DIR, READINGS);
  return STORE !== 'duckdb' && existsSync(path) ? path : undefined;
}

function createReadingStore(parts: StoresParts): ReadingStore {
  const { DATA_DIR, STORE } = parts.config;
  const unread = unreadReadings(parts.config);
  if (unread !== undefined) parts.log.warn(`STORE=${STORE}: readings in ${unread} are not shown (docs/stores.md)`);
  switch (STORE) {
    case 'duckdb':
      return new DuckDbReadingStore({ path: join(DATA_DIR, READINGS) });
    case 'influxdb':
      return createInfluxStore(parts);
  }
}

/** InfluxDB runs on its own and may be away: readings wait on disk meanwhile. */
function createInfluxStore({ config, metrics, log, clock, othersAppended }: StoresParts): ReadingStore {
  const store = new InfluxReadingStore({
    ...influxConnection(config),
    clock,
    othersAppended,
    onRefusedLine: ({ reason }) => log.error({ reason }, 'InfluxDB refused a line for good'),
  });
  const queue = new QueueingReadingStore({
    store,
    folder: join(config.DATA_DIR, 'queue'),
    limitBytes: config.SPOOL_LIMIT.bytes,
    onDrained: (_messages, outcomes) => {
      metrics.conflicts.inc(outcomes.reduce((sum, { conflicts }) => sum + conflicts.length, 0));
    },
    onUnavailable: (error) => log.warn({ err: error }, 'InfluxDB is away, readings wait on disk'),
  });
  metrics.gauge('queue_messages', 'Messages waiting on disk for the store', () => queue.counts.queuedMessages);
  metrics.gauge('queue_bytes', 'Bytes waiting on disk for the store', () => queue.counts.queuedBytes);
  return queue;
}

/** The store of a node beside others, which has no queue: what it does not take stays with the broker. */
export async function openSharedStore({ config, log, clock, closing }: StoresParts): Promise<ReadingStore> {
  const store = new QueueingReadingStore({
    store: new InfluxReadingStore({
      ...influxConnection(config),
      clock,
      othersAppended: () => Promise.resolve(),
      onRefusedLine: ({ reason }) => log.error({ reason }, 'InfluxDB refused a line for good'),
    }),
    folder: join(config.DATA_DIR, 'queue'),
    limitBytes: 0,
    onUnavailable: (error) => log.warn({ err: error }, 'InfluxDB is away, readings wait with the broker'),
  });
  await opened('store of readings', store);
  closing.push('reading store', () => store.close());
  return store;
}

/** The settings that are there; loadConfig has seen to the ones that must be. */
function influxConnection(config: Config): InfluxConnection {
  const { INFLUX_URL = '', INFLUX_BUCKET = '', INFLUX_TOKEN, INFLUX_ORG, INFLUX_USERNAME, INFLUX_PASSWORD } = config;
  return {
    url: INFLUX_URL,
    bucket: INFLUX_BUCKET,
    ...(INFLUX_TOKEN !== undefined && { token: INFLUX_TOKEN }),
    ...(INFLUX_ORG !== undefined && { org: INFLUX_ORG }),
    ...(INFLUX_USERNAME !== undefined && { username: INFLUX_USERNAME }),
    ...(INFLUX_PASSWORD !== undefined && { password: INFLUX_PASSWORD }),
  };
}
