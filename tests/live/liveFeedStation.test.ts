import { describe, expect, it } from '@jest/globals';
import type { StationReading, StationRefetch } from '../../server/domain/contract.ts';
import { HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import { stationOf } from '../support/stations.ts';
import { A, ask, B, collect, connect, live, settled, T0 } from './liveFeedHouse.ts';

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
    clock.now = T0 + 20 * MINUTE_MS;
    store(A, { pm25: 1 });
    const since = new Date(clock.now).toISOString();
    first.disconnect();
    clock.now += MINUTE_MS;
    store(A, { pm25: 2 }, T0);
    const second = await connect(url);
    const readings = collect(second, 'station:reading');
    await ask(second, 'station:subscribe', { stationId: A, since });
    expect(readings.map(({ values }) => values.pm25)).toEqual([2]);
  });

  it.each([
    ['longer than readings are kept', 30 * 60, 200],
    ['longer than an hour', 3 * HOUR_MS, 3],
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
    store(A, { pm25: 1 }, T0 - MINUTE_MS);
    const client = await connect(url);
    const refetches = collect(client, 'station:refetch');
    await ask(client, 'station:subscribe', { stationId: A, since: new Date(T0 - MINUTE_MS).toISOString() });
    expect(refetches).toEqual([]);
    await ask(client, 'station:subscribe', { stationId: A, since: new Date(T0 - 2 * MINUTE_MS).toISOString() });
    expect(refetches.length).toBe(1);
  });
});
