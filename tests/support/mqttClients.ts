import { connect as connectSocket, type Socket } from 'node:net';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { closeAfterTest } from './closing.ts';

/** A device's account at a broker. */
export interface DeviceLogin {
  deviceId: string;
  token: string;
}

/** Signs in with mqtt.js; rejects when refused. Closed after the test. */
export async function connectMqtt(port: number, options: IClientOptions = {}): Promise<MqttClient> {
  const client = connect({ host: '127.0.0.1', port, protocol: 'mqtt', reconnectPeriod: 0, ...options });
  closeAfterTest(() => client.endAsync(true));
  // Kept for good: mqtt.js throws what nobody listens to, and tests close connections from the other side.
  client.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('connection closed')));
  });
  return client;
}

/** Signs a device in under its own name. */
export function connectDevice(port: number, login: DeviceLogin, options: IClientOptions = {}): Promise<MqttClient> {
  const { deviceId, token } = login;
  return connectMqtt(port, { clientId: deviceId, username: deviceId, password: token, ...options });
}

/** The number a CONNACK refused with; fails when the connection was accepted. */
export async function refusalOf(connecting: Promise<unknown>): Promise<number | string> {
  try {
    await connecting;
  } catch (error) {
    return (error as { code?: number }).code ?? String(error);
  }
  throw new Error('the connection was accepted');
}

/** A bare TCP connection, for what no MQTT client would send. */
export async function connectRaw(port: number): Promise<Socket> {
  const socket = connectSocket({ port, host: '127.0.0.1' });
  closeAfterTest(() => socket.destroy());
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return socket;
}

/** Resolves when the other side closed the connection; false after `withinMs`. */
export function isClosed(socket: Socket | MqttClient, withinMs = 120_000): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs);
    (socket as Socket).once('close', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** The next message the client gets, as `[topic, text]`. */
export function nextMessage(client: MqttClient): Promise<[topic: string, text: string]> {
  return new Promise((resolve) => client.once('message', (topic, payload) => resolve([topic, payload.toString()])));
}
