import { describe, expect, it } from '@jest/globals';
import { openWithDevice } from '../support/brokerHost.ts';
import { addStation, airrohrBody, storedReadings } from '../support/ingestHost.ts';
import { connectDevice, connectMqtt, isClosed, nextMessage, refusalOf } from '../support/mqttClients.ts';
import { until } from '../support/until.ts';

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
