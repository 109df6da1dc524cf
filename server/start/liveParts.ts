import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type Config, offsetMs } from '../config.ts';
import type { MapChanged } from '../domain/contract.ts';
import { standsSince } from '../domain/stationHistory.ts';
import { Aggregator } from '../live/aggregator.ts';
import { Agreements } from '../live/agreements.ts';
import { HomeAssistantTopics } from '../live/homeAssistantTopics.ts';
import { HourJudge } from '../live/hourJudge.ts';
import { LiveAssessment } from '../live/liveAssessment.ts';
import { createLiveFeed, type LiveFeed, type LiveFeedDeps } from '../live/liveFeed.ts';
import { type LiveLayers, MapLayers } from '../live/mapLayers.ts';
import { OutTopics } from '../live/outTopics.ts';
import { ShownStations } from '../live/shownStations.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { clientAddress, exemptAddresses } from '../process/addressLimits.ts';
import type { Rollups } from '../rollups/rollups.ts';
import { CompatibleApi } from '../sensorCommunity/compatibleApi.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Registry } from '../store/registry/stationStore.ts';

/** What the live side is made from. */
export interface LiveSideParts {
  config: Pick<
    Config,
    'DAY_OFFSET' | 'COUNTRY' | 'HOME_ASSISTANT' | 'INSTANCE_NAME' | 'PUBLIC_URL' | 'ADDRESS_LIMIT' | 'TRUST_PROXY'
  >;
  version: string;
  stationStore: Registry;
  store: ReadingStore;
  rollups: Rollups;
  httpServer: Server;
  /** Sends a retained message on an out-topic. */
  publish: (topic: string, payload: string) => void;
  /** Resolves when everything stored by now came through `onStored`. */
  settled: () => Promise<void>;
  /** Stations that were ever public; those since the start when left out. */
  shown?: ShownStations;
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

/** The parts of the live side, which know of each other what they need; nothing is loaded yet. */
export function createLiveParts(parts: LiveSideParts) {
  const { stationStore, config, rollups, clock, log, publish, settled } = parts;
  const station = (stationId: string) => stationStore.station(stationId);
  const stations = () => stationStore.stations();
  const movedAt = (stationId: string) => standsSince(station(stationId) ?? {});
  const assessment = new LiveAssessment();
  const hourJudge = new HourJudge({ rollups, stations, standsSince: movedAt, clock });
  const agreements = new Agreements({ ...parts, hourJudge, stations });
  const aggregator = new Aggregator({
    clock,
    derivedFlags: ({ stationId, sensor, quantity, measuredAt }) => {
      const ofReading = assessment.flagsOf(stationId, sensor, quantity, measuredAt);
      const ofHour = hourJudge.flagsOf(stationId, quantity);
      return ofHour.length === 0 ? ofReading : [...ofReading, ...ofHour];
    },
    sensorModels: (stationId) => station(stationId)?.sensorModels ?? [],
    standsSince: movedAt,
    dayOffsetMs: offsetMs(config.DAY_OFFSET),
    settled,
  });
  const mapLayers =
    parts.mapLayers ??
    new MapLayers({
      ...{ aggregator, stations: { station, stations }, newEpoch: randomUUID },
      onChanged: parts.onMapChanged,
    });
  const feed = liveFeedOf(parts, { mapLayers, aggregator });
  const latest = (stationId: string) => aggregator.latest(stationId);
  const erasedStations = () => stationStore.erasedStations();
  const { shown = new ShownStations() } = parts;
  const out = { publish, latest, station, stations, erasedStations, shown };
  const outTopics = new OutTopics(out);
  const facts = { instanceName: config.INSTANCE_NAME, version: parts.version, publicUrl: config.PUBLIC_URL };
  const homeAssistant = config.HOME_ASSISTANT ? new HomeAssistantTopics({ ...out, ...facts }) : undefined;
  const compatibleApi = new CompatibleApi({
    stationStore,
    aggregator,
    country: config.COUNTRY,
    epoch: randomUUID().slice(0, 8),
    onError: (error) => log.error({ err: error }, 'a sensor got no number'),
  });
  return {
    ...{ aggregator, assessment, hourJudge, agreements, mapLayers, feed, outTopics, homeAssistant, compatibleApi },
  };
}

function liveFeedOf(
  { httpServer, stationStore, config, clock, log }: LiveSideParts,
  { mapLayers, aggregator }: { mapLayers: LiveFeedDeps['mapLayers']; aggregator: Aggregator },
): LiveFeed {
  return createLiveFeed(httpServer, {
    mapLayers,
    station: (stationId) => stationStore.station(stationId),
    lastSeenAt: (stationId) => aggregator.lastSeenAt(stationId),
    isOwner: (stationId, ownerKey) => stationStore.isOwner(stationId, ownerKey),
    limits: {
      allowance: config.ADDRESS_LIMIT,
      addressOf: clientAddress(config.TRUST_PROXY),
      isExempt: exemptAddresses(false),
    },
    clock,
    onError: (error, event) => log.error({ err: error, event }, 'a live event failed'),
  });
}
