import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { MAX_PACKET_BYTES, PublishLane } from '../../server/ingest/publishLane.ts';
import { packet, publishHead } from '../support/mqttBytes.ts';
import { randomNumbers } from '../support/randomNumbers.ts';

const TOPIC = 'buergerluft/esp8266-1/airrohr';
const PING = Buffer.from([0xc0, 0]);

function publish(id: number, payload: string, { first = 0x32, topic = TOPIC } = {}): Buffer {
  return packet(first, Buffer.concat([publishHead(first, topic, id), Buffer.from(payload)]));
}

/** A lane on a stream that gives so many bytes a read, and a broker that reads on until nothing is left; a slow one when asked to. */
function openLane(topic?: string, pieceBytes = Number.POSITIVE_INFINITY) {
  const stream = new PassThrough();
  const read = stream.read.bind(stream);
  stream.read = (size) => read(size !== 0 && stream.readableLength > pieceBytes ? pieceBytes : size);
  const seen = {
    taken: [] as string[],
    passed: [] as Buffer[],
    tooLarge: 0,
    waiting: 0,
    looks: 0,
    isSlow: false,
    isBusy: false,
  };
  const lane = new PublishLane(stream as unknown as Socket, {
    topic: () => (topic === undefined ? undefined : Buffer.from(topic)),
    take: (payload, id) => seen.taken.push(`${id} ${payload}`),
    waiting: () => seen.waiting,
    tooLarge: () => seen.tooLarge++,
  });
  lane.open();
  const look = () => {
    seen.looks++;
    if (seen.isBusy) return;
    for (let chunk: Buffer | null = stream.read(); chunk !== null; chunk = stream.read()) {
      seen.passed.push(chunk);
      seen.isBusy = seen.isSlow;
      if (seen.isBusy) return;
    }
  };
  stream.on('readable', look);
  const done = () => {
    seen.isBusy = false;
    look();
  };
  const send = async (bytes: Buffer) => {
    stream.write(bytes);
    await turn();
  };
  return { lane, seen, send, done, passed: () => Buffer.concat(seen.passed) };
}

describe('publishes on the known topic', () => {
  it('are taken, with their ids, and the broker sees nothing of them', async () => {
    const { seen, send } = openLane(TOPIC);
    await send(
      Buffer.concat([publish(1, 'one'), publish(65_535, 'two', { first: 0x3a }), publish(0, 'three', { first: 0x30 })]),
    );
    expect(seen.taken).toEqual(['1 one', '65535 two', 'undefined three']);
    expect(seen.passed).toEqual([]);
  });

  it.each([
    ['on another topic', publish(1, 'x', { topic: 'buergerluft/esp8266-2/airrohr' })],
    ['on a longer topic', publish(1, 'x', { topic: `${TOPIC}x` })],
    ['retained', publish(1, 'x', { first: 0x33 })],
    ['with QoS 2', publish(1, 'x', { first: 0x34 })],
    ['with the message id 0', publish(0, 'x')],
    ['repeated with QoS 0', publish(0, 'x', { first: 0x38 })],
    ['too long for a device', publish(1, 'x'.repeat(21_000))],
    ['too short for its own topic', packet(0x32, Buffer.from([0, TOPIC.length]))],
    ['without a length of its topic', packet(0x32, Buffer.from([0]))],
  ])('%s are the broker’s', async (_, bytes) => {
    const { seen, send, passed } = openLane(TOPIC);
    await send(Buffer.concat([bytes, publish(7, 'behind')]));
    expect(seen.taken).toEqual([]);
    // What came in one piece behind it stays behind it.
    expect(passed()).toEqual(Buffer.concat([bytes, publish(7, 'behind')]));
    await send(publish(8, 'next'));
    expect(seen.taken).toEqual(['8 next']);
  });

  it('are nobody’s before a topic is known', async () => {
    const { seen, send, passed } = openLane();
    await send(publish(1, 'one'));
    expect(seen.taken).toEqual([]);
    expect(passed()).toEqual(publish(1, 'one'));
  });
});

describe('a broker that has seen all that came', () => {
  it('is not woken for publishes that are taken', async () => {
    const { seen, send } = openLane(TOPIC);
    await send(publish(1, 'one'));
    const { looks } = seen;
    const two = publish(2, 'two');
    await send(two.subarray(0, 20));
    await send(Buffer.concat([two.subarray(20), publish(3, 'three')]));
    expect(seen.taken).toEqual(['1 one', '2 two', '3 three']);
    expect(seen.looks).toBe(looks);
  });

  it('that is busy with a packet does not see what comes behind it taken before', async () => {
    const { seen, send, done, passed } = openLane(TOPIC);
    await send(publish(1, 'one'));
    seen.isSlow = true;
    void send(Buffer.concat([publish(2, 'two'), PING]));
    await send(publish(3, 'in one piece with it'));
    await send(publish(4, 'four'));
    expect(seen.taken).toEqual(['1 one', '2 two']);
    expect(passed()).toEqual(Buffer.concat([PING, publish(3, 'in one piece with it')]));
    done();
    await send(publish(5, 'five'));
    expect(seen.taken).toEqual(['1 one', '2 two', '4 four', '5 five']);
  });
});

describe('however the bytes are cut', () => {
  it('nothing is lost, doubled or changed, and the order stays', async () => {
    const next = randomNumbers(31);
    const random = (below: number) => Math.floor(next() * below);
    for (let round = 0; round < 200; round++) {
      const { seen, send, passed } = openLane(TOPIC);
      const packets = Array.from({ length: 30 }, (_, n) => {
        const kind = random(4);
        if (kind === 0) return PING;
        if (kind === 1) return publish(n + 1, 'z'.repeat(random(400)), { topic: 'tele/esp8266-1/SENSOR' });
        return publish(n + 1, `#${n}-${'y'.repeat(random(300))}`);
      });
      const bytes = Buffer.concat(packets);
      for (let at = 0; at < bytes.length; ) {
        const end = Math.min(bytes.length, at + 1 + random(250));
        await send(bytes.subarray(at, end));
        at = end;
      }
      for (let n = 0; n < 5; n++) await turn();
      // Each taken publish, put back before the first passed packet that came after it, gives the whole again.
      const isTaken = new Set(seen.taken.map((text) => Number(text.split(' ')[0])));
      const left = packets.filter((_, n) => packets[n] === PING || !isTaken.has(n + 1));
      expect(passed()).toEqual(Buffer.concat(left));
      const expected = packets.flatMap((each, n) =>
        each !== PING && isTaken.has(n + 1) ? [`${n + 1} ${each.subarray(each.indexOf(`#${n}-`))}`] : [],
      );
      expect(seen.taken).toEqual(expected);
      expect(isTaken.size).toBeGreaterThan(0);
    }
  });
});

describe('a socket that gives what came piece by piece, as from Node 26 on', () => {
  it('is read until nothing is left, for the broker too', async () => {
    const { seen, send, passed } = openLane(TOPIC, 10);
    const beyond = publish(9, 'z'.repeat(500), { topic: 'tele/esp8266-1/SENSOR' });
    await send(Buffer.concat([publish(1, 'one'), publish(2, 'two'), beyond]));
    expect(seen.taken).toEqual(['1 one', '2 two']);
    expect(passed()).toEqual(beyond);
  });
});

describe('a broker that reads again while it handles a packet', () => {
  it('is done with it before what came behind it is taken', async () => {
    const { seen, send } = openLane(TOPIC);
    const retained = publish(1, 'x'.repeat(200), { first: 0x33 });
    await send(retained.subarray(0, 50));
    void send(Buffer.concat([retained.subarray(50), publish(2, 'two')]));
    await new Promise((resolve) => process.nextTick(resolve));
    const sent = send(publish(3, 'three'));
    expect(seen.passed.length).toBe(2);
    expect(seen.taken).toEqual([]);
    await sent;
    await turn();
    expect(seen.taken).toEqual(['2 two', '3 three']);
  });

  it('gets what came behind it only in a turn of its own', async () => {
    const stream = new PassThrough();
    const nothing = { take: () => undefined, waiting: () => 0, tooLarge: () => undefined };
    new PublishLane(stream as unknown as Socket, { topic: () => Buffer.from(TOPIC), ...nothing }).open();
    const whole = [publish(1, 'x'.repeat(200), { first: 0x33 }), publish(2, 'y', { topic: 'a/c' })];
    let inTurn = 0;
    const mostInTurn: number[] = [];
    // As aedes does when a publish is refused at once: from within the parser that has just been given the first.
    stream.on('readable', () => {
      inTurn = 0;
      while (stream.read() !== null) inTurn++;
      mostInTurn.push(inTurn);
    });
    stream.write(whole[0]?.subarray(0, 50));
    for (let n = 0; n < 3; n++) await turn();
    stream.write(Buffer.concat([whole[0]?.subarray(50) ?? PING, whole[1] ?? PING]));
    for (let n = 0; n < 3; n++) await turn();
    expect(mostInTurn.filter((count) => count > 0)).toEqual([1, 1, 1]);
  });
});

describe('limits', () => {
  it.each([
    ['beyond the largest packet', [0x32, (MAX_PACKET_BYTES & 127) | 128, 128, 128 + 16, 0]],
    ['without an end', [0x32, 255, 255, 255, 255, 1]],
    ['of five bytes, however small', [0x32, 0x82, 0x80, 0x80, 0x80, 0]],
  ])('a length %s is reported before the packet comes', async (_, bytes) => {
    const { seen, send } = openLane(TOPIC);
    await send(Buffer.from([...bytes, 0, 1]));
    expect(seen.tooLarge).toBe(1);
  });

  it('a connection with many waiting publishes is read on when half of them are through', async () => {
    const { lane, seen, send } = openLane(TOPIC);
    await send(publish(1, 'soon'));
    seen.waiting = 100;
    await send(publish(2, 'later'));
    expect(seen.taken).toEqual(['1 soon']);
    seen.waiting = 51;
    lane.settled();
    await turn();
    expect(seen.taken).toEqual(['1 soon']);
    seen.waiting = 50;
    lane.settled();
    await turn();
    await turn();
    expect(seen.taken).toEqual(['1 soon', '2 later']);
  });
});
