import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { closeAfterTest } from './closing.ts';
import { packet } from './mqttBytes.ts';

/** First bytes of packets. */
const [CONNECT, SUBSCRIBE] = [0x10, 0x82];

/** MQTT's answer to a subscription at QoS 1: as asked for. */
export const GRANTED = 1;
/** The same: not authorized. */
export const NOT_AUTHORIZED = 0x87;

/** A broker that takes every connection, and grants subscriptions to so many filters, or refuses them, when the test says so. */
export async function openHesitantBroker(filters: number) {
  const grants: ((answer?: number) => void)[] = [];
  const server = createServer((socket) => {
    socket.on('data', (bytes) => {
      if (bytes[0] === CONNECT) socket.write(packet(0x20, Buffer.from([0, 0, 0])));
      if (bytes[0] !== SUBSCRIBE) return;
      const afterLength = bytes.findIndex((byte, at) => at > 0 && byte < 128) + 1;
      const id = bytes.subarray(afterLength, afterLength + 2);
      const answersOf = (answer: number) => Buffer.alloc(1 + filters, answer).fill(0, 0, 1);
      grants.push((answer = GRANTED) => void socket.write(packet(0x90, Buffer.concat([id, answersOf(answer)]))));
    });
  }).listen(0, '127.0.0.1');
  closeAfterTest(() => server.close());
  await once(server, 'listening');
  return { url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`, grants };
}
