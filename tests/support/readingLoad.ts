import { connect, type MqttClient } from 'mqtt';
import { closeAfterTest } from './closing.ts';
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
  /** Each device publishes once in this time, ms. */
  everyMs: number;
  /** True where devices sign in without an account of their own. */
  isAnonymous?: boolean;
  /** Pause before a device connects again, ms; 100 when left out. */
  reconnectMs?: number;
}

/** A device waits so long before it sends again what its client gave up, ms. */
const RETRY_MS = 100;
/** Numbers are told by PM10 in steps of 0.01, below the 999.9 at which an SDS011 is saturated. */
const MAX_NUMBER = 99_000;

/**
 * Devices that publish numbered readings with QoS 1 and reconnect by themselves. Every second device stamps its
 * messages; the others leave the time to us. What is acknowledged is noted; what is not is sent again.
 */
export class ReadingLoad {
  /** Numbers acknowledged, by station. */
  readonly acknowledged = new Map<string, Set<number>>();
  readonly #options: ReadingLoadOptions;
  readonly #clients: MqttClient[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #isClosed = false;
  #isPaused = false;
  #next = 1;
  #sent = 0;

  constructor(options: ReadingLoadOptions) {
    this.#options = options;
    closeAfterTest(() => this.#close());
  }

  /** Messages published so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Messages whose acknowledgement is still to come. */
  get unacknowledged(): number {
    let count = 0;
    for (const numbers of this.acknowledged.values()) count += numbers.size;
    return this.#sent - count;
  }

  start(): void {
    this.#options.devices.forEach((device, index) => {
      const client = this.#connect(device);
      this.#clients.push(client);
      this.acknowledged.set(device.stationId, new Set());
      const isStamped = index % 2 === 0;
      const publish = () => {
        if (!this.#isPaused) this.#publish(client, device, isStamped);
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

  #publish(client: MqttClient, { deviceId, stationId }: LoadDevice, isStamped: boolean): void {
    const number = this.#next++;
    if (number > MAX_NUMBER) throw new RangeError('the load ran out of numbers');
    this.#sent++;
    const topic = `buergerluft/${deviceId}/airrohr`;
    const body = numberedBody(number, isStamped);
    // mqtt.js gives up what was published while it resends older messages when the connection ends meanwhile.
    const send = () =>
      client.publish(topic, body, { qos: 1 }, (error) => {
        if (!error) this.acknowledged.get(stationId)?.add(number);
        else if (!this.#isClosed) setTimeout(send, RETRY_MS);
      });
    send();
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    this.stop();
    await Promise.all(this.#clients.map((client) => client.endAsync(true)));
  }
}

/** A body of the airRohr kind whose PM10 tells its number. */
export function numberedBody(number: number, isStamped: boolean): string {
  const stamp = isStamped ? { timestamp: new Date(Date.now()).toISOString() } : {};
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
