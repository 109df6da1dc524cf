import { setTimeout as wait } from 'node:timers/promises';
import { closeAfterTest } from './closing.ts';
import { type LoadDevice, numberedBody } from './readingLoad.ts';

/** How a load of pushes runs. */
export interface PushLoadOptions {
  devices: readonly LoadDevice[];
  /** Address of the doors. */
  url: string;
  /** Each device pushes once in this time, ms. */
  everyMs: number;
}

/** Devices that push numbered readings over HTTP, without a time of their own, and send again what is not answered with 204. */
export class PushLoad {
  /** Numbers acknowledged, by station. */
  readonly acknowledged = new Map<string, Set<number>>();
  readonly #options: PushLoadOptions;
  readonly #running: Promise<void>[] = [];
  #isOn = true;
  #next = 1;
  sent = 0;

  constructor(options: PushLoadOptions) {
    this.#options = options;
    closeAfterTest(() => this.stop());
  }

  start(): void {
    for (const device of this.#options.devices) {
      this.acknowledged.set(device.stationId, new Set());
      this.#running.push(this.#run(device));
    }
  }

  /** Pushes nothing new; resolves when everything is acknowledged. */
  async stop(): Promise<void> {
    this.#isOn = false;
    await Promise.all(this.#running);
  }

  async #run(device: LoadDevice): Promise<void> {
    while (this.#isOn) {
      const number = this.#next++;
      this.sent++;
      while (!(await this.#push(device, number))) await wait(200);
      this.acknowledged.get(device.stationId)?.add(number);
      await wait(this.#options.everyMs);
    }
  }

  async #push({ deviceId, token }: LoadDevice, number: number): Promise<boolean> {
    const Authorization = `Basic ${Buffer.from(`${deviceId}:${token}`).toString('base64')}`;
    const init = { method: 'POST', headers: { Authorization }, body: numberedBody(number) };
    const response = await fetch(`${this.#options.url}/data.php`, init).catch(() => undefined);
    return response?.status === 204;
  }
}
