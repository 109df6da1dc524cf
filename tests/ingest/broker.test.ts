import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { ClosedLately } from '../../server/ingest/closedConnections.ts';
import { MAX_PACKET_BYTES } from '../../server/ingest/publishLane.ts';
import { StoreUnavailableError } from '../../server/store/readingStore.ts';
import { addStation, airrohrBody, openIngestHost, storedReadings } from '../support/ingestHost.ts';
import { connectBytes } from '../support/mqttBytes.ts';
import { connectDevice, connectMqtt, connectRaw, isClosed, nextMessage, refusalOf } from '../support/mqttClients.ts';
import { until } from '../support/until.ts';

async function openWithDevice(options: Parameters<typeof openIngestHost>[0] = {}) {
  const host = await openIngestHost(options);
  const device = await addStation(host.stations, 'esp8266-1001');
  return { ...host, device, topic: `buergerluft/${device.deviceId}/airrohr` };
}

const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
const reasons = (rejections: readonly { reason: string }[]) => rejections.map(({ reason }) => reason);

describe('sign-in', () => {
  it('refuses anonymous clients, unknown devices and wrong tokens', async () => {
    const { port, device } = await openWithDevice();
    expect(await refusalOf(connectMqtt(port))).toBe(5);
    expect(await refusalOf(connectDevice(port, { deviceId: 'esp8266-2', token: device.token }))).toBe(4);
    expect(await refusalOf(connectDevice(port, { ...device, token: 'wrong' }))).toBe(4);
  });

  it('refuses a client id that another user holds, and the holder stays', async () => {
    const { port, device, stations } = await openWithDevice();
    const other = await addStation(stations, 'esp8266-1002');
    const holder = await connectDevice(port, device, { clientId: 'shared' });
    expect(await refusalOf(connectDevice(port, other, { clientId: 'shared' }))).toBe(2);
    expect(holder.connected).toBe(true);
  });

  it('lets a device take over its own client id after a lost connection', async () => {
    const { port, device, topic, store } = await openWithDevice();
    const first = await connectDevice(port, device);
    const closed = isClosed(first);
    const second = await connectDevice(port, device);
    expect(await closed).toBe(true);
    await second.publishAsync(topic, airrohrBody(1), { qos: 1 });
    expect(await storedReadings(store)).toHaveLength(1);
  });

  it('cannot be had under the name of an out-topic: no device may be called so', async () => {
    const { port, device } = await openWithDevice();
    for (const deviceId of ['stations', 'status']) {
      expect(await refusalOf(connectDevice(port, { deviceId, token: device.token }))).toBe(4);
    }
  });

  it('ends with the token: a rotated device is disconnected', async () => {
    const { port, device, stations, broker } = await openWithDevice();
    const client = await connectDevice(port, device);
    const closed = isClosed(client);
    await stations.rotateDevice(device.deviceId);
    broker.recheck(new Set([device.stationId]));
    expect(await closed).toBe(true);
    expect(await refusalOf(connectDevice(port, device))).toBe(4);
  });
});

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
    const closed = isClosed(client, 3_000);
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
    const closed = isClosed(client, 3_000);
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
    const client = await connectDevice(port, device, { keepalive: 1, reschedulePings: true });
    const closed = isClosed(client, 4_000);
    // The client pings only when it has nothing to say for a second.
    for (let n = 1; n <= 10; n++) {
      await client.publishAsync(topic, airrohrBody(n), { qos: 1 });
      await wait(300);
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

describe('why a connection was closed', () => {
  it('is counted and told, for each reason', async () => {
    const told: ClosedLately[] = [];
    const { port, device, stations, broker } = await openWithDevice({
      broker: { onClosed: (news) => told.push(news) },
    });
    const silent = await connectRaw(port);
    const silentIsClosed = isClosed(silent.resume(), 20_000);
    silent.write(connectBytes({ ...device, clientId: 'silent', keepAliveS: 1 }));
    const garbage = await connectRaw(port);
    const garbageIsClosed = isClosed(garbage.resume());
    garbage.write('GET / HTTP/1.1\r\n\r\n');
    expect(await garbageIsClosed).toBe(true);
    await connectDevice(port, device);
    const second = await connectDevice(port, device);
    expect(await silentIsClosed).toBe(true);
    const secondIsClosed = isClosed(second);
    await stations.rotateDevice(device.deviceId);
    broker.recheck(new Set([device.stationId]));
    expect(await secondIsClosed).toBe(true);
    await broker.close();
    const { closed } = broker.stats();
    const counted = Object.entries(closed).filter(([, count]) => count > 0);
    expect(Object.fromEntries(counted)).toEqual({
      'protocol-error': 1,
      'taken-over': 1,
      'keep-alive': 1,
      'token-revoked': 1,
    });
    expect(sumOf(told.flatMap(({ byReason }) => Object.values(byReason)))).toBe(4);
    expect(told.some(({ isTrouble }) => isTrouble)).toBe(false);
  });

  it('is not counted when the device itself says goodbye or is gone', async () => {
    const { port, device, broker } = await openWithDevice();
    await (await connectDevice(port, device, { clientId: 'a' })).endAsync();
    const gone = await connectRaw(port);
    gone.write(connectBytes({ ...device, clientId: 'b', keepAliveS: 60 }));
    await until('it is signed in', () => broker.stats().connections > 0);
    gone.resetAndDestroy();
    await until('both are gone', () => broker.stats().connections === 0);
    expect(sumOf(Object.values(broker.stats().closed))).toBe(0);
  });
});

describe('hostile connections', () => {
  it('closes one that announces a packet beyond the limit, before it is sent', async () => {
    const { port, device, broker } = await openWithDevice();
    const client = await connectDevice(port, device);
    const closed = isClosed(client);
    const length = MAX_PACKET_BYTES + 1;
    const header = [0x32, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14];
    client.stream.write(Buffer.from([...header, 0, 3]));
    expect(await closed).toBe(true);
    expect(broker.stats().closed['packet-too-large']).toBe(1);
  });

  it('closes one that talks garbage, and others do not notice', async () => {
    const { port, device, topic, store } = await openWithDevice();
    const good = await connectDevice(port, device);
    for (const bytes of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\xff\xff\xff\xff\xff\xff', '\x30\x02\x00\x00']) {
      const socket = await connectRaw(port);
      const closed = isClosed(socket);
      socket.write(Buffer.from(bytes, 'latin1'));
      socket.resume();
      expect(await closed).toBe(true);
    }
    await good.publishAsync(topic, airrohrBody(1), { qos: 1 });
    expect(await storedReadings(store)).toHaveLength(1);
  });
});

describe('subscriptions', () => {
  it('are granted to public out-topics only', async () => {
    const { port, device } = await openWithDevice();
    const client = await connectDevice(port, device);
    const granted = await client.subscribeAsync(['buergerluft/stations/+/latest', 'buergerluft/status']);
    expect(granted.map(({ qos }) => qos)).toEqual([0, 0]);
    for (const topic of ['#', 'buergerluft/+/airrohr', 'buergerluft/_registry/#', '$SYS/#', 'tele/+/SENSOR']) {
      await expect(client.subscribeAsync(topic)).rejects.toThrow('Unspecified error');
    }
  });

  it('are so many a device, over all its connections: names of topics are endless', async () => {
    const { port, device, broker } = await openWithDevice();
    const names = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => `buergerluft/stations/${String(from + at).padStart(10, '0')}/latest`);
    const first = await connectDevice(port, device);
    const second = await connectDevice(port, device, { clientId: 'second' });
    await first.subscribeAsync(names(0, 600));
    await second.subscribeAsync(names(600, 400));
    await second.subscribeAsync(names(600, 400));
    await expect(second.subscribeAsync('buergerluft/status')).rejects.toThrow('Unspecified error');
    await second.unsubscribeAsync(names(600, 1));
    await second.subscribeAsync('buergerluft/status');
    await expect(second.subscribeAsync(names(2_000, 1))).rejects.toThrow('Unspecified error');
    expect(broker.stats().refusedSubscriptions).toBe(2);
    await first.endAsync(true);
    await until('what the other had is free again', () =>
      second.subscribeAsync(names(3_000, 1)).then(
        () => true,
        () => false,
      ),
    );
  });

  it('get our retained messages, also later', async () => {
    const { port, device, broker } = await openWithDevice();
    broker.publish('buergerluft/status', 'online');
    const client = await connectDevice(port, device);
    const message = nextMessage(client);
    await client.subscribeAsync('buergerluft/status');
    expect(await message).toEqual(['buergerluft/status', 'online']);
  });

  it('let a service account watch device messages, and nobody else', async () => {
    const service = { username: 'operator', password: 'a good password' };
    const { port, device, topic } = await openWithDevice({ broker: { service } });
    const watcher = await connectMqtt(port, service);
    await watcher.subscribeAsync('buergerluft/+/airrohr');
    const message = nextMessage(watcher);
    const client = await connectDevice(port, device);
    await client.publishAsync(topic, airrohrBody(1), { qos: 1 });
    expect(await message).toEqual([topic, airrohrBody(1)]);
    expect(await refusalOf(connectMqtt(port, { ...service, password: 'another' }))).toBe(4);
  });
});

describe('a service account', () => {
  it('publishes for any registered device, and its word on the time is ours', async () => {
    const service = { username: 'bridge', password: 'a good password' };
    const { port, topic, store, stations } = await openWithDevice({ broker: { service } });
    await addStation(stations, 'zigbee-gateway', ['Kueche']);
    const bridge = await connectMqtt(port, service);
    const measuredAt = Date.now() - 60_000;
    const stamped = { timestamp: new Date(measuredAt).toISOString(), ...JSON.parse(airrohrBody(1)) };
    await bridge.publishAsync(topic, JSON.stringify(stamped), { qos: 1 });
    await bridge.publishAsync('zigbee2mqtt/Kueche', '{"pm25": 4}', { qos: 1 });
    const readings = await storedReadings(store);
    expect(readings).toHaveLength(2);
    expect(readings[0]).toMatchObject({ measuredAt, flags: 0, values: { pm25: 7.5 } });
  });
});
