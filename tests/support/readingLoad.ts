import { setTimeout as wait } from 'node:timers/promises';
import { connect, type MqttClient } from 'mqtt';
import { closeAfterTest } from './closing.ts';
import { eventText, factsOf, type LoadEvent, type LoadMessage } from './loadFacts.ts';
import type { DeviceLogin } from './mqttClients.ts';

/** A device that publishes under load, with a station to count at. */
export interface LoadDevice extends DeviceLogin {
  stationId: string;
}

/** How a load runs. */
export interface ReadingLoadOptions {
  devices: readonly LoadDevice[];
  /** Where the broker is. */
  mqttPort: number;
  /** Each device publishes once in this time, ms, while it has room for one more. */
  everyMs: number;
  /** True where devices sign in without an account of their own. */
  isAnonymous?: boolean;
  /** Pause before a device connects again, ms; 100 when left out. */
  reconnectMs?: number;
  /** Epoch ms. */
  clock?: () => number;
}

/** A device waits so long before it sends again what its client gave up, ms. */
const RETRY_MS = 100;
/** Numbers are told by PM10 in steps of 0.01, below the 999.9 at which an SDS011 is saturated. */
const MAX_NUMBER = 99_000;
/**
 * Messages a device keeps until they are acknowledged. Its client sends them again one by one: without a limit, how long
 * that takes after an outage would depend on how slowly the machine starts a server.
 */
export const MAX_OPEN = 100;
/** Without a single acknowledgement for so long a load counts as stuck, ms. */
const STUCK_MS = 120_000;

/** A device of a running load. */
interface Sender {
  device: LoadDevice;
  client: MqttClient;
  isStamped: boolean;
  /** Messages not acknowledged. */
  open: number;
  lastStamp: number;
}

/**
 * Devices that publish numbered readings with QoS 1 and reconnect by themselves. Every second device stamps its
 * messages, each with a time of its own; the others leave the time to us. What is acknowledged is noted; what is not is
 * sent again.
 */
export class ReadingLoad {
  /** Numbers acknowledged, by station. */
  readonly acknowledged = new Map<string, Set<number>>();
  /** Everything published, by number. */
  readonly messages = new Map<number, LoadMessage>();
  /** What `noteEvent` was told. */
  readonly events: LoadEvent[] = [];
  readonly #options: ReadingLoadOptions;
  readonly #clock: () => number;
  readonly #clients: MqttClient[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #isClosed = false;
  #isPaused = false;
  #lastAcknowledgedAt = 0;
  #unacknowledged = 0;

  constructor(options: ReadingLoadOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
    closeAfterTest(() => this.#close());
  }

  /** Messages published so far. */
  get sent(): number {
    return this.messages.size;
  }

  /** Messages whose acknowledgement is still to come. */
  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  start(): void {
    this.#options.devices.forEach((device, index) => {
      const client = this.#connect(device);
      this.#clients.push(client);
      this.acknowledged.set(device.stationId, new Set());
      const sender: Sender = { device, client, isStamped: index % 2 === 0, open: 0, lastStamp: 0 };
      const publish = () => {
        if (!this.#isPaused && sender.open < MAX_OPEN) this.#publish(sender);
      };
      this.#timers.push(setInterval(publish, this.#options.everyMs));
    });
  }

  /** Publishes nothing new until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  /** Publishes no more; what is unacknowledged is still sent again. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Notes what was done to the server, such as a kill: a failed test tells it beside its messages. */
  noteEvent(what: string): void {
    this.events.push({ at: Date.now(), what });
  }

  /** Resolves when every message is acknowledged; rejects, with those that are not, when none was for two minutes. */
  async settled(): Promise<void> {
    const since = performance.now();
    while (this.#unacknowledged > 0) {
      if (performance.now() - Math.max(since, this.#lastAcknowledgedAt) > STUCK_MS) throw this.#stuck();
      await wait(20);
    }
  }

  #stuck(): Error {
    const open = [...this.messages.values()].filter(({ acknowledgedAt }) => acknowledgedAt === undefined);
    const shown = open.slice(0, 20).map((message) => `  ${factsOf(message)}`);
    const begin = `no acknowledgement for ${STUCK_MS} ms; ${open.length} of ${this.sent} messages wait:`;
    return new Error([begin, ...shown, ...this.events.map(eventText)].join('\n'));
  }

  #connect({ deviceId, token }: LoadDevice): MqttClient {
    const account = this.#options.isAnonymous ? {} : { username: deviceId, password: token };
    const client = connect({
      ...{ host: '127.0.0.1', port: this.#options.mqttPort, protocol: 'mqtt', ...account },
      clientId: deviceId,
      reconnectPeriod: this.#options.reconnectMs ?? 100,
      connectTimeout: 2_000,
    });
    client.on('error', () => undefined);
    return client;
  }

  #publish(sender: Sender): void {
    const { client, device } = sender;
    const number = this.sent + 1;
    if (number > MAX_NUMBER) throw new RangeError('the load ran out of numbers');
    const stampedAt = this.#stampOf(sender);
    const { deviceId, stationId } = device;
    const message: LoadMessage = { number, deviceId, stationId, stampedAt, sentAt: Date.now(), givenUp: [] };
    this.messages.set(number, message);
    sender.open++;
    this.#unacknowledged++;
    const topic = `buergerluft/${deviceId}/airrohr`;
    const body = numberedBody(number, stampedAt);
    // mqtt.js gives up what was published while it resends older messages when the connection ends meanwhile.
    const send = () =>
      client.publish(topic, body, { qos: 1 }, (error) => {
        if (!error) this.#isAcknowledged(sender, message);
        else if (!this.#isClosed) {
          message.givenUp.push(error.message);
          setTimeout(send, RETRY_MS);
        }
      });
    send();
  }

  /**
   * A busy machine runs two turns of a timer within one millisecond: the second message would be another value for a time
   * that has one, which is refused, and rightly acknowledged.
   */
  #stampOf(sender: Sender): number | undefined {
    if (!sender.isStamped) return undefined;
    sender.lastStamp = Math.max(this.#clock(), sender.lastStamp + 1);
    return sender.lastStamp;
  }

  #isAcknowledged(sender: Sender, message: LoadMessage): void {
    if (message.acknowledgedAt !== undefined) return;
    message.acknowledgedAt = Date.now();
    this.#lastAcknowledgedAt = performance.now();
    this.#unacknowledged--;
    sender.open--;
    this.acknowledged.get(message.stationId)?.add(message.number);
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    this.stop();
    await Promise.all(this.#clients.map((client) => client.endAsync(true)));
  }
}

/** A body of the airRohr kind whose PM10 tells its number; `stampedAt` (epoch ms) gives it a time of its own. */
export function numberedBody(number: number, stampedAt?: number): string {
  const stamp = stampedAt === undefined ? {} : { timestamp: new Date(stampedAt).toISOString() };
  return JSON.stringify({
    ...stamp,
    software_version: 'NRZ-2024-135',
    sensordatavalues: [
      { value_type: 'SDS_P1', value: (number / 100).toFixed(2) },
      { value_type: 'SDS_P2', value: '7.50' },
      { value_type: 'samples', value: String(700_000 + number) },
    ],
  });
}
