import { describe, expect, it } from '@jest/globals';
import { PublishSieve, type SentPublish } from '../../server/ingest/publishSieve.ts';
import { packet, publishHead } from '../support/mqttBytes.ts';
import { randomNumbers } from '../support/randomNumbers.ts';

/** A publish as MQTT 5 has it, with `properties` as bytes. */
function publish(
  topic: string,
  payload: string | Buffer,
  { first = 0x32, id = 7, properties = '' }: { first?: number; id?: number; properties?: string } = {},
): Buffer {
  const propertyBytes = packet(0, Buffer.from(properties)).subarray(1);
  return packet(first, Buffer.concat([publishHead(first, topic, id), propertyBytes, Buffer.from(payload)]));
}

type Taken = Omit<SentPublish, 'payload'> & { text: string };

/** As text, which compares faster. */
function hex(...bytes: readonly Buffer[]): string {
  return Buffer.concat(bytes).toString('hex');
}

/** What the sieve takes, and what it lets pass, of bytes that come in these pieces. */
async function sifted(pieces: readonly Buffer[]): Promise<{ taken: Taken[]; passed: string }> {
  const taken: Taken[] = [];
  const sieve = new PublishSieve(({ payload, ...rest }) => taken.push({ ...rest, text: payload.toString() }));
  for (const piece of pieces) sieve.write(piece);
  sieve.end();
  return { taken, passed: hex(...((await sieve.toArray()) as Buffer[])) };
}

function cut(bytes: Buffer, lengthOf: () => number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + lengthOf();
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

const CONNACK = packet(0x20, Buffer.from([1, 0, 0]));
const SUBACK = packet(0x90, Buffer.from([0, 3, 0, 1]));
const PINGRESP = packet(0xd0, Buffer.alloc(0));

describe('a stream from a broker', () => {
  it('gives its publishes with topic, payload and id, and passes on the rest', async () => {
    const stream = Buffer.concat([
      CONNACK,
      publish('a/b', 'one'),
      publish('a/ü', 'two', { first: 0x30 }),
      SUBACK,
      publish('a/b', '', { first: 0x3b, id: 65_535 }),
      PINGRESP,
    ]);
    const { taken, passed } = await sifted([stream]);
    expect(taken).toEqual([
      { topic: 'a/b', text: 'one', qos: 1, retain: false, messageId: 7 },
      { topic: 'a/ü', text: 'two', qos: 0, retain: false, messageId: undefined },
      { topic: 'a/b', text: '', qos: 1, retain: true, messageId: 65_535 },
    ]);
    expect(passed).toEqual(hex(CONNACK, SUBACK, PINGRESP));
  });

  it('reads past the properties of a publish', async () => {
    const { taken, passed } = await sifted([publish('a/b', '{"pm25": 1}', { properties: 'x'.repeat(200) })]);
    expect(taken.map(({ text }) => text)).toEqual(['{"pm25": 1}']);
    expect(passed).toEqual('');
  });

  it.each([
    ['QoS 2', publish('a/b', 'x', { first: 0x34 })],
    ['larger than any reading', publish('a/b', Buffer.alloc(65 * 1024))],
    ['without a topic', Buffer.from([0x32, 6, 0, 0, 0, 7, 0, 65])],
    ['with the id 0', Buffer.from([0x32, 7, 0, 1, 97, 0, 0, 0, 65])],
    ['whose topic is longer than itself', Buffer.from([0x32, 5, 0, 9, 97, 0, 7])],
    ['whose properties are longer than itself', Buffer.from([0x32, 6, 0, 1, 97, 0, 7, 9])],
    ['that ends before its id', Buffer.from([0x32, 3, 0, 1, 97])],
  ])('passes on a publish %s', async (_what, packet) => {
    const { taken, passed } = await sifted([packet, publish('a/b', 'next')]);
    expect(passed).toEqual(hex(packet));
    expect(taken.map(({ text }) => text)).toEqual(['next']);
  });

  it('passes on everything behind a length that is none', async () => {
    const broken = Buffer.from([0x32, 255, 255, 255, 255, 1]);
    const { taken, passed } = await sifted([broken, publish('a/b', 'never')]);
    expect(taken).toEqual([]);
    expect(passed).toEqual(hex(broken, publish('a/b', 'never')));
  });

  it.each([1, 10, 1_000, 100_000])('may come in pieces of up to %i bytes', async (longest) => {
    const random = randomNumbers(longest);
    const big = publish('big', Buffer.alloc(70_000));
    const others = [CONNACK, SUBACK, PINGRESP, publish('a', 'x', { first: 0x34 }), longest > 10 ? big : PINGRESP];
    for (let run = 0; run < 20; run++) {
      const packets = Array.from({ length: 40 }, (_, n) =>
        random() < 0.6 ? publish('t', `${n} `.repeat(1 + random() * 200), { id: n + 1 }) : others[n % 5]!,
      );
      const whole = await sifted([Buffer.concat(packets)]);
      const inPieces = await sifted(cut(Buffer.concat(packets), () => Math.ceil(random() * longest)));
      expect(inPieces.taken.length).toBeGreaterThan(0);
      expect(inPieces).toEqual(whole);
      expect(whole.passed).toEqual(hex(...packets.filter((each) => others.includes(each))));
    }
  });
});
