import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { OperatorDesk } from './admin/operatorDesk.ts';
import { loadAdminToken } from './adminToken.ts';
import { createApp } from './api/app.ts';
import { Freezer } from './api/citations.ts';
import { withRecordFiles } from './api/sensorCommunity.ts';
import { LocalArchiveJobs } from './archive/archiveJobs.ts';
import { AreaDirectory } from './areas/areaDirectory.ts';
import { readDistricts } from './areas/districtsFile.ts';
import { Backups } from './backup/backups.ts';
import { checkInChild } from './backup/checkInChild.ts';
import { startBrokerAccounts } from './brokerAccounts/startBrokerAccounts.ts';
import { Citations } from './citation/citations.ts';
import { type InstanceKey, loadInstanceKey } from './citation/instanceKey.ts';
import { Closing } from './closing.ts';
import { type Config, offsetMs } from './config.ts';
import { startControlSocket } from './controlSocket.ts';
import { lockDataDir } from './dataDirLock.ts';
import { type Demo, type DemoOptions, startDemo } from './demo/startDemo.ts';
import { tallyOf } from './erasure/tally.ts';
import { createFirmwareDoors } from './firmwareDoors.ts';
import { createHttpServers, type HttpServers, listenHttp } from './httpServers.ts';
import { Ingest } from './ingest/ingest.ts';
import { Letters } from './letters/letters.ts';
import { LiveSide } from './liveSide.ts';
import { createLog, type Logger } from './log.ts';
import { type MachineWatch, startMachineWatch } from './machineWatch.ts';
import { startMaintenance } from './maintenance.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { Mirror } from './mirror/mirror.ts';
import { PoliteClient } from './mirror/politeClient.ts';
import { type AggregatorNode, refuseSecondAggregator } from './nodes/aggregatorNode.ts';
import { createAggregatorNode } from './nodes/createAggregatorNode.ts';
import { createBus, type NodeBus } from './nodes/nodeBus.ts';
import { OnboardingRelay } from './nodes/onboardingRelay.ts';
import type { Message } from './notices/noticeRecords.ts';
import { NOTICES_FILE } from './notices/noticeStore.ts';
import { Notices } from './notices/notices.ts';
import { type OfflineFiles, openOfflineFiles } from './offline/offlineFiles.ts';
import { PngPress } from './pictures/pngPress.ts';
import { programVersion } from './programVersion.ts';
import { RegistryPublisher } from './registryPublisher.ts';
import { createReports } from './report/createReports.ts';
import { refuseOtherDays } from './retention/refuseOtherDays.ts';
import { ComparedRollups } from './rollups/comparedRollups.ts';
import { createComparisons, createRollups } from './rollups/createRollups.ts';
import { createRouters } from './routers.ts';
import { StartError } from './startError.ts';
import { startNode as startFollower } from './startNode.ts';
import { type OpenStores, openStores } from './stores.ts';

const VERSION = programVersion();
const HOUR_MS = 3_600_000;

/** What a start may be given besides the settings. */
export interface StartOptions {
  /** Epoch ms; the system's clock when absent. */
  clock?: () => number;
  log?: Logger;
  /** Whether webhooks and ntfy servers may be at an IP address; only the public internet when left out. */
  isAddressAllowed?: (ip: string) => boolean;
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
  const admin = loadAdminToken(config, randomBytes);
  const metrics = createMetrics();
  const isOneOfSeveral = !config.ROLES.includes('all');
  if (isOneOfSeveral) await refuseSecondAggregator(config, log);
  const bus = isOneOfSeveral ? createBus(config, log) : undefined;
  const others: { node?: AggregatorNode } = {};
  const othersAppended = bus && ((until: number) => others.node?.readings.follower.settled(until) ?? Promise.resolve());
  const stores = await openStores({ config, metrics, log, clock, closing, othersAppended });
  const { stationStore } = stores;
  await refuseOtherDays(stores.store, config);
  metrics.gauge('stations', 'Stations in the registry', () => stationStore.stations().length);
  const districts = config.DISTRICTS === undefined ? [] : await readDistricts(config.DISTRICTS);
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
  const { isAddressAllowed } = environment;
  const citationKey = loadInstanceKey(config.DATA_DIR);
  const ground = {
    config,
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
  };
  const parts = compose({ ...ground, isAddressAllowed });
  const ports = await openDoors(parts, environment.demo, closing);
  return { ...ports, adminTokenPath: admin.path, close: () => closing.close() };
}

interface Ground extends OpenStores {
  config: Config;
  areas: AreaDirectory;
  offline: OfflineFiles;
  metrics: Metrics;
  log: Logger;
  clock: () => number;
  servers: HttpServers;
  adminToken: string;
  isAddressAllowed: ((ip: string) => boolean) | undefined;
  citationKey: InstanceKey;
  machine: MachineWatch;
  /** What connects the processes of an instance that is more than one. */
  bus: NodeBus | undefined;
  /** Filled with the side that faces them. */
  others: { node?: AggregatorNode };
}

type Parts = ReturnType<typeof compose>;

/** Every part of the program, given what it needs; nothing is open yet. */
function compose(ground: Ground) {
  const { config, stationStore, store, clock, servers } = ground;
  const relay = ground.bus && new OnboardingRelay({ bus: ground.bus, clock, feed: () => live.feed });
  // Ingest hands on what it stored through these doors and knows nothing else of the live side.
  const ingest: Ingest = new Ingest({
    ...ground,
    onStored: (messages, outcomes) => {
      live.onStored(messages, outcomes);
      node?.announce(messages, outcomes);
    },
    onConnected: () => {
      live.outTopics.connected();
      live.homeAssistant?.connected();
      registry.connected();
    },
    onboarding: relay ?? {
      isOnboarding: (stationId) => live.feed.isOnboarding(stationId),
      onboardingStep: (stationId, step) => live.feed.onboardingStep(stationId, step),
    },
  });
  const publish = (topic: string, payload: string) => ingest.publish(topic, payload);
  const registry = new RegistryPublisher({ directory: stationStore, publish, clock });
  const { keeper, rollups } = createRollups(ground, {
    mayBegin: () => live.isDayLoaded,
    onClosed: (until) => {
      live.hourClosed(until - HOUR_MS);
      node?.rollups.closed(until);
    },
    onProof: (stationId, sensor, provedAt) => {
      live.assessment.noteProof(stationId, sensor, provedAt);
      node?.rollups.proved(stationId, sensor, provedAt);
    },
  });
  const comparisons = createComparisons(ground, rollups);
  const comparedRollups = new ComparedRollups({ rollups, comparisons, station: (id) => stationStore.station(id) });
  const settled = async () => {
    await ingest.settled();
    await node?.readings.follower.settled();
  };
  const live: LiveSide = new LiveSide({
    ...ground,
    rollups,
    httpServer: servers.http,
    publish,
    settled,
    onMapChanged: ground.bus && ((changed) => node?.mapChanged(changed)),
    version: VERSION,
  });
  const node = ground.bus && createAggregatorNode(ground, { bus: ground.bus, ingest, live, rollups, keeper });
  if (node) ground.others.node = node;
  if (servers.https) live.feed.attach(servers.https);
  const pictureOf = (message: Message) => letters.pictureOf(message);
  const notices = new Notices({ ...ground, rollups, aggregator: live.aggregator, pictureOf });
  const erase = async (stationId: string) => {
    await node?.forgotten();
    await ingest.settled();
    await keeper.forget(stationId);
    const tally = await tallyOf(store, stationId);
    await store.remove({ stationId });
    await citations.withdraw(stationId);
    live.removeStation(stationId);
    await backups.noteErasure();
    await notices.forgetStation(stationId);
    return tally;
  };
  const firmwareDoors = createFirmwareDoors({ ...ground, ingest });
  const archiveJobs = new LocalArchiveJobs({
    ...ground,
    dataDir: config.DATA_DIR,
    randomBytes,
    onStored: (messages, outcomes) => {
      live.onImported(messages, outcomes);
      node?.announce(messages, outcomes);
    },
  });
  const reports = createReports({ store, stationStore, areas: ground.areas, rollups, comparisons, clock });
  const citations = new Citations({
    reports,
    station: (stationId) => stationStore.station(stationId),
    clock,
    randomBytes,
    store: ground.citationStore,
    key: ground.citationKey,
    software: `buergerluft ${VERSION}`,
    instance: { name: config.INSTANCE_NAME, url: config.PUBLIC_URL ?? null },
  });
  const press = new PngPress();
  const letters: Letters = new Letters({
    ...{ notices, reports, areas: ground.areas, config, press, clock, randomBytes },
    ...{ timeZone: config.TIME_ZONE, dayOffsetMs: offsetMs(config.DAY_OFFSET) },
  });
  const backups = new Backups({
    ...ground,
    dataDir: config.DATA_DIR,
    instance: config.INSTANCE_NAME,
    version: VERSION,
    store: config.STORE,
    databases: { ...ground.databases, [NOTICES_FILE]: notices.store },
    backupDir: config.BACKUP_DIR,
    keep: config.BACKUP_KEEP,
    erasures: () => stationStore.erasures(),
    check: checkInChild,
  });
  const problems = () => [...ingest.problems(), ...live.problems(), ...ground.machine.problems()];
  const desk = new OperatorDesk({
    ...{ ...ground, notices, backups, problems, version: VERSION, aggregator: live.aggregator },
    rejectionsByReason: () => ingest.rejections.countsByReason(),
  });
  const demo: { replay?: Demo } = {};
  const demoCredit = () => demo.replay?.credit();
  const app = createApp({
    ...ground,
    stationFacts: (stationId) => live.facts(stationId),
    revisionOf: (stationId) => live.aggregator.revisionOf(stationId),
    agreementOf: (station) => live.agreements.of(station),
    erase,
    onApproved: (station) => notices.tellApproved(station),
    onAnnotated: (stationId, from, to) => rollups.markDirty(stationId, from, to),
    onStationChanged: (stationId) => citations.withholdPlaces(stationId),
    randomBytes,
    readiness: problems,
    version: VERSION,
    routers: createRouters({
      ...ground,
      doors: firmwareDoors,
      live,
      notices,
      letters,
      press,
      rollups: comparedRollups,
      measuredRollups: rollups,
      reports,
      citations,
      freezer: new Freezer({ citations, clock }),
      rejectionsOf: (deviceId) => ingest.rejections.recentOf(deviceId),
      archiveJobs,
      backups,
      desk,
      version: VERSION,
      demoCredit,
    }),
  });
  return {
    ...ground,
    ...{
      node,
      relay,
      ingest,
      registry,
      live,
      notices,
      letters,
      press,
      citations,
      keeper,
      rollups,
      erase,
      firmwareDoors,
      archiveJobs,
      backups,
      desk,
      app,
      demo,
    },
  };
}

/** Opens door after door, what was opened last to be closed first. Resolves to the ports. */
async function openDoors(parts: Parts, demo: StartOptions['demo'], closing: Closing) {
  const { config, ingest, live, notices, firmwareDoors, archiveJobs, servers, app } = parts;
  closing.push('notices', () => notices.close());
  await notices.open();
  await startNode(parts, closing);
  // History before the doors: readings that come back after a restart would have it read again and again.
  closing.push('history', () => live.stopLoading());
  if (demo === undefined) await live.warm();
  closing.push('ingest', () => ingest.close());
  const mqttPort = await ingest.open();
  startRegistry(parts, closing);
  closing.push('firmware doors', () => firmwareDoors.close());
  closing.push('archive jobs', () => archiveJobs.close());
  if (demo !== undefined) parts.demo.replay = await playDemo({ ...parts, speed: demo.speed, mqttPort });
  closing.push('demo', () => parts.demo.replay?.close());
  live.start();
  closing.push('rollups', () => parts.keeper.close());
  parts.keeper.start();
  const deviceTlsPort = await firmwareDoors.open(servers);
  const ports = await listenHttp(servers, answering(parts), config);
  // The last to open and the first to close: answers under way still find everything behind them.
  closing.push('pictures', () => parts.press.close());
  closing.push('live side', () => live.close());
  const control = await startControlSocket(config.DATA_DIR, app);
  closing.push('control socket', () => control.close());
  if (config.MIRROR_URL !== undefined && demo === undefined) closing.push('mirror', createMirror(parts).start());
  closing.push('maintenance', startMaintenance(parts));
  if (demo === undefined) parts.backups.start();
  closing.push('backups', () => parts.backups.close());
  notices.start();
  closing.push('operator’s desk', () => parts.desk.close());
  await parts.desk.start();
  return { ...ports, mqttPort, deviceTlsPort };
}

/** Every request's answer; requests are logged by the application, so at that level it sees all of them. */
function answering({ app, live, clock, log }: Parts): RequestListener {
  return log.isLevelEnabled('debug') ? app : withRecordFiles(app, { records: live.compatibleApi, clock });
}

/** The mirror the settings ask for. */
function createMirror(parts: Parts): Mirror {
  const { config, live, clock, log } = parts;
  const { MIRROR_URL: url = '', MIRROR_AREA: region = { lat: 0, lon: 0, kilometres: 0 }, CONTACT } = config;
  const userAgent = `buergerluft/${VERSION} (${CONTACT})`;
  return new Mirror({
    ...parts,
    client: new PoliteClient({ url, userAgent, clock }),
    region,
    log,
    randomBytes,
    recent: live.compatibleApi.recent,
    onStored: (messages, outcomes) => {
      live.onImported(messages, outcomes);
      parts.node?.announce(messages, outcomes);
    },
  });
}

/** Begins to hear from the other processes of the instance, before history is loaded. */
async function startNode({ bus, node, relay }: Parts, closing: Closing): Promise<void> {
  if (bus === undefined || node === undefined) return;
  closing.push('onboarding', () => relay?.close());
  relay?.start();
  closing.push('bus', () => bus.close());
  closing.push('other nodes', () => node.close());
  bus.start();
  node.start();
  await node.readings.open();
}

/** Tells brokers and bridges elsewhere who may sign in. */
function startRegistry(parts: Parts, closing: Closing): void {
  const { config, registry, stationStore } = parts;
  // Without an external broker or a service account at ours there is nobody who could read it.
  if (config.MQTT_URL !== undefined || config.MQTT_PASSWORD !== undefined) {
    closing.push('registry publisher', registry.start());
  }
  if (config.MQTT_URL === undefined) return;
  closing.push('broker accounts', startBrokerAccounts({ ...parts, url: config.MQTT_URL, directory: stationStore }));
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
