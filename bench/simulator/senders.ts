import { type ClientRequest, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type DeviceAccount, MqttDevice } from '../support/mqttDevice.ts';
import type { Publish, Push } from './firmwares.ts';

/** What became of one message: acknowledged, refused with a status, or no answer at all. */
export type Answer = 'taken' | 'unanswered' | `refused ${string}`;

/** How a simulated device reaches the server. */
export interface Sender<Message> {
  send(message: Message): Promise<Answer>;
  /** Cuts the connection, as a router that restarts does; the next message opens it again. */
  cut(): void;
}

/** A push waits so long for its answer, ms: the firmware's own timeout. */
const HTTP_TIMEOUT_MS = 20_000;
/** An acknowledgement is waited for so long, ms; then the connection counts as dead. */
const PUBACK_TIMEOUT_MS = 30_000;

/** A device on MQTT: signs in when it has something to say, QoS 1, and stays connected. */
export class MqttSender implements Sender<Publish> {
  readonly #account: Omit<DeviceAccount, 'topic'>;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #connection: Promise<MqttDevice> | undefined;
  readonly #ackTimeoutMs: number;
  #messageId = 0;

  constructor(account: Omit<DeviceAccount, 'topic'>, ackTimeoutMs = PUBACK_TIMEOUT_MS) {
    this.#account = account;
    this.#ackTimeoutMs = ackTimeoutMs;
  }

  async send({ topic, body }: Publish): Promise<Answer> {
    let device: MqttDevice;
    try {
      this.#connection ??= this.#open();
      device = await this.#connection;
    } catch (error) {
      this.#connection = undefined;
      const isRefused = error instanceof Error && error.message.startsWith('refused');
      return isRefused ? 'refused sign-in' : 'unanswered';
    }
    this.#messageId = (this.#messageId % 65_535) + 1;
    const messageId = this.#messageId;
    return new Promise((resolve) => {
      const timer = setTimeout(() => device.close(), this.#ackTimeoutMs);
      this.#waiting.set(messageId, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      device.publishBytes(messageId, { topic, payload: Buffer.from(body) });
    });
  }

  cut(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    void connection?.then(
      (device) => device.close(),
      () => undefined,
    );
  }

  #open(): Promise<MqttDevice> {
    const device: MqttDevice = new MqttDevice(
      { ...this.#account, topic: '' },
      (messageId) => this.#settle(messageId, 'taken'),
      () => this.#closed(connection),
    );
    const connection = device.open().then(() => device);
    return connection;
  }

  /** A device sends one message after the other: what waits was sent on the connection that ended. */
  #closed(connection: Promise<MqttDevice>): void {
    if (this.#connection === connection) this.#connection = undefined;
    for (const messageId of [...this.#waiting.keys()]) this.#settle(messageId, 'unanswered');
  }

  #settle(messageId: number, answer: Answer): void {
    this.#waiting.get(messageId)?.(answer);
    this.#waiting.delete(messageId);
  }
}

/** A device that pushes over HTTP, a new connection each time, as the firmware does. */
export class HttpSender implements Sender<Push> {
  readonly #url: string;

  /** `url`: where the doors are, without a path. */
  constructor(url: string) {
    this.#url = url.replace(/\/+$/, '');
  }

  send({ path, headers, body }: Push): Promise<Answer> {
    const start = this.#url.startsWith('https:') ? requestHttps : requestHttp;
    const sent = { ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' };
    return new Promise((resolve) => {
      const request: ClientRequest = start(`${this.#url}${path}`, { method: 'POST', headers: sent, agent: false });
      request.setTimeout(HTTP_TIMEOUT_MS, () => request.destroy());
      request.once('error', () => resolve('unanswered'));
      request.once('response', (response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        resolve(status === 201 || status === 204 ? 'taken' : `refused ${status}`);
      });
      request.end(body);
    });
  }

  /** Nothing stays open between two pushes. */
  cut(): void {}
}
