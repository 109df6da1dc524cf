import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createDeviceApp } from '../../firmware-bridge/bridge.ts';
import { createEmbeddedBridge } from '../../firmware-bridge/embeddedBridge.ts';
import { loadConfig } from '../../server/config.ts';
import { Ingest } from '../../server/ingest/ingest.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/metrics.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { StoreUnavailableError } from '../../server/store/readingStore.ts';
import { isRefusal, StationStore } from '../../server/store/registry/stationStore.ts';

/**
 * The doors of the single process with its real ingest, on a data folder of its own. `away`: the store takes nothing;
 * `halting`: it stores and then never says so, but for a line `stored`. Prints the device's login, then the port; runs until it
 * is killed.
 */
const [dataDir = '', mode = 'there'] = process.argv.slice(2);
const clock = Date.now;
const config = loadConfig({ DATA_DIR: dataDir, MQTT_PORT: '0' });
const log = createLog('error');
const metrics = createMetrics();
const stationStore = new StationStore({ path: join(dataDir, 'registry.duckdb'), clock, randomBytes });
await stationStore.open();
if (stationStore.stations().length === 0) await addDevice();
const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
await store.open();
const append = store.append.bind(store);
store.append = async (messages) => {
  if (mode === 'away') throw new StoreUnavailableError('away');
  const outcomes = await append(messages);
  process.stdout.write('stored\n');
  return mode === 'halting' ? new Promise(() => undefined) : outcomes;
};
const ingest = new Ingest({
  ...{ config, stationStore, store, metrics, log, clock },
  onStored: () => undefined,
  onConnected: () => undefined,
  onboarding: { isOnboarding: () => false, onboardingStep: () => undefined },
});
await ingest.open();
const bridge = createEmbeddedBridge({
  ...{ stationStore, metrics, log, clock, accept: ingest.accept },
  observer: { signedIn: () => undefined, signInRefused: () => undefined, refused: () => undefined },
  rateLimit: config.RATE_LIMIT,
  spoolDir: join(dataDir, 'spool'),
  spoolLimit: config.SPOOL_LIMIT,
});
await bridge.open(ingest.restored);
const http = createServer(createDeviceApp(bridge.router));
http.listen(0, '127.0.0.1', () => process.stdout.write(`port ${(http.address() as AddressInfo).port}\n`));
setInterval(() => {
  if (bridge.spool.isEmpty) process.stdout.write('empty\n');
}, 50);

async function addDevice(): Promise<void> {
  const made = await stationStore.addStation({
    ...{ name: 'x', position: { lat: 51, lon: 7 }, isIndoor: false, sensorModels: [], licence: 'ODbL-1.0' },
    ...{ status: 'active', source: 'direct', device: { deviceId: 'esp8266-15303512' } },
  });
  if (isRefusal(made)) throw new Error(made.refused);
  process.stdout.write(`login ${JSON.stringify({ stationId: made.station.id, ...made.device })}\n`);
}
