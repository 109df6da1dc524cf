import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import type { ClientEvents, MapSubscribe, ServerEvents, StationReading } from '../../server/domain/contract.ts';
import { LiveConnection, type LiveOptions, type LiveSocket } from '../../web/liveConnection.ts';
import { MapStore } from '../../web/state/mapStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { until } from '../support/until.ts';
import { change, layerState } from './mapLayerState.ts';

const LAYER = { quantity: 'pm25', average: '1h' } as const;

/** A socket.io server that records what it is asked, and a connection to it whose whole states come from `fetchMap`. */
async function connect(options: Partial<LiveOptions> = {}) {
  const http = createServer();
  const server = new Server<ClientEvents, ServerEvents>(http);
  const subscriptions: MapSubscribe[] = [];
  const stations: { stationId: string; since?: string }[] = [];
  server.on('connection', (socket) => {
    socket.on('map:subscribe', (request) => {
      subscriptions.push(request);
      void socket.join('map');
    });
    socket.on('station:subscribe', (request) => {
      stations.push(request);
      void socket.join('station');
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const store = new MapStore();
  const readings: StationReading[] = [];
  const live = new LiveConnection({
    createSocket: async () =>
      io(url, { autoConnect: false, transports: ['websocket'], reconnectionDelay: 20 }) as LiveSocket,
    fetchMap: async () => layerState([{ id: 'a' }], { seq: 4 }),
    onState: (state) => store.load(state),
    onChange: (changed) => store.apply(changed),
    onReading: (reading) => void readings.push(reading),
    onRefetch: () => undefined,
    now: Date.now,
    retryDelaysMs: [30],
    ...options,
  });
  closeAfterTest(async () => {
    live.close();
    await server.close();
  });
  return { server, live, store, subscriptions, stations, readings, valueOfA: () => store.station('a')?.value };
}

describe('the live connection', () => {
  it('fetches the layer, then subscribes from where the state stands and follows', async () => {
    const { live, server, subscriptions, valueOfA } = await connect();
    live.showLayer(LAYER);
    await live.start();
    await until('subscribed', () => subscriptions.length === 1);
    expect(subscriptions[0]).toEqual({ ...LAYER, cursor: { epoch: 'e', seq: 4 } });
    expect(live.state.value).toEqual({ kind: 'live' });
    server.to('map').emit('map:changed', change(5, 'a', 33));
    await until('valueOfA=== 33', () => valueOfA() === 33);
  });

  it('says since when it is disconnected, and resumes with the cursor of the last change', async () => {
    const { live, server, subscriptions, valueOfA } = await connect({ now: () => 1_000, retryDelaysMs: [60_000] });
    live.showLayer(LAYER);
    await live.start();
    await until('subscribed', () => subscriptions.length === 1);
    server.to('map').emit('map:changed', change(9, 'a', 20));
    await until('valueOfA=== 20', () => valueOfA() === 20);
    server.disconnectSockets();
    await until('the state is lost', () => live.state.value.kind === 'lost');
    expect(live.state.value).toEqual({ kind: 'lost', since: 1_000 });
  });

  it('comes back after the server sent it away', async () => {
    const { live, server, subscriptions } = await connect();
    live.showLayer(LAYER);
    await live.start();
    await until('subscribed', () => subscriptions.length === 1);
    server.disconnectSockets();
    await until('subscribed again', () => subscriptions.length === 2);
    expect(live.state.value).toEqual({ kind: 'live' });
  });

  it('reconnects by itself after the network failed', async () => {
    const { live, server, subscriptions } = await connect();
    live.showLayer(LAYER);
    await live.start();
    await until('subscribed', () => subscriptions.length === 1);
    for (const client of Object.values(
      (server.engine as unknown as { clients: Record<string, { close(): void }> }).clients,
    ))
      client.close();
    await until('subscribed again', () => subscriptions.length === 2);
    expect(subscriptions[1]?.cursor).toEqual({ epoch: 'e', seq: 4 });
    expect(live.state.value).toEqual({ kind: 'live' });
  });

  it('fetches again when the server announces another epoch', async () => {
    const states = [
      layerState([{ id: 'a', value: 1 }], { seq: 4 }),
      layerState([{ id: 'a', value: 2 }], { epoch: 'f', seq: 0 }),
    ];
    const { live, server, subscriptions, valueOfA } = await connect({
      fetchMap: async () => states.shift() ?? layerState([]),
    });
    live.showLayer(LAYER);
    await live.start();
    await until('subscribed', () => subscriptions.length === 1);
    server.to('map').emit('map:snapshot', { ...LAYER, epoch: 'f', seq: 0, url: '' });
    server.to('map').emit('map:changed', change(1, 'a', 3, { epoch: 'f' }));
    await until('valueOfA=== 3', () => valueOfA() === 3);
    expect(states).toHaveLength(0);
  });

  it('tries again after a failed fetch and shows that it is cut off meanwhile', async () => {
    let attempts = 0;
    const { live, store } = await connect({
      fetchMap: async () => {
        attempts += 1;
        if (attempts < 3) throw new Error('offline');
        return layerState([{ id: 'a' }]);
      },
    });
    live.showLayer(LAYER);
    await until('the state is lost', () => live.state.value.kind === 'lost');
    await until('stations: 1', () => store.stations.length === 1);
    expect(attempts).toBe(3);
  });

  it('fetches what failed as soon as it is connected again, not at the next try', async () => {
    let isAway = true;
    const { live, server, subscriptions, valueOfA } = await connect({
      retryDelaysMs: [3_600_000],
      fetchMap: async () => {
        if (isAway) throw new Error('away');
        return layerState([{ id: 'a' }], { seq: 4 });
      },
    });
    live.showLayer(LAYER);
    await live.start();
    await until('the state is lost', () => live.state.value.kind === 'lost');
    await until('connected', () => server.sockets.sockets.size === 1);
    isAway = false;
    for (const socket of server.sockets.sockets.values()) socket.conn.close();
    await until('subscribed', () => subscriptions.length === 1);
    expect(valueOfA()).toBe(12.4);
  });

  it('drops the answer for a layer nobody looks at any more', async () => {
    const waiting: (() => void)[] = [];
    const { live, store } = await connect({
      fetchMap: (url) =>
        new Promise((resolve) => {
          const quantity = url.includes('pm10') ? 'pm10' : 'pm25';
          waiting.push(() => resolve(layerState([{ id: quantity }], { quantity })));
        }),
    });
    live.showLayer(LAYER);
    live.showLayer({ quantity: 'pm10', average: '1h' });
    for (const answer of waiting.reverse()) answer();
    await until('stations: 1', () => store.stations.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(store.stations.map(({ id }) => id)).toEqual(['pm10']);
  });

  it('takes no changes while paused and resumes from its cursor', async () => {
    const { live, server, subscriptions, valueOfA } = await connect();
    live.showLayer(LAYER);
    await live.start();
    await until('subscribed', () => subscriptions.length === 1);
    live.pause();
    expect(live.state.value.kind).toBe('paused');
    server.to('map').emit('map:changed', change(5, 'a', 77));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(valueOfA()).toBe(12.4);
    live.resume();
    await until('subscribed again', () => subscriptions.length === 2);
    expect(subscriptions[1]?.cursor).toEqual({ epoch: 'e', seq: 4 });
  });

  it('follows one station and asks only for what it missed of it', async () => {
    const { live, server, stations, readings } = await connect();
    live.followStation('abcde12345');
    await live.start();
    await until('followed: 1', () => stations.length === 1);
    const reading = {
      stationId: 'abcde12345',
      sensor: 'sds011',
      measuredAt: '2026-11-05T20:00:00.000Z',
      values: { pm25: 9 },
      flags: {},
    };
    server.to('station').emit('station:reading', reading);
    server.to('station').emit('station:reading', { ...reading, stationId: 'another123' });
    await until('a reading came', () => readings.length > 0);
    expect(readings).toEqual([reading]);
    live.pause();
    live.resume();
    await until('followed: 2', () => stations.length === 2);
    expect(stations).toEqual([
      { stationId: 'abcde12345' },
      { stationId: 'abcde12345', since: '2026-11-05T20:00:00.000Z' },
    ]);
  });
});
