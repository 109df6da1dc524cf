import { randomBytes } from 'node:crypto';
import { OperatorDesk } from './admin/operatorDesk.ts';
import { createApp } from './api/app.ts';
import { Freezer } from './api/citations.ts';
import { LocalArchiveJobs } from './archive/archiveJobs.ts';
import type { AreaDirectory } from './areas/areaDirectory.ts';
import { Backups } from './backup/backups.ts';
import { checkInChild } from './backup/checkInChild.ts';
import { Citations } from './citation/citations.ts';
import type { InstanceKey } from './citation/instanceKey.ts';
import { type Config, offsetMs } from './config.ts';
import type { Demo } from './demo/startDemo.ts';
import { tallyOf } from './erasure/tally.ts';
import { createFirmwareDoors } from './firmwareDoors.ts';
import type { HttpServers } from './httpServers.ts';
import { Ingest } from './ingest/ingest.ts';
import { Letters } from './letters/letters.ts';
import { LiveSide } from './liveSide.ts';
import type { Logger } from './log.ts';
import type { MachineWatch } from './machineWatch.ts';
import type { Metrics } from './metrics.ts';
import type { AggregatorNode } from './nodes/aggregatorNode.ts';
import { createAggregatorNode } from './nodes/createAggregatorNode.ts';
import type { NodeBus } from './nodes/nodeBus.ts';
import { noticePublisher } from './nodes/noticeShards.ts';
import { OnboardingRelay } from './nodes/onboardingRelay.ts';
import type { Message } from './notices/noticeRecords.ts';
import { NOTICES_FILE } from './notices/noticeStore.ts';
import { Notices } from './notices/notices.ts';
import type { OfflineFiles } from './offline/offlineFiles.ts';
import { PngPress } from './pictures/pngPress.ts';
import { programVersion } from './programVersion.ts';
import { RegistryPublisher } from './registryPublisher.ts';
import { createReports } from './report/createReports.ts';
import { ComparedRollups } from './rollups/comparedRollups.ts';
import { createComparisons, createRollups } from './rollups/createRollups.ts';
import { createRouters } from './routers.ts';
import type { OpenStores } from './stores.ts';

const VERSION = programVersion();
const HOUR_MS = 3_600_000;

/** What the parts are made from: settings, stores and what looks at the machine. */
export interface Ground extends OpenStores {
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

/** Every part of the program. */
export type Parts = ReturnType<typeof composeServer>;

/** Every part of the program, given what it needs; nothing is open yet. */
export function composeServer(ground: Ground) {
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
  const press = new PngPress({ log: ground.log });
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
  node?.publish(
    noticePublisher(desk.publicNotices, {
      publish: (topic, payload) => void ground.bus?.retain(topic, payload),
      clock,
    }),
  );
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
