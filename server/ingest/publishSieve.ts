import { Transform, type TransformCallback } from 'node:stream';
import { PacketFrame } from './packetFrame.ts';

/** Packets above this pass: no reading is as long, so nothing depends on when one is acknowledged. */
const MAX_TAKEN_BYTES = 64 * 1024;
/** Type of a PUBLISH, the upper half of its first byte; in the lower one stand its quality of service and flags (MQTT 5, section 3.3.1). */
const PUBLISH = 3;
const RETAIN = 0x01;
/** Room for several reads of a socket, which would be stopped and started again at each otherwise, bytes. */
const WRITABLE_BYTES = 512 * 1024;
const NOTHING = Buffer.alloc(0);

/** A publish as a broker sends it. */
export interface SentPublish {
  topic: string;
  /** Part of what came from the network: to be copied by whoever keeps it. */
  payload: Buffer;
  qos: number;
  retain: boolean;
  /** Absent with QoS 0. */
  messageId?: number | undefined;
}

/**
 * Takes the publishes with QoS 0 and 1 out of what an MQTT 5 broker sends; everything else passes as it came, in its
 * order. Topic aliases are not read: a broker uses none that its client did not ask for.
 */
export class PublishSieve extends Transform {
  readonly #takePublish: (publish: SentPublish) => void;
  readonly #frame = new PacketFrame();
  readonly #properties = new PacketFrame();
  /** The beginning of a packet that is looked at once it is whole. */
  #begun: Buffer = NOTHING;
  /** Bytes still to come of a packet that passes. */
  #passing = 0;

  constructor(take: (publish: SentPublish) => void) {
    super({ writableHighWaterMark: WRITABLE_BYTES });
    this.#takePublish = take;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#sift(this.#begun.length === 0 ? chunk : Buffer.concat([this.#begun, chunk]));
    done();
  }

  #sift(bytes: Buffer): void {
    let passed = 0;
    let at = this.#passing;
    while (at < bytes.length && this.#frame.read(bytes, at)) {
      const { end } = this.#frame;
      const isPublish = this.#isShortPublish(bytes, at);
      if (isPublish && end > bytes.length) break;
      if (isPublish && this.#take(bytes, at)) {
        this.#pass(bytes, passed, at);
        passed = end;
      }
      at = end;
    }
    this.#passing = Math.max(0, at - bytes.length);
    this.#pass(bytes, passed, at);
    this.#begun = bytes.subarray(at);
  }

  #pass(bytes: Buffer, from: number, to: number): void {
    if (from < Math.min(to, bytes.length)) this.push(bytes.subarray(from, to));
  }

  #isShortPublish(bytes: Buffer, at: number): boolean {
    const first = bytes[at]!;
    return first >> 4 === PUBLISH && qosOf(first) < 2 && this.#frame.end - at <= MAX_TAKEN_BYTES;
  }

  /** Takes the whole publish at `at`; false when it is not well formed. */
  #take(bytes: Buffer, at: number): boolean {
    const { body, end } = this.#frame;
    const first = bytes[at]!;
    const qos = qosOf(first);
    if (body + 2 > end) return false;
    const idAt = body + 2 + bytes.readUInt16BE(body);
    const propertiesAt = qos === 0 ? idAt : idAt + 2;
    // The length of the properties is written as that of a packet is, behind a first byte.
    if (propertiesAt >= end || !this.#properties.read(bytes, propertiesAt - 1) || this.#properties.end > end)
      return false;
    const messageId = qos === 0 ? undefined : bytes.readUInt16BE(idAt);
    if (messageId === 0 || idAt === body + 2) return false;
    this.#takePublish({
      topic: bytes.toString('utf8', body + 2, idAt),
      payload: bytes.subarray(this.#properties.end, end),
      ...{ qos, retain: (first & RETAIN) !== 0, messageId },
    });
    return true;
  }
}

function qosOf(firstByte: number): number {
  return (firstByte >> 1) & 3;
}
