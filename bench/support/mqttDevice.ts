import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const CONNACK = 0x20;
const PUBACK = 0x40;

/** How a device of the load generator signs in and where it publishes. */
export interface DeviceAccount {
  host: string;
  port: number;
  /** mqtts; plain otherwise. */
  isTls?: boolean;
  clientId: string;
  username?: string;
  password?: string;
  topic: string;
}

/** A publish that no device of ours would make. */
export interface AnyPublish {
  topic: string;
  payload: Uint8Array;
  isRetained?: boolean;
}

/**
 * A device on a raw socket: MQTT 3.1.1, QoS 1, as little work per message as possible, so that a generator on the same
 * two cores disturbs what is measured as little as it can.
 */
export class MqttDevice {
  readonly #account: DeviceAccount;
  readonly #onAck: (messageId: number) => void;
  readonly #onClose: () => void;
  #socket: Socket | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #connected: (() => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  constructor(account: DeviceAccount, onAck: (messageId: number) => void, onClose: () => void = () => undefined) {
    this.#account = account;
    this.#onAck = onAck;
    this.#onClose = onClose;
  }

  /** Connects; rejects when the broker refuses. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connected = resolve;
      this.#failed = reject;
      this.#rest = Buffer.alloc(0);
      const { host, port, isTls } = this.#account;
      const signIn = () => socket.write(connectPacket(this.#account));
      const socket: Socket = isTls
        ? connectTls({ host, port, servername: host }, signIn)
        : connect({ host, port, noDelay: true }, signIn);
      this.#socket = socket;
      socket.on('data', (chunk) => this.#read(chunk));
      socket.on('error', (error) => this.#failed?.(error));
      socket.once('close', () => {
        this.#failed?.(new Error('connection closed'));
        this.#onClose();
      });
    });
  }

  /** Publishes `body` with QoS 1 under `messageId` (1 to 65535). */
  publish(messageId: number, body: string): void {
    this.#socket?.write(publishPacket(this.#account.topic, messageId, body));
  }

  /** Publishes any bytes to any topic with QoS 1, also as a retained message. */
  publishBytes(messageId: number, { topic, payload, isRetained = false }: AnyPublish): void {
    this.#socket?.write(anyPacket(messageId, { topic, payload, isRetained }));
  }

  /** Cuts the connection. */
  close(): void {
    this.#socket?.destroy();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4) this.#packet(bytes, at);
    this.#rest = bytes.subarray(at);
  }

  /** CONNACK and PUBACK are the only packets a device gets, both 4 bytes long. */
  #packet(bytes: Buffer, at: number): void {
    const type = bytes[at];
    if (type === PUBACK) this.#onAck(bytes.readUInt16BE(at + 2));
    else if (type === CONNACK && bytes[at + 3] === 0) this.#connected?.();
    else this.#failed?.(new Error(`refused, first byte ${type}, code ${bytes[at + 3]}`));
  }
}

function text(value: string): Buffer {
  const body = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return Buffer.concat([length, body]);
}

function remainingLength(length: number): number[] {
  return length < 128 ? [length] : [(length % 128) | 0x80, ...remainingLength(Math.floor(length / 128))];
}

function connectPacket(account: DeviceAccount): Buffer {
  const hasLogin = account.username !== undefined && account.password !== undefined;
  const parts = [text('MQTT'), Buffer.from([4, hasLogin ? 0xc2 : 0x02, 0, 0]), text(account.clientId)];
  if (hasLogin) parts.push(text(account.username ?? ''), text(account.password ?? ''));
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x10, ...remainingLength(body.length)]), body]);
}

function publishPacket(topic: string, messageId: number, body: string): Buffer {
  const topicBytes = Buffer.byteLength(topic);
  const bodyBytes = Buffer.byteLength(body);
  const header = remainingLength(2 + topicBytes + 2 + bodyBytes);
  const packet = Buffer.allocUnsafe(1 + header.length + 4 + topicBytes + bodyBytes);
  packet[0] = 0x32;
  for (let i = 0; i < header.length; i++) packet[1 + i] = header[i] ?? 0;
  let at = packet.writeUInt16BE(topicBytes, 1 + header.length);
  at += packet.write(topic, at);
  at = packet.writeUInt16BE(messageId, at);
  packet.write(body, at);
  return packet;
}

function anyPacket(messageId: number, { topic, payload, isRetained }: AnyPublish): Buffer {
  const id = Buffer.alloc(2);
  id.writeUInt16BE(messageId);
  const body = Buffer.concat([text(topic), id, payload]);
  return Buffer.concat([Buffer.from([isRetained ? 0x33 : 0x32, ...remainingLength(body.length)]), body]);
}
