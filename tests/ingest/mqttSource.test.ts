import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Accept } from '../../server/ingest/arrival.ts';
import { MqttSource, type MqttSourceOptions } from '../../server/ingest/mqttSource.ts';
import { EVERYTHING } from '../../server/ingest/subscriptions.ts';
import { ZigbeeNames } from '../../server/ingest/zigbeeNames.ts';
import { StoreUnavailableError } from '../../server/store/readingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { GRANTED, NOT_AUTHORIZED, openHesitantBroker } from '../support/hesitantBroker.ts';
import { addStation, airrohrBody, openIngestHost, storedReadings } from '../support/ingestHost.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { connectMqtt, nextMessage } from '../support/mqttClients.ts';
import { until } from '../support/until.ts';

const TOPIC = 'buergerluft/esp8266-1001/airrohr';

/** Starts a source; resolves when it is connected and subscribed. */
async function openSource(mosquitto: Mosquitto, accept: Accept, more: Partial<MqttSourceOptions> = {}) {
  const refused: { deviceId: string | undefined; reason: string }[] = [];
  const connected: number[] = [];
  const source = new MqttSource({
    url: mosquitto.url,
    nodeId: 'test',
    deviceOfZigbeeName: () => undefined,
    accept,
    refused: (deviceId, { reason }) => refused.push({ deviceId, reason }),
    onConnected: () => connected.push(Date.now()),
    onError: () => undefined,
    clock: Date.now,
    ...more,
  });
  source.start();
  closeAfterTest(() => source.close());
  await until('it is connected', () => connected.length > 0);
  return { source, refused, connected };
}

describe('messages from an external broker', () => {
  it('are stored under the device of their topic', async () => {
    const mosquitto = await startMosquitto();
    const host = await openIngestHost();
    const device = await addStation(host.stations, 'esp8266-1001');
    await addStation(host.stations, 'zigbee-gateway', ['Kueche']);
    const names = new ZigbeeNames(host.stations);
    const { refused } = await openSource(mosquitto, host.accept, {
      deviceOfZigbeeName: (name) => names.deviceOf(name),
    });
    const publisher = await connectMqtt(mosquitto.port);
    await publisher.publishAsync(TOPIC, airrohrBody(1), { qos: 1 });
    await publisher.publishAsync('buergerluft/esp8266-9999/airrohr', airrohrBody(2), { qos: 1 });
    await publisher.publishAsync('zigbee2mqtt/Kueche', '{"pm25": 4}', { qos: 1 });
    await publisher.publishAsync('zigbee2mqtt/Bad', '{"pm25": 4}', { qos: 1 });
    await until('both are stored', async () => (await storedReadings(host.store)).length === 2);
    // What came last is no reading: it may still be on its way.
    await until('the stranger is refused', () => refused.length > 0);
    expect(await storedReadings(host.store)).toContainEqual(
      expect.objectContaining({ stationId: device.stationId, values: { pm10: 12.4, pm25: 7.5 } }),
    );
    expect(host.seen.rejections.map(({ reason }) => reason)).toEqual(['unknown-device']);
    expect(refused).toEqual([{ deviceId: undefined, reason: 'foreign-topic' }]);
  });

  it('carry our own time when our bridge stamped them, and the device’s word otherwise', async () => {
    const mosquitto = await startMosquitto();
    const host = await openIngestHost();
    await addStation(host.stations, 'esp8266-1001');
    await openSource(mosquitto, host.accept);
    const publisher = await connectMqtt(mosquitto.port);
    const at = (msAgo: number) =>
      JSON.stringify({ timestamp: new Date(Date.now() - msAgo).toISOString(), ...JSON.parse(airrohrBody(1)) });
    await publisher.publishAsync(TOPIC, at(60_000), { qos: 1 });
    await publisher.publishAsync('buergerluft/_bridge/esp8266-1001/airrohr', at(30_000), { qos: 1 });
    await until('both are stored', async () => (await storedReadings(host.store)).length === 2);
    expect((await storedReadings(host.store)).map(({ flags }) => flags)).toEqual([1, 0]);
  });

  it('are refused when retained', async () => {
    const mosquitto = await startMosquitto();
    const host = await openIngestHost();
    await addStation(host.stations, 'esp8266-1001');
    const publisher = await connectMqtt(mosquitto.port);
    await publisher.publishAsync(TOPIC, airrohrBody(1), { qos: 1, retain: true });
    const { refused } = await openSource(mosquitto, host.accept);
    await publisher.publishAsync(TOPIC, airrohrBody(2), { qos: 1, retain: true });
    await publisher.publishAsync(TOPIC, airrohrBody(3), { qos: 1 });
    await until('the last is stored', async () => (await storedReadings(host.store)).length > 0);
    expect(await storedReadings(host.store)).toHaveLength(1);
    expect(refused).toEqual([{ deviceId: 'esp8266-1001', reason: 'retained' }]);
  });
});

it('a message larger than any reading is refused, and those after it are taken', async () => {
  const mosquitto = await startMosquitto();
  const host = await openIngestHost();
  await addStation(host.stations, 'esp8266-1001');
  await openSource(mosquitto, host.accept);
  const publisher = await connectMqtt(mosquitto.port);
  for (const length of [17_000, 70_000, 1_000_000]) {
    await publisher.publishAsync(TOPIC, Buffer.alloc(length, ' '), { qos: 1 });
  }
  await publisher.publishAsync(TOPIC, airrohrBody(1), { qos: 1 });
  await until('the last is stored', async () => (await storedReadings(host.store)).length === 1);
  expect(host.seen.rejections.map(({ reason }) => reason)).toEqual(['too-large', 'too-large', 'too-large']);
});

describe('QoS 2 at an external broker', () => {
  it('is refused and goes through its handshake, and nothing else is held up', async () => {
    const mosquitto = await startMosquitto();
    const host = await openIngestHost();
    await addStation(host.stations, 'esp8266-1001');
    const { refused } = await openSource(mosquitto, host.accept);
    const publisher = await connectMqtt(mosquitto.port);
    for (let n = 1; n <= 30; n++) await publisher.publishAsync(TOPIC, airrohrBody(n), { qos: 2 });
    await publisher.publishAsync(TOPIC, airrohrBody(31), { qos: 1 });
    await publisher.publishAsync(TOPIC, airrohrBody(32), { qos: 0 });
    await until('both others are stored', async () => (await storedReadings(host.store)).length === 2);
    await until('all are refused', () => refused.length === 30);
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['qos2']));
    expect(await storedReadings(host.store)).toHaveLength(2);
  });
});

describe('acknowledgement to an external broker', () => {
  it('is held back until the commit: what was not committed comes again on the next connection', async () => {
    const mosquitto = await startMosquitto();
    const offered: string[] = [];
    const neverStored: Accept = ({ payload }) => void offered.push(Buffer.from(payload).toString());
    const first = await openSource(mosquitto, neverStored);
    const publisher = await connectMqtt(mosquitto.port);
    for (const body of ['one', 'two', 'three']) await publisher.publishAsync(TOPIC, body, { qos: 1 });
    await until('all are offered', () => offered.length === 3);
    expect(first.source.held).toBe(3);
    await first.source.close();

    const stored: string[] = [];
    const second = await openSource(mosquitto, ({ payload }, settle) => {
      stored.push(Buffer.from(payload).toString());
      settle(undefined, { kind: 'duplicate' });
    });
    await until('all are offered again', () => stored.length === 3);
    expect(stored).toEqual(['one', 'two', 'three']);
    await second.source.close();

    const again: string[] = [];
    await openSource(mosquitto, ({ payload }) => void again.push(Buffer.from(payload).toString()));
    await wait(300);
    expect(again).toEqual([]);
  });

  it('lets the broker send on while messages wait for a slow commit', async () => {
    const mosquitto = await startMosquitto();
    const settles: (() => void)[] = [];
    const { source } = await openSource(mosquitto, (_arrival, settle) => {
      settles.push(() => settle(undefined, { kind: 'duplicate' }));
    });
    const publisher = await connectMqtt(mosquitto.port);
    await Promise.all(Array.from({ length: 2_000 }, (_, n) => publisher.publishAsync(TOPIC, `${n}`, { qos: 1 })));
    // None of them is committed: one at a time, the second would never come.
    await until('all wait together', () => settles.length === 2_000);
    expect(source.held).toBe(2_000);
    for (const settle of settles) settle();
    expect(source.held).toBe(0);
  });

  it('waits while the store is away, and comes when it is back', async () => {
    const mosquitto = await startMosquitto();
    let isAway = true;
    const host = await openIngestHost({
      wrapStore: (store) => ({
        append: (messages) => (isAway ? Promise.reject(new StoreUnavailableError('away')) : store.append(messages)),
      }),
    });
    await addStation(host.stations, 'esp8266-1001');
    const { source } = await openSource(mosquitto, host.accept, { retryMs: 50 });
    const publisher = await connectMqtt(mosquitto.port);
    await publisher.publishAsync(TOPIC, airrohrBody(1), { qos: 1 });
    await until('it was tried three times', () => host.seen.failures.length >= 3);
    expect(source.held).toBe(1);
    isAway = false;
    await until('it is taken', () => source.held === 0);
    expect(await storedReadings(host.store)).toHaveLength(1);
  });

  it('is given for messages that are refused', async () => {
    const mosquitto = await startMosquitto();
    const host = await openIngestHost();
    await addStation(host.stations, 'esp8266-1001');
    const { source } = await openSource(mosquitto, host.accept);
    const publisher = await connectMqtt(mosquitto.port);
    for (const body of ['garbage', '{"a":'.repeat(3_000), 'x'.repeat(17_000)]) {
      await publisher.publishAsync(TOPIC, body, { qos: 1 });
    }
    await until('all are refused', () => host.seen.rejections.length === 3);
    expect(source.held).toBe(0);
  });
});

it('counts as connected only when the broker sends it what devices publish', async () => {
  const { url, grants } = await openHesitantBroker(EVERYTHING.length);
  const connected: number[] = [];
  const source = new MqttSource({
    ...{ url, nodeId: 'test', deviceOfZigbeeName: () => undefined, accept: () => undefined, clock: Date.now },
    ...{ refused: () => undefined, onError: () => undefined, tellsStatus: false },
    onConnected: () => connected.push(Date.now()),
  });
  source.start();
  closeAfterTest(() => source.close());
  await until('it subscribes', () => grants.length > 0);
  expect(source.isConnected).toBe(false);
  grants[0]?.();
  await until('it is connected', () => connected.length > 0);
  expect(source.isConnected).toBe(true);
});

it('asks a broker that lets it in and no more again on the same connection, and tells of it once', async () => {
  const { url, grants } = await openHesitantBroker(EVERYTHING.length);
  const told: string[] = [];
  const connected: string[] = [];
  const source = new MqttSource({
    ...{ url, nodeId: 'test', deviceOfZigbeeName: () => undefined, accept: () => undefined, clock: Date.now },
    ...{ refused: () => undefined, tellsStatus: false, refusedMs: 20 },
    onConnected: () => connected.push('subscribed'),
    onDisconnected: () => connected.push('lost'),
    onError: ({ message }) => told.push(message),
  });
  source.start();
  closeAfterTest(() => source.close());
  for (const [asked, answer] of [NOT_AUTHORIZED, NOT_AUTHORIZED, GRANTED].entries()) {
    await until('it subscribes', () => grants.length > asked);
    grants[asked]?.(answer);
  }
  await until('it is connected', () => connected.length > 0);
  expect([told, connected]).toEqual([['Subscribe error: Not authorized'], ['subscribed']]);
});

it('says when another process takes its connections over', async () => {
  const mosquitto = await startMosquitto();
  const told: string[] = [];
  await openSource(mosquitto, () => undefined, { onError: ({ message }) => told.push(message) });
  await openSource(mosquitto, () => undefined);
  await until('it is told', () => told.length > 0);
  expect(told).toEqual([expect.stringContaining('another process has this NODE_ID')]);
});

describe('an external broker that goes away', () => {
  it('is found again when it is back, and brings what came meanwhile', async () => {
    const mosquitto = await startMosquitto();
    const host = await openIngestHost();
    await addStation(host.stations, 'esp8266-1001');
    const { source, connected } = await openSource(mosquitto, host.accept);
    await mosquitto.stop();
    await until('it is gone', () => !source.isConnected);
    await mosquitto.start();
    const publisher = await connectMqtt(mosquitto.port);
    // Our session outlived the broker's restart: this waits for us there.
    await publisher.publishAsync(TOPIC, airrohrBody(1), { qos: 1 });
    await until('it is found again', () => connected.length === 2);
    await until('it is stored', async () => (await storedReadings(host.store)).length === 1);
  });

  it('tells everybody that we are gone when we are', async () => {
    const mosquitto = await startMosquitto();
    const watcher = await connectMqtt(mosquitto.port);
    const { source } = await openSource(mosquitto, () => undefined);
    const online = nextMessage(watcher);
    await watcher.subscribeAsync('buergerluft/status');
    expect(await online).toEqual(['buergerluft/status', 'online']);
    const offline = nextMessage(watcher);
    await source.close();
    expect(await offline).toEqual(['buergerluft/status', 'offline']);
  });
});
