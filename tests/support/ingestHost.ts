import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Reading, Rejection } from '../../server/domain/reading.ts';
import { Broker, type BrokerOptions } from '../../server/ingest/broker.ts';
import { Committer } from '../../server/ingest/committer.ts';
import { decoders } from '../../server/ingest/decoders/index.ts';
import { createPipeline } from '../../server/ingest/pipeline.ts';
import { Stamper } from '../../server/ingest/stamp.ts';
import { ZigbeeNames } from '../../server/ingest/zigbeeNames.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';
import { isRefusal, StationStore } from '../../server/store/registry/stationStore.ts';
import { closeAfterTest } from './closing.ts';
import type { DeviceLogin } from './mqttClients.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** What a test may put in place of the usual. */
export interface IngestHostOptions {
  clock?: () => number;
  /** Puts something between committer and store, e.g. to make it slow. */
  wrapStore?: (store: ReadingStore) => Pick<ReadingStore, 'append'>;
  broker?: Partial<Pick<BrokerOptions, 'maxHoldMs' | 'onClosed'>> & {
    service?: { username: string; password: string };
  };
}

/** Registry, DuckDB on a file, pipeline and embedded broker, as `main.ts` puts them together. Closed after the test. */
export async function openIngestHost(options: IngestHostOptions = {}) {
  const clock = options.clock ?? Date.now;
  const dataDir = temporaryFolder();
  const stations = new StationStore({ path: join(dataDir, 'registry.duckdb'), clock, randomBytes });
  await stations.open();
  closeAfterTest(() => stations.close());
  const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
  await store.open();
  closeAfterTest(() => store.close());

  const seen = { rejections: [] as Rejection[], repeats: 0, folded: [] as Reading[], failures: [] as string[] };
  const committer = new Committer({
    store: options.wrapStore?.(store) ?? store,
    onStored: (_messages, outcomes) => {
      for (const { stored } of outcomes) seen.folded.push(...stored);
    },
    onFailure: (stage, error) => seen.failures.push(`${stage}: ${error.message}`),
  });
  const stamper = new Stamper();
  const refused = (_from: unknown, rejection: Rejection) => void seen.rejections.push(rejection);
  const accept = createPipeline({
    decoders,
    registry: stations,
    stamper,
    committer,
    observer: {
      refused,
      repeated: () => seen.repeats++,
      stored: () => undefined,
      failed: (_arrival, error) => seen.failures.push(String(error)),
    },
  });
  const zigbeeNames = new ZigbeeNames(stations);
  const { service, ...brokerOptions } = options.broker ?? {};
  const broker = new Broker({
    port: 0,
    host: '127.0.0.1',
    accounts: { authenticateDevice: (id, token) => stations.authenticateDevice(id, token), service },
    registry: stations,
    deviceOfZigbeeName: (name) => zigbeeNames.deviceOf(name),
    accept,
    observer: { signedIn: () => undefined, signInRefused: () => undefined, publishRefused: refused },
    onError: (error) => seen.failures.push(error.message),
    clock,
    ...brokerOptions,
  });
  const port = await broker.listen();
  closeAfterTest(() => broker.close());
  return { accept, broker, committer, dataDir, port, seen, stamper, stations, store };
}

/** A running host. */
export type IngestHost = Awaited<ReturnType<typeof openIngestHost>>;

/** Makes a station with one device. */
export async function addStation(stations: StationStore, deviceId: string, names?: string[]) {
  const made = await stations.addStation({
    name: `Station of ${deviceId}`,
    position: { lat: 51.45, lon: 7.01 },
    isIndoor: false,
    sensorModels: [],
    status: 'active',
    source: 'direct',
    licence: 'ODbL-1.0',
    device: names === undefined ? { deviceId } : { deviceId, names },
  });
  if (isRefusal(made) || made.device === undefined) throw new Error(`no station: ${JSON.stringify(made)}`);
  const login: DeviceLogin = made.device;
  return { stationId: made.station.id, ownerKey: made.ownerKey, ...login };
}

/** An airRohr body whose bytes are unique by `samples`. */
export function airrohrBody(samples: number, pm25 = 7.5): string {
  return JSON.stringify({
    software_version: 'NRZ-2024-135',
    sensordatavalues: [
      { value_type: 'SDS_P1', value: '12.40' },
      { value_type: 'SDS_P2', value: pm25.toFixed(2) },
      { value_type: 'samples', value: String(samples) },
    ],
  });
}

/** Everything stored, in time order. */
export async function storedReadings(store: ReadingStore): Promise<Reading[]> {
  const readings: Reading[] = [];
  for await (const page of store.scan({ from: 0, to: Number.MAX_SAFE_INTEGER })) readings.push(...page);
  return readings;
}
