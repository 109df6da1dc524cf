import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import type {
  ClientEvents,
  MapChanged,
  MapSnapshot,
  MapState,
  OnboardingStep,
  ServerEvents,
  StationReading,
  StationRefetch,
} from '../../server/domain/contract.ts';
import type { Reading, Values } from '../../server/domain/reading.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { createLiveFeed } from '../../server/live/liveFeed.ts';
import { MapLayers } from '../../server/live/mapLayers.ts';
import { closeAfterTest } from '../support/closing.ts';
import { StationList, stationOf } from '../support/stations.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2026, 0, 5, 12);
const A = 'aaaaaaaaa1';
const B = 'bbbbbbbbb2';
const LATEST = { quantity: 'pm25', average: 'latest' } as const;

type Client = Socket<ServerEvents, ClientEvents>;

/** The live side with a real HTTP server; time stands still until the test moves it. */
async function live(...stations: ReturnType<typeof stationOf>[]) {
  const clock = { now: T0 };
  const list = new StationList(stations);
  const aggregator = new Aggregator({ clock: () => clock.now, sensorModels: () => [] });
  let epochs = 0;
  const mapLayers = new MapLayers({ aggregator, stations: list, newEpoch: () => `epoch-${++epochs}` });
  const http = createServer();
  const errors: unknown[] = [];
  const feed = createLiveFeed(http, {
    mapLayers,
    station: (id) => list.station(id),
    lastSeenAt: (id) => aggregator.facts(id).lastSeenAt,
    isOwner: (_id, key) => key === 'RIGHTKEY',
    clock: () => clock.now,
    onError: (error) => errors.push(error),
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => feed.close());
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  /** What main does with each stored message. */
  const store = (stationId: string, values: Values, at = clock.now, more: Partial<Reading> = {}) => {
    const readings = [{ stationId, sensor: 'sds011', measuredAt: at, values, flags: 0, ...more }];
    aggregator.fold(readings);
    feed.onStored(readings);
  };
  return { clock, list, mapLayers, feed, store, url, errors, tick: () => feed.tick(clock.now) };
}

async function connect(url: string, transports: string[] = ['websocket']): Promise<Client> {
  const client: Client = io(url, { transports, reconnection: false, forceNew: true });
  closeAfterTest(() => client.disconnect());
  await new Promise<void>((resolve, reject) => {
    client.once('connect', resolve);
    client.once('connect_error', reject);
  });
  return client;
}

/** Everything a client is sent of one event, from now on. */
function collect<E extends keyof ServerEvents>(client: Client, event: E): Parameters<ServerEvents[E]>[0][] {
  const received: Parameters<ServerEvents[E]>[0][] = [];
  (client as unknown as Socket).on(event as string, (payload: Parameters<ServerEvents[E]>[0]) =>
    received.push(payload),
  );
  return received;
}

const ask = (client: Client, event: keyof ClientEvents, payload: unknown) =>
  (client as Socket).timeout(5_000).emitWithAck(event, payload) as Promise<{ error: string } | null | undefined>;

/** After this, everything the server sent before has arrived: answers keep their order. */
const settled = (client: Client) => ask(client, 'map:unsubscribe', { quantity: 'noise', average: '24h' });

describe('browsers on the map', () => {
  it.each([['websocket'], ['polling']])('see over %s what changed, and only on their layer', async (transport) => {
    const { url, store, tick } = await live(stationOf(A), stationOf(B));
    const [first, second, other] = [await connect(url), await connect(url, [transport]), await connect(url)];
    const seen = collect(second, 'map:changed');
    const unseen = collect(other, 'map:changed');
    for (const client of [first, second]) expect(await ask(client, 'map:subscribe', LATEST)).toBeFalsy();
    await ask(other, 'map:subscribe', { quantity: 'pm10', average: '24h' });
    store(A, { pm25: 12.3 });
    tick();
    await Promise.all([settled(second), settled(other)]);
    expect(seen).toMatchObject([{ ...LATEST, epoch: 'epoch-1', seq: 1, id: [A], value: [123], state: ['ok'] }]);
    expect(unseen).toEqual([]);
  });

  it('are told where to fetch what they do not have', async () => {
    const { url } = await live(stationOf(A));
    const client = await connect(url);
    const snapshots = collect(client, 'map:snapshot');
    await ask(client, 'map:subscribe', LATEST);
    expect(snapshots).toEqual([
      { epoch: 'epoch-1', seq: 0, ...LATEST, url: '/api/v1/map?quantity=pm25&average=latest' },
    ] satisfies MapSnapshot[]);
  });

  it('see silence: the same station goes stale when only the clock advances', async () => {
    const { url, store, tick, clock } = await live(stationOf(A));
    const client = await connect(url);
    const changes = collect(client, 'map:changed');
    await ask(client, 'map:subscribe', LATEST);
    store(A, { pm25: 10 });
    tick();
    clock.now += 11 * MINUTE;
    tick();
    await settled(client);
    expect(changes.map(({ state }) => state)).toEqual([['ok'], ['stale']]);
  });

  it('get nothing any more after leaving a layer', async () => {
    const { url, store, tick } = await live(stationOf(A));
    const client = await connect(url);
    const changes = collect(client, 'map:changed');
    await ask(client, 'map:subscribe', LATEST);
    await ask(client, 'map:unsubscribe', LATEST);
    store(A, { pm25: 10 });
    tick();
    await settled(client);
    expect(changes).toEqual([]);
  });

  it('miss nothing and get nothing twice over a dropped connection', async () => {
    const { url, store, tick, clock, mapLayers } = await live(stationOf(A), stationOf(B));
    const seen: MapChanged[] = [];
    let client = await connect(url);
    client.on('map:changed', (changed) => seen.push(changed));
    const fetched = mapLayers.state(LATEST, clock.now);
    await ask(client, 'map:subscribe', { ...LATEST, cursor: { epoch: fetched.epoch, seq: fetched.seq } });
    for (let round = 0; round < 6; round++) {
      for (let step = 0; step < 4; step++) {
        clock.now += 10_000;
        store(step % 2 === 0 ? A : B, { pm25: round * 10 + step });
        tick();
        // Drops at a different point each round, with changes in flight.
        if (step === round % 4) client.disconnect();
      }
      if (client.connected) await settled(client);
      client = await connect(url);
      client.on('map:changed', (changed) => seen.push(changed));
      const snapshots = collect(client, 'map:snapshot');
      const { epoch, seq } = seen.at(-1) ?? fetched;
      await ask(client, 'map:subscribe', { ...LATEST, cursor: { epoch, seq } });
      expect(snapshots).toEqual([]);
    }
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
  });

  it('can build on what they fetch after the snapshot, whatever happens in between', async () => {
    const { url, store, tick, clock, mapLayers } = await live(stationOf(A), stationOf(B));
    await mapLayers.body(LATEST, 'identity', clock.now);
    store(A, { pm25: 1 });
    tick();
    const client = await connect(url);
    const changes = collect(client, 'map:changed');
    await ask(client, 'map:subscribe', LATEST);
    clock.now += 300;
    store(B, { pm25: 2 });
    tick();
    await settled(client);
    const state = JSON.parse((await mapLayers.body(LATEST, 'identity', clock.now)).bytes.toString()) as MapState;
    const later = changes.filter(({ seq }) => seq > state.seq);
    const values = new Map(state.id.map((id, index) => [id, state.value[index]]));
    for (const { id, value } of later) for (const [index, one] of id.entries()) values.set(one, value[index]!);
    expect(Object.fromEntries(values)).toEqual({ [A]: 10, [B]: 20 });
    expect(later.map(({ seq }) => seq)).toEqual([state.seq + 1, state.seq + 2].slice(0, later.length));
  });

  it('see a new station appear and a hidden one go', async () => {
    const { url, list, feed, tick } = await live(stationOf(A));
    const client = await connect(url);
    const changes = collect(client, 'map:changed');
    await ask(client, 'map:subscribe', LATEST);
    list.put(stationOf(B));
    feed.stationChanged(B);
    tick();
    list.put(stationOf(B, { status: 'hidden' }));
    feed.stationChanged(B);
    tick();
    await settled(client);
    expect(changes).toMatchObject([{ added: { id: [B] } }, { removed: [B] }]);
  });
});

describe('browsers on a station page', () => {
  it('get each stored reading of that station, at once', async () => {
    const { url, store } = await live(stationOf(A), stationOf(B));
    const client = await connect(url);
    const readings = collect(client, 'station:reading');
    expect(await ask(client, 'station:subscribe', { stationId: A })).toBeFalsy();
    store(A, { pm25: 999.9, pm10: 20 }, T0, { flags: 2 ** 10 });
    store(B, { pm25: 5 });
    await settled(client);
    expect(readings).toEqual([
      {
        stationId: A,
        sensor: 'sds011',
        measuredAt: '2026-01-05T12:00:00.000Z',
        values: { pm25: 999.9, pm10: 20 },
        flags: { pm25: ['saturated'] },
      },
    ] satisfies StationReading[]);
  });

  it('get no private noise', async () => {
    const { url, store, list } = await live(stationOf(A));
    const client = await connect(url);
    const readings = collect(client, 'station:reading');
    await ask(client, 'station:subscribe', { stationId: A });
    store(A, { noise: 50 });
    store(A, { noise: 51, pm25: 1 }, T0 + 1);
    list.put(stationOf(A, { isNoisePublic: true }));
    store(A, { noise: 52 }, T0 + 2);
    await settled(client);
    expect(readings.map(({ values }) => values)).toEqual([{ pm25: 1 }, { noise: 52 }]);
  });

  it.each([
    ['an unknown station', 'zzzzzzzzz9'],
    ['a hidden station', B],
  ])('cannot follow %s', async (_text, stationId) => {
    const { url, store } = await live(stationOf(A), stationOf(B, { status: 'hidden' }));
    const client = await connect(url);
    const readings = collect(client, 'station:reading');
    expect(await ask(client, 'station:subscribe', { stationId })).toEqual({ error: 'unknown station' });
    store(stationId, { pm25: 1 });
    await settled(client);
    expect(readings).toEqual([]);
  });

  it('get nothing more of a station that is hidden while they watch', async () => {
    const { url, store, list, feed } = await live(stationOf(A));
    const client = await connect(url);
    const readings = collect(client, 'station:reading');
    await ask(client, 'station:subscribe', { stationId: A });
    store(A, { pm25: 1 });
    list.put(stationOf(A, { status: 'hidden' }));
    feed.stationChanged(A);
    store(A, { pm25: 2 }, T0 + 1);
    await settled(client);
    expect(readings.map(({ values }) => values.pm25)).toEqual([1]);
  });

  it('miss nothing and get nothing twice over a dropped connection', async () => {
    const { url, store, clock } = await live(stationOf(A));
    store(A, { pm25: 0 });
    let since = new Date(T0).toISOString();
    const seen: number[] = [];
    for (let round = 0; round < 5; round++) {
      const client = await connect(url);
      const readings = collect(client, 'station:reading');
      const refetches = collect(client, 'station:refetch');
      await ask(client, 'station:subscribe', { stationId: A, since });
      for (let step = 0; step < 3; step++) {
        clock.now += 149_000;
        store(A, { pm25: round * 5 + step + 1 });
      }
      await settled(client);
      client.disconnect();
      seen.push(...readings.map(({ values }) => values.pm25!));
      since = readings.at(-1)!.measuredAt;
      expect(refetches).toEqual([]);
      // Two while it is away.
      for (let step = 3; step < 5; step++) {
        clock.now += 149_000;
        store(A, { pm25: round * 5 + step + 1 });
      }
    }
    expect(seen).toEqual(Array.from({ length: 23 }, (_, index) => index + 1));
  });

  it('get a late reading that came while they were away', async () => {
    const { url, store, clock } = await live(stationOf(A));
    const first = await connect(url);
    await ask(first, 'station:subscribe', { stationId: A });
    clock.now = T0 + 20 * MINUTE;
    store(A, { pm25: 1 });
    const since = new Date(clock.now).toISOString();
    first.disconnect();
    clock.now += MINUTE;
    store(A, { pm25: 2 }, T0);
    const second = await connect(url);
    const readings = collect(second, 'station:reading');
    await ask(second, 'station:subscribe', { stationId: A, since });
    expect(readings.map(({ values }) => values.pm25)).toEqual([2]);
  });

  it.each([
    ['longer than readings are kept', 30 * 60, 200],
    ['longer than an hour', 3 * HOUR, 3],
  ])('are told to fetch again when they were away %s', async (_text, gapMs, count) => {
    const { url, store, clock } = await live(stationOf(A));
    const first = await connect(url);
    await ask(first, 'station:subscribe', { stationId: A });
    store(A, { pm25: 0 });
    const since = new Date(clock.now).toISOString();
    first.disconnect();
    for (let index = 0; index < count; index++) {
      clock.now += gapMs;
      store(A, { pm25: index });
    }
    const second = await connect(url);
    const [readings, refetches] = [collect(second, 'station:reading'), collect(second, 'station:refetch')];
    await ask(second, 'station:subscribe', { stationId: A, since });
    expect(refetches).toEqual([{ stationId: A, from: since }] satisfies StationRefetch[]);
    expect(readings).toEqual([]);
  });

  it('are told to fetch again when the station was not watched before, unless they have its newest reading', async () => {
    const { url, store } = await live(stationOf(A));
    store(A, { pm25: 1 }, T0 - MINUTE);
    const client = await connect(url);
    const refetches = collect(client, 'station:refetch');
    await ask(client, 'station:subscribe', { stationId: A, since: new Date(T0 - MINUTE).toISOString() });
    expect(refetches).toEqual([]);
    await ask(client, 'station:subscribe', { stationId: A, since: new Date(T0 - 2 * MINUTE).toISOString() });
    expect(refetches.length).toBe(1);
  });
});

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
    for (let round = 1; round <= 220; round++) {
      clock.now += 1_000;
      for (const id of ids) store(id, { pm25: round });
      tick();
      await settled(reader);
    }
    expect(feed.counts.slowClients).toBe(1);
    expect(feed.connections).toBe(1);
    expect(changes.length).toBe(220);
  }, 120_000);
});

describe('hosts who wait for their device', () => {
  const step = (name: OnboardingStep['step']): OnboardingStep => ({ at: new Date(T0).toISOString(), step: name });

  it('see its steps, also those before they loaded the page again', async () => {
    const { url, feed } = await live(stationOf(A, { status: 'pending' }));
    const first = await connect(url);
    const steps = collect(first, 'onboarding:step');
    expect(feed.isOnboarding(A)).toBe(false);
    expect(await ask(first, 'onboarding:watch', { stationId: A, ownerKey: 'RIGHTKEY' })).toBeFalsy();
    expect(feed.isOnboarding(A)).toBe(true);
    feed.onboardingStep(A, step('connected'));
    feed.onboardingStep(B, step('connected'));
    await settled(first);
    expect(steps).toEqual([step('connected')]);
    const second = await connect(url);
    const again = collect(second, 'onboarding:step');
    await ask(second, 'onboarding:watch', { stationId: A, ownerKey: 'RIGHTKEY' });
    feed.onboardingStep(A, step('token-ok'));
    await settled(second);
    expect(again).toEqual([step('connected'), step('token-ok')]);
  });

  it('need the owner key', async () => {
    const { url, feed } = await live(stationOf(A));
    const client = await connect(url);
    const steps = collect(client, 'onboarding:step');
    const answer = await ask(client, 'onboarding:watch', { stationId: A, ownerKey: 'WRONGKEY' });
    expect(answer).toEqual({ error: 'wrong owner key' });
    feed.onboardingStep(A, step('connected'));
    await settled(client);
    expect(steps).toEqual([]);
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
