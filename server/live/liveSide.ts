import type { StationFacts } from '../api/app.ts';
import type { ReadingFlags } from '../domain/assessment/stationAssessor.ts';
import { HOUR_MS } from '../domain/durations.ts';
import type { AcceptedMessage, Reading } from '../domain/reading.ts';
import type { Metrics } from '../metrics.ts';
import type { CompatibleApi } from '../sensorCommunity/compatibleApi.ts';
import { createLiveParts, type LiveSideParts } from '../start/liveParts.ts';
import type { AppendOutcome } from '../store/readingStore.ts';
import { type Aggregator, MAX_AHEAD_MS } from './aggregator.ts';
import type { Agreements } from './agreements.ts';
import { HistoryLoading } from './historyLoading.ts';
import type { HomeAssistantTopics } from './homeAssistantTopics.ts';
import type { HourJudge } from './hourJudge.ts';
import { LastReadings } from './lastReadings.ts';
import type { LiveAssessment } from './liveAssessment.ts';
import type { LiveFeed } from './liveFeed.ts';
import type { LiveLayers } from './mapLayers.ts';
import type { OutTopics } from './outTopics.ts';

/** How often the clock has its say: changes go to browsers at most twice a second (contract, Live). */
const TICK_MS = 500;
/** What is older than the day the live side keeps, and the cell that leaves it, is no news to it. */
const RECENT_MS = 25 * HOUR_MS;

/** The part of the program that holds history and exists once: aggregates, map layers, browsers, out-topics. */
export class LiveSide {
  readonly aggregator: Aggregator;
  readonly assessment: LiveAssessment;
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
  readonly #history: HistoryLoading;
  readonly #lastReadings = new LastReadings();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: LiveSideParts) {
    this.#parts = parts;
    const live = createLiveParts(parts);
    this.aggregator = live.aggregator;
    this.assessment = live.assessment;
    this.hourJudge = live.hourJudge;
    this.agreements = live.agreements;
    this.mapLayers = live.mapLayers;
    this.feed = live.feed;
    this.outTopics = live.outTopics;
    this.homeAssistant = live.homeAssistant;
    this.compatibleApi = live.compatibleApi;
    this.#history = new HistoryLoading({
      ...parts,
      ...live,
      onWarm: () => this.outTopics.loaded(),
      onDay: () => this.homeAssistant?.loaded(),
      lastReadings: this.#lastReadings,
      hasUnknown: () => parts.stationStore.stations().some(({ id }) => this.aggregator.lastSeenAt(id) === undefined),
    });
    exposeMetrics(parts.metrics, this);
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
    this.#lastReadings.note(messages);
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
      if (!this.#history.isStopped)
        this.#parts.log.warn({ err: error }, 'the last hour is not compared with its neighbours');
    });
  }

  /** Forgets a station. */
  removeStation(stationId: string): void {
    this.aggregator.removeStation(stationId);
    this.assessment.removeStation(stationId);
    this.#lastReadings.forget(stationId);
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
    this.#lastReadings.note(messages);
    const earliest = this.#parts.clock() - RECENT_MS;
    const isRecent = (_: unknown, index: number) => (messages[index]?.measuredAt ?? 0) >= earliest;
    const recent = messages.filter(isRecent);
    if (recent.length > 0) this.onStored(recent, outcomes.filter(isRecent));
  }

  /** What a station looks like to anyone. */
  facts(stationId: string): StationFacts {
    const facts = this.aggregator.facts(stationId);
    const lastSeenAt = facts.lastSeenAt ?? this.#lastReadings.of(stationId);
    return { latest: this.aggregator.latest(stationId), ...facts, ...(lastSeenAt !== undefined && { lastSeenAt }) };
  }

  /** Another number than before when something of the station came in between. */
  revisionOf(stationId: string): number {
    // Below 0, so that it is none of the aggregator's.
    return this.aggregator.revisionOf(stationId) || -(this.#lastReadings.of(stationId) ?? 0);
  }

  /** Why figures are not complete yet; empty when they are. */
  problems(): string[] {
    return this.#history.isWarm ? [] : ['The last hour is still being loaded.'];
  }

  /** Loads history: resolves when the last hour is there, or the store is away; then it is tried again and again. */
  warm(): Promise<void> {
    return this.#history.start();
  }

  /** From now on a store that closes under the loading is no failure. */
  stopLoading(): void {
    this.#history.stop();
  }

  /** True when everything that the last day's figures need is in memory. */
  get isDayLoaded(): boolean {
    return this.#history.isDayLoaded;
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
    this.#history.stop();
    clearInterval(this.#timer);
    await this.feed.close();
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
