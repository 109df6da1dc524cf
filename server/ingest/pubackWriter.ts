import type { Duplex } from 'node:stream';

/** First byte of a PUBACK and the length of what follows (MQTT 3.1.1, section 3.4). */
const PUBACK = 0x40;
const REST = 2;
const PACKET_BYTES = 4;
/** A connection that leaves so many bytes of acknowledgements unread sends without listening, and is closed. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** Where acknowledgements go, with those that wait to be written. */
export interface AcknowledgedConnection {
  pubacks: number[];
}

/**
 * Writes PUBACKs. A commit acknowledges thousands of messages at once: those of one connection go out as one write,
 * where aedes makes three pieces of each and a callback.
 */
export class PubackWriter {
  readonly #end: (stream: Duplex) => void;
  readonly #maxUnreadBytes: number;
  #waiting: { connection: AcknowledgedConnection; stream: Duplex }[] = [];

  /** `end`: ends a connection that does not read. */
  constructor(end = (stream: Duplex): void => void stream.destroy(), maxUnreadBytes = MAX_UNREAD_BYTES) {
    this.#end = end;
    this.#maxUnreadBytes = maxUnreadBytes;
  }

  /** Acknowledges a publish at the end of this turn of the event loop, in the order of the calls. */
  add(connection: AcknowledgedConnection, stream: Duplex, messageId: number): void {
    if (this.#waiting.length === 0) process.nextTick(() => this.#flush());
    if (connection.pubacks.length === 0) this.#waiting.push({ connection, stream });
    connection.pubacks.push(messageId);
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { connection, stream } of waiting) {
      const packets = packetsOf(connection.pubacks);
      connection.pubacks.length = 0;
      if (stream.destroyed || stream.writableEnded) continue;
      if (stream.writableLength > this.#maxUnreadBytes) this.#end(stream);
      else stream.write(packets);
    }
  }
}

function packetsOf(messageIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(PACKET_BYTES * messageIds.length);
  let at = 0;
  for (const id of messageIds) {
    bytes[at++] = PUBACK;
    bytes[at++] = REST;
    bytes[at++] = id >>> 8;
    bytes[at++] = id & 0xff;
  }
  return bytes;
}
