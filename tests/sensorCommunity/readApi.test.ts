import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { recordSchema } from '../../server/api/sensorCommunity.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { ADMIN_TOKEN, type OwnStation, startProgram } from '../support/program.ts';
import {
  readAsFeinstaubMap,
  readAsLuftdatenpumpe,
  readAsPythonLuftdaten,
  readByPlace,
  readFirstRecord,
} from './clients.ts';
import { captured, numbersOf, type ServedRecord } from './records.ts';

const T0 = Date.UTC(2026, 10, 26, 12, 0, 30);
const FILES = ['v1/data', 'v2/data', 'v2/data.1h', 'v2/data.24h', 'v2/data.dust.min', 'v2/data.temp.min'];

/** A program with a clock of its own, and devices that push into it. */
async function startTown() {
  const clock = { now: T0 };
  const program = await startProgram({ clock: () => clock.now, settings: { RATE_LIMIT: '100000,1000' } });
  const push = async ({ deviceId, token }: OwnStation, values: Record<string, string>) => {
    const sensordatavalues = Object.entries(values).map(([value_type, value]) => ({ value_type, value }));
    const body = airrohrBody(deviceId, { sensordatavalues, samples: clock.now });
    const { status } = await fetch(`${program.url}/push/${token}`, { method: 'POST', body });
    expect(status).toBe(204);
  };
  const records = async (path: string) => {
    const { status, text } = await program.get(path);
    expect(status).toBe(200);
    return JSON.parse(text) as ServedRecord[];
  };
  return { ...program, clock, push, records };
}

const SDS = { SDS_P1: '67.22', SDS_P2: '34.47', temperature: '2.00', humidity: '38.40' };
const BME = { BME280_temperature: '20.47', BME280_pressure: '100613.25', BME280_humidity: '69.02' };

/** The bytes as sent. */
function rawGet(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    request(url, { headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('the files', () => {
  it('are empty lists before anything was measured', async () => {
    const { records } = await startTown();
    for (const file of FILES) expect(await records(`/static/${file}.json`)).toEqual([]);
    expect(await records('/airrohr/v1/sensor/1000000000/')).toEqual([]);
    expect(await records('/airrohr/v1/filter/country=DE')).toEqual([]);
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
      headers: { origin: 'https://maps.example.org', 'access-control-request-method': 'GET' },
    });
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
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
    expect((await records('/data/v1/data.noise.json')).map(numbersOf)).toEqual([{ noise_LAeq: 51.2 }]);
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

describe('filters', () => {
  async function filterTown() {
    const town = await startTown();
    await town.push(await town.addStation('esp8266-15303512'), SDS);
    const far = await town.addStation('esp8266-15303513', { position: { lat: 52.52, lon: 13.4 } });
    await town.push(far, BME);
    const indoor = { isIndoor: true, isPublishedIndoor: true };
    await town.push(await town.addStation('esp8266-15303514', indoor), { SDS_P1: '1.00', SDS_P2: '1.00' });
    return town;
  }
  const CASES: [string, string[]][] = [
    ['type=SDS011', ['SDS011', 'SDS011']],
    ['type=sds011,BME280', ['BME280', 'SDS011', 'SDS011']],
    ['area=51.45,7.01,5', ['DHT22', 'SDS011', 'SDS011']],
    ['area=51.45,7.01,0.1', []],
    ['box=52,13,53,14', ['BME280']],
    ['box=53,14,52,13', ['BME280']],
    ['country=DE,BE', ['BME280', 'DHT22', 'SDS011', 'SDS011']],
    ['country=BE', []],
    ['indoor=1', ['SDS011']],
    ['type=SDS011&area=51.45,7.01,5&indoor=0', ['SDS011']],
  ];

  it('by type, area, box, country and indoor, alone and together, with or without the last slash', async () => {
    const { records } = await filterTown();
    for (const [query, types] of CASES) {
      for (const slash of ['', '/']) {
        const found = await records(`/airrohr/v1/filter/${query}${slash}`);
        expect([query, ...found.map(({ sensor }) => sensor.sensor_type.name).sort()]).toEqual([query, ...types]);
      }
    }
  });

  it('are answered like the files: compressed, and with 304 until something changes', async () => {
    const { url, push, addStation, clock, records } = await startTown();
    const station = await addStation('esp8266-15303512');
    await push(station, SDS);
    const path = '/airrohr/v1/filter/type=SDS011';
    const plain = await rawGet(url + path);
    const zipped = await rawGet(url + path, { 'accept-encoding': 'gzip' });
    expect(zipped.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-length': String(zipped.bytes.length),
      vary: 'Accept-Encoding',
      etag: plain.headers.etag,
      'access-control-allow-origin': '*',
    });
    expect(gunzipSync(zipped.bytes)).toEqual(plain.bytes);
    const head = await rawGet(url + path, {}, 'HEAD');
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([
      200,
      String(plain.bytes.length),
      0,
    ]);
    clock.now += 2_000;
    const modified = String(plain.headers['last-modified']);
    expect((await rawGet(url + path, { 'if-none-match': String(plain.headers.etag) })).status).toBe(304);
    expect((await rawGet(url + path, { 'if-modified-since': modified })).status).toBe(304);
    await push(station, { ...SDS, SDS_P1: '1.00' });
    clock.now += 100;
    expect((await rawGet(url + path, { 'if-none-match': String(plain.headers.etag) })).status).toBe(200);
    const newer = await rawGet(url + path, { 'if-modified-since': modified });
    expect(newer.status).toBe(200);
    // Changed again within the second, which the header cannot tell.
    await push(station, { ...SDS, SDS_P1: '2.00' });
    clock.now += 100;
    const again = { 'if-modified-since': String(newer.headers['last-modified']) };
    expect((await rawGet(url + path, again)).status).toBe(200);
    clock.now += 400_000;
    expect(await records(path)).toEqual([]);
  });

  it('pass no station that is left out of figures, like the files; its sensor answers by its number', async () => {
    const { push, addStation, records, send } = await startTown();
    const station = await addStation('esp8266-15303512');
    await push(station, { SDS_P1: '1.00', SDS_P2: '1.00' });
    const path = '/airrohr/v1/filter/country=DE';
    const [record] = await records(path);
    const exclusion = { body: { reason: 'not-outdoors' }, key: ADMIN_TOKEN };
    expect((await send('PUT', `/api/v1/admin/stations/${station.id}/exclusion`, exclusion)).status).toBe(200);
    expect([await records(path), await records('/static/v1/data.json')]).toEqual([[], []]);
    expect(await records(`/airrohr/v1/sensor/${record!.sensor.id}/`)).toEqual([record]);
  });

  it('refuse what they do not know instead of leaving it out', async () => {
    const { get } = await startTown();
    for (const query of ['colour=red', 'area=1,2', 'box=a,b,c,d', 'indoor=yes', 'type', 'area=1,2,', '__proto__=1']) {
      const { status, text } = await get(`/airrohr/v1/filter/${query}`);
      expect([query, status]).toEqual([query, 400]);
      expect(JSON.parse(text)).toMatchObject({ code: 'invalid-filter' });
    }
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

describe('existing clients', () => {
  it("Home Assistant's python-luftdaten reads values and position of a sensor by its number", async () => {
    const { addStation, push, records, clock } = await startTown();
    const station = await addStation('esp8266-15303512');
    await push(station, SDS);
    clock.now += 149_000;
    await push(station, { ...SDS, SDS_P1: '70.00' });
    const dust = await records('/static/v2/data.dust.min.json');
    const id = dust[0]!.sensor.id;
    expect(readAsPythonLuftdaten(await records(`/airrohr/v1/sensor/${id}/`))).toEqual({
      values: { P1: 70, P2: 34.47 },
      meta: { latitude: 51.456, longitude: 7.0128, altitude: 0 },
    });
    expect(readAsPythonLuftdaten(await records('/airrohr/v1/sensor/999/'))).toBeUndefined();
  });

  it('plug-ins of smart homes and mirrors get the newest reading first, also where luftdaten.info had it', async () => {
    const { addStation, push, records, clock, url } = await startTown();
    const station = await addStation('esp8266-15303512');
    await push(station, SDS);
    clock.now += 149_000;
    await push(station, { ...SDS, SDS_P1: '70.00', temperature: '-0.50' });
    const all = await records('/static/v2/data.json');
    const idOf = (name: string) => all.find(({ sensor }) => sensor.sensor_type.name === name)!.sensor.id;
    for (const path of ['/airrohr/v1/sensor', '/v1/sensor']) {
      const dust = await records(`${path}/${idOf('SDS011')}/`);
      expect(readFirstRecord(dust)).toEqual({ timestamp: '2026-11-26 12:02:59', values: { P1: 70, P2: 34.47 } });
      const climate = await records(`${path}/${idOf('DHT22')}`);
      expect(readFirstRecord(climate)?.values).toEqual({ temperature: -0.5, humidity: 38.4 });
      const { headers } = await rawGet(`${url}${path}/${idOf('SDS011')}/`);
      expect(headers['content-type']).toMatch(/^application\/json/);
    }
    expect(await records('/v1/filter/type=SDS011')).toEqual(await records('/airrohr/v1/filter/type=SDS011'));
  });

  it('scripts that know a sensor read its values by their place: PM10 first, temperature first', async () => {
    const { addStation, push, records } = await startTown();
    await push(await addStation('esp8266-15303512'), SDS);
    const ids = new Map(
      (await records('/static/v2/data.json')).map(({ sensor }) => [sensor.sensor_type.name, sensor.id]),
    );
    expect(readByPlace(await records(`/airrohr/v1/sensor/${ids.get('SDS011')}/`))).toEqual([67.22, 34.47]);
    expect(readByPlace(await records(`/airrohr/v1/sensor/${ids.get('DHT22')}/`))).toEqual([2, 38.4]);
    for (const path of ['/static/v2/data.dust.min.json', '/airrohr/v1/filter/type=SDS011']) {
      expect([path, readByPlace(await records(path))]).toEqual([path, [67.22, 34.47]]);
    }
    expect(readByPlace(await records('/static/v2/data.temp.min.json'))).toEqual([2, 38.4]);
  });

  it('exporters read every record of the whole file', async () => {
    const { addStation, push, records } = await startTown();
    await push(await addStation('esp8266-15303512', { altitudeMetres: 118 }), { ...SDS, ...BME });
    const read = readAsLuftdatenpumpe(await records('/static/v1/data.json'));
    expect(read).toHaveLength(3);
    for (const { country, at, position, station, sensor } of read) {
      expect({ country, at, position }).toEqual({ country: 'DE', at: T0, position: [51.456, 7.0128, 120] });
      expect([station, sensor].every((id) => Number.isSafeInteger(id) && id < 2 ** 31)).toBe(true);
    }
    expect(read.map(({ values }) => Object.keys(values).length).sort()).toEqual([2, 2, 4]);
  });

  it('the public map shows dust, climate and noise from its own addresses', async () => {
    const { addStation, push, records } = await startTown();
    const fields = { isNoisePublic: true, altitudeMetres: 120, sensorModels: ['sds011', 'bme280', 'dnms'] };
    await push(await addStation('esp8266-15303512', fields), { ...SDS, ...BME, DNMS_noise_LAeq: '51.20' });
    const dust = readAsFeinstaubMap(await records('/data/v2/data.dust.min.json'));
    expect(dust).toMatchObject({ dust: [{ PM10: 67, PM25: 34 }], newest: '2026-11-26 12:00:30' });
    const { climate } = readAsFeinstaubMap(await records('/data/v2/data.temp.min.json'));
    expect(climate).toContainEqual(expect.objectContaining({ Pressure: 1020.25, Humidity: 69, Temperature: 20 }));
    expect(readAsFeinstaubMap(await records('/data/v1/data.noise.json')).noise).toMatchObject([{ Noise: 51 }]);
  });
});
