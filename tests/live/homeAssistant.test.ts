import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type HomeAssistantDevice, homeAssistantDevice } from '../../server/domain/homeAssistant.ts';
import { QUANTITIES, type Quantity } from '../../server/domain/quantity.ts';
import { HomeAssistantTopics } from '../../server/live/homeAssistantTopics.ts';
import { ShownStations } from '../../server/live/shownStations.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { connectDevice, connectMqtt } from '../support/mqttClients.ts';
import { startProgram } from '../support/program.ts';
import { StationList, stationOf } from '../support/stations.ts';
import { until } from '../support/until.ts';

const schema = JSON.parse(
  readFileSync(new URL('../fixtures/homeAssistantDiscovery.schema.json', import.meta.url), 'utf8'),
) as object;
const FACTS = { instanceName: 'Saubere Luft Essen', version: '1.2.3', publicUrl: 'https://luft.example.org' };

const PM = [
  { value_type: 'SDS_P1', value: '20.00' },
  { value_type: 'SDS_P2', value: '12.00' },
];

/** A town with Home Assistant signed in as another of its devices, hearing every retained message. */
async function startTown(settings: Record<string, string> = {}) {
  const program = await startProgram({ settings: { HOME_ASSISTANT: 'true', ...settings } });
  const station = await program.addStation('esp8266-15303512', { sensorModels: ['sds011', 'dht22'] });
  const home = await connectDevice(program.mqttPort, await program.addStation('esp8266-15303513'));
  const heard = new Map<string, string>();
  home.on('message', (topic, payload) => void heard.set(topic, payload.toString()));
  const granted = await home.subscribeAsync(['homeassistant/#', 'buergerluft/stations/+/latest', 'buergerluft/status']);
  const push = (extra: object = {}) =>
    fetch(`${program.url}/push/${station.token}`, { method: 'POST', body: airrohrBody(station.deviceId, extra) });
  const config = `homeassistant/device/buergerluft_${station.id}/config`;
  return { ...program, station, home, heard, granted, push, config };
}

/** Quantities a message announces; the others it takes back. */
const announced = ({ components }: HomeAssistantDevice) =>
  Object.entries(components).flatMap(([quantity, sensor]) => ('unique_id' in sensor ? [quantity] : []));

describe("Home Assistant's discovery message", () => {
  it('follows its schema for every quantity', () => {
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
    const everything = stationOf('aaaaaaaaa1', { isNoisePublic: true, sensorModels: [] });
    for (const station of [everything, stationOf('aaaaaaaaa2')]) {
      const device = homeAssistantDevice(station, QUANTITIES, FACTS);
      expect({ valid: validate(JSON.parse(JSON.stringify(device))), errors: validate.errors }).toEqual({
        valid: true,
        errors: null,
      });
    }
    const { components, origin } = homeAssistantDevice(everything, QUANTITIES, FACTS)!;
    expect(Object.keys(components)).toEqual([...QUANTITIES]);
    for (const sensor of Object.values(components)) {
      expect(sensor).toMatchObject({ state_class: 'measurement', expire_after: 3600 });
      expect(sensor).toHaveProperty('suggested_display_precision');
    }
    expect(origin).toEqual({
      ...{ name: 'Bürgerluft', sw_version: '1.2.3', support_url: 'https://luft.example.org/about' },
    });
    expect(homeAssistantDevice(everything, QUANTITIES, { ...FACTS, publicUrl: undefined })?.origin).toEqual({
      ...{ name: 'Bürgerluft', sw_version: '1.2.3' },
    });
  });

  it('takes back what a station does not measure, or publish, any more: left out, Home Assistant would keep it', () => {
    const loud = stationOf('aaaaaaaaa1', { isNoisePublic: true });
    const gone = { platform: 'sensor' };
    const { noise, pm1 } = homeAssistantDevice(loud, ['pm25', 'noise'], FACTS)!.components;
    expect([noise, pm1]).toEqual([expect.objectContaining({ unique_id: 'buergerluft_aaaaaaaaa1_noise' }), gone]);
    const quiet = homeAssistantDevice({ ...loud, isNoisePublic: false }, ['pm25', 'noise'], FACTS)!.components;
    expect([quiet.noise, Object.keys(quiet)]).toEqual([gone, [...QUANTITIES]]);
  });

  it('says where the station is shown, and nothing of what is private', () => {
    const device = homeAssistantDevice(stationOf('aaaaaaaaa1'), ['pm25', 'noise'], FACTS)!;
    expect(device.device).toEqual({
      identifiers: ['buergerluft_aaaaaaaaa1'],
      name: 'Station aaaaaaaaa1',
      manufacturer: 'Saubere Luft Essen',
      model: 'sds011',
      configuration_url: 'https://luft.example.org/station/aaaaaaaaa1',
    });
    expect(announced(device)).toEqual(['pm25']);
    expect(homeAssistantDevice(stationOf('aaaaaaaaa1', { status: 'hidden' }), ['pm25'], FACTS)).toBeUndefined();
    expect(homeAssistantDevice(stationOf('aaaaaaaaa1'), [], FACTS)).toBeUndefined();
    // Its hour is over before its mean is published: the state would be unknown for ever.
    const official = stationOf('official01', { reference: { network: 'Umweltbundesamt', type: 'background' } });
    expect(homeAssistantDevice(official, ['pm10'], FACTS)).toBeUndefined();
  });
});

describe('the topics', () => {
  it('wait for the history: what is not known yet must not be taken back', () => {
    const published: [string, string][] = [];
    const measured: Record<string, Partial<Record<Quantity, unknown>>> = { aaaaaaaaa1: {} };
    const station = stationOf('aaaaaaaaa1');
    const topics = new HomeAssistantTopics({
      ...FACTS,
      publish: (topic, payload) => void published.push([topic, payload]),
      latest: (id) => measured[id] ?? {},
      station: () => station,
      stations: () => [station],
      erasedStations: () => [],
      shown: new ShownStations(),
    });
    topics.connected();
    measured.aaaaaaaaa1 = { pm25: {} };
    topics.onStored([{ stationId: station.id, sensor: 'sds011', measuredAt: 0, values: { pm25: 1 }, flags: 0 }]);
    topics.tick();
    expect(published).toEqual([]);
    measured.aaaaaaaaa1 = { pm25: {}, temperature: {} };
    topics.loaded();
    topics.tick();
    expect(published.map(([, payload]) => announced(JSON.parse(payload)))).toEqual([['pm25', 'temperature']]);
  });
});

describe('a station that was never public', () => {
  const PRIVATE = 'aaaaaaaaa1';
  const HIDDEN = 'bbbbbbbbb2';

  it.each([
    ['waiting for the operator', { status: 'pending' as const }],
    ['indoors', { isIndoor: true }],
  ])('is not named by any message: %s', (_what, fields) => {
    const published: [string, string][] = [];
    const list = new StationList([stationOf(PRIVATE, fields), stationOf(HIDDEN, { status: 'hidden' })]);
    const shown = new ShownStations();
    shown.add([HIDDEN]);
    const topics = new HomeAssistantTopics({
      ...FACTS,
      publish: (topic, payload) => void published.push([topic, payload]),
      latest: () => ({ pm25: {} }),
      station: (id) => list.station(id),
      stations: () => list.stations(),
      erasedStations: () => ['erased0001'],
      shown,
    });
    const live = () => {
      topics.connected();
      topics.loaded();
      topics.onStored([{ stationId: PRIVATE, sensor: 'sds011', measuredAt: 0, values: { pm25: 1 }, flags: 0 }]);
      topics.stationChanged(PRIVATE);
      topics.tick();
    };
    live();
    list.byId.delete(PRIVATE);
    live();
    const taken = [`homeassistant/device/buergerluft_${HIDDEN}/config`, ''];
    expect(published).toEqual([taken, taken]);
    list.put(stationOf(PRIVATE));
    live();
    expect(published.map(([topic]) => topic).join(' ')).toContain(PRIVATE);
  });
});

describe('discovery through the broker', () => {
  it('announces a station with its first reading, reads what the out-topic holds, and learns new quantities', async () => {
    const { push, heard, config, station, granted } = await startTown();
    expect(granted.map(({ qos }) => qos)).toEqual([0, 0, 0]);
    await push();
    await until('it is announced', () => heard.has(config));
    await until('its values are there', () => heard.has(`buergerluft/stations/${station.id}/latest`));
    const device = JSON.parse(heard.get(config)!);
    const latest = JSON.parse(heard.get(device.state_topic)!);
    expect(announced(device).sort()).toEqual(Object.keys(latest.latest).sort());
    for (const name of announced(device)) {
      const { value_template } = device.components[name];
      const [, quantity = ''] = /value_json\.latest\.(\w+)\.value/.exec(value_template) ?? [];
      expect(Object.keys(latest.latest[quantity]).sort()).toEqual(['flags', 'measuredAt', 'sensor', 'value']);
    }
    expect(heard.get(device.availability[0].topic)).toBe('online');
    await push({ sensordatavalues: [{ value_type: 'BME280_pressure', value: '100613.25' }] });
    await until('pressure is announced', () => heard.get(config)?.includes('atmospheric_pressure') === true);
  });

  it('keeps over a restart what was measured hours ago', async () => {
    const clock = { now: Date.UTC(2026, 10, 26, 9) };
    const settings = { HOME_ASSISTANT: 'true' };
    const before = await startProgram({ clock: () => clock.now, settings });
    const station = await before.addStation('esp8266-15303512', { sensorModels: ['sds011', 'bme280'] });
    const push = (program: { url: string }, sensordatavalues: object[]) => {
      const body = airrohrBody(station.deviceId, { sensordatavalues, samples: clock.now });
      return fetch(`${program.url}/push/${station.token}`, { method: 'POST', body });
    };
    await push(before, [...PM, { value_type: 'BME280_pressure', value: '100613.25' }]);
    clock.now += 3 * 3_600_000;
    await push(before, PM);
    await before.close();
    const after = await startProgram({ dataDir: before.dataDir, clock: () => clock.now, settings });
    const home = await connectDevice(after.mqttPort, station);
    const heard: HomeAssistantDevice[] = [];
    home.on('message', (_topic, payload) => void heard.push(JSON.parse(payload.toString())));
    await home.subscribeAsync('homeassistant/#');
    await until('it is announced', () => heard.length > 0);
    expect(heard.map((device) => announced(device))).toEqual(heard.map(() => ['pm25', 'pm10', 'pressure']));
  });

  it('tells and takes back a level as its host decides', async () => {
    const { push, heard, config, send, station } = await startTown();
    const change = (body: object) => send('PATCH', `/api/v1/stations/${station.id}`, { body, key: station.ownerKey });
    const told = () => announced(JSON.parse(heard.get(config) ?? '{"components":{}}'));
    await push({ sensordatavalues: [...PM, { value_type: 'DNMS_noise_LAeq', value: '51.00' }] });
    await until('it is announced', () => told().includes('pm25'));
    expect(told()).not.toContain('noise');
    await change({ isNoisePublic: true });
    await until('the level is announced', () => told().includes('noise'));
    await change({ isNoisePublic: false });
    await until('the level is taken back', () => !told().includes('noise'));
    expect(JSON.parse(heard.get(config)!).components.noise).toEqual({ platform: 'sensor' });
  });

  it('writes everything again where a broker has forgotten it, and lets it say when the instance is gone', async () => {
    const mosquitto = await startMosquitto();
    const settings = { HOME_ASSISTANT: 'true', MQTT_URL: mosquitto.url };
    const program = await startProgram({ settings: { ...settings, NODE_ID: 'one' } });
    const neighbour = await startProgram({ settings: { ...settings, NODE_ID: 'two' } });
    const [station, other] = [
      await program.addStation('esp8266-15303512'),
      await neighbour.addStation('esp8266-15303513'),
    ];
    const push = ({ url }: { url: string }, { token, deviceId }: { token: string; deviceId: string }) =>
      fetch(`${url}/push/${token}`, { method: 'POST', body: airrohrBody(deviceId) });
    await push(program, station);
    await push(neighbour, other);
    const topics = [station, other].flatMap(({ id }) => [
      `homeassistant/device/buergerluft_${id}/config`,
      `buergerluft/stations/${id}/latest`,
    ]);
    const retained = async () => {
      const heard = new Map<string, string>();
      const home = await connectMqtt(mosquitto.port);
      home.on('message', (topic, payload) => void heard.set(topic, payload.toString()));
      await home.subscribeAsync(['homeassistant/#', 'buergerluft/stations/+/latest', 'buergerluft/status']);
      return heard;
    };
    // Two instances on one broker: each keeps its own stations and nothing of the other's.
    const before = await retained();
    await until('both are announced', () => topics.every((topic) => before.has(topic)));
    await mosquitto.stop();
    mosquitto.wipe();
    await mosquitto.start();
    const after = await retained();
    await until('all is there again', () => topics.every((topic) => after.get(topic) === before.get(topic)));
    await until('the instances are there', () => after.get('buergerluft/status') === 'online');
    await program.close();
    await until('one says that it is gone', () => after.get('buergerluft/status') === 'offline');
  });

  it('takes a station back when it is hidden or deleted, and tells a new name', async () => {
    const { push, heard, config, send, station } = await startTown();
    const change = (body: object) => send('PATCH', `/api/v1/stations/${station.id}`, { body, key: station.ownerKey });
    await push();
    await until('it is announced', () => heard.has(config));
    await change({ name: 'Hinterhof' });
    await until('the name is told', () => heard.get(config)?.includes('Hinterhof') === true);
    await change({ status: 'hidden' });
    await until('it is taken back', () => heard.get(config) === '');
    await change({ status: 'active' });
    await until('it is back', () => heard.get(config)?.includes('Hinterhof') === true);
    await send('DELETE', `/api/v1/stations/${station.id}`, { key: station.ownerKey });
    await until('it is gone', () => heard.get(config) === '');
  });

  it('is not there unless asked for, and no device can write it', async () => {
    const { push, heard, config, home, station } = await startTown({ HOME_ASSISTANT: 'false' });
    await home.publishAsync(config, '{"forged":true}', { qos: 1, retain: true });
    await push();
    await until('its values are there', () => heard.has(`buergerluft/stations/${station.id}/latest`));
    expect([...heard.keys()].filter((topic) => topic.startsWith('homeassistant/'))).toEqual([]);
  });
});
