import { createHash, timingSafeEqual } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { airrohrTopic } from '../server/domain/topics.ts';

/** Connections kept open for the next push; beyond it the one unused longest is closed. */
const MAX_CONNECTIONS = 10_000;
/** Longest wait for the broker to let a device in, and then for its acknowledgement, ms. Firmware waits 20 s in all. */
const CONNECT_MS = 4_000;
const ACKNOWLEDGE_MS = 5_000;
/** CONNACK codes of MQTT 3.1.1 for a wrong name or password and for one that is not allowed. */
const REFUSED = new Set<unknown>([4, 5]);

interface Connection {
  client: MqttClient;
  tokenHash: Buffer;
}

/**
 * The devices that push over HTTP, each signed in at the broker as itself: the broker knows the tokens, so the bridge
 * needs no list of its own, a revoked token ends with its connection, and a push is acknowledged when the broker is.
 */
export class DeviceConnections {
  readonly #url: string;
  readonly #connections = new Map<string, Connection>();
  #count = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** True when the token is the device's, false when it is not, `unready` while the broker is away. */
  async signIn(deviceId: string, token: string): Promise<boolean | 'unready'> {
    const tokenHash = createHash('sha256').update(token).digest();
    const known = this.#connections.get(deviceId);
    if (known?.client.connected && timingSafeEqual(known.tokenHash, tokenHash)) {
      this.#keep(deviceId, known);
      return true;
    }
    const client = await this.#connect(deviceId, token);
    if (typeof client === 'string') return client === 'refused' ? false : 'unready';
    this.#drop(deviceId);
    this.#keep(deviceId, { client, tokenHash });
    return true;
  }

  /** Publishes with QoS 1. True when the broker acknowledged in time. */
  async publish(deviceId: string, body: Uint8Array): Promise<boolean> {
    const client = this.#connections.get(deviceId)?.client;
    if (client === undefined) return false;
    const acknowledged = client.publishAsync(airrohrTopic(deviceId), Buffer.from(body), { qos: 1 });
    const isKept = await withTimeout(acknowledged, ACKNOWLEDGE_MS);
    // A publish without its acknowledgement must not be sent again behind the device's back.
    if (!isKept) this.#drop(deviceId);
    return isKept;
  }

  async close(): Promise<void> {
    const clients = [...this.#connections.values()].map(({ client }) => client);
    this.#connections.clear();
    await Promise.all(clients.map((client) => client.endAsync(true)));
  }

  async #connect(deviceId: string, token: string): Promise<MqttClient | 'refused' | 'away'> {
    this.#count += 1;
    const clientId = `bridge-${process.pid}-${this.#count}`;
    const options = { clientId, username: deviceId, password: token, reconnectPeriod: 0, connectTimeout: CONNECT_MS };
    try {
      const client = await connectAsync(this.#url, options, false);
      client.on('close', () => {
        if (this.#connections.get(deviceId)?.client === client) this.#connections.delete(deviceId);
      });
      client.on('error', () => client.end(true));
      return client;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      return REFUSED.has(code) ? 'refused' : 'away';
    }
  }

  /** Puts the device last, so that the first of the Map is the one unused longest. */
  #keep(deviceId: string, connection: Connection): void {
    this.#connections.delete(deviceId);
    this.#connections.set(deviceId, connection);
    if (this.#connections.size <= MAX_CONNECTIONS) return;
    const oldest = this.#connections.keys().next();
    if (!oldest.done) this.#drop(oldest.value);
  }

  #drop(deviceId: string): void {
    const connection = this.#connections.get(deviceId);
    this.#connections.delete(deviceId);
    connection?.client.end(true);
  }
}

/** True when `work` is done within `ms`; false when it failed or took longer. */
async function withTimeout(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = work.then(
    () => true,
    () => false,
  );
  const isDone = await Promise.race([done, late]);
  clearTimeout(timer);
  return isDone;
}
