import { randomUUID } from 'node:crypto';
import { connect, type MqttClient } from 'mqtt';
import type { Config } from '../config.ts';
import { storedTopic } from '../domain/topics.ts';
import type { Logger } from '../log.ts';
import { brokerClientId } from '../process/brokerClientId.ts';
import { logBrokerTrouble, REFUSED_MS, whenShortLived } from '../process/brokerTrouble.ts';
import { encodeGone } from './storedMessage.ts';

const RECONNECT_MS = 1_000;
/**
 * A node whose machine is gone is given up after one and a half times this, s, and so notices a node that the broker is gone.
 * What it missed is read back from before that: the margins of `followedReadings.ts` and `ingestNode.ts` must be longer. One
 * that only stood still so long costs the others a look into the store, and nothing else.
 */
const KEEPALIVE_S = 5;
/** Messages the broker has not confirmed yet; beyond, further ones are dropped and the gap shows in their numbers. */
const MAX_UNCONFIRMED = 5_000;
/** Longest wait at the end for what was sent to go out, ms: a broker that hangs or is away must not keep us. */
const FAREWELL_MS = 1_000;

/** What the bus needs. */
export interface NodeBusOptions {
  url: string;
  username?: string | undefined;
  password?: string | undefined;
  nodeId: string;
  /** Names this run of the process; another one at each start. */
  run: string;
  onError: (error: Error) => void;
  /** Pause before a broker that lets us in and not subscribe is asked again, ms. */
  refusedMs?: number;
}

/** `isKept`: the broker had kept it (MQTT's retain flag). */
type Take = (topic: string, payload: Buffer, isKept: boolean) => void;

/**
 * What the nodes of one instance tell each other over the broker. Beside the connection that takes device messages:
 * nothing here waits for a commit. Bounded: what cannot be sent is dropped and said to be.
 */
export class NodeBus {
  readonly nodeId: string;
  readonly run: string;
  /** Messages that were not sent because the broker was away or slow. */
  dropped = 0;
  readonly #options: NodeBusOptions;
  readonly #takers: { filter: string; take: Take }[] = [];
  readonly #onConnected: (() => void)[] = [];
  readonly #onDisconnected: (() => void)[] = [];
  /** Who waits for the bus to be ready. */
  readonly #waiting = new Set<() => void>();
  #client: MqttClient | undefined;
  #refusedTimer: NodeJS.Timeout | undefined;
  #unconfirmed = 0;
  #isReady = false;

  constructor(options: NodeBusOptions) {
    this.#options = options;
    this.nodeId = options.nodeId;
    this.run = options.run;
  }

  /** Hands on what comes on a topic or `…/+`, `…/#`. Call before `start`. */
  follow(filter: string, take: Take): void {
    this.#takers.push({ filter, take });
  }

  /** Calls `connected` at each connection, when everything is subscribed. Call before `start`. */
  onConnected(connected: () => void): void {
    this.#onConnected.push(connected);
  }

  /** Calls `disconnected` when the broker goes away. Call before `start`. */
  onDisconnected(disconnected: () => void): void {
    this.#onDisconnected.push(disconnected);
  }

  /** Begins to connect, and goes on trying for as long as it takes. */
  start(): void {
    const { url, username, password, nodeId, run, onError } = this.#options;
    const client = connect(url, {
      protocolVersion: 5,
      clientId: brokerClientId(`buergerluft-bus-${nodeId}`, password),
      clean: true,
      resubscribe: false,
      reconnectPeriod: RECONNECT_MS,
      reconnectOnConnackError: true,
      keepalive: KEEPALIVE_S,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      will: { topic: storedTopic(nodeId), payload: Buffer.from(encodeGone(nodeId, run, false)), qos: 1, retain: false },
    });
    this.#client = client;
    client.on('message', (topic, payload, { retain }) => this.#receive(topic, payload, retain));
    client.on('connect', () => void this.#connected(client));
    client.on('close', () => this.#disconnected());
    client.on('error', onError);
    whenShortLived(client, onError);
  }

  /** Resolves when the broker is there and everything is subscribed, or the time is up. */
  async ready(patienceMs: number): Promise<void> {
    if (this.#isReady) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, patienceMs);
      this.#waiting.add(end);
    });
  }

  /** True while the broker is there and everything is subscribed. */
  get isConnected(): boolean {
    return this.#isReady && this.#client?.connected === true;
  }

  /** Sends a message (QoS 1); false when it was dropped. */
  send(topic: string, payload: string | Buffer): boolean {
    return this.#publish(topic, payload, false);
  }

  /** Sends a retained message; false when it was dropped: `onConnected` is the time to send it again. */
  retain(topic: string, payload: string): boolean {
    return this.#publish(topic, payload, true);
  }

  /** Disconnects, when what was sent has gone out or had its time. */
  async close(): Promise<void> {
    this.#isReady = false;
    const client = this.#client;
    if (client === undefined) return;
    this.#client = undefined;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FAREWELL_MS);
      client.end(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    client.stream.destroy();
  }

  #publish(topic: string, payload: string | Buffer, retain: boolean): boolean {
    const client = this.#client;
    if (client?.connected !== true || (!retain && this.#unconfirmed >= MAX_UNCONFIRMED)) {
      this.dropped++;
      return false;
    }
    this.#unconfirmed++;
    client.publish(topic, payload, { qos: 1, retain }, () => this.#unconfirmed--);
    return true;
  }

  async #connected(client: MqttClient): Promise<void> {
    clearTimeout(this.#refusedTimer);
    try {
      const filters = [...new Set(this.#takers.map(({ filter }) => filter))];
      if (filters.length > 0) await client.subscribeAsync(filters, { qos: 1 });
      this.#isReady = true;
      for (const connected of this.#onConnected) connected();
      for (const end of this.#waiting) end();
    } catch (error) {
      // The connection went away in between, and the next one comes here again; or our account may not, which may be mended on this one.
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
      this.#askAgain(client);
    }
  }

  #askAgain(client: MqttClient): void {
    this.#refusedTimer = setTimeout(() => {
      if (!this.#isReady && client.connected && client === this.#client) void this.#connected(client);
    }, this.#options.refusedMs ?? REFUSED_MS).unref();
  }

  #disconnected(): void {
    if (!this.#isReady) return;
    this.#isReady = false;
    for (const disconnected of this.#onDisconnected) disconnected();
  }

  #receive(topic: string, payload: Buffer, isKept: boolean): void {
    for (const { filter, take } of this.#takers) {
      if (!covers(filter, topic)) continue;
      try {
        take(topic, payload, isKept);
      } catch (cause) {
        // One message of another version must not end the process.
        this.#options.onError(new Error(`a message on ${topic} was not understood`, { cause }));
      }
    }
  }
}

/** The bus the settings ask for; not started yet. */
export function createBus(config: Config, log: Logger): NodeBus {
  const { MQTT_URL: url = '', MQTT_USERNAME: username, MQTT_PASSWORD: password, NODE_ID: nodeId } = config;
  let isTold = false;
  const bus: NodeBus = new NodeBus({
    ...{ url, username, password, nodeId, run: randomUUID() },
    // Every attempt to connect fails while the broker is away: told once.
    onError: (error) => {
      if (!isTold) logBrokerTrouble(log, error, 'the bus between the nodes');
      isTold = true;
    },
  });
  bus.onConnected(() => {
    isTold = false;
  });
  return bus;
}

/** True when the filter, with `+` or `#` at whole levels, covers the topic. */
function covers(filter: string, topic: string): boolean {
  if (!filter.includes('+') && !filter.endsWith('#')) return filter === topic;
  const [wanted, given] = [filter.split('/'), topic.split('/')];
  if (wanted.at(-1) === '#') return wanted.slice(0, -1).every((level, at) => level === '+' || level === given[at]);
  return wanted.length === given.length && wanted.every((level, at) => level === '+' || level === given[at]);
}
