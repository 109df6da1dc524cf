import { describe, expect, it } from '@jest/globals';
import type { AcceptedMessage } from '../../server/domain/reading.ts';
import { storedTopic } from '../../server/domain/topics.ts';
import { NodeBus } from '../../server/nodes/nodeBus.ts';
import { StoredAnnouncer } from '../../server/nodes/storedAnnouncer.ts';
import { StoredFollower } from '../../server/nodes/storedFollower.ts';
import { encodeStored } from '../../server/nodes/storedMessage.ts';
import type { Sync } from '../../server/nodes/syncMessage.ts';
import { closeAfterTest } from '../support/closing.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { connectMqtt } from '../support/mqttClients.ts';
import { until } from '../support/until.ts';

function message(measuredAt: number): AcceptedMessage {
  const readings = [{ stationId: 'a'.repeat(10), sensor: 'sds011', measuredAt, values: { pm10: 1 }, flags: 0 }];
  return { stationId: 'a'.repeat(10), measuredAt, receivedAt: measuredAt, health: {}, readings };
}

const stored = (messages: readonly AcceptedMessage[]) =>
  messages.map(({ readings }) => ({ result: 'stored' as const, conflicts: [], stored: readings }));

function openBus(mosquitto: Mosquitto, nodeId: string, run = '1'): NodeBus {
  const bus = new NodeBus({ url: mosquitto.url, nodeId, run, onError: () => undefined });
  closeAfterTest(() => bus.close());
  return bus;
}

/** One node that tells, and one that hears. */
async function openPair(mosquitto: Mosquitto) {
  const told: number[] = [];
  const missed: number[] = [];
  const asked: Sync[] = [];
  const teller = openBus(mosquitto, 'teller');
  const announcer = new StoredAnnouncer({ bus: teller, settled: async (sync) => void asked.push(sync) });
  const hearer = openBus(mosquitto, 'hearer');
  const follower = new StoredFollower({
    // Its time stands: nobody is given up because this machine stood still.
    ...{ bus: hearer, clock: () => 0 },
    onStored: (messages) => told.push(...messages.map(({ measuredAt }) => measuredAt)),
    onMissed: (since) => missed.push(since),
  });
  for (const bus of [hearer, teller]) {
    bus.start();
    await bus.ready(60_000);
  }
  await until('the nodes know each other', () => follower.nodes.length === 1);
  return { announcer, follower, told, missed, asked };
}

describe('what a node tells it stored', () => {
  it('comes in order and whole, however much it is', async () => {
    const { announcer, told, missed } = await openPair(await startMosquitto());
    const messages = Array.from({ length: 3_000 }, (_, at) => message(at + 1));
    announcer.announce(messages, stored(messages));
    await until('all is told', () => told.length === 3_000);
    expect(told).toEqual(messages.map(({ measuredAt }) => measuredAt));
    expect(missed).toEqual([]);
  });

  it('leaves out what was there already', async () => {
    const { announcer, told } = await openPair(await startMosquitto());
    const outcomes = [{ result: 'duplicate' as const, conflicts: [], stored: [] }, ...stored([message(2)])];
    announcer.announce([message(1), message(2)], outcomes);
    await until('it is told', () => told.length > 0);
    expect(told).toEqual([2]);
  });

  it('is known to be all when a question is answered', async () => {
    const { announcer, follower, told, asked } = await openPair(await startMosquitto());
    const messages = [message(1), message(2)];
    announcer.announce(messages, stored(messages));
    await until('the question is answered', () => follower.settled(123));
    expect(told).toEqual([1, 2]);
    expect(asked.at(-1)).toEqual({ token: expect.any(String), closedUntil: 123 });
  });
});

describe('what a node could not tell', () => {
  /** Sends notices as a node of that name would. */
  async function openRaw() {
    const mosquitto = await startMosquitto();
    const told: number[] = [];
    const missed: number[] = [];
    let now = 1_000;
    const bus = openBus(mosquitto, 'hearer');
    const follower = new StoredFollower({
      ...{ bus, clock: () => now },
      onStored: (messages) => told.push(...messages.map(({ measuredAt }) => measuredAt)),
      onMissed: (since) => missed.push(since),
    });
    bus.start();
    await bus.ready(60_000);
    const client = await connectMqtt(mosquitto.port);
    const tell = async (run: string, seq: number, at: number) => {
      now += 1_000;
      const before = told.length;
      const head = { node: 'raw', run, seq, seen: [], answers: [] };
      await client.publishAsync(storedTopic('raw'), encodeStored(head, [JSON.stringify(message(at))]), { qos: 1 });
      return before;
    };
    return { mosquitto, follower, told, missed, tell };
  }

  it('shows as a gap in its numbers; what comes twice is heard once', async () => {
    const { told, missed, tell } = await openRaw();
    await tell('1', 5, 1);
    await tell('1', 6, 2);
    await tell('1', 6, 2);
    await tell('1', 9, 3);
    await until('all is heard', () => told.length === 3);
    expect(told).toEqual([1, 2, 3]);
    // Since it was last heard: at the second notice.
    expect(missed).toHaveLength(1);
  });

  it('shows when another run of it begins', async () => {
    const { told, missed, tell } = await openRaw();
    await tell('1', 5, 1);
    await tell('2', 1, 2);
    await until('all is heard', () => told.length === 2);
    expect(missed).toHaveLength(1);
  });

  it('shows by its last will, and not when it said goodbye', async () => {
    const mosquitto = await startMosquitto();
    const missed: number[] = [];
    const hearer = openBus(mosquitto, 'hearer');
    const follower = new StoredFollower({
      ...{ bus: hearer, clock: Date.now },
      onStored: () => undefined,
      onMissed: (since) => missed.push(since),
    });
    hearer.start();
    await hearer.ready(60_000);
    const polite = openBus(mosquitto, 'polite');
    const announcer = new StoredAnnouncer({ bus: polite, settled: async () => undefined });
    polite.start();
    await until('it is there', () => follower.nodes.length === 1);
    announcer.close();
    await polite.close();
    await until('it is gone', () => follower.nodes.length === 0);
    expect(missed).toEqual([]);
    // One that is cut off: the broker speaks for it, here because another connection takes its name.
    const rude = openBus(mosquitto, 'rude');
    new StoredAnnouncer({ bus: rude, settled: async () => undefined });
    rude.start();
    await until('it is there', () => follower.nodes.length === 1);
    const thief = await connectMqtt(mosquitto.port, { clientId: 'buergerluft-bus-rude' });
    await until('the will is heard', () => missed.length > 0);
    await thief.endAsync();
  });
});
