/** First byte of a PUBLISH with QoS 1 (MQTT 3.1.1, section 3.3.1). */
export const PUBLISH_QOS_1 = 0x32;
/** Its bit for QoS 1, which one with QoS 0 lacks. */
export const QOS_1 = 0x02;
/** Its bit for a packet that is sent again. */
export const DUP = 0x08;
/** A packet's length takes at most so many bytes (section 2.2.3). */
const MAX_LENGTH_BYTES = 4;

/** Where the MQTT packet looked at last has its body and where it ends: read once, kept in fields instead of objects. */
export class PacketFrame {
  /** First byte behind the fixed header. */
  body = 0;
  /** First byte behind the packet. */
  end = 0;

  /** Reads the fixed header at `at`; false when it has not come whole. A length that is none counts as endless. */
  read(bytes: Uint8Array, at: number): boolean {
    let length = 0;
    for (let i = 0; i < MAX_LENGTH_BYTES; i++) {
      const byte = bytes[at + 1 + i];
      if (byte === undefined) return false;
      length += (byte & 127) * 128 ** i;
      if (byte >= 128) continue;
      this.body = at + 2 + i;
      this.end = this.body + length;
      return true;
    }
    this.end = Number.POSITIVE_INFINITY;
    return true;
  }
}
