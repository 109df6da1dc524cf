import { connect, type MqttClient } from 'mqtt';
import {
  bridgeTopic,
  confirmTopic,
  parseRegistryTopic,
  REGISTRY_SUBSCRIPTION,
  STATUS_TOPIC,
  seenTopic,
} from '../server/domain/topics.ts';
import { brokerClientId } from '../server/process/brokerClientId.ts';
import type { Destination } from './delivery.ts';
import { decodeConfirmations, encodeEnvelope } from './envelope.ts';
import type { Push, Taken } from './push.ts';
import type { RegistryFollower } from './registryFollower.ts';

const RECONNECT_MS = 1_000;
/** A push the server is silent about for so long is sent again, ms. */
const CONFIRM_MS = 30_000;
/** Pushes on their way at once; beyond it they wait in the spool. Half of what the embedded broker lets one user hold. */
const MAX_UNDERWAY = 1_000;

/** What the link needs. */
export interface BrokerLinkOptions {
  url: string;
  username?: string | undefined;
  password?: string | undefined;
  /** Name of this bridge among several: 1 to 32 of `a-z`, `0-9` and `-`. */
  bridgeId: string;
  registry: RegistryFollower;
  onError: (error: unknown) => void;
  clock: () => number;
  confirmMs?: number;
}

interface Underway {
  /** Packet at the MQTT client, which would send it again by itself after a reconnect. */
  messageId: number;
  timer: NodeJS.Timeout;
  settle: (taken: Taken) => void;
}

/**
 * The way to the server over the broker: publishes pushes with QoS 1, hears from the server what became of each, and
 * follows the registry. A push is away until the server itself confirms it: what a broker acknowledges it may still lose.
 */
export class BrokerLink implements Destination {
  readonly #options: Required<Pick<BrokerLinkOptions, 'confirmMs'>> & BrokerLinkOptions;
  readonly #underway = new Map<number, Underway>();
  #client: MqttClient | undefined;
  #isServerOnline = false;
  #nextNumber: number;

  constructor(options: BrokerLinkOptions) {
    this.#options = { confirmMs: CONFIRM_MS, ...options };
    // Confirmations meant for an earlier run must fit no number of this one.
    this.#nextNumber = Math.floor(options.clock()) * 1_000;
  }

  /** Begins to connect, and goes on trying for as long as it takes. */
  start(): void {
    const { url, username, password, bridgeId, onError } = this.#options;
    const client = connect(url, {
      clientId: brokerClientId(`buergerluft-bridge-${bridgeId}`, password),
      clean: true,
      resubscribe: false,
      reconnectPeriod: RECONNECT_MS,
      reconnectOnConnackError: true,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
    this.#client = client;
    client.on('connect', () => void this.#connected(client));
    client.on('message', (topic, payload, { retain }) => this.#receive(topic, payload, retain));
    client.on('close', () => this.#disconnected());
    client.on('error', onError);
  }

  /** True while the broker is there. */
  get isConnected(): boolean {
    return this.#client?.connected === true;
  }

  /** True while broker and server are there and not too much is on its way already. */
  isThere(): boolean {
    return this.isConnected && this.#isServerOnline && this.#underway.size < MAX_UNDERWAY;
  }

  /** Resolves when the server has said what became of the push, or with `away` when it cannot or does not. */
  deliver(push: Push): Promise<Taken> {
    const client = this.#client;
    if (client === undefined || !this.isConnected || this.#underway.size >= MAX_UNDERWAY) {
      return Promise.resolve('away');
    }
    const number = this.#nextNumber++;
    return new Promise((settle) => {
      const payload = encodeEnvelope(push, this.#options.bridgeId, number);
      // Its acknowledgement only says that the broker has it; a failure shows as a closed connection.
      client.publish(bridgeTopic(push.deviceId), payload, { qos: 1 }, () => undefined);
      const timer = setTimeout(() => this.#settle(number, 'away'), this.#options.confirmMs);
      this.#underway.set(number, { messageId: client.getLastMessageId(), timer, settle });
    });
  }

  /** Tells the server whom the doors turned away; lost while either is away. */
  tell(payload: string): void {
    if (this.isThere()) this.#client?.publish(seenTopic(this.#options.bridgeId), payload);
  }

  async close(): Promise<void> {
    this.#disconnected();
    await this.#client?.endAsync(true);
  }

  async #connected(client: MqttClient): Promise<void> {
    try {
      const topics = [STATUS_TOPIC, confirmTopic(this.#options.bridgeId), REGISTRY_SUBSCRIPTION];
      await client.subscribeAsync(topics, { qos: 1 });
    } catch (error) {
      // The connection went away in between; the next one comes here again.
      this.#options.onError(error);
    }
  }

  #receive(topic: string, payload: Buffer, isKept: boolean): void {
    const part = parseRegistryTopic(topic);
    if (part !== undefined) this.#options.registry.receive(part, payload.toString(), isKept);
    else if (topic === STATUS_TOPIC) this.#isServerOnline = payload.toString() === 'online';
    else for (const [number, taken] of decodeConfirmations(payload) ?? []) this.#settle(number, taken);
  }

  #settle(number: number, taken: Taken): void {
    const underway = this.#underway.get(number);
    if (underway === undefined) return;
    clearTimeout(underway.timer);
    this.#underway.delete(number);
    underway.settle(taken);
  }

  /** What is on its way is in the spool, or about to be: it is delivered from there. */
  #disconnected(): void {
    this.#isServerOnline = false;
    this.#options.registry.disconnected();
    for (const [number, { messageId }] of this.#underway) {
      this.#client?.removeOutgoingMessage(messageId);
      this.#settle(number, 'away');
    }
  }
}
