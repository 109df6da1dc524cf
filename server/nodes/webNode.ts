import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import express from 'express';
import { createApp } from '../api/app.ts';
import { AreaDirectory } from '../areas/areaDirectory.ts';
import { readDistricts } from '../areas/districtsFile.ts';
import { type Config, offsetMs } from '../config.ts';
import type { MapState } from '../domain/contract.ts';
import { HOUR_MS } from '../domain/durations.ts';
import type { LiveFeed } from '../live/liveFeed.ts';
import { LiveSide } from '../live/liveSide.ts';
import type { LayerName } from '../live/mapLayers.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { openOfflineFiles } from '../offline/offlineFiles.ts';
import { programVersion } from '../process/programVersion.ts';
import { createReports } from '../report/createReports.ts';
import type { Reports } from '../report/reports.ts';
import { ComparedRollups } from '../rollups/comparedRollups.ts';
import { createComparisons } from '../rollups/createRollups.ts';
import { KeptRollups } from '../rollups/keptRollups.ts';
import type { OfficialComparisons } from '../rollups/officialComparisons.ts';
import type { HttpServers } from '../start/httpServers.ts';
import { createReadRouters } from '../start/readRouters.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Registry } from '../store/registry/stationStore.ts';
import { AskedKeeper } from './askedKeeper.ts';
import { FollowedJoins } from './followedJoins.ts';
import { FollowedMapLayers } from './followedMapLayers.ts';
import { FollowedNotices } from './followedNotices.ts';
import { FollowedReadings } from './followedReadings.ts';
import { followedRegistry } from './followedRegistry.ts';
import type { FollowedStations } from './followedStations.ts';
import { decodeState } from './mapTick.ts';
import type { NodeBus } from './nodeBus.ts';
import { createRegistryProxy } from './registryProxy.ts';

const VERSION = programVersion();
const FETCH_MS = 10_000;

/** What a node with pages is made from. */
export interface WebNodeParts {
  config: Config;
  bus: NodeBus;
  stations: FollowedStations;
  store: ReadingStore;
  servers: HttpServers;
  metrics: Metrics;
  log: Logger;
  clock: () => number;
  adminToken: string;
}

/**
 * One of several processes that serve browsers. It keeps a copy of the live history, folded from what the ingest nodes
 * tell, so that it answers by itself and by the same rules; it decides nothing: the map's changes and their numbers, means
 * of closed hours, alerts and everything written are the aggregator's.
 */
export class WebNode {
  readonly app: RequestListener;
  readonly #parts: WebNodeParts;
  readonly #live: LiveSide;
  readonly #layers: FollowedMapLayers;
  readonly #readings: FollowedReadings;
  readonly #notices: FollowedNotices;
  readonly #joins: FollowedJoins;
  readonly #reports: Reports;

  /** Reads the files the settings name and puts the node together; nothing is open yet. */
  static async create(parts: WebNodeParts): Promise<WebNode> {
    const { config } = parts;
    const districts = config.DISTRICTS === undefined ? [] : await readDistricts(config.DISTRICTS, config.MAP_CENTER);
    const node = new WebNode(parts, districts, await openOfflineFiles(config));
    await node.#notices.open();
    return node;
  }

  private constructor(
    parts: WebNodeParts,
    districts: Awaited<ReturnType<typeof readDistricts>>,
    offline: Awaited<ReturnType<typeof openOfflineFiles>>,
  ) {
    const { bus, stations, store, config, clock, log, servers, metrics } = parts;
    this.#parts = parts;
    const stationStore = followedRegistry(stations);
    const station = (stationId: string) => stations.station(stationId);
    const keeper = new AskedKeeper({
      bus,
      onClosed: (until) => this.#live.hourClosed(until - HOUR_MS),
      onProof: (stationId, sensor, at) => this.#live.assessment.noteProof(stationId, sensor, at),
      onMark: (stationIds) => (stationIds === 'all' ? this.#reports.forget() : this.#reports.forgetHoursOf(stationIds)),
    });
    metrics.gauge('aggregator_online', '1 while the aggregator is there', () => Number(keeper.isThere));
    const rollups = new KeptRollups({ store, keeper, station, dayOffsetMs: offsetMs(config.DAY_OFFSET) });
    this.#layers = new FollowedMapLayers({
      ...{ bus, station, clock },
      fetchState: (name) => fetchState(config, name),
      onTick: () => this.#live.feed.tick(clock()),
      onError: (error) => log.warn({ err: error }, 'a layer of the map cannot be fetched from the aggregator'),
    });
    this.#live = this.#createLive(stationStore, rollups);
    if (servers.https) this.#live.feed.attach(servers.https);
    this.#readings = new FollowedReadings({
      ...{ bus, store, clock, log, dayOffsetMs: offsetMs(config.DAY_OFFSET) },
      onStored: (messages) => this.#live.onFollowed(messages),
      onFound: async (messages) => this.#live.onFound(messages),
      readCells: (from) => this.#live.aggregator.readBack(store, from),
      isLoaded: () => this.#live.isDayLoaded,
    });
    this.#notices = new FollowedNotices({
      bus,
      path: join(config.DATA_DIR, 'notices'),
      onError: (error) => log.warn({ err: error }, 'the copy of the notices on disk'),
    });
    this.#joins = new FollowedJoins({
      stations,
      refold: (stationId) => this.#live.aggregator.refold(store, stationId),
      onError: (error) => log.warn({ err: error }, 'a station that was joined or taken apart is not read anew yet'),
    });
    const areas = new AreaDirectory(districts, () => stations.stations());
    const comparisons = createComparisons({ config, stationStore, store, clock }, rollups);
    this.#reports = createReports({ store, stationStore, areas, rollups, comparisons, clock });
    this.app = this.#createApp({ stationStore, rollups, comparisons, areas, offline });
  }

  /** Loads history and begins to tell browsers what changes. */
  async open(): Promise<void> {
    const { stations } = this.#parts;
    await stations.known();
    this.#joins.start();
    await this.#readings.open();
    await this.#live.warm();
    stations.onChange((stationId) => {
      if (stations.station(stationId) === undefined) this.#live.removeStation(stationId);
    });
    this.#live.start();
    this.#layers.start();
  }

  /** Where this node's browsers are. */
  get feed(): LiveFeed {
    return this.#live.feed;
  }

  /** Why what it shows may not be complete; empty when it is. */
  problems(): string[] {
    const { bus, stations } = this.#parts;
    const problems = this.#live.problems();
    if (!bus.isConnected) problems.push('The other nodes cannot be reached.');
    else if (!this.#layers.isLoaded) problems.push('The map has not come from the aggregator yet.');
    if (!stations.isComplete) problems.push('The registry has not come over the broker yet.');
    return problems;
  }

  async close(): Promise<void> {
    this.#live.stopLoading();
    this.#layers.close();
    this.#joins.close();
    await this.#readings.close();
    await this.#live.close();
    await this.#notices.close();
  }

  #createLive(stationStore: Registry, rollups: KeptRollups): LiveSide {
    const { config, store, servers, metrics, log, clock } = this.#parts;
    return new LiveSide({
      ...{ store, metrics, log, clock, stationStore, rollups, httpServer: servers.http, version: VERSION },
      // Out-topics are the aggregator's.
      config: { ...config, HOME_ASSISTANT: false },
      publish: () => undefined,
      settled: async () => void (await this.#readings.follower.settled()),
      mapLayers: this.#layers,
    });
  }

  #createApp({ stationStore, rollups, comparisons, areas, offline }: AppParts): RequestListener {
    const { config, store, metrics, log, clock, adminToken } = this.#parts;
    const live = this.#live;
    const station = (stationId: string) => stationStore.station(stationId);
    const compared = new ComparedRollups({ rollups, comparisons, station });
    const reports = this.#reports;
    const common = { config, stationStore, store, areas, live, reports, offline, clock, adminToken, version: VERSION };
    const app = createApp({
      ...{ ...common, metrics, log, randomBytes },
      stationFacts: (stationId) => live.facts(stationId),
      revisionOf: (stationId) => live.revisionOf(stationId),
      agreementOf: (one) => live.agreements.of(one),
      seriesOf: (stationId) => store.seriesOf(stationId),
      ...NEVER_ASKED,
      readiness: () => this.problems(),
      routers: createReadRouters({
        ...common,
        log,
        rollups: compared,
        measuredRollups: rollups,
        publicNotices: this.#notices,
        demoCredit: () => undefined,
      }),
    });
    const front = express();
    front.disable('x-powered-by').set('trust proxy', config.TRUST_PROXY).set('query parser', 'simple');
    return front.use(createRegistryProxy({ url: config.REGISTRY_URL ?? '', log }), app);
  }
}

interface AppParts {
  stationStore: Registry;
  rollups: KeptRollups;
  comparisons: OfficialComparisons;
  areas: AreaDirectory;
  offline: Awaited<ReturnType<typeof openOfflineFiles>>;
}

/** Writes go to the aggregator before they come here. */
const NEVER_ASKED = {
  erase: async () => {
    throw new Error('the registry is with the aggregator');
  },
  onApproved: () => undefined,
  onOwnerKeyRotated: () => undefined,
  isJoining: () => false,
  onStationDeleted: () => undefined,
  onAnnotated: async () => undefined,
  onStationChanged: async () => undefined,
};

/** A layer as it stands: with a box it is made for this request, never an older one. */
async function fetchState({ REGISTRY_URL }: Config, { quantity, average }: LayerName): Promise<MapState> {
  const url = `${REGISTRY_URL}/api/v1/map?quantity=${quantity}&average=${average}&bbox=-180,-90,180,90`;
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) });
  if (!response.ok) throw new Error(`the aggregator answers with ${response.status}`);
  const state = decodeState(await response.json());
  if (state === undefined) throw new Error('the aggregator answers with what is no layer of the map');
  return state;
}
