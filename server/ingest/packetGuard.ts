import type { Socket } from 'node:net';
import type { Client } from 'aedes';

/**
 * Largest MQTT packet read at all, bytes. A payload beyond the contract's 16 KiB is refused in the pipeline, with an
 * acknowledgement, so that its device does not send it for ever; beyond this one the connection is closed.
 */
export const MAX_PACKET_BYTES = 256 * 1024;

/** The one internal of aedes we look at: its mqtt-packet parser, which buffers a packet until all of it is there. */
interface WithParser {
  _parser: { packet: { length: number } };
}

/**
 * Calls `onTooLarge` as soon as a connection announces a packet larger than `MAX_PACKET_BYTES`, before it is buffered:
 * the protocol allows 256 MB. aedes has no such limit, hence the look into it; a test holds it to that.
 */
export function guardPacketSize(socket: Socket, client: Client, onTooLarge: () => void): void {
  const { _parser: parser } = client as unknown as WithParser;
  // After aedes' own listener, which has just read what there is.
  socket.on('readable', () => {
    if (parser.packet.length > MAX_PACKET_BYTES) onTooLarge();
  });
}
