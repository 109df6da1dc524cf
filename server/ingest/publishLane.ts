import type { Socket } from 'node:net';
import { DUP, PacketFrame, PUBLISH_QOS_1, QOS_1 } from './packetFrame.ts';

/**
 * Largest MQTT packet read at all, bytes. A payload beyond the contract's 16 KiB is refused in the pipeline, with an
 * acknowledgement, so that its device does not send it for ever; beyond this one the connection is closed.
 */
export const MAX_PACKET_BYTES = 256 * 1024;
/** Packets above this go the general way: nothing a device sends is as long. */
const MAX_SHORT_BYTES = 20 * 1024;
/** Publishes of one connection that may wait for their commit before it is read on. */
const MAX_WAITING = 100;

const NOTHING = Buffer.alloc(0);

/** Who takes the publishes of a connection. */
export interface Lane {
  /** The one topic, as bytes, whose publishes are taken the short way; undefined for none. */
  topic(): Uint8Array | undefined;
  /** Takes a publish on that topic; `messageId` is absent with QoS 0. */
  take(payload: Buffer, messageId: number | undefined): void;
  /** Publishes that wait for their commit. */
  waiting(): number;
  /** A packet larger than `MAX_PACKET_BYTES` is announced. */
  tooLarge(): void;
}

/**
 * The short way of publishes. A device sends one kind of packet on one topic all its life; reading those here, without
 * the stages that find out what a packet is, costs half. Everything else, the first publish on a topic, and whatever
 * came in one piece behind it go to the broker as they came.
 *
 * It sits where bytes come into the socket's stream and where the broker reads them: both let through only what is left.
 */
export class PublishLane {
  readonly #socket: Socket;
  readonly #lane: Lane;
  readonly #read: (size?: number) => Buffer | null;
  readonly #push: Socket['push'];
  /** Bytes still to come of a packet that is being passed on. */
  #passing = 0;
  /** The beginning of a packet that is looked at once it is whole. */
  #begun: Buffer = NOTHING;
  #isHeld = false;
  /** True while the broker waits for more: it has seen all that came and is done with it. */
  #isBrokerIdle = false;
  /** What came behind a passed packet has its turn later, not while the broker is still busy with that one. */
  #isTurnToCome = false;
  readonly #frame = new PacketFrame();

  constructor(socket: Socket, lane: Lane) {
    this.#socket = socket;
    this.#lane = lane;
    this.#read = socket.read.bind(socket) as (size?: number) => Buffer | null;
    this.#push = socket.push.bind(socket);
  }

  /** Begins to look at what comes. */
  open(): void {
    this.#socket.push = (chunk: unknown, encoding) => this.#takeIn(chunk, encoding);
    this.#socket.read = (size?: number) => {
      const bytes = this.#readOn(size);
      if (size !== 0) this.#isBrokerIdle = bytes === null && this.#passing === 0 && !this.#isTurnToCome;
      return bytes;
    };
  }

  /** A waiting publish is through: reads on where it had stopped. */
  settled(): void {
    if (!this.#isHeld || this.#lane.waiting() > MAX_WAITING / 2) return;
    this.#isHeld = false;
    this.#readAgain();
  }

  #readAgain(): void {
    setImmediate(() => {
      this.#isTurnToCome = false;
      this.#socket.emit('readable');
    });
  }

  /**
   * What comes while nothing else is under way is taken at once, and only what is left goes into the stream. Lying there
   * first until the broker reads it costs a twentieth of all that is done for a message that comes alone.
   */
  #takeIn(chunk: unknown, encoding?: BufferEncoding): boolean {
    const isFirst = this.#isBrokerIdle && this.#socket.readableLength === 0 && this.#lane.waiting() < MAX_WAITING;
    if (!isFirst || !Buffer.isBuffer(chunk)) return this.#push(chunk, encoding);
    const bytes = this.#withBegun(chunk);
    const at = this.#takeFront(bytes);
    return at === bytes.length || this.#push(bytes.subarray(at));
  }

  #readOn(size?: number): Buffer | null {
    if (size === 0) return this.#read(0);
    // aedes reads again from within its parser when it is done with a packet at once, and its parser bears no second call.
    if (this.#isTurnToCome) return null;
    // TCP makes the sender wait: a device with thousands of old messages is slowed down, not cut off.
    this.#isHeld = this.#lane.waiting() >= MAX_WAITING;
    if (this.#isHeld) return null;
    const chunk = this.#readAll(size);
    if (chunk === null && this.#begun.length === 0) return null;
    const bytes = this.#withBegun(chunk ?? NOTHING);
    return this.#passing > 0 ? this.#passOn(bytes) : this.#sift(bytes);
  }

  #withBegun(chunk: Buffer): Buffer {
    if (this.#begun.length === 0) return chunk;
    const bytes = Buffer.concat([this.#begun, chunk]);
    this.#begun = NOTHING;
    return bytes;
  }

  /** All that came. From Node 26 on one read gives one piece of it, and nobody says that more is there. */
  #readAll(size?: number): Buffer | null {
    const first = this.#read(size);
    if (first === null || this.#socket.readableLength === 0) return first;
    const pieces = [first];
    for (let next = this.#read(size); next !== null; next = this.#read(size)) pieces.push(next);
    return Buffer.concat(pieces);
  }

  /** The rest of a packet that is being passed on. What came behind it has its turn once the broker has seen it. */
  #passOn(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.#passing);
    this.#passing -= part.length;
    if (part.length === bytes.length) return bytes;
    this.#begun = bytes.subarray(part.length);
    this.#isTurnToCome = true;
    this.#readAgain();
    return part;
  }

  /** Takes publishes off the front of what came; the rest is the broker's. */
  #sift(bytes: Buffer): Buffer | null {
    const at = this.#takeFront(bytes);
    return at === bytes.length ? null : this.#pass(bytes.subarray(at));
  }

  /** Where the first packet begins that is not taken. */
  #takeFront(bytes: Buffer): number {
    const topic = this.#lane.topic();
    let at = 0;
    while (at < bytes.length) {
      const isFramed = this.#frame.read(bytes, at);
      if (isFramed && (topic === undefined || !this.#isShort(bytes, at))) return at;
      if (!isFramed || this.#frame.end > bytes.length) {
        this.#begun = bytes.subarray(at);
        return bytes.length;
      }
      if (!this.#take(bytes, at, topic!)) return at;
      at = this.#frame.end;
    }
    return at;
  }

  /** Follows the packets that are passed on, to know where the next one begins. */
  #pass(bytes: Buffer): Buffer | null {
    let at = 0;
    while (at < bytes.length) {
      if (!this.#frame.read(bytes, at)) {
        this.#begun = bytes.subarray(at);
        return at === 0 ? null : bytes.subarray(0, at);
      }
      if (this.#frame.end - at > MAX_PACKET_BYTES) {
        this.#lane.tooLarge();
        return null;
      }
      at = this.#frame.end;
    }
    this.#passing = at - bytes.length;
    return bytes;
  }

  /** A publish with QoS 0 or 1, not retained, and no longer than what devices send. */
  #isShort(bytes: Buffer, at: number): boolean {
    const first = bytes[at]!;
    return (
      ((first | QOS_1) === PUBLISH_QOS_1 || first === (PUBLISH_QOS_1 | DUP)) && this.#frame.end - at <= MAX_SHORT_BYTES
    );
  }

  /** Takes the publish at `at` if it is one on `topic`. */
  #take(bytes: Buffer, at: number, topic: Uint8Array): boolean {
    const hasId = (bytes[at]! & QOS_1) !== 0;
    const idAt = this.#frame.body + 2 + topic.length;
    const payloadAt = hasId ? idAt + 2 : idAt;
    if (payloadAt > this.#frame.end || bytes.readUInt16BE(this.#frame.body) !== topic.length) return false;
    for (let i = 0; i < topic.length; i++) if (bytes[this.#frame.body + 2 + i] !== topic[i]) return false;
    const id = hasId ? bytes.readUInt16BE(idAt) : undefined;
    if (id === 0) return false;
    this.#lane.take(bytes.subarray(payloadAt, this.#frame.end), id);
    return true;
  }
}
