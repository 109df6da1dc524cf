import { connect, type MqttClient } from 'mqtt';
import { type Rejection, reject } from '../domain/reading.ts';
import {
  type DeviceTopic,
  parseBridgeTopic,
  parseDeviceTopic,
  parseLateTopic,
  STATUS_TOPIC,
} from '../domain/topics.ts';
import { brokerClientId } from '../process/brokerClientId.ts';
import { REFUSED_MS, whenShortLived } from '../process/brokerTrouble.ts';
import type { Accept, Arrival } from './arrival.ts';
import type { TakeInternal } from './bridgedMessages.ts';
import { unfitPublish } from './publishDoor.ts';
import type { SentPublish } from './publishSieve.ts';
import { type HeldAck, SourceLane } from './sourceLane.ts';
import { EVERYTHING } from './subscriptions.ts';

/** How long the broker keeps messages for us while we are away, s. */
const SESSION_EXPIRY_S = 7 * 86_400;
/** The most the protocol allows: the broker sends on while earlier messages wait for their commit. */
const RECEIVE_MAXIMUM = 65_535;
/**
 * Mosquitto 2.0 forgets shared subscriptions when it restarts, though it keeps sessions: until one of us is back, what a
 * device sends is acknowledged and goes nowhere. So we are back before any firmware is, which waits for seconds.
 */
const RECONNECT_MS = 200;
const CONNECT_MS = 5_000;
/** Pause before a message the store could not take is offered again, ms. Until then it stays unacknowledged. */
const RETRY_MS = 1_000;

/** Topics whose meaning is kept; beyond, all are read anew. */
const MAX_KNOWN_TOPICS = 50_000;
/** Longer topics are read anew each time: no firmware's is as long, and a device may send any number of them. */
const MAX_KNOWN_LENGTH = 200;

/** What a topic says. */
interface KnownTopic {
  /** Undefined for one that is no device's. */
  topic: DeviceTopic | undefined;
  isBridged: boolean;
}

/** What the source needs. */
export interface MqttSourceOptions {
  url: string;
  username?: string | undefined;
  password?: string | undefined;
  /** Makes the client id, the same at every start, so that the broker keeps our session. */
  nodeId: string;
  /** What is taken from the broker, `$share/…` where several nodes take turns; everything when left out. */
  subscriptions?: readonly string[];
  /** Subscriptions an earlier run under this name may have had: ended at each connection. */
  otherSubscriptions?: readonly string[];
  /** False for a process by which others do not tell whether the instance is there. */
  tellsStatus?: boolean;
  /** Device id behind a Zigbee2MQTT friendly name. */
  deviceOfZigbeeName: (name: string) => string | undefined;
  accept: Accept;
  /** Is shown every message first. */
  takeInternal?: TakeInternal;
  /** A message that never reached the pipeline, and whose it was if its topic tells. */
  refused: (deviceId: string | undefined, rejection: Rejection) => void;
  /** Called at each connection to the broker, after our status went out. */
  onConnected: () => void;
  /** Called when a connection ends: what was not acknowledged comes again with the next one, here or elsewhere. */
  onDisconnected?: () => void;
  onError: (error: Error) => void;
  clock: () => number;
  retryMs?: number;
  refusedMs?: number;
}

/**
 * Takes device messages from an external broker and acknowledges each after its commit. Who a message is from is told
 * by its topic: the broker's access rules let a device publish nowhere else.
 */
export class MqttSource {
  readonly #options: MqttSourceOptions;
  readonly #lane = new SourceLane((publish, ack) => this.#receive(publish, ack));
  readonly #knownTopics = new Map<string, KnownTopic>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #client: MqttClient | undefined;
  #isStopping = false;
  #isSubscribed = false;
  #isAway = false;
  /** Why the present connection is of no use; undefined while it is. */
  #refusal: string | undefined;
  #refusedTimer: NodeJS.Timeout | undefined;

  constructor(options: MqttSourceOptions) {
    this.#options = options;
  }

  /** Begins to connect, and goes on trying for as long as it takes. */
  start(): void {
    const { url, username, password, nodeId, tellsStatus = true, onDisconnected } = this.#options;
    const client = connect(url, {
      protocolVersion: 5,
      clientId: brokerClientId(`buergerluft-${nodeId}`, password),
      clean: false,
      resubscribe: false,
      queueQoSZero: false,
      manualConnect: true,
      reconnectPeriod: RECONNECT_MS,
      reconnectOnConnackError: true,
      connectTimeout: CONNECT_MS,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      properties: { sessionExpiryInterval: SESSION_EXPIRY_S, receiveMaximum: RECEIVE_MAXIMUM },
      ...(tellsStatus && {
        will: { topic: STATUS_TOPIC, payload: Buffer.from('offline'), qos: 1 as const, retain: true },
      }),
    });
    this.#client = client;
    this.#lane.wrap(client);
    // What the lane leaves: nothing that may become a reading, so mqtt.js acknowledges it when it likes.
    client.on('message', (topic, payload, { qos, retain }) =>
      this.#receive({ topic, payload, qos, retain }, undefined),
    );
    client.on('connect', () => void this.#connected(client));
    client.on('error', (error) => this.#failed(error));
    whenShortLived(client, this.#options.onError);
    client.on('close', () => {
      this.#isSubscribed = false;
      onDisconnected?.();
    });
    client.connect();
  }

  /** True while the broker is there and sends us what devices publish: before it does, it acknowledges to them what nobody gets. */
  get isConnected(): boolean {
    return this.#isSubscribed && this.#client?.connected === true;
  }

  /** Acknowledgements held until their commit. */
  get held(): number {
    return this.#lane.held;
  }

  /** Sends a retained message; dropped while the broker is away, `onConnected` is the time to send all again. */
  publish(topic: string, payload: string): void {
    if (this.#client?.connected !== true) return;
    this.#client.publish(topic, payload, { retain: true }, (error) => {
      if (error) this.#options.onError(error);
    });
  }

  /** Sends a message to whoever listens now. */
  send(topic: string, payload: string): void {
    if (this.#client?.connected !== true) return;
    this.#client.publish(topic, payload, (error) => {
      if (error) this.#options.onError(error);
    });
  }

  /** Takes no further messages; those held are still acknowledged. */
  stopTaking(): void {
    this.#isStopping = true;
    for (const timer of this.#retries) clearTimeout(timer);
    clearTimeout(this.#refusedTimer);
  }

  /** Says that we are offline and disconnects; the broker keeps our session. */
  async close(): Promise<void> {
    this.stopTaking();
    if (this.#client?.connected) await this.#tellStatus(this.#client, 'offline');
    await this.#client?.endAsync();
  }

  async #connected(client: MqttClient): Promise<void> {
    this.#isAway = false;
    // While the broker is slow to read, mqtt.js waits once for each packet: with many stations that is no leak.
    client.stream.setMaxListeners(0);
    try {
      // Retained messages stay away at subscribing (rh 2) and show as such later (rap): they never become readings.
      const { subscriptions = EVERYTHING, otherSubscriptions = [] } = this.#options;
      // At QoS 2 nothing is downgraded on the way: what came with it shows and is refused.
      if (subscriptions.length > 0) await client.subscribeAsync([...subscriptions], { qos: 2, rap: true, rh: 2 });
      if (otherSubscriptions.length > 0) await client.unsubscribeAsync([...otherSubscriptions]);
      this.#isSubscribed = true;
      await this.#tellStatus(client, 'online');
      this.#refusal = undefined;
      this.#options.onConnected();
    } catch (error) {
      this.#refused(client, error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The connection went away in between, and the next one comes here again; or our account may not, which may be mended on this one. */
  #refused(client: MqttClient, error: Error): void {
    if (error.message !== this.#refusal) this.#options.onError(error);
    this.#refusal = error.message;
    clearTimeout(this.#refusedTimer);
    this.#refusedTimer = setTimeout(() => {
      if (this.#refusal !== undefined && client.connected && !this.#isStopping) void this.#connected(client);
    }, this.#options.refusedMs ?? REFUSED_MS).unref();
  }

  async #tellStatus(client: MqttClient, status: 'online' | 'offline'): Promise<void> {
    if (this.#options.tellsStatus ?? true) await client.publishAsync(STATUS_TOPIC, status, { qos: 1, retain: true });
  }

  /** Told once an outage: every attempt to connect ends here. */
  #failed(error: Error): void {
    if (!this.#isAway) this.#options.onError(error);
    this.#isAway = true;
  }

  #receive(publish: SentPublish, ack: HeldAck | undefined): void {
    if (this.#isStopping) return;
    const { topic, payload } = publish;
    if (this.#options.takeInternal?.(topic, payload)) {
      ack?.release();
      return;
    }
    const arrival = this.#arrivalOf(topic, payload);
    const unfit = arrival === undefined ? FOREIGN_TOPIC : unfitPublish(publish);
    if (arrival !== undefined && unfit === undefined) {
      this.#take(arrival, ack);
      return;
    }
    this.#options.refused(arrival?.deviceId, unfit ?? FOREIGN_TOPIC);
    ack?.release();
  }

  /** Undefined for a topic that belongs to no registered device. */
  #arrivalOf(text: string, payload: Buffer): Arrival | undefined {
    const { topic, isBridged } = this.#knownTopics.get(text) ?? this.#readTopic(text);
    const deviceId = topic && (topic.deviceId ?? this.#options.deviceOfZigbeeName(topic.object ?? ''));
    if (topic === undefined || deviceId === undefined) return undefined;
    return { topic, payload, deviceId, receivedAt: this.#options.clock(), isStampedByBridge: isBridged };
  }

  /** A device publishes to the same topic all its life. */
  #readTopic(text: string): KnownTopic {
    const bridged = parseBridgeTopic(text) ?? parseLateTopic(text);
    const known = { topic: bridged ?? parseDeviceTopic(text), isBridged: bridged !== undefined };
    if (text.length > MAX_KNOWN_LENGTH) return known;
    if (this.#knownTopics.size >= MAX_KNOWN_TOPICS) this.#knownTopics.clear();
    this.#knownTopics.set(text, known);
    return known;
  }

  /** Until the store takes it, or the connection is gone and the broker sends it again. */
  #take(arrival: Arrival, ack: HeldAck | undefined): void {
    this.#options.accept(arrival, (error) => {
      if (error === undefined) {
        ack?.release();
        return;
      }
      if (ack?.isCurrent() !== true || this.#isStopping) return;
      const timer = setTimeout(() => {
        this.#retries.delete(timer);
        if (ack.isCurrent()) this.#take(arrival, ack);
      }, this.#options.retryMs ?? RETRY_MS);
      this.#retries.add(timer);
    });
  }
}

const FOREIGN_TOPIC = reject('foreign-topic', 'A topic that belongs to no registered device.');
