import { connectAsync } from 'mqtt';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { AVERAGES } from '../domain/aggregate.ts';
import type { MapChanged } from '../domain/contract.ts';
import { QUANTITIES } from '../domain/quantity.ts';
import type { AcceptedMessage } from '../domain/reading.ts';
import { AGGREGATOR_TOPIC, LAYERS_WANTED_TOPIC, mapTickTopic, STATUS_TOPIC } from '../domain/topics.ts';
import type { LayerName } from '../live/mapLayers.ts';
import type { Logger } from '../log.ts';
import { readJson } from '../process/jsonMessage.ts';
import { StartError } from '../process/startError.ts';
import type { RollupKeeper } from '../rollups/rollupKeeper.ts';
import { type AppendOutcome, StoreUnavailableError } from '../store/readingStore.ts';
import { FollowedReadings, type FollowedReadingsParts } from './followedReadings.ts';
import type { NodeBus } from './nodeBus.ts';
import { RollupTeller } from './rollupTeller.ts';
import type { ShardPublisher } from './shardPublisher.ts';
import { StoredAnnouncer } from './storedAnnouncer.ts';

const CONNECT_MS = 3_000;
/** What a broker retains comes at once after a subscription, ms. */
const RETAINED_MS = 1_000;

/** What the aggregator's side of several nodes needs. */
export interface AggregatorNodeParts extends FollowedReadingsParts {
  bus: NodeBus;
  /** Resolves when everything this process took before is stored and announced. */
  settled: () => Promise<void>;
  /** Publishes who there is. */
  stations: ShardPublisher;
  keeper: Pick<RollupKeeper, 'upToDate' | 'onMark'>;
  /** Layers of the map that are in use at other nodes. */
  onWanted: (names: readonly LayerName[]) => void;
}

/** The one process of several that holds history: hears what the others store, and tells what it stores itself. */
export class AggregatorNode {
  readonly readings: FollowedReadings;
  /** Tells of means of closed hours. */
  readonly rollups: RollupTeller;
  readonly #announcer: StoredAnnouncer;
  readonly #bus: NodeBus;
  readonly #stations: ShardPublisher;
  readonly #published: ShardPublisher[] = [];
  #stopPublishing: (() => void)[] = [];

  constructor(parts: AggregatorNodeParts) {
    const { bus, settled, stations, keeper, onWanted } = parts;
    this.rollups = new RollupTeller(bus, keeper);
    bus.follow(LAYERS_WANTED_TOPIC, (_topic, payload) => onWanted(layersIn(payload)));
    this.#bus = bus;
    this.#stations = stations;
    this.publish(stations);
    this.readings = new FollowedReadings(parts);
    this.#announcer = new StoredAnnouncer({ bus, settled });
    bus.onConnected(() => {
      bus.retain(AGGREGATOR_TOPIC, JSON.stringify({ node: bus.nodeId }));
      for (const publisher of this.#published) publisher.connected();
    });
  }

  /** Publishes something more for the other nodes. Call before `start`. */
  publish(publisher: ShardPublisher): void {
    this.#published.push(publisher);
  }

  /** Begins to hear and to tell. */
  start(): void {
    this.#announcer.start();
    this.#stopPublishing = this.#published.map((publisher) => publisher.start());
  }

  /** What this process stored itself. */
  announce(messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]): void {
    for (const { stored } of outcomes) for (const reading of stored) this.readings.noteReading(reading);
    this.#announcer.announce(messages, outcomes);
  }

  /**
   * Resolves when every node knows the registry as it is now, and has stored what it took before.
   * @throws StoreUnavailableError when one does not answer: something may come later that must not.
   */
  async forgotten(): Promise<void> {
    this.#stations.flush();
    // In order: who answers has taken the parts over before.
    if (!this.#bus.isConnected || !(await this.readings.follower.settled()))
      throw new StoreUnavailableError('A node does not answer.');
  }

  /** A layer of the map changed. */
  mapChanged(changed: MapChanged): void {
    this.#bus.send(mapTickTopic(changed), JSON.stringify(changed));
  }

  async close(): Promise<void> {
    this.rollups.close();
    for (const stop of this.#stopPublishing) stop();
    await this.readings.close();
    this.#announcer.close();
    this.#bus.retain(AGGREGATOR_TOPIC, '');
  }
}

const layers = z.array(z.object({ quantity: z.enum(QUANTITIES), average: z.enum(AVERAGES) }));
const aggregatorForm = z.object({ node: z.string() });

function layersIn(payload: Uint8Array): LayerName[] {
  return layers.safeParse(readJson(payload)).data ?? [];
}

/**
 * Two aggregators would count everything twice: refuses the second.
 * @throws StartError when another one is online at the broker.
 */
export async function refuseSecondAggregator(config: Config, log: Logger): Promise<void> {
  const { MQTT_URL: url = '', MQTT_USERNAME: username, MQTT_PASSWORD: password, NODE_ID } = config;
  const retained = new Map<string, string>();
  const account = { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
  try {
    const client = await connectAsync(url, { ...account, reconnectPeriod: 0, connectTimeout: CONNECT_MS });
    client.on('message', (topic, payload) => void retained.set(topic, payload.toString()));
    await client.subscribeAsync([STATUS_TOPIC, AGGREGATOR_TOPIC], { qos: 1 });
    await new Promise((resolve) => setTimeout(resolve, RETAINED_MS));
    await client.endAsync();
  } catch (error) {
    log.warn({ err: error }, 'the broker cannot be asked for another aggregator');
    return;
  }
  const other = aggregatorForm.safeParse(readJson(retained.get(AGGREGATOR_TOPIC) ?? '')).data?.node;
  if (other === undefined || other === NODE_ID || retained.get(STATUS_TOPIC) !== 'online') return;
  throw new StartError(`The node ${other} is the aggregator at this broker already, and there can be only one.`);
}
