import { describe, expect, it } from '@jest/globals';
import type { MapChanged, MapSnapshot, MapState, OnboardingStep } from '../../server/domain/contract.ts';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import { stationOf } from '../support/stations.ts';
import { A, ask, B, collect, connect, LATEST, live, settled, T0 } from './liveFeedHouse.ts';

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
    clock.now += 11 * MINUTE_MS;
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
