import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import {
  DEVICE_WAYS,
  type DeviceWay,
  deviceInstructions,
  waysOf,
} from '../../../server/domain/device/deviceInstructions.ts';

const TOKEN = 'ABCDEFGHJKMNPQRSTVWXYZ0123';
const REACH = {
  host: '192.168.178.20',
  httpPort: '8080',
  isHttps: false,
  mqttHost: '192.168.178.20',
  mqttPort: '1883',
};

function settingsOf(way: DeviceWay, reach: object = {}, deviceId = 'esp8266-15303512') {
  return deviceInstructions(way, { deviceId, token: TOKEN }, { ...REACH, ...reach }).settings;
}

function typed(way: DeviceWay, reach: object = {}, deviceId?: string): string[] {
  return settingsOf(way, reach, deviceId).map(({ name, value, kind }) => `${name.de} | ${name.en} = ${value || kind}`);
}

describe('what to type into a device', () => {
  it('airRohr’s own API, field by field in the firmware’s words', () => {
    expect(typed('airrohr-api')).toEqual([
      'An eigene API senden | Send data to custom API = tick',
      'HTTPS | HTTPS = untick',
      'Server | Server = 192.168.178.20',
      'Pfad | Path = /data.php',
      'Port | Port = 8080',
      'Benutzer | User = esp8266-15303512',
      `Passwort | Password = ${TOKEN}`,
    ]);
  });

  it('airRohr’s InfluxDB target and the token in the path', () => {
    expect(typed('airrohr-influx')).toEqual(
      expect.arrayContaining(['Pfad | Path = /write', `Passwort | Password = ${TOKEN}`]),
    );
    expect(typed('airrohr-path')).toEqual(
      expect.arrayContaining([`Pfad | Path = /push/${TOKEN}`, 'Passwort | Password = text']),
    );
  });

  it('over HTTPS the listener for old firmware is taken where there is one', () => {
    const https = { isHttps: true, httpPort: '443' };
    expect(typed('airrohr-api', https)).toEqual(expect.arrayContaining(['HTTPS | HTTPS = tick', 'Port | Port = 443']));
    expect(typed('airrohr-api', { ...https, tlsPort: '8443' })).toContain('Port | Port = 8443');
    expect(typed('airrohr-api', { tlsPort: '8443' })).toContain('Port | Port = 8080');
  });

  it('ESPHome’s YAML can be read as it stands and names the topic prefix that is registered', () => {
    const [yaml] = settingsOf('esphome', {}, 'esphome-balkon');
    const { mqtt, sensor } = parse(yaml?.value ?? '');
    expect(mqtt).toEqual({
      broker: '192.168.178.20',
      port: 1883,
      username: 'esphome-balkon',
      password: TOKEN,
      topic_prefix: 'esphome-balkon',
      discovery: false,
    });
    expect(sensor[0].pm_2_5).toEqual({ name: 'SDS011 PM 2.5', retain: false });
  });

  it.each(DEVICE_WAYS)('%s has words in both languages, and its token is marked as a secret', (way) => {
    const { where, settings, notes } = deviceInstructions(way, { deviceId: 'other-shed', token: TOKEN }, REACH);
    for (const text of [where, ...notes]) expect([text.de.length > 0, text.en.length > 0]).toEqual([true, true]);
    const withToken = settings.filter(({ value }) => value.includes(TOKEN));
    expect(withToken.length).toBeGreaterThan(0);
    expect(withToken.every(({ isSecret }) => isSecret)).toBe(true);
  });

  it.each([
    ['esp8266-15303512', 'airrohr-api'],
    ['esp32-a1b2c3', 'airrohr-api'],
    ['tasmota-balkon', 'tasmota'],
    ['esphome-balkon', 'esphome'],
    ['airgradient-ecda3b1eaaaf', 'airgradient'],
    ['zigbee-home', 'zigbee'],
    ['raspi-0001', 'mqtt'],
  ])('%s sends by %s unless told otherwise', (deviceId, way) => {
    expect(waysOf(deviceId)[0]).toBe(way);
  });

  it('the documentation names the same fields', () => {
    const page = readFileSync('docs/connect-a-device.md', 'utf8');
    const words = settingsOf('airrohr-api').flatMap(({ name }) => [name.de, name.en]);
    expect(words.filter((word) => !page.includes(word))).toEqual([]);
    expect(page).toContain(settingsOf('tasmota', {}, 'tasmota-balkon')[0]?.value.replace(TOKEN, '<token>'));
  });
});
