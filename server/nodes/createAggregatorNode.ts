import { decodeSeen } from '../../firmware-bridge/seenAtDoor.ts';
import { type Config, offsetMs } from '../config.ts';
import type { AcceptedMessage } from '../domain/reading.ts';
import { REFUSED_SUBSCRIPTION } from '../domain/topics.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveSide } from '../live/liveSide.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RollupKeeper } from '../rollups/rollupKeeper.ts';
import type { Rollups } from '../rollups/rollups.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import { AggregatorNode } from './aggregatorNode.ts';
import type { NodeBus } from './nodeBus.ts';
import { stationPublisher } from './stationShards.ts';

/** What the aggregator's side of several nodes stands on. */
export interface AggregatorGround {
  config: Pick<Config, 'DAY_OFFSET'>;
  store: ReadingStore;
  stationStore: StationStore;
  metrics: Metrics;
  clock: () => number;
  log: Logger;
}

/** What it connects with the others. */
export interface AggregatorNeighbours {
  bus: NodeBus;
  ingest: Ingest;
  live: LiveSide;
  rollups: Rollups;
  keeper: RollupKeeper;
}

/** The side that faces the other processes of the instance. */
export function createAggregatorNode(
  { config, store, stationStore, metrics, clock, log }: AggregatorGround,
  { bus, ingest, live, rollups, keeper }: AggregatorNeighbours,
): AggregatorNode {
  const publish = (topic: string, payload: string) => void bus.retain(topic, payload);
  const markLate = async (messages: readonly AcceptedMessage[]) => {
    const { closedUntil } = keeper.stats();
    const late = messages.filter(({ measuredAt }) => measuredAt < closedUntil);
    for (const { stationId, measuredAt } of late) await rollups.markDirty(stationId, measuredAt, measuredAt + 1);
  };
  // Owners see here what became of their device's messages, whoever refused them.
  bus.follow(REFUSED_SUBSCRIPTION, (_topic, payload) => {
    for (const { deviceId, rejection } of decodeSeen(payload)) ingest.rejections.record(deviceId, rejection, clock());
  });
  const node: AggregatorNode = new AggregatorNode({
    ...{ bus, store, clock, log, stations: stationPublisher(stationStore, { publish, clock }) },
    keeper,
    onWanted: (names) => {
      for (const name of names) live.mapLayers.keep(name, clock());
    },
    dayOffsetMs: offsetMs(config.DAY_OFFSET),
    settled: () => ingest.settled(),
    onStored: (messages) => {
      live.onFollowed(messages);
      ingest.learn(messages);
      // Its node has marked it in the store; here whoever makes the means is told.
      markLate(messages).catch((error: unknown) => log.warn({ err: error }, 'late readings wait for the next start'));
    },
    onSeen: (deviceId, at) => stationStore.touchDevice(deviceId, at),
    onFound: async (messages) => {
      live.onFound(messages);
      await markLate(messages);
    },
    readCells: (from) => live.aggregator.readBack(store, from),
    isLoaded: () => live.isDayLoaded,
  });
  metrics.totals('nodes_readings_total', 'Readings of other nodes: told by them, or found in the store', 'how', () => {
    const { told, found } = node.readings.counts;
    return Object.entries({ told, found });
  });
  metrics.gauge('nodes', 'Other nodes that store readings', () => node.readings.follower.nodes.length);
  return node;
}
