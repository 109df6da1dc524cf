import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAdminToken } from './adminToken.ts';
import { createApp } from './api/app.ts';
import { LocalArchiveJobs } from './archive/archiveJobs.ts';
import { Closing } from './closing.ts';
import type { Config } from './config.ts';
import { startControlSocket } from './controlSocket.ts';
import { lockDataDir } from './dataDirLock.ts';
import { type Demo, type DemoOptions, startDemo } from './demo/startDemo.ts';
import { createFirmwareDoors } from './firmwareDoors.ts';
import { createHttpServers, listenHttp } from './httpServers.ts';
import { Ingest } from './ingest/ingest.ts';
import { LiveSide } from './liveSide.ts';
import { createLog, type Logger } from './log.ts';
import { startMaintenance } from './maintenance.ts';
import { createMetrics } from './metrics.ts';
import { startMosquittoAccounts } from './mosquittoAccounts.ts';
import { packageRoot } from './packageRoot.ts';
import { RegistryPublisher } from './registryPublisher.ts';
import { createRouters } from './routers.ts';
import { StartError } from './startError.ts';
import { openStores } from './stores.ts';

const VERSION = String(JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version);

/** What a start may be given besides the settings. */
export interface StartOptions {
  /** Epoch ms; the system's clock when absent. */
  clock?: () => number;
  log?: Logger;
  /** Replays the bundled recording; needs an empty data folder. */
  demo?: { speed: number } | undefined;
}

/** A running server. */
export interface RunningServer {
  httpPort: number;
  httpsPort: number | undefined;
  /** Port of the device TLS listener, when there is one. */
  deviceTlsPort: number | undefined;
  /** Absent with an external broker. */
  mqttPort: number | undefined;
  /** Where the admin token lies; absent when it was given as a setting. */
  adminTokenPath: string | undefined;
  /** Stores and acknowledges what is on its way, then closes everything. */
  close(): Promise<void>;
}

/**
 * Puts the whole program together and opens its doors.
 * @throws StartError, DataDirError with one line for the operator; nothing stays open then.
 */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const log = options.log ?? createLog(config.LOG_LEVEL);
  const closing = new Closing((error, what) => log.error({ err: error, what }, 'closing failed'));
  try {
    return await open(config, { ...options, log, clock: options.clock ?? Date.now }, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

type Environment = StartOptions & { log: Logger; clock: () => number };

async function open(config: Config, environment: Environment, closing: Closing): Promise<RunningServer> {
  const { log, clock, demo } = environment;
  const lock = lockDataDir(config.DATA_DIR);
  closing.push('lock', () => lock.release());
  const admin = loadAdminToken(config, randomBytes);
  const metrics = createMetrics();
  const { stationStore, store } = await openStores({ config, metrics, log, clock, closing });
  metrics.gauge('stations', 'Stations in the registry', () => stationStore.stations().length);
  const servers = createHttpServers(config);
  const common = { config, stationStore, store, metrics, log, clock };

  // Ingest hands on what it stored through these doors and knows nothing else of the live side.
  const ingest: Ingest = new Ingest({
    ...common,
    onStored: (messages, outcomes) => live.onStored(messages, outcomes),
    onConnected: () => {
      live.outTopics.connected();
      registry.connected();
    },
    onboarding: {
      isOnboarding: (stationId) => live.feed.isOnboarding(stationId),
      onboardingStep: (stationId, step) => live.feed.onboardingStep(stationId, step),
    },
  });
  const publish = (topic: string, payload: string) => ingest.publish(topic, payload);
  const registry = new RegistryPublisher({ directory: stationStore, publish, clock });
  const live = new LiveSide({ ...common, httpServer: servers.http, publish });
  if (servers.https) live.feed.attach(servers.https);
  const erase = async (stationId: string) => {
    await ingest.settled();
    await store.remove({ stationId });
    live.aggregator.removeStation(stationId);
  };
  let replay: Demo | undefined;
  const doors = createFirmwareDoors({ ...common, ingest });
  const archiveJobs = new LocalArchiveJobs({
    ...common,
    dataDir: config.DATA_DIR,
    randomBytes,
    onStored: (messages, outcomes) => live.onImported(messages, outcomes),
  });
  const app = createApp({
    ...common,
    adminToken: admin.token,
    stationFacts: (stationId) => live.facts(stationId),
    revisionOf: (stationId) => live.aggregator.revisionOf(stationId),
    erase,
    readiness: () => [...ingest.problems(), ...live.problems()],
    version: VERSION,
    routers: createRouters({
      ...common,
      adminToken: admin.token,
      doors,
      live,
      archiveJobs,
      version: VERSION,
      demoCredit: () => replay?.credit(),
    }),
  });

  // History before the doors: readings that come back after a restart would have it read again and again.
  if (demo === undefined) await live.warm();
  closing.push('ingest', () => ingest.close());
  const mqttPort = await ingest.open();
  // Without an external broker or a service account at ours there is nobody who could read it.
  if (config.MQTT_URL !== undefined || config.MQTT_PASSWORD !== undefined) {
    closing.push('registry publisher', registry.start());
  }
  if (config.MQTT_URL !== undefined) {
    const onError = (error: unknown) => log.error({ err: error }, 'the accounts for Mosquitto were not written');
    const folder = join(config.DATA_DIR, 'mosquitto');
    closing.push('Mosquitto accounts', startMosquittoAccounts({ folder, directory: stationStore, onError }));
  }
  closing.push('firmware doors', () => doors.close());
  closing.push('live side', () => live.close());
  closing.push('archive jobs', () => archiveJobs.close());
  if (demo !== undefined) replay = await playDemo({ ...common, speed: demo.speed, mqttPort, live });
  closing.push('demo', () => replay?.close());
  live.start();
  const deviceTlsPort = await doors.open(servers);
  const ports = await listenHttp(servers, app, config);
  const control = await startControlSocket(config.DATA_DIR, app);
  closing.push('control socket', () => control.close());
  closing.push('maintenance', startMaintenance({ ...common, erase }));
  return { ...ports, mqttPort, deviceTlsPort, adminTokenPath: admin.path, close: () => closing.close() };
}

interface DemoParts extends Omit<DemoOptions, 'aggregatorWarm' | 'mqttPort'> {
  mqttPort: number | undefined;
  live: LiveSide;
}

/** Stores the recording's past and starts its replay. */
function playDemo({ mqttPort, live, ...parts }: DemoParts): Promise<Demo> {
  if (mqttPort === undefined) throw new StartError('The demo brings its own broker: leave MQTT_URL away.');
  return startDemo({ ...parts, mqttPort, aggregatorWarm: () => live.warm() });
}
