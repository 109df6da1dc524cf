import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { StationFacts } from './api/app.ts';
import { type Config, offsetMs } from './config.ts';
import type { MapChanged } from './domain/contract.ts';
import type { AcceptedMessage, Reading } from './domain/reading.ts';
import type { ReadingFlags } from './domain/stationAssessor.ts';
import { standsSince } from './domain/stationHistory.ts';
import { Aggregator, MAX_AHEAD_MS } from './live/aggregator.ts';
import { Agreements } from './live/agreements.ts';
import { HomeAssistantTopics } from './live/homeAssistantTopics.ts';
import { HourJudge } from './live/hourJudge.ts';
import { LiveAssessment } from './live/liveAssessment.ts';
import { createLiveFeed, type LiveFeed } from './live/liveFeed.ts';
import { type LiveLayers, MapLayers } from './live/mapLayers.ts';
import { OutTopics } from './live/outTopics.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Rollups } from './rollups/rollups.ts';
import { CompatibleApi } from './sensorCommunity/compatibleApi.ts';
import type { AppendOutcome, ReadingStore } from './store/readingStore.ts';
import type { Registry } from './store/stationStore.ts';

/** How often the clock has its say: changes go to browsers at most twice a second (contract, Live). */
const TICK_MS = 500;
const WARM_RETRY_MS = 10_000;
/** What is older than the day the live side keeps, and the cell that leaves it, is no news to it. */
const RECENT_MS = 25 * 3_600_000;
/** Longest wait at the end for answers under way, ms. */
const ANSWER_MS = 500;

/** What the live side is made from. */
export interface LiveSideParts {
  config: Pick<Config, 'DAY_OFFSET' | 'COUNTRY' | 'HOME_ASSISTANT' | 'INSTANCE_NAME' | 'PUBLIC_URL'>;
  version: string;
  stationStore: Registry;
  store: ReadingStore;
  rollups: Rollups;
  httpServer: Server;
  /** Sends a retained message on an out-topic. */
  publish: (topic: string, payload: string) => void;
  /** Resolves when everything stored by now came through `onStored`. */
  settled: () => Promise<void>;
  /** The map's layers where another process makes them. */
  mapLayers?: LiveLayers | undefined;
  /** Told of every change of the map. */
  onMapChanged?: ((changed: MapChanged) => void) | undefined;
  metrics: Metrics;
  log: Logger;
  clock: () => number;
  /** Pause between attempts to load history, ms; 10 s when left out. */
  warmRetryMs?: number;
}

/** The part of the program that holds history and exists once: aggregates, map layers, browsers, out-topics. */
export class LiveSide {
  readonly aggregator: Aggregator;
  readonly assessment = new LiveAssessment();
  readonly hourJudge: HourJudge;
  readonly agreements: Agreements;
  readonly mapLayers: LiveLayers;
  readonly feed: LiveFeed;
  readonly outTopics: OutTopics;
  /** Absent unless the settings ask for it. */
  readonly homeAssistant: HomeAssistantTopics | undefined;
  /** The files of sensor.community. */
  readonly compatibleApi: CompatibleApi;
  readonly #parts: LiveSideParts;
  #timer: NodeJS.Timeout | undefined;
  #isWarm = false;
  #isDayLoaded = false;
  #isClosing = false;

  constructor(parts: LiveSideParts) {
    const { stationStore, config, clock, log, httpServer, publish, settled, metrics } = parts;
    this.#parts = parts;
    const station = (stationId: string) => stationStore.station(stationId);
    const stations = () => stationStore.stations();
    const movedAt = (stationId: string) => standsSince(station(stationId) ?? {});
    this.hourJudge = new HourJudge({ rollups: parts.rollups, stations, standsSince: movedAt, clock });
    this.agreements = new Agreements({ ...parts, hourJudge: this.hourJudge, stations });
    this.aggregator = new Aggregator({
      clock,
      derivedFlags: ({ stationId, sensor, quantity, measuredAt }) => {
        const ofReading = this.assessment.flagsOf(stationId, sensor, quantity, measuredAt);
        const ofHour = this.hourJudge.flagsOf(stationId, quantity);
        return ofHour.length === 0 ? ofReading : [...ofReading, ...ofHour];
      },
      sensorModels: (stationId) => station(stationId)?.sensorModels ?? [],
      standsSince: movedAt,
      dayOffsetMs: offsetMs(config.DAY_OFFSET),
      settled,
    });
    const { aggregator } = this;
    this.mapLayers =
      parts.mapLayers ??
      new MapLayers({
        ...{ aggregator, stations: { station, stations }, newEpoch: randomUUID },
        onChanged: parts.onMapChanged,
      });
    this.feed = createLiveFeed(httpServer, {
      mapLayers: this.mapLayers,
      station,
      lastSeenAt: (stationId) => aggregator.lastSeenAt(stationId),
      isOwner: (stationId, ownerKey) => stationStore.isOwner(stationId, ownerKey),
      clock,
      onError: (error, event) => log.error({ err: error, event }, 'a live event failed'),
    });
    const latest = (stationId: string) => aggregator.latest(stationId);
    const erasedStations = () => stationStore.erasedStations();
    const out = { publish, latest, station, stations, erasedStations };
    this.outTopics = new OutTopics(out);
    const facts = { instanceName: config.INSTANCE_NAME, version: parts.version, publicUrl: config.PUBLIC_URL };
    this.homeAssistant = config.HOME_ASSISTANT ? new HomeAssistantTopics({ ...out, ...facts }) : undefined;
    this.compatibleApi = new CompatibleApi({
      stationStore,
      aggregator,
      country: config.COUNTRY,
      epoch: randomUUID().slice(0, 8),
      onError: (error) => log.error({ err: error }, 'a sensor got no number'),
    });
    exposeMetrics(metrics, this);
  }

  /** Takes what a commit brought. */
  onStored(messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]): void {
    let readings = 0;
    for (let i = 0; i < outcomes.length; i++) {
      const stored = outcomes[i]?.stored ?? [];
      if (stored.length === 0) continue;
      readings += stored.length;
      this.aggregator.fold(stored, messages[i]?.health);
      this.#tell(stored);
    }
    this.#parts.metrics.readingsStored.inc(readings);
  }

  /** Takes what another process stored; the readings are those that were new. */
  onFollowed(messages: readonly AcceptedMessage[]): void {
    for (const { readings, health } of messages) {
      this.aggregator.fold(readings, health);
      this.#tell(readings);
    }
  }

  /** Takes what another process stored without telling; its cells have been read back. */
  onFound(messages: readonly AcceptedMessage[]): void {
    for (const { readings } of messages) this.#tell(readings);
  }

  #tell(stored: readonly Reading[]): void {
    this.feed.onStored(stored, this.#assess(stored));
    this.outTopics.onStored(stored);
    this.homeAssistant?.onStored(stored);
    this.compatibleApi.onStored(stored);
  }

  /** An hour has been closed: it is judged beside its past and its neighbours. */
  hourClosed(start: number): void {
    this.hourJudge.judge(start).catch((error: unknown) => {
      if (!this.#isClosing) this.#parts.log.warn({ err: error }, 'the last hour is not compared with its neighbours');
    });
  }

  /** Forgets a station. */
  removeStation(stationId: string): void {
    this.aggregator.removeStation(stationId);
    this.assessment.removeStation(stationId);
  }

  /** Flags of one message's readings; what the aggregator did not take is not judged either. */
  #assess(readings: readonly Reading[]): ReadingFlags[] {
    const [first] = readings;
    if (first === undefined) return [];
    const { stationId, sensor, measuredAt } = first;
    const cadenceMs = this.aggregator.cadenceOf(stationId, sensor);
    const isFarAhead = measuredAt > this.#parts.clock() + MAX_AHEAD_MS;
    return cadenceMs === undefined || isFarAhead ? [] : this.assessment.assess(readings, cadenceMs);
  }

  /** Takes what an import brought: recent readings go the way of live ones, history stays where it is read from, the store. */
  onImported(messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]): void {
    const earliest = this.#parts.clock() - RECENT_MS;
    const isRecent = (_: unknown, index: number) => (messages[index]?.measuredAt ?? 0) >= earliest;
    const recent = messages.filter(isRecent);
    if (recent.length > 0) this.onStored(recent, outcomes.filter(isRecent));
  }

  /** What a station looks like to anyone. */
  facts(stationId: string): StationFacts {
    return { latest: this.aggregator.latest(stationId), ...this.aggregator.facts(stationId) };
  }

  /** Why figures are not complete yet; empty when they are. */
  problems(): string[] {
    return this.#isWarm ? [] : ['The last hour is still being loaded.'];
  }

  /** Loads history: resolves when the last hour is there, or the store is away; then it is tried again and again. */
  async warm(): Promise<void> {
    if (await this.#warmOnce()) return;
    void this.#warmUntilDone();
  }

  /** From now on a store that closes under the loading is no failure. */
  stopLoading(): void {
    this.#isClosing = true;
  }

  async #warmUntilDone(): Promise<void> {
    do await wait(this.#parts.warmRetryMs ?? WARM_RETRY_MS, undefined, { ref: false });
    while (!this.#isClosing && !(await this.#warmOnce()));
  }

  async #warmOnce(): Promise<boolean> {
    const { store, clock, log } = this.#parts;
    try {
      const { rest } = await this.aggregator.warm(store, clock());
      void this.#loadDay(rest);
      await this.compatibleApi.warm(store, clock());
    } catch (error) {
      log.warn({ err: error }, 'the last hour is not loaded yet');
      return false;
    }
    this.#isWarm = true;
    this.outTopics.loaded();
    this.homeAssistant?.loaded();
    return true;
  }

  /** The rest of the day, beside the work; all of it again while the store is away. */
  async #loadDay(rest: Promise<void>): Promise<void> {
    const { log, warmRetryMs = WARM_RETRY_MS } = this.#parts;
    let loading = rest;
    while (!this.#isDayLoaded) {
      try {
        await loading;
        this.#isDayLoaded = true;
        void this.#warmAssessment();
      } catch (error) {
        if (!this.#isClosing) log.warn({ err: error }, 'the last day is not loaded yet');
        await wait(warmRetryMs, undefined, { ref: false });
        if (this.#isClosing) return;
        loading = this.#reload();
      }
    }
  }

  async #reload(): Promise<void> {
    const { store, clock } = this.#parts;
    const { rest } = await this.aggregator.warm(store, clock());
    await rest;
  }

  /** True when everything that the last day's figures need is in memory. */
  get isDayLoaded(): boolean {
    return this.#isDayLoaded;
  }

  async #warmAssessment(): Promise<void> {
    const { store, clock, log } = this.#parts;
    try {
      await this.assessment.warm(store, clock());
    } catch (error) {
      if (!this.#isClosing) log.error({ err: error }, 'readings are judged by what has come since the start');
    }
  }

  /** Begins to tell browsers and subscribers what changes. */
  start(): void {
    const { stationStore, clock } = this.#parts;
    stationStore.onChange((stationId) => {
      this.feed.stationChanged(stationId);
      this.outTopics.stationChanged(stationId);
      this.homeAssistant?.stationChanged(stationId);
    });
    this.#timer = setInterval(() => {
      const now = clock();
      this.feed.tick(now);
      this.outTopics.tick(now);
      this.homeAssistant?.tick();
    }, TICK_MS);
  }

  /** Ends the ticks and disconnects the browsers; answers under way have a moment to end. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    const { httpServer } = this.#parts;
    const cut = setTimeout(() => httpServer.closeAllConnections(), ANSWER_MS);
    await this.feed.close();
    clearTimeout(cut);
  }
}

function exposeMetrics(metrics: Metrics, live: LiveSide): void {
  const { aggregator, feed } = live;
  metrics.gauge('history_loaded', '1 when the last day is in memory', () => Number(live.isDayLoaded));
  metrics.gauge('browsers', 'Browsers connected', () => feed.connections);
  metrics.gauge('aggregated_stations', 'Stations with history in memory', () => aggregator.stats().stations);
  metrics.gauge('aggregated_series', 'Series with history in memory', () => aggregator.stats().series);
  metrics.gauge('aggregated_bytes', 'Memory of that history', () => aggregator.stats().bytes);
  metrics.totals('live_total', 'Events refused and browsers cut off', 'why', () => Object.entries(feed.counts));
}
