import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../../server/store/readingStore.ts';
import { openWithDevice } from '../support/brokerHost.ts';
import { addStation, airrohrBody, storedReadings } from '../support/ingestHost.ts';
import { connectDevice, isClosed } from '../support/mqttClients.ts';
import { until } from '../support/until.ts';

const reasons = (rejections: readonly { reason: string }[]) => rejections.map(({ reason }) => reason);

describe('acknowledgement', () => {
  it('comes after the commit', async () => {
    let release = () => undefined as unknown;
    const gate = new Promise((resolve) => {
      release = () => resolve(undefined);
    });
    const host = await openWithDevice({
      wrapStore: (store) => ({ append: (messages) => gate.then(() => store.append(messages)) }),
    });
    const client = await connectDevice(host.port, host.device);
    let isAcknowledged = false;
    const sent = client.publishAsync(host.topic, airrohrBody(1), { qos: 1 }).then(() => {
      isAcknowledged = true;
    });
    await until('it is held', () => host.broker.stats().held === 1);
    await wait(200);
    expect(isAcknowledged).toBe(false);
    release();
    await sent;
    expect(await storedReadings(host.store)).toHaveLength(1);
  });

  it('does not come when the store fails: the connection is closed and the device sends again', async () => {
    let isAway = true;
    const host = await openWithDevice({
      wrapStore: (store) => ({
        append: (messages) => (isAway ? Promise.reject(new StoreUnavailableError('away')) : store.append(messages)),
      }),
    });
    const client = await connectDevice(host.port, host.device, { reconnectPeriod: 100 });
    const closed = isClosed(client);
    const sent = client.publishAsync(host.topic, airrohrBody(1), { qos: 1 });
    expect(await closed).toBe(true);
    expect(await storedReadings(host.store)).toHaveLength(0);
    isAway = false;
    await sent;
    expect(await storedReadings(host.store)).toHaveLength(1);
    expect(host.seen.repeats).toBe(0);
  });

  it('closes a connection whose publish is held too long', async () => {
    const host = await openWithDevice({
      broker: { maxHoldMs: 300 },
      wrapStore: () => ({ append: () => new Promise(() => undefined) }),
    });
    const client = await connectDevice(host.port, host.device);
    const closed = isClosed(client);
    client.publish(host.topic, airrohrBody(1), { qos: 1 });
    expect(await closed).toBe(true);
    expect(host.broker.stats()).toMatchObject({ closed: { 'held-too-long': 1 }, held: 0 });
  });

  it('counts a connection that is held too long once, however many publishes it has waiting', async () => {
    const host = await openWithDevice({
      broker: { maxHoldMs: 300 },
      wrapStore: () => ({ append: () => new Promise(() => undefined) }),
    });
    const client = await connectDevice(host.port, host.device);
    const closed = isClosed(client);
    for (let n = 1; n <= 20; n++) client.publish(host.topic, airrohrBody(n), { qos: 1 });
    await wait(200);
    for (let n = 21; n <= 30; n++) client.publish(host.topic, airrohrBody(n), { qos: 1 });
    expect(await closed).toBe(true);
    await until('all are let go', () => host.broker.stats().held === 0);
    expect(host.broker.stats().closed['held-too-long']).toBe(1);
  });

  it('is waited for when our clock is set ahead or our process stood still: nobody is closed for it', async () => {
    let aheadMs = 0;
    let release = () => undefined as unknown;
    const gate = new Promise((resolve) => {
      release = () => resolve(undefined);
    });
    const host = await openWithDevice({
      clock: () => Date.now() + aheadMs,
      wrapStore: (store) => ({ append: (messages) => gate.then(() => store.append(messages)) }),
    });
    const client = await connectDevice(host.port, host.device, { keepalive: 30 });
    const closed = isClosed(client, 1_500);
    const sent = client.publishAsync(host.topic, airrohrBody(1), { qos: 1 });
    await until('it is held', () => host.broker.stats().held === 1);
    aheadMs = 3_600_000;
    expect(await closed).toBe(false);
    release();
    await sent;
    expect(await storedReadings(host.store)).toHaveLength(1);
  });

  it('stores a redelivered message once', async () => {
    const { port, device, topic, store, seen } = await openWithDevice();
    const client = await connectDevice(port, device);
    await client.publishAsync(topic, airrohrBody(1), { qos: 1 });
    await client.publishAsync(topic, airrohrBody(1), { qos: 1, dup: true });
    expect(await storedReadings(store)).toHaveLength(1);
    expect(seen.repeats).toBe(1);
  });

  it('takes QoS 0 as well', async () => {
    const { port, device, topic, store } = await openWithDevice();
    const client = await connectDevice(port, device);
    await client.publishAsync(topic, airrohrBody(1), { qos: 0 });
    await client.publishAsync(topic, airrohrBody(2), { qos: 1 });
    expect(await storedReadings(store)).toHaveLength(2);
  });

  it('keeps the connection alive while nothing is held', async () => {
    const { port, device } = await openWithDevice();
    const client = await connectDevice(port, device, { keepalive: 1 });
    const answer = await new Promise((resolve) => client.once('packetreceive', (packet) => resolve(packet.cmd)));
    expect(answer).toBe('pingresp');
  });
});

describe('a device that has published before', () => {
  it('stays connected by publishing alone, past its keep-alive', async () => {
    const { port, device, topic, store } = await openWithDevice();
    // Closed after three seconds without a packet.
    const client = await connectDevice(port, device, { keepalive: 2, reschedulePings: true });
    const closed = isClosed(client, 5_000);
    // The client pings only when it has nothing to say for two seconds.
    for (let n = 1; n <= 10; n++) {
      await client.publishAsync(topic, airrohrBody(n), { qos: 1 });
      await wait(450);
    }
    expect(await closed).toBe(false);
    expect(await storedReadings(store)).toHaveLength(10);
  });

  it('is slowed down, not cut off, when it sends thousands at once', async () => {
    const { port, device, topic, store, broker } = await openWithDevice();
    const client = await connectDevice(port, device);
    await client.publishAsync(topic, airrohrBody(1), { qos: 1 });
    const closed = isClosed(client, 100);
    await Promise.all(
      Array.from({ length: 5_000 }, (_, n) => client.publishAsync(topic, airrohrBody(n + 2), { qos: 1 })),
    );
    expect(await closed).toBe(false);
    expect(await storedReadings(store)).toHaveLength(5_001);
    expect(broker.stats()).toMatchObject({ closed: { flooding: 0 }, held: 0 });
  });

  it('may say something else in between, and everything is stored once', async () => {
    const { port, store, device, topic } = await openWithDevice();
    const client = await connectDevice(port, device, { keepalive: 1 });
    for (let n = 1; n <= 20; n++) {
      await Promise.all([
        client.publishAsync(topic, airrohrBody(n), { qos: n % 2 === 0 ? 1 : 0 }),
        client.subscribeAsync('buergerluft/status'),
        client.publishAsync('buergerluft/elsewhere', 'x', { qos: 1 }),
      ]);
    }
    await client.publishAsync(topic, airrohrBody(21), { qos: 1 });
    expect(await storedReadings(store)).toHaveLength(21);
  });

  it('publishes for nobody once its device stands nowhere', async () => {
    const { port, stations, store, device, topic, seen } = await openWithDevice();
    const client = await connectDevice(port, device);
    await client.publishAsync(topic, airrohrBody(1), { qos: 1 });
    await stations.removeStation(stations.device(device.deviceId)!.stationId);
    await client.publishAsync(topic, airrohrBody(2), { qos: 1 });
    expect(await storedReadings(store)).toHaveLength(1);
    expect(reasons(seen.rejections)).toEqual(['foreign-topic']);
  });
});

describe('what never becomes a reading is acknowledged, dropped and counted', () => {
  it('another device’s topic, an out-topic, and topics of no format', async () => {
    const { port, device, stations, store, seen } = await openWithDevice();
    await addStation(stations, 'esp8266-1002');
    const client = await connectDevice(port, device);
    const topics = [
      'buergerluft/esp8266-1002/airrohr',
      'buergerluft/stations/aaaaaaaaaa/latest',
      'buergerluft/status',
      'buergerluft/_registry/00',
      'tele/esp8266-1001/LWT',
      '$SYS/anything',
      '__proto__/constructor',
    ];
    for (const topic of topics) await client.publishAsync(topic, airrohrBody(1), { qos: 1 });
    expect(await storedReadings(store)).toHaveLength(0);
    expect(reasons(seen.rejections)).toEqual(topics.map(() => 'foreign-topic'));
    expect(client.connected).toBe(true);
  });

  it('what its firmware says beside its readings, without being held against the device', async () => {
    const { port, device, seen } = await openWithDevice();
    const client = await connectDevice(port, device);
    const beside = [
      'esp8266-1001/status',
      'esp8266-1001/debug',
      'tele/esp8266-1001/LWT',
      'tasmota/discovery/A1/config',
    ];
    const wrong = [
      'esp8266-1001/tele/SENSOR',
      'esp8266-1002/status',
      'buergerluft/esp8266-1001',
      'esp8266-1001/sensor/a',
    ];
    for (const topic of [...beside, ...wrong]) await client.publishAsync(topic, 'online', { qos: 1, retain: true });
    expect(reasons(seen.rejections)).toEqual([...beside, ...wrong].map(() => 'foreign-topic'));
    expect(seen.rejections.map(({ isBeside = false }) => isBeside)).toEqual([
      ...beside.map(() => true),
      ...wrong.map(() => false),
    ]);
  });

  it('QoS 2 and retained publishes', async () => {
    const { port, device, topic, store, seen } = await openWithDevice();
    const client = await connectDevice(port, device);
    await client.publishAsync(topic, airrohrBody(1), { qos: 2 });
    await client.publishAsync(topic, airrohrBody(2), { qos: 1, retain: true });
    expect(await storedReadings(store)).toHaveLength(0);
    expect(reasons(seen.rejections)).toEqual(['qos2', 'retained']);
  });

  it('a will', async () => {
    const { port, device, topic, store, committer } = await openWithDevice();
    const client = await connectDevice(port, device, { will: { topic, payload: Buffer.from(airrohrBody(1)), qos: 1 } });
    client.stream.destroy();
    await wait(200);
    await committer.drain();
    expect(await storedReadings(store)).toHaveLength(0);
  });

  it('a payload over 16 KiB, garbage, and deep nesting', async () => {
    const { port, device, topic, store, seen } = await openWithDevice();
    const client = await connectDevice(port, device);
    await client.publishAsync(topic, 'x'.repeat(17 * 1024), { qos: 1 });
    await client.publishAsync(topic, Buffer.from([0, 255, 254, 1, 2]), { qos: 1 });
    await client.publishAsync(topic, '{"a":'.repeat(3_000), { qos: 1 });
    expect(await storedReadings(store)).toHaveLength(0);
    expect(seen.rejections).toHaveLength(3);
    expect(reasons(seen.rejections)[0]).toBe('too-large');
    expect(client.connected).toBe(true);
  });
});
