import { describe, expect, it } from '@jest/globals';
import type { Socket } from 'socket.io-client';
import type { ClientEvents } from '../../server/domain/contract.ts';
import { closeAfterTest } from '../support/closing.ts';
import { stationOf } from '../support/stations.ts';
import { A, ask, type Client, collect, connect, LATEST, live, settled } from './liveFeedHouse.ts';

describe('a browser that does not read', () => {
  it('is cut off before what waits for it grows, and the others go on', async () => {
    const ids = Array.from({ length: 1_200 }, (_, index) => `s${String(index).padStart(9, '0')}`);
    const { url, store, tick, clock, feed } = await live(...ids.map((id) => stationOf(id)));
    const [stuck, reader] = [await connect(url), await connect(url)];
    const changes = collect(reader, 'map:changed');
    for (const client of [stuck, reader]) await ask(client, 'map:subscribe', LATEST);
    // Stops taking bytes from the network, as a phone that went to sleep does.
    const { transport } = stuck.io.engine as unknown as {
      transport: { ws: { _socket: { pause(): void; resume(): void } } };
    };
    transport.ws._socket.pause();
    closeAfterTest(() => transport.ws._socket.resume());
    let round = 0;
    const change = async () => {
      round++;
      clock.now += 1_000;
      for (const id of ids) store(id, { pm25: round });
      tick();
      await settled(reader);
    };
    while (feed.counts.slowClients === 0 && round < 250) await change();
    for (let more = 0; more < 10; more++) await change();
    expect(feed.counts.slowClients).toBe(1);
    expect(feed.connections).toBe(1);
    expect(changes.length).toBe(round);
  });
});

describe('what is not understood', () => {
  it.each<[keyof ClientEvents, unknown]>([
    ['map:subscribe', undefined],
    ['map:subscribe', null],
    ['map:subscribe', 'pm25'],
    ['map:subscribe', []],
    ['map:subscribe', { quantity: 'pm25' }],
    ['map:subscribe', { quantity: 'pm25', average: '2h' }],
    ['map:subscribe', { quantity: '__proto__', average: '1h' }],
    ['map:subscribe', { ...LATEST, extra: 1 }],
    ['map:subscribe', { ...LATEST, cursor: { epoch: 'x', seq: -1 } }],
    ['map:subscribe', { ...LATEST, cursor: { epoch: 'x', seq: 1.5 } }],
    ['map:subscribe', { ...LATEST, cursor: { epoch: 'x'.repeat(100), seq: 1 } }],
    ['station:subscribe', { stationId: '../../etc' }],
    ['station:subscribe', { stationId: ['aaaaaaaaa1'] }],
    ['station:subscribe', { stationId: A, since: 'yesterday' }],
    ['station:subscribe', { stationId: A, since: 1e99 }],
    ['onboarding:watch', { stationId: A, ownerKey: { $ne: null } }],
    ['onboarding:watch', { stationId: A }],
  ])('%s %j is answered with a problem and reaches nobody', async (event, payload) => {
    const { url, store, tick, feed, errors } = await live(stationOf(A));
    const [bystander, sender] = [await connect(url), await connect(url)];
    const seen: unknown[] = [];
    for (const client of [bystander, sender]) client.onAny((...args: unknown[]) => seen.push(args));
    expect(await ask(sender, event, payload)).toEqual({ error: expect.stringMatching(/.+/) });
    store(A, { pm25: 1 });
    tick();
    await Promise.all([settled(sender), settled(bystander)]);
    expect(seen).toEqual([]);
    expect(feed.counts.invalidEvents).toBe(1);
    expect(errors).toEqual([]);
  });

  it('does no harm without an acknowledgement, with too many arguments, or as an unknown event', async () => {
    const { url, feed } = await live(stationOf(A));
    const client = (await connect(url)) as Socket;
    client.emit('map:subscribe');
    client.emit('map:subscribe', LATEST, 'not a function', 7);
    client.emit('map:changed', { id: [A], value: [0] });
    client.emit('station:unsubscribe', { stationId: A });
    client.emit('no such event', {});
    await settled(client as Client);
    expect(feed.counts.invalidEvents).toBe(1);
    expect(feed.connections).toBe(1);
  });

  it('is cut off when it is large', async () => {
    const { url, feed } = await live(stationOf(A));
    const [client, bystander] = [await connect(url), await connect(url)];
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    (client as Socket).emit('map:subscribe', { quantity: 'x'.repeat(100_000), average: '1h' });
    await gone;
    await settled(bystander);
    expect(feed.connections).toBe(1);
  });

  it('is cut off when there is too much of it', async () => {
    const { url, feed } = await live(stationOf(A));
    const client = await connect(url);
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    for (let count = 0; count < 150; count++) (client as Socket).emit('map:unsubscribe', LATEST);
    await gone;
    expect(feed.counts.tooManyEvents).toBe(1);
  });

  it('is refused when one browser follows too much', async () => {
    const ids = Array.from({ length: 13 }, (_, index) => `station${String(index).padStart(3, '0')}`);
    const { url } = await live(...ids.map((id) => stationOf(id)));
    const client = await connect(url);
    const answers = [];
    for (const stationId of ids) answers.push(await ask(client, 'station:subscribe', { stationId }));
    expect(answers.slice(0, 12).every((answer) => !answer)).toBe(true);
    expect(answers[12]).toEqual({ error: 'at most 12 subscriptions of this kind' });
    await ask(client, 'station:unsubscribe', { stationId: ids[0] });
    expect(await ask(client, 'station:subscribe', { stationId: ids[12] })).toBeFalsy();
  });

  it('is reported when a handler fails, and the browser learns no more than that', async () => {
    const { url, list, errors } = await live(stationOf(A));
    list.station = () => {
      throw new Error('the registry is broken');
    };
    const client = await connect(url);
    expect(await ask(client, 'station:subscribe', { stationId: A })).toEqual({ error: 'internal' });
    expect(errors).toHaveLength(1);
  });
});
