import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { recordSchema } from '../../server/api/sensorCommunity.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { startProgram } from '../support/program.ts';
import { captured, numbersOf } from './records.ts';
import { BME, FILES, rawGet, SDS, startTown, T0 } from './town.ts';

describe('the files', () => {
  it('are empty lists before anything was measured', async () => {
    const { records } = await startTown();
    for (const file of FILES) expect(await records(`/static/${file}.json`)).toEqual([]);
    expect(await records('/airrohr/v1/sensor/1000000000/')).toEqual([]);
    expect(await records('/airrohr/v1/filter/country=DE')).toEqual([]);
  });

  it('hold particle counts, typical size and lowest and highest level in readings and their means of five minutes', async () => {
    const { addStation, push, records, clock } = await startTown();
    const station = await addStation('esp8266-15303512', { sensorModels: ['sps30', 'dnms'], isNoisePublic: true });
    const quiet = await addStation('esp8266-15303513', { sensorModels: ['dnms'] });
    const SPS = { SPS30_P0: '1.00', SPS30_P2: '2.00', SPS30_P4: '3.00', SPS30_P1: '4.00' };
    const levels = { DNMS_noise_LAeq: '50.00', DNMS_noise_LA_min: '40.00', DNMS_noise_LA_max: '70.00' };
    await push(station, { ...SPS, SPS30_N05: '10.00', SPS30_N1: '20.00', SPS30_TS: '0.50', ...levels });
    await push(quiet, { SDS_P2: '1.00', ...levels });
    clock.now += 149_000;
    await push(station, { ...SPS, SPS30_N05: '11.00', SPS30_N1: '21.00', ...levels, DNMS_noise_LA_max: '71.00' });
    const valuesOf = async (path: string, type: string) =>
      (await records(path)).filter(({ sensor }) => sensor.sensor_type.name === type).map(numbersOf);
    const particles = { P0: 1, P2: 2, P4: 3, P1: 4 };
    const counted = { ...particles, N05: 10.5, N1: 20.5, TS: 0.5 };
    expect(await valuesOf('/static/v1/data.json', 'SPS30')).toEqual([
      { ...particles, N05: 10, N1: 20, TS: 0.5 },
      { ...particles, N05: 11, N1: 21 },
    ]);
    // The mean of each value, over the readings that had it.
    expect(await valuesOf('/static/v2/data.json', 'SPS30')).toEqual([counted]);
    expect(await valuesOf('/static/v2/data.dust.min.json', 'SPS30')).toEqual([counted]);
    const heard = { noise_LAeq: 50, noise_LA_min: 40, noise_LA_max: 70.5 };
    expect(await valuesOf('/static/v2/data.json', 'DNMS (Laerm)')).toEqual([heard]);
    expect(await valuesOf('/data/v1/data.noise.json', 'DNMS (Laerm)')).toEqual([heard]);
    clock.now += 160_000;
    // Those who had it have left the window.
    expect(await valuesOf('/static/v2/data.json', 'SPS30')).toEqual([{ ...particles, N05: 11, N1: 21 }]);
  });

  it('hold every reading of five minutes (v1) or its mean (v2), in the form of the captures', async () => {
    const { addStation, push, records, clock } = await startTown();
    const station = await addStation('esp8266-15303512', { sensorModels: ['sds011', 'dht22'], altitudeMetres: 118.4 });
    await push(station, { ...SDS, ...BME });
    clock.now += 149_000;
    await push(station, { ...SDS, ...BME, SDS_P2: '35.47' });
    const v1 = await records('/static/v1/data.json');
    const v2 = await records('/static/v2/data.json');
    expect(z.array(recordSchema).parse([...v1, ...v2])).toHaveLength(9);
    const sds = v1.filter(({ sensor }) => sensor.sensor_type.name === 'SDS011');
    expect(
      sds.map(({ timestamp, sensordatavalues }) => [timestamp, ...sensordatavalues.map(({ value }) => value)]),
    ).toEqual([
      ['2026-11-26 12:00:30', '67.22', '34.47'],
      ['2026-11-26 12:02:59', '67.22', '35.47'],
    ]);
    expect(numbersOf(v2.find(({ sensor }) => sensor.sensor_type.name === 'SDS011')!)).toEqual({ P2: 34.97, P1: 67.22 });
    const [example] = captured('public-api-v1-sensor-2020-sds011.json');
    expect(sds[0]?.sensor.sensor_type).toEqual(example?.sensor.sensor_type);
    expect(sds[0]?.location).toEqual({
      ...{ id: expect.any(Number), latitude: '51.456', longitude: '7.0128', altitude: '120.0' },
      ...{ country: 'DE', exact_location: 0, indoor: 0 },
    });
    expect(sds[0]!.sensor.id).toBeGreaterThanOrEqual(1_000_000_000);
    const bme = v1.find(({ sensor }) => sensor.sensor_type.name === 'BME280');
    expect(numbersOf(bme!)).toEqual({
      temperature: 20.47,
      humidity: 69.02,
      pressure: 100_613.25,
      pressure_at_sealevel: 102_025.76,
    });
    clock.now += 300_000;
    expect(await records('/static/v1/data.json')).toEqual([]);
  });

  it('split particulates from climate', async () => {
    const { addStation, push, records } = await startTown();
    await push(await addStation('esp8266-15303512'), { ...SDS, ...BME });
    const dust = await records('/static/v2/data.dust.min.json');
    const climate = await records('/static/v2/data.temp.min.json');
    expect(dust.map(numbersOf)).toEqual([{ P2: 34.47, P1: 67.22 }]);
    expect(climate.map(({ sensor }) => sensor.sensor_type.name).sort()).toEqual(['BME280', 'DHT22']);
  });

  it('give the hour and the day only where enough was measured', async () => {
    const { addStation, push, records, clock } = await startTown();
    const [full, sparse] = [await addStation('esp8266-15303512'), await addStation('esp8266-15303513')];
    for (let minute = 0; minute < 66; minute += 2) {
      await push(full, { SDS_P1: '30.00', SDS_P2: minute % 4 === 0 ? '10.00' : '20.00' });
      if (minute % 20 === 0) await push(sparse, { SDS_P1: '30.00', SDS_P2: '10.00' });
      clock.now += 120_000;
    }
    const hour = await records('/static/v2/data.1h.json');
    expect(hour.map(numbersOf)).toEqual([{ P2: 15, P1: 30 }]);
    expect(await records('/static/v2/data.24h.json')).toEqual([]);
  });

  it('keep numbers and ids over a restart', async () => {
    const first = await startTown();
    await first.push(await first.addStation('esp8266-15303512'), SDS);
    const before = await first.records('/static/v1/data.json');
    await first.close();
    const again = await startProgram({ dataDir: first.dataDir, clock: () => T0 + 60_000 });
    expect(JSON.parse((await again.get('/static/v1/data.json')).text)).toEqual(before);
  });

  it('answer 304 to If-Modified-Since and If-None-Match until something changes, and compress once for all', async () => {
    const { addStation, push, url, clock } = await startTown();
    const station = await addStation('esp8266-15303512');
    await push(station, SDS);
    const file = `${url}/static/v2/data.json`;
    const { headers, bytes } = await rawGet(file, { 'accept-encoding': 'gzip' });
    expect(headers).toMatchObject({
      'content-encoding': 'gzip',
      'access-control-allow-origin': '*',
      vary: 'Accept-Encoding',
    });
    expect(gunzipSync(bytes)).toEqual((await rawGet(file)).bytes);
    // One tag for both forms: a strong one would say that their bytes are equal.
    expect(headers.etag).toMatch(/^W\/"[^"]+"$/);
    const modified = String(headers['last-modified']);
    expect(Date.parse(modified)).toBe(T0 - (T0 % 1000));
    clock.now += 20_000;
    expect((await rawGet(file, { 'if-modified-since': modified })).status).toBe(304);
    expect((await rawGet(file, { 'if-none-match': String(headers.etag) })).status).toBe(304);
    expect((await rawGet(file, { 'if-modified-since': 'Sat, 18 Jan 2020 08:22:25 GMT' })).status).toBe(200);
    await push(station, { ...SDS, SDS_P1: '1.00' });
    clock.now += 100;
    expect((await rawGet(file, { 'if-none-match': String(headers.etag) })).status).toBe(200);
    const newer = await rawGet(file, { 'if-modified-since': modified });
    expect(newer.status).toBe(200);
    // Changed again within the second, which the header cannot tell.
    await push(station, { ...SDS, SDS_P1: '2.00' });
    clock.now += 100;
    expect((await rawGet(file, { 'if-modified-since': String(newer.headers['last-modified']) })).status).toBe(200);
  });
});

describe('the quick way around the application', () => {
  it('answers like the application, headers and all', async () => {
    const clock = () => T0;
    const slow = await startProgram({ clock });
    const station = await slow.addStation('esp8266-15303512', { sensorModels: ['sds011', 'dht22'] });
    await fetch(`${slow.url}/push/${station.token}`, { method: 'POST', body: airrohrBody(station.deviceId) });
    const asked = ['/static/v2/data.json', '/data/v2/data.dust.min.json'];
    const variants: [string, Record<string, string>][] = [
      ['GET', {}],
      ['GET', { 'accept-encoding': 'gzip, deflate' }],
      ['GET', { 'accept-encoding': 'gzip;q=0, identity' }],
      ['HEAD', {}],
      ['GET', { range: 'bytes=0-10' }],
      ['GET', { 'if-modified-since': new Date(T0).toUTCString() }],
      ['GET', { 'if-modified-since': 'Thursday, 26-Nov-26 12:00:30 GMT' }],
      ['GET', { 'if-modified-since': 'Thu Nov 26 12:00:30 2026' }],
      ['GET', { 'if-modified-since': 'yesterday' }],
      ['GET', { 'if-modified-since': 'Sat, 29 Oct 2050 19:43:31 GMT' }],
    ];
    const ask = async (url: string) => {
      const answers: unknown[] = [];
      for (const path of asked) {
        for (const [method, headers] of variants) {
          const { status, headers: given, bytes } = await rawGet(url + path, headers, method);
          const { date: _date, etag: _etag, ...same } = given;
          answers.push({ path, method, headers, status, same, bytes: bytes.toString('base64') });
        }
      }
      return answers;
    };
    const before = await ask(slow.url);
    await slow.close();
    // Above `debug` requests for files do not reach the application.
    const quick = await startProgram({ dataDir: slow.dataDir, clock, settings: { LOG_LEVEL: 'info' } });
    expect(await ask(quick.url)).toEqual(before);
    const statuses = before.slice(0, variants.length).map((answer) => (answer as { status: number }).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 304, 304, 304, 200, 200]);
    for (const path of ['/static/v2/data.json/', '/static/v2/data.json?x=1']) {
      expect([path, (await quick.get(path)).status]).toEqual([path, 200]);
    }
    const foreign = await fetch(`${quick.url}/static/v2/data.json`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://maps.example.org',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'content-type,if-none-match,x-requested-with',
      },
    });
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    const allowed = foreign.headers.get('access-control-allow-headers')?.toLowerCase().split(', ');
    expect(allowed).toEqual(expect.arrayContaining(['content-type', 'if-none-match', 'x-requested-with']));
  });
});

describe('what is not public', () => {
  const secret = ['51.4563719', '7.0123456', '15303512'];

  it('is in no file: hidden, pending, indoor and noise', async () => {
    const { addStation, push, records, send, get } = await startTown();
    const station = await addStation('esp8266-15303512', { sensorModels: ['sds011', 'dnms'] });
    await push(station, { ...SDS, DNMS_noise_LAeq: '51.20', DNMS_noise_LA_max: '70.00' });
    const all = async () => {
      const lists = FILES.slice(0, 2).map((file) => `/static/${file}.json`);
      return (
        await Promise.all([...lists, '/data/v1/data.noise.json', '/airrohr/v1/filter/country=DE'].map(records))
      ).flat();
    };
    const before = await all();
    expect(before.length).toBeGreaterThan(3);
    expect(JSON.stringify(before)).not.toContain('noise');
    for (const text of secret) expect((await get('/static/v1/data.json')).text).not.toContain(text);
    const key = station.ownerKey;
    const change = (body: object) => send('PATCH', `/api/v1/stations/${station.id}`, { body, key });
    await change({ isNoisePublic: true });
    expect((await records('/data/v1/data.noise.json')).map(numbersOf)).toEqual([
      { noise_LAeq: 51.2, noise_LA_max: 70 },
    ]);
    await change({ status: 'hidden' });
    expect(await all()).toEqual([]);
    await change({ status: 'active', isIndoor: true });
    expect(await all()).toEqual([]);
    await change({ isPublishedIndoor: true });
    expect((await all()).every(({ location }) => location.indoor === 1)).toBe(true);
    expect(await records(`/airrohr/v1/sensor/${before[0]!.sensor.id}/`)).toHaveLength(1);
    await send('DELETE', `/api/v1/stations/${station.id}`, { key });
    expect(await all()).toEqual([]);
    expect(await records(`/airrohr/v1/sensor/${before[0]!.sensor.id}/`)).toEqual([]);
  });
});

it.each([
  '/airrohr/v1/filter/',
  '/airrohr/v1/sensor',
  '/static/v3/data.json',
  '/sta/v1.0/Things',
  '/data/v2/',
  '/v1/nothing',
])('a program that asks for %s, which is not there, gets a problem and no page', async (path) => {
  const { url } = await startTown();
  const { status, headers, bytes } = await rawGet(url + path, { accept: '*/*' });
  expect([status, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
  expect(JSON.parse(bytes.toString())).toMatchObject({ status: 404, code: 'not-found' });
});
