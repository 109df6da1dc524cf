import { randomBytes } from 'node:crypto';
import { isOwnContainer } from '../admin/ownContainer.ts';
import { AreaDirectory } from '../areas/areaDirectory.ts';
import { readDistricts } from '../areas/districtsFile.ts';
import { refuseBrokenRestore } from '../backup/brokenRestore.ts';
import { loadInstanceKey } from '../citation/instanceKey.ts';
import type { Config } from '../config.ts';
import { commandsHere } from '../domain/operator/ownCommand.ts';
import { createLog, type Logger } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { type AggregatorNode, refuseSecondAggregator } from '../nodes/aggregatorNode.ts';
import { createBus } from '../nodes/nodeBus.ts';
import { openOfflineFiles } from '../offline/offlineFiles.ts';
import { loadAdminToken } from '../process/adminToken.ts';
import { Closing } from '../process/closing.ts';
import { lockDataDir } from '../process/dataDirLock.ts';
import { startMachineWatch } from '../process/machineWatch.ts';
import { programVersion } from '../process/programVersion.ts';
import { refuseOtherDays } from '../retention/refuseOtherDays.ts';
import { composeServer } from './composeServer.ts';
import type { Ground } from './ground.ts';
import { createHttpServers } from './httpServers.ts';
import { openDoors } from './openDoors.ts';
import { startNode as startFollower } from './startNode.ts';
import { openStores } from './stores.ts';

/** What a start may be given besides the settings. */
export interface StartOptions {
  /** Epoch ms; the system's clock when absent. */
  clock?: () => number;
  log?: Logger;
  /** Whether webhooks and ntfy servers may be at an IP address; only the public internet when left out. */
  isAddressAllowed?: (ip: string) => boolean;
  /** How long a push waits for the store before it goes to the spool, ms. */
  directMs?: number;
  /** How long an answer waits for means that are being made, ms. */
  rowPatienceMs?: number;
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
    const clock = options.clock ?? Date.now;
    if (isFollower(config))
      return { ...(await startFollower(config, { log, clock, closing })), close: () => closing.close() };
    return await open(config, { ...options, log, clock }, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** True for a process that leaves history and registry to another one. */
function isFollower({ ROLES }: Config): boolean {
  return !ROLES.includes('all') && !ROLES.includes('aggregator');
}

type Environment = StartOptions & { log: Logger; clock: () => number };

/** Opens the data folder, puts the parts together and opens the doors. */
async function open(config: Config, environment: Environment, closing: Closing): Promise<RunningServer> {
  const { log, clock } = environment;
  const lock = lockDataDir(config.DATA_DIR);
  closing.push('lock', () => lock.release());
  refuseBrokenRestore(config.DATA_DIR);
  const admin = loadAdminToken(config, randomBytes);
  const metrics = createMetrics();
  const isOneOfSeveral = !config.ROLES.includes('all');
  if (isOneOfSeveral) await refuseSecondAggregator(config, log);
  const bus = isOneOfSeveral ? createBus(config, log) : undefined;
  const others: { node?: AggregatorNode } = {};
  const othersAppended = bus && ((until: number) => others.node?.readings.follower.settled(until) ?? Promise.resolve());
  const stores = await openStores({ config, metrics, log, clock, closing, othersAppended });
  const { stationStore, gap } = stores;
  if (gap !== undefined) log.warn(commandsHere(`${gap.detail} If by mistake: ${gap.help}`, isOwnContainer()));
  await refuseOtherDays(stores.store, config);
  metrics.gauge('stations', 'Stations in the registry', () => stationStore.stations().length);
  const districts = config.DISTRICTS === undefined ? [] : await readDistricts(config.DISTRICTS, config.MAP_CENTER);
  const areas = new AreaDirectory(districts, () => stationStore.stations());
  const offline = await openOfflineFiles(config);
  const servers = createHttpServers(config);
  const { connections } = servers;
  metrics.total('http_connections_refused_total', 'Connections refused because their address has too many', () => {
    return connections.refused;
  });
  // By the system's clock, also where a test passes another.
  const machine = startMachineWatch({ metrics, log, clock: Date.now });
  closing.push('machine watch', () => machine.close());
  const citationKey = loadInstanceKey(config.DATA_DIR);
  const ground: Ground = {
    config,
    version: programVersion(),
    ...stores,
    citationKey,
    areas,
    offline,
    metrics,
    log,
    clock,
    servers,
    adminToken: admin.token,
    bus,
    others,
    machine,
    isAddressAllowed: environment.isAddressAllowed,
    directMs: environment.directMs,
    rowPatienceMs: environment.rowPatienceMs,
  };
  const parts = composeServer(ground);
  const ports = await openDoors(parts, environment.demo, closing);
  return { ...ports, adminTokenPath: admin.path, close: () => closing.close() };
}
