import { connectAsync, type MqttClient } from 'mqtt';
import { airrohrTopic } from '../domain/topics.ts';

/** Publishes one device may have unacknowledged; a real one has one, the rest is for fast replays. */
const MAX_IN_FLIGHT = 50;

/** A replayed device: its own MQTT connection with its own token. */
class DemoDevice {
  readonly #client: MqttClient;
  readonly #topic: string;
  #inFlight = 0;

  constructor(client: MqttClient, deviceId: string) {
    this.#client = client;
    this.#topic = airrohrTopic(deviceId);
  }

  /** Sends a body with QoS 1; false when it was dropped because the connection is away or behind. */
  publish(body: string, onError: (error: Error) => void): boolean {
    if (!this.#client.connected || this.#inFlight >= MAX_IN_FLIGHT) return false;
    this.#inFlight += 1;
    this.#client.publish(this.#topic, body, { qos: 1 }, (error) => {
      this.#inFlight -= 1;
      if (error) onError(error);
    });
    return true;
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }
}

/** Signs a device in at the broker on this machine. */
export async function connectDemoDevice(
  mqttPort: number,
  device: { deviceId: string; token: string },
): Promise<DemoDevice> {
  const { deviceId, token } = device;
  const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, {
    clientId: deviceId,
    username: deviceId,
    password: token,
    reconnectPeriod: 2_000,
  });
  return new DemoDevice(client, deviceId);
}
