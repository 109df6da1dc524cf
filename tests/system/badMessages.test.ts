import { describe, expect, it } from '@jest/globals';
import type { MqttClient } from 'mqtt';
import { airrohrBody } from '../support/ingestHost.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { connectDevice, connectMqtt, isClosed, refusalOf } from '../support/mqttClients.ts';
import { addStationOver, type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';

/** One device of each format, with the topic it publishes on. */
const SENDERS = [
  { deviceId: 'esp8266-7001', topic: 'buergerluft/esp8266-7001/airrohr' },
  { deviceId: 'tasmota-7002', topic: 'tele/tasmota-7002/SENSOR' },
  { deviceId: 'esphome-7003', topic: 'esphome-7003/sensor/pm_2_5/state' },
  { deviceId: 'airgradient-7004', topic: 'airgradient/readings/7004' },
];

const RANDOM_BYTES = Buffer.from(Array.from({ length: 2_000 }, (_, n) => (n * 7919) % 251));
const BAD_PAYLOADS: Record<string, string | Buffer> = {
  empty: '',
  text: 'hello',
  'half a body': '{"sensordatavalues":[{"value_type":"SDS_P1",',
  binary: RANDOM_BYTES,
  'invalid UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'deeply nested': `${'{"a":'.repeat(4_000)}1${'}'.repeat(4_000)}`,
  'nested lists': `${'['.repeat(8_000)}${']'.repeat(8_000)}`,
  'a wrong shape': '[1,2,3]',
  'a prototype': '{"__proto__":{"pm25":1}}',
  huge: 'x'.repeat(100 * 1024),
  'a number beyond all': '1e999',
};

/** Everything counted as refused so far. */
async function refusedOf(server: ServerProcess): Promise<number> {
  let sum = 0;
  for (const [name, value] of await server.metrics()) if (name.startsWith('buergerluft_rejections_total')) sum += value;
  return sum;
}

async function storedOf(server: ServerProcess): Promise<number> {
  return (await server.metrics()).get('buergerluft_readings_stored_total') ?? 0;
}

describe('bad payloads on every topic', () => {
  it.each(SENDERS)(
    'are refused with a reason on $topic, and nothing else is disturbed',
    async ({ deviceId, topic }) => {
      const server = await startServerProcess();
      const device = await addStationOver(server, deviceId);
      const other = await addStationOver(server, 'esp8266-9999');
      const bad = await connectDevice(server.mqttPort, device);
      const good = await connectDevice(server.mqttPort, other);
      let sent = 0;
      for (const [name, payload] of Object.entries(BAD_PAYLOADS)) {
        await bad.publishAsync(topic, payload, { qos: 1 });
        sent++;
        // Each is refused at once, whole or field by field.
        expect([name, (await refusedOf(server)) >= sent]).toEqual([name, true]);
        await good.publishAsync('buergerluft/esp8266-9999/airrohr', airrohrBody(sent), { qos: 1 });
        expect([name, await storedOf(server)]).toEqual([name, sent]);
      }
      expect([bad.connected, good.connected]).toEqual([true, true]);
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    },
  );

  it('are refused from an external broker, and acknowledged there', async () => {
    const mosquitto = await startMosquitto();
    const server = await startServerProcess({ settings: { MQTT_URL: mosquitto.url } });
    for (const { deviceId } of SENDERS) await addStationOver(server, deviceId);
    const publisher = await connectMqtt(mosquitto.port);
    await until('the server listens', async () => (await server.metrics()).get('buergerluft_mqtt_connected') === 1);
    let sent = 0;
    for (const { topic } of SENDERS) {
      for (const payload of Object.values(BAD_PAYLOADS)) {
        await publisher.publishAsync(topic, payload, { qos: 1 });
        sent++;
      }
    }
    await until('all are refused', async () => (await refusedOf(server)) >= sent);
    await until('all are acknowledged', async () => (await server.metrics()).get('buergerluft_mqtt_held') === 0);
    expect(await storedOf(server)).toBe(0);
  });
});

describe('a device that oversteps', () => {
  it('stores nothing under another’s topic, nor on ours', async () => {
    const server = await startServerProcess();
    const device = await addStationOver(server, 'esp8266-7001');
    const victim = await addStationOver(server, 'esp8266-7002');
    const client: MqttClient = await connectDevice(server.mqttPort, device);
    const topics = [
      `buergerluft/${victim.deviceId}/airrohr`,
      `buergerluft/stations/${victim.stationId}/latest`,
      'buergerluft/status',
      'buergerluft/_bridge/esp8266-7002/airrohr',
    ];
    for (const topic of topics) await client.publishAsync(topic, airrohrBody(1), { qos: 1 });
    const metrics = await server.metrics();
    expect(metrics.get('buergerluft_rejections_total{reason="foreign-topic"}')).toBe(topics.length);
    expect(metrics.get('buergerluft_readings_stored_total')).toBe(0);
    expect(client.connected).toBe(true);
  });

  it('cannot be registered under the name of an out-topic', async () => {
    const server = await startServerProcess();
    for (const deviceId of ['stations', 'status', '_bridge', 'esp8266-1/stations']) {
      const position = { lat: 51.45, lon: 7.01 };
      const body = { name: 'x', position, isIndoor: false, deviceId };
      expect((await server.request('POST', '/api/v1/stations', body)).status).toBe(400);
      expect(await refusalOf(connectMqtt(server.mqttPort, { username: deviceId, password: 'x' }))).toBe(4);
    }
  });

  it('is cut off when its token is replaced, and its old token opens nothing', async () => {
    const server = await startServerProcess();
    const device = await addStationOver(server, 'esp8266-7001');
    const client = await connectDevice(server.mqttPort, device);
    const closed = isClosed(client);
    const path = `/api/v1/stations/${device.stationId}/devices`;
    const { status, body } = await server.request('POST', path, { deviceId: device.deviceId });
    expect(status).toBe(201);
    expect(await closed).toBe(true);
    expect(await refusalOf(connectDevice(server.mqttPort, device))).toBe(4);
    const renewed = await connectDevice(server.mqttPort, { ...device, token: String(body.token) });
    expect(renewed.connected).toBe(true);
  });
});
