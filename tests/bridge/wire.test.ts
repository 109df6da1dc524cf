import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { addStation, storedReadings } from '../support/ingestHost.ts';
import { openDoorHost } from './doorHost.ts';
import { basic, exchange, request, wireFixture } from './rawHttp.ts';

const fixtures = readdirSync(join(packageRoot(), 'tests/fixtures/wire')).filter((name) => name.endsWith('.http'));
const NO_CONTENT = /^HTTP\/1\.1 204 No Content\r\n(?:Date: [^\r]+\r\n)?Connection: close$/;

/** How a host of each capture would have put the token in; everything else stays as the device sent it. */
const withToken: Record<string, (text: string, token: string) => string> = {
  'built-custom-api-nrz-2024-135-sds-bme280.http': (text, token) =>
    text.replace('dXNlcjpwYXNz', Buffer.from(`esp8266-15303512:${token}`).toString('base64')),
  'custom-api-nrz-2020-129.http': (text, token) =>
    text.replace('Basic xxx', `Basic ${Buffer.from(`esp8266-12331981:${token}`).toString('base64')}`),
  'custom-api-nrz-2017-090.http': (text, token) => text.replace('POST / HTTP', `POST /push/${token} HTTP`),
  'built-push-sensor-community-sds011.http': (text, token) =>
    text.replace('/v1/push-sensor-data/', `/v1/push-sensor-data/?token=${token}`),
  'built-push-sensor-community-bme280.http': (text, token) =>
    text.replace('/v1/push-sensor-data/', `/v1/push-sensor-data/?token=${token}`),
};

const stored: Record<string, Record<string, object>> = {
  'built-custom-api-nrz-2024-135-sds-bme280.http': {
    sds011: { pm10: 12.43, pm25: 7.87 },
    bme280: { temperature: 9.28, pressure: 996.5597, humidity: 48.1 },
  },
  'custom-api-nrz-2020-129.http': {
    sds011: { pm10: 0.4, pm25: 0.2 },
    bme280: { temperature: 20.47, pressure: 1006.1325, humidity: 69.02 },
  },
  'custom-api-nrz-2017-090.http': {
    sds011: { pm10: 4.3, pm25: 3.53 },
    dht22: { temperature: 20.8, humidity: 52.3 },
  },
  // Pin 1 only says that it is a particle sensor; this station has not told which.
  'built-push-sensor-community-sds011.http': { pm: { pm10: 12.43, pm25: 7.87 } },
  'built-push-sensor-community-bme280.http': { bme280: { temperature: 9.28, pressure: 996.5597, humidity: 48.1 } },
};

/** The device a capture is from, as its `X-Sensor` says. */
function deviceOf(text: string): string {
  return /X-Sensor: (\S+)/.exec(text)?.[1] ?? '';
}

describe('the doors', () => {
  it('have a case for every captured request', () => {
    expect(Object.keys(withToken).sort()).toEqual(fixtures.sort());
  });

  it.each(fixtures)('take %s byte for byte', async (name) => {
    const host = await openDoorHost();
    const text = wireFixture(name);
    const { stationId, token } = await addStation(host.stations, deviceOf(text));
    const answer = await exchange(host.port, withToken[name]?.(text, token) ?? '');
    expect(answer.status).toBe(name.includes('push-sensor') ? 201 : 204);
    expect(answer.body).toBe('');
    const readings = await storedReadings(host.store);
    expect(readings.every((reading) => reading.stationId === stationId)).toBe(true);
    const values = Object.fromEntries(readings.map((reading) => [reading.sensor, reading.values]));
    expect(Object.keys(values).sort()).toEqual(Object.keys(stored[name] ?? {}).sort());
    for (const [sensor, expected] of Object.entries(stored[name] ?? {})) {
      for (const [quantity, value] of Object.entries(expected)) {
        expect(values[sensor]?.[quantity as 'pm10']).toBeCloseTo(value as number, 6);
      }
    }
  });

  it('answer with nothing a device has to read in vain', async () => {
    const host = await openDoorHost();
    const device = await addStation(host.stations, 'esp8266-15303512');
    const text = wireFixture('built-custom-api-nrz-2024-135-sds-bme280.http');
    const answer = await exchange(
      host.port,
      withToken['built-custom-api-nrz-2024-135-sds-bme280.http']?.(text, device.token) ?? '',
    );
    expect(answer.head).toMatch(NO_CONTENT);
    expect(answer.text.length).toBeLessThan(100);
  });

  it('take the two pushes of one measuring cycle as one reading time', async () => {
    const host = await openDoorHost();
    const device = await addStation(host.stations, 'esp8266-15303512');
    for (const name of ['built-push-sensor-community-sds011.http', 'built-push-sensor-community-bme280.http']) {
      expect((await exchange(host.port, withToken[name]?.(wireFixture(name), device.token) ?? '')).status).toBe(201);
    }
    const times = (await storedReadings(host.store)).map(({ measuredAt }) => measuredAt);
    expect(times).toHaveLength(2);
    expect(new Set(times).size).toBe(1);
  });

  it.each([
    ['/write?db=sensorcommunity', (login: { deviceId: string; token: string }) => basic(login)],
    ['/api/v2/write?org=x&bucket=y&precision=ns', ({ token }: { token: string }) => `Authorization: Token ${token}`],
    [
      '/write?db=x',
      ({ deviceId, token }: { deviceId: string; token: string }) => `Authorization: Token ${deviceId}:${token}`,
    ],
  ])("take the firmware's line protocol at %s", async (path, authorization) => {
    const host = await openDoorHost();
    const device = await addStation(host.stations, 'esp8266-15303512');
    const headers = [authorization(device), 'Content-Type: application/x-www-form-urlencoded', 'Connection: close'];
    const answer = await exchange(
      host.port,
      request('POST', path, headers, `${wireFixture('built-influx-line.txt')}\n`),
    );
    expect(answer.head).toMatch(NO_CONTENT);
    const sds = (await storedReadings(host.store)).find(({ sensor }) => sensor === 'sds011');
    expect(sds?.values).toEqual({ pm10: 12.43, pm25: 7.87 });
  });

  it.each([
    ['/v1/push-sensor-data/', 9, ['lat', 'lon', 'height', 'timestamp'], 201],
    ['/data.php', 0, ['GPS_lat', 'GPS_lon', 'GPS_height', 'GPS_timestamp'], 204],
  ])('take a push to %s that has nothing but a position, and keep nothing of it', async (path, pin, names, status) => {
    const host = await openDoorHost();
    const device = await addStation(host.stations, 'esp8266-15303512');
    const headers = [basic(device), `X-PIN: ${pin}`, 'Connection: close'];
    const values = ['48.137512', '11.575432', '519.00', '2026-03-01T12:00:00.050', '-65'];
    const none = ['-200.000000', '-200.000000', '-1000.00', '', '-65'];
    for (const sent of [values, none]) {
      const sensordatavalues = names.map((name, index) => ({ value_type: name, value: sent[index] }));
      const body = JSON.stringify({ software_version: 'NRZ-2024-135', sensordatavalues });
      const answer = await exchange(host.port, request('POST', path, headers, body));
      expect([answer.status, answer.body]).toEqual([status, '']);
    }
    expect(await storedReadings(host.store)).toEqual([]);
    expect(host.seen.rejections).toEqual(Array(2).fill(expect.objectContaining({ isBeside: true })));
    expect(JSON.stringify([host.seen, host.logged])).not.toMatch(/48\.137|11\.575/);
  });

  it('take an ESP32, whose chip id is hexadecimal and whose MAC is empty', async () => {
    const host = await openDoorHost();
    const device = await addStation(host.stations, 'esp32-a0b1c2d3e4f5');
    const body =
      '{"esp8266id": "A0B1C2D3E4F5", "software_version": "NRZ-2024-135", "sensordatavalues":[{"value_type":"SDS_P1","value":"3.00"}]}';
    const headers = [basic(device), 'X-Sensor: esp32-a0b1c2d3e4f5', 'X-MAC-ID: esp32-', 'Connection: close'];
    expect((await exchange(host.port, request('POST', '/data.php', headers, body))).status).toBe(204);
  });

  it('take a path without its last slash, a body in pieces and a chunked one', async () => {
    const host = await openDoorHost();
    const device = await addStation(host.stations, 'esp8266-15303512');
    const body = '{"sensordatavalues":[{"value_type":"P1","value":"1.00"},{"value_type":"P2","value":"0.50"}]}';
    const head = `POST /v1/push-sensor-data HTTP/1.1\r\nHost: x\r\n${basic(device)}\r\nX-PIN: 1\r\nConnection: close\r\n`;
    const chunks = `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`;
    expect((await exchange(host.port, chunks)).status).toBe(201);
    expect((await storedReadings(host.store)).map(({ sensor, values }) => [sensor, values])).toEqual([
      ['pm', { pm10: 1, pm25: 0.5 }],
    ]);
  });
});
