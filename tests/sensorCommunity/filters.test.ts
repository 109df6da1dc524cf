import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { ADMIN_TOKEN } from '../support/program.ts';
import { BME, rawGet, SDS, startTown } from './town.ts';

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
