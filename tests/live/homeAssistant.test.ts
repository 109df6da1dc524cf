import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { homeAssistantDevice } from '../../server/domain/homeAssistant.ts';
import { QUANTITIES } from '../../server/domain/quantity.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { connectDevice } from '../support/mqttClients.ts';
import { startProgram } from '../support/program.ts';
import { stationOf } from '../support/stations.ts';
import { until } from '../support/until.ts';

const schema = JSON.parse(
  readFileSync(new URL('../fixtures/homeAssistantDiscovery.schema.json', import.meta.url), 'utf8'),
) as object;
const FACTS = { instanceName: 'Saubere Luft Essen', version: '1.2.3', publicUrl: 'https://luft.example.org' };

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
    expect(Object.keys(homeAssistantDevice(everything, QUANTITIES, FACTS)!.components)).toEqual([...QUANTITIES]);
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
    expect(Object.keys(device.components)).toEqual(['pm25']);
    expect(homeAssistantDevice(stationOf('aaaaaaaaa1', { status: 'hidden' }), ['pm25'], FACTS)).toBeUndefined();
    expect(homeAssistantDevice(stationOf('aaaaaaaaa1'), [], FACTS)).toBeUndefined();
    // Its hour is over before its mean is published: the state would be unknown for ever.
    const official = stationOf('official01', { reference: { network: 'Umweltbundesamt', type: 'background' } });
    expect(homeAssistantDevice(official, ['pm10'], FACTS)).toBeUndefined();
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
    expect(Object.keys(device.components).sort()).toEqual(Object.keys(latest.latest).sort());
    for (const { value_template } of Object.values<{ value_template: string }>(device.components)) {
      const [, quantity = ''] = /value_json\.latest\.(\w+)\.value/.exec(value_template) ?? [];
      expect(Object.keys(latest.latest[quantity]).sort()).toEqual(['flags', 'measuredAt', 'sensor', 'value']);
    }
    expect(heard.get(device.availability[0].topic)).toBe('online');
    await push({ sensordatavalues: [{ value_type: 'BME280_pressure', value: '100613.25' }] });
    await until('pressure is announced', () => heard.get(config)?.includes('atmospheric_pressure') === true);
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
