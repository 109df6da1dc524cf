import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents } from '../../server/domain/contract.ts';
import type { Reading, Values } from '../../server/domain/reading.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { createLiveFeed } from '../../server/live/liveFeed.ts';
import { MapLayers } from '../../server/live/mapLayers.ts';
import { closeAfterTest } from '../support/closing.ts';
import { StationList, type stationOf } from '../support/stations.ts';

/** When the clock begins, epoch ms. */
export const T0 = Date.UTC(2026, 0, 5, 12);
/** Ids of two stations. */
export const A = 'aaaaaaaaa1';
export const B = 'bbbbbbbbb2';
/** The layer most tests look at. */
export const LATEST = { quantity: 'pm25', average: 'latest' } as const;

/** A browser. */
export type Client = Socket<ServerEvents, ClientEvents>;

/** The live side with a real HTTP server; time stands still until the test moves it. */
export async function live(...stations: ReturnType<typeof stationOf>[]) {
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

/** A browser that is connected; disconnected after the test. */
export async function connect(url: string, transports: string[] = ['websocket']): Promise<Client> {
  const client: Client = io(url, { transports, reconnection: false, forceNew: true });
  closeAfterTest(() => client.disconnect());
  await new Promise<void>((resolve, reject) => {
    client.once('connect', resolve);
    client.once('connect_error', reject);
  });
  return client;
}

/** Everything a client is sent of one event, from now on. */
export function collect<E extends keyof ServerEvents>(client: Client, event: E): Parameters<ServerEvents[E]>[0][] {
  const received: Parameters<ServerEvents[E]>[0][] = [];
  (client as unknown as Socket).on(event as string, (payload: Parameters<ServerEvents[E]>[0]) =>
    received.push(payload),
  );
  return received;
}

/** Sends an event and resolves to the answer. */
export const ask = (client: Client, event: keyof ClientEvents, payload: unknown) =>
  (client as Socket).timeout(60_000).emitWithAck(event, payload) as Promise<{ error: string } | null | undefined>;

/** After this, everything the server sent before has arrived: answers keep their order. */
export const settled = (client: Client) => ask(client, 'map:unsubscribe', { quantity: 'noise', average: '24h' });
