import { connect, type IPublishPacket, type MqttClient } from 'mqtt';
import { type Rejection, reject } from '../domain/reading.ts';
import { parseBridgeTopic, parseDeviceTopic, parseLateTopic, STATUS_TOPIC } from '../domain/topics.ts';
import type { Accept, Arrival } from './arrival.ts';
import type { TakeInternal } from './bridgedMessages.ts';
import { PubackHold } from './pubackHold.ts';
import { unfitPublish } from './publishDoor.ts';
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
}

/**
 * Takes device messages from an external broker and acknowledges each after its commit. Who a message is from is told
 * by its topic: the broker's access rules let a device publish nowhere else.
 */
export class MqttSource {
  readonly #options: MqttSourceOptions;
  readonly #hold = new PubackHold();
  readonly #retries = new Set<NodeJS.Timeout>();
  #client: MqttClient | undefined;
  #isStopping = false;
  #isAway = false;

  constructor(options: MqttSourceOptions) {
    this.#options = options;
  }

  /** Begins to connect, and goes on trying for as long as it takes. */
  start(): void {
    const { url, username, password, nodeId, tellsStatus = true, onDisconnected } = this.#options;
    const client = connect(url, {
      protocolVersion: 5,
      clientId: `buergerluft-${nodeId}`,
      clean: false,
      resubscribe: false,
      queueQoSZero: false,
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONNECT_MS,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      properties: { sessionExpiryInterval: SESSION_EXPIRY_S, receiveMaximum: RECEIVE_MAXIMUM },
      ...(tellsStatus && {
        will: { topic: STATUS_TOPIC, payload: Buffer.from('offline'), qos: 1 as const, retain: true },
      }),
    });
    this.#client = client;
    this.#hold.wrap(client);
    client.on('message', (topic, payload, packet) => this.#receive(topic, payload, packet));
    client.on('connect', () => void this.#connected(client));
    client.on('error', (error) => this.#failed(error));
    if (onDisconnected) client.on('close', onDisconnected);
  }

  /** True while the broker is there. */
  get isConnected(): boolean {
    return this.#client?.connected === true;
  }

  /** Acknowledgements held until their commit. */
  get held(): number {
    return this.#hold.size;
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
  }

  /** Says that we are offline and disconnects; the broker keeps our session. */
  async close(): Promise<void> {
    this.stopTaking();
    if (this.#client?.connected) await this.#tellStatus(this.#client, 'offline');
    await this.#client?.endAsync();
  }

  async #connected(client: MqttClient): Promise<void> {
    this.#isAway = false;
    try {
      // Retained messages stay away at subscribing (rh 2) and show as such later (rap): they never become readings.
      const { subscriptions = EVERYTHING, otherSubscriptions = [] } = this.#options;
      // At QoS 2 nothing is downgraded on the way: what came with it shows and is refused.
      if (subscriptions.length > 0) await client.subscribeAsync([...subscriptions], { qos: 2, rap: true, rh: 2 });
      if (otherSubscriptions.length > 0) await client.unsubscribeAsync([...otherSubscriptions]);
      await this.#tellStatus(client, 'online');
      this.#options.onConnected();
    } catch (error) {
      // The connection went away in between; the next one comes here again.
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #tellStatus(client: MqttClient, status: 'online' | 'offline'): Promise<void> {
    if (this.#options.tellsStatus ?? true) await client.publishAsync(STATUS_TOPIC, status, { qos: 1, retain: true });
  }

  /** Told once an outage: every attempt to connect ends here. */
  #failed(error: Error): void {
    if (!this.#isAway) this.#options.onError(error);
    this.#isAway = true;
  }

  #receive(topic: string, payload: Buffer, packet: IPublishPacket): void {
    const isAcknowledged = packet.qos === 1 && packet.messageId !== undefined;
    const ack = isAcknowledged ? this.#hold.hold(packet.messageId as number) : undefined;
    if (this.#isStopping) return;
    if (this.#options.takeInternal?.(topic, payload)) {
      ack?.release();
      return;
    }
    const arrival = this.#arrivalOf(topic, payload);
    const unfit = arrival === undefined ? FOREIGN_TOPIC : unfitPublish(packet);
    if (arrival !== undefined && unfit === undefined) {
      this.#take(arrival, ack);
      return;
    }
    this.#options.refused(arrival?.deviceId, unfit ?? FOREIGN_TOPIC);
    ack?.release();
  }

  /** Undefined for a topic that belongs to no registered device. */
  #arrivalOf(topic: string, payload: Buffer): Arrival | undefined {
    const bridged = parseBridgeTopic(topic) ?? parseLateTopic(topic);
    const parsed = bridged ?? parseDeviceTopic(topic);
    const deviceId = parsed && (parsed.deviceId ?? this.#options.deviceOfZigbeeName(parsed.object ?? ''));
    if (parsed === undefined || deviceId === undefined) return undefined;
    const receivedAt = this.#options.clock();
    return { topic: parsed, payload, deviceId, receivedAt, isStampedByBridge: bridged !== undefined };
  }

  /** Until the store takes it, or the connection is gone and the broker sends it again. */
  #take(arrival: Arrival, ack: ReturnType<PubackHold['hold']> | undefined): void {
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
