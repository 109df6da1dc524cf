import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, HttpSender, MqttSender } from '../simulator/senders.ts';
import type { SeededStation } from '../support/seed.ts';

/** Where a load goes. */
export interface LoadOptions {
  stations: readonly SeededStation[];
  mqttPort: number;
  /** HTTP doors: every third device pushes there. */
  pushUrl: string;
  /** Pause of a device after an acknowledgement, ms. */
  everyMs: number;
}

/** Pause before the same bytes are sent again, ms. */
const RETRY_MS = 150;
/** Numbers are told by PM10 in steps of 0.01, below the 999.9 at which an SDS011 is saturated. */
const MAX_NUMBER = 99_000;

/** A device of a load, and what it was promised. */
export interface NumberedDevice {
  stationId: string;
  way: 'mqtt' | 'http';
  /** Numbers acknowledged, with the time of it. */
  acknowledged: Map<number, number>;
  sent: number;
}

/**
 * Devices that send one numbered reading after the other and each until it is acknowledged: over MQTT and over the HTTP
 * doors, every second one with its own time, the others leave it to us.
 */
export class NumberedLoad {
  readonly devices: readonly NumberedDevice[];
  readonly #options: LoadOptions;
  #isStopping = false;
  #isAbandoned = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: LoadOptions) {
    this.#options = options;
    this.devices = options.stations.map(({ stationId }, index) => ({
      ...{ stationId, acknowledged: new Map<number, number>(), sent: 0 },
      way: index % 3 === 2 ? ('http' as const) : ('mqtt' as const),
    }));
  }

  start(): void {
    const { stations } = this.#options;
    this.#running = Promise.all(
      this.devices.map((device, index) => this.#run(device, { station: stations[index] as SeededStation, index })),
    );
  }

  /** Begins no further message; resolves when each one begun is acknowledged, rejects when that takes over `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    this.#isStopping = true;
    const isDone = this.#running.then(() => true);
    if (await Promise.race([isDone, wait(withinMs, false, { ref: false })])) return;
    const late = this.devices.filter(({ sent, acknowledged }) => sent > acknowledged.size).length;
    throw new Error(`${late} devices wait for an acknowledgement after ${withinMs} ms`);
  }

  /** Gives up, acknowledged or not. */
  abandon(): void {
    this.#isStopping = true;
    this.#isAbandoned = true;
  }

  async #run(device: NumberedDevice, { station, index }: { station: SeededStation; index: number }): Promise<void> {
    const send = device.way === 'mqtt' ? this.#publisher(station) : this.#pusher(station);
    const isStamped = index % 2 === 0;
    await wait(Math.random() * this.#options.everyMs);
    while (!this.#isStopping) {
      const number = ++device.sent;
      if (number > MAX_NUMBER) throw new RangeError('the load ran out of numbers');
      await this.#sendUntilTaken(send, numberedBody(number, isStamped));
      if (this.#isAbandoned) break;
      device.acknowledged.set(number, Date.now());
      await wait(this.#options.everyMs);
    }
    send.end();
  }

  async #sendUntilTaken(send: Send, body: string): Promise<void> {
    while (!this.#isAbandoned && (await send.body(body)) !== 'taken') await wait(RETRY_MS);
  }

  #publisher({ deviceId, token }: SeededStation): Send {
    const account = { clientId: deviceId, username: deviceId, password: token };
    const sender = new MqttSender({ host: '127.0.0.1', port: this.#options.mqttPort, ...account }, ACK_TIMEOUT_MS);
    return {
      body: (body) => sender.send({ topic: `buergerluft/${deviceId}/airrohr`, body }),
      end: () => sender.cut(),
    };
  }

  #pusher({ deviceId, token }: SeededStation): Send {
    const sender = new HttpSender(this.#options.pushUrl);
    const headers = { Authorization: `Basic ${Buffer.from(`${deviceId}:${token}`).toString('base64')}` };
    return { body: (body) => sender.send({ path: '/data.php', headers, body }), end: () => sender.cut() };
  }
}

/** Longer than any hold; a frozen server must not make a run wait for ever, ms. */
const ACK_TIMEOUT_MS = 8_000;

interface Send {
  body: (body: string) => Promise<Answer>;
  end: () => void;
}

/** The number a stored PM10 value stands for. */
export function numberOf(pm10: number): number {
  return Math.round(pm10 * 100);
}

function numberedBody(number: number, isStamped: boolean): string {
  return JSON.stringify({
    ...(isStamped && { timestamp: new Date().toISOString() }),
    software_version: 'NRZ-2024-135',
    sensordatavalues: [
      { value_type: 'SDS_P1', value: (number / 100).toFixed(2) },
      { value_type: 'SDS_P2', value: '7.50' },
      { value_type: 'samples', value: String(700_000 + number) },
      { value_type: 'min_micro', value: '28' },
      { value_type: 'max_micro', value: '20203' },
    ],
  });
}
