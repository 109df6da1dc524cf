import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { latestTopic } from '../../server/domain/topics.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { connectDevice, connectMqtt, isClosed, refusalOf } from '../support/mqttClients.ts';
import { type OwnStation, type Program, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

const BAD_USER_NAME_OR_PASSWORD = 4;
const SERVICE = { MQTT_USERNAME: 'bridge', MQTT_PASSWORD: 'a-long-service-password' };

const wire = (name: string) => readFileSync(new URL(`../fixtures/wire/${name}`, import.meta.url), 'utf8').trim();
/** Payload of a line `<topic> <payload>` of a captured file. */
const payloadIn = (name: string, line = 0) => (wire(name).split('\n')[line] ?? '').replace(/^\S+ /, '');

async function latestOf({ get }: Program, { id }: Pick<OwnStation, 'id'>): Promise<Record<string, number>> {
  const { properties } = JSON.parse((await get(`/api/v1/stations/${id}`)).text);
  const latest = Object.entries(properties.latest) as [string, { value: number }][];
  return Object.fromEntries(latest.map(([quantity, { value }]) => [quantity, value]));
}

function pushOver({ url }: Program, { deviceId, token }: OwnStation): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${deviceId}:${token}`).toString('base64')}`;
  return fetch(`${url}/data.php`, {
    method: 'POST',
    headers: { authorization, 'Content-Type': 'application/json' },
    body: airrohrBody(deviceId),
  });
}

describe('a message of each kind, from the broker to the API', () => {
  it.each<[string, string, [topic: string, payload: string][], Record<string, number>]>([
    [
      'airRohr',
      'esp8266-4711',
      [['buergerluft/esp8266-4711/airrohr', airrohrBody('esp8266-4711')]],
      { pm25: 34.47, pm10: 67.22, temperature: 2, humidity: 38.4 },
    ],
    [
      'Tasmota',
      'tasmota-terrace',
      [['tele/tasmota-terrace/SENSOR', payloadIn('mqtt-tasmota-sds0x1-bme280.txt')]],
      { pm25: 11.8, pm10: 5.8, temperature: 20.5, humidity: 53.1, pressure: 977 },
    ],
    [
      'ESPHome, in two topics',
      'esphome-balcony',
      [
        ['esphome-balcony/sensor/pm_2_5/state', payloadIn('built-mqtt-esphome.txt', 1)],
        ['esphome-balcony/sensor/pm_10/state', payloadIn('built-mqtt-esphome.txt', 2)],
      ],
      { pm25: 7.3, pm10: 11.8 },
    ],
    [
      'AirGradient',
      'airgradient-ecda3b1eaaaf',
      [['airgradient/readings/ecda3b1eaaaf', wire('mqtt-airgradient-payload.json')]],
      { pm1: 3, pm25: 7, pm10: 8, temperature: 25.87, humidity: 43 },
    ],
    [
      'Zigbee2MQTT',
      'zigbee-gateway',
      [['zigbee2mqtt/ZB_SEN55', payloadIn('mqtt-zigbee2mqtt-sen55.txt')]],
      { pm1: 7.6, pm25: 8, pm4: 8.2, pm10: 8.1, temperature: 21.85, humidity: 60.99 },
    ],
  ])('%s', async (_kind, deviceId, messages, latest) => {
    const program = await startProgram();
    const station = await program.addStation(deviceId);
    const body = { deviceId, names: ['ZB_SEN55'] };
    const path = `/api/v1/stations/${station.id}/devices`;
    const { token } = JSON.parse((await program.send('POST', path, { body, key: station.ownerKey })).text);
    const device = await connectDevice(program.mqttPort, { deviceId, token });
    for (const [topic, payload] of messages) await device.publishAsync(topic, payload, { qos: 1 });
    await until('the values are public', async () => {
      return Object.keys(await latestOf(program, station)).length === Object.keys(latest).length;
    });
    expect(await latestOf(program, station)).toEqual(latest);
  });
});

describe('a new token', () => {
  it('ends the old one at every door at once', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-4711');
    const device = await connectDevice(program.mqttPort, station);
    expect((await pushOver(program, station)).status).toBe(204);
    const closed = isClosed(device);
    const options = { body: { deviceId: station.deviceId }, key: station.ownerKey };
    const { text } = await program.send('POST', `/api/v1/stations/${station.id}/devices`, options);
    expect((await pushOver(program, station)).status).toBe(401);
    expect(await refusalOf(connectDevice(program.mqttPort, station))).toBe(BAD_USER_NAME_OR_PASSWORD);
    expect(await closed).toBe(true);
    expect((await pushOver(program, { ...station, token: JSON.parse(text).token })).status).toBe(204);
  });
});

describe('a deleted station', () => {
  it('is gone from every place, and its device is refused at every door', async () => {
    const program = await startProgram({ settings: SERVICE });
    const station = await program.addStation('esp8266-4711');
    const kept = await program.addStation('esp8266-4712');
    const topic = `buergerluft/${station.deviceId}/airrohr`;
    const listener = await connectDevice(program.mqttPort, kept);
    const heard = new Map<string, string>();
    listener.on('message', (where, payload) => heard.set(where, payload.toString()));
    await listener.subscribeAsync('buergerluft/stations/+/latest');
    const device = await connectDevice(program.mqttPort, station);
    await device.publishAsync(topic, airrohrBody(station.deviceId), { qos: 1 });
    await until('its values are retained', () => heard.has(latestTopic(station.id)));
    const closed = isClosed(device);

    const path = `/api/v1/stations/${station.id}`;
    expect((await program.send('DELETE', path, { key: station.ownerKey })).status).toBe(204);
    expect(await closed).toBe(true);
    expect(await refusalOf(connectDevice(program.mqttPort, station))).toBe(BAD_USER_NAME_OR_PASSWORD);
    expect((await pushOver(program, station)).status).toBe(401);
    // What its bridge still had waiting: acknowledged, so that it is not sent for ever, and not stored.
    const bridge = await connectMqtt(program.mqttPort, { username: 'bridge', password: SERVICE.MQTT_PASSWORD });
    await bridge.publishAsync(topic, airrohrBody(station.deviceId), { qos: 1 });
    await until('its retained values are taken back', () => heard.get(latestTopic(station.id)) === '');
    const asked = await Promise.all([path, `${path}/series?quantity=pm25`, `/station/${station.id}`].map(program.get));
    expect(asked.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await program.get('/api/v1/map')).text).not.toContain(station.id);
    await program.close();

    const store = new DuckDbReadingStore({ path: join(program.dataDir, 'readings.duckdb') });
    await store.open();
    expect(await store.seriesOf(station.id)).toEqual([]);
    await store.close();
  });
});
