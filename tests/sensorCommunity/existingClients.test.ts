import { describe, expect, it } from '@jest/globals';
import {
  readAsFeinstaubMap,
  readAsLuftdatenpumpe,
  readAsPythonLuftdaten,
  readByPlace,
  readFirstRecord,
} from './clients.ts';
import { BME, rawGet, SDS, startTown, T0 } from './town.ts';

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
