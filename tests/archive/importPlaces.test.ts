import { describe, expect, it } from '@jest/globals';
import { SensorNames } from '../../server/archive/sensorNames.ts';
import { fixture, NOW, openHouse, sdsFile } from './archiveHouse.ts';

describe('where an import puts rows', () => {
  it('joins the sensors of one location when told to, now or in a later run', async () => {
    const house = await openHouse();
    const [dht, sds] = ['dht22_sensor_3660', 'sds011_sensor_3659'].map((name) =>
      fixture(`files/2022-02-09_${name}.csv.gz`),
    );
    expect(await house.import([sds!], { isJoining: true })).toMatchObject({ stations: { made: 1, extended: 0 } });
    expect(await house.import([dht!], { isJoining: true })).toMatchObject({ stations: { made: 0, extended: 1 } });
    const [station] = house.registry.stations();
    expect(station).toMatchObject({ name: 'Sensor.Community 1846', sensorModels: ['sds011', 'dht22'] });
    expect(house.registry.sensorIdOf(station!.id, 'dht22')).toBe(3660);
    const series = (await house.store.seriesOf(station!.id))
      .map(({ sensor, quantity }) => `${sensor} ${quantity}`)
      .sort();
    expect(series).toEqual(['dht22 humidity', 'dht22 temperature', 'sds011 pm10', 'sds011 pm25']);
  });

  it('keeps two sensors of one model at one location apart', async () => {
    const house = await openHouse();
    const lines = [7, 8].map((id) => `${id};SDS011;9;50.1;8.1;2024-07-11T00:00:51;${id};;;1;;`);
    for (const isAgain of [false, true]) await house.import([sdsFile(lines)], { isJoining: true, isAgain });
    const readings = await house.readings();
    expect(readings.map(({ sensor, values }) => [sensor, values.pm10])).toEqual([
      ['sds011', 7],
      ['sds011-2', 8],
    ]);
  });

  it('gives a sensor that moved a station at each place, in any order of files', async () => {
    const files = ['2024-07-11', '2025-06-29', '2025-10-15'].map((day) =>
      fixture(`files/${day}_sds011_sensor_82312.csv`),
    );
    const house = await openHouse();
    const report = await house.import([files[2]!]);
    expect(report.moves).toEqual([]);
    const { moves } = await house.import(files);
    expect(moves.map(({ sensorId, metres }) => [sensorId, Math.round(metres / 1000)])).toEqual([
      [82312, 1815],
      [82312, 1817],
    ]);
    const stations = house.stationWith('sensor.community:82312');
    expect(stations.map(({ position }) => position)).toEqual([
      { lat: 67.555, lon: 33.44 },
      { lat: 56.887, lon: 60.615 },
      { lat: 67.57, lon: 33.4 },
    ]);
    for (const { id } of stations) expect(await house.readings(id)).toHaveLength(60);
    expect(await house.import(files, { isAgain: true })).toMatchObject({ stored: 0, stations: { made: 0 }, moves: [] });
  });

  it('puts rows without coordinates where the sensor is known, and takes them later where it is not', async () => {
    const house = await openHouse();
    const bare = sdsFile(['7;SDS011;;;;2024-07-11T00:00:51;5;;;1;;'], { name: 'bare.csv' });
    const placed = sdsFile(['7;SDS011;;50.1;8.1;2024-07-10T00:00:51;5;;;1;;']);
    expect((await house.import([bare])).refused).toMatchObject([{ part: 'row', reason: 'no-place' }]);
    expect(await house.import([placed])).toMatchObject({ stored: 1 });
    expect(await house.import([bare])).toMatchObject({ stored: 1, stations: { made: 0 } });
    expect(house.registry.stations()).toHaveLength(1);
  });

  it('into a given station takes only what was measured there', async () => {
    const house = await openHouse();
    await house.import([fixture('files/2022-02-09_sds011_sensor_3659.csv.gz')]);
    const [{ id: stationId } = { id: '' }] = house.registry.stations();
    const near = await house.import([fixture('files/2022-02-09_dht22_sensor_3660.csv.gz')], { stationId });
    expect(near).toMatchObject({ refusedRows: 0, stations: { made: 0, extended: 1 } });
    const far = await house.import([fixture('files/2019-12-31_sds011_sensor_553.csv')], { stationId });
    expect(far).toMatchObject({ stored: 0, refused: [{ reason: 'other-place', count: 40 }] });
  });

  it('takes Madavi files and logs to the station of their device, or to a given one', async () => {
    const house = await openHouse();
    const folders = [fixture('madavi'), fixture('logs')];
    expect((await house.import(folders)).refused).toMatchObject([{ reason: 'no-station', count: 150 }]);
    const made = await house.registry.addStation({
      name: 'HCMC',
      position: { lat: 10.7, lon: 106.7 },
      isIndoor: false,
      sensorModels: [],
      status: 'active',
      source: 'direct',
      licence: 'ODbL-1.0',
      device: { deviceId: 'esp8266-12779556' },
    });
    const stationId = 'station' in made ? made.station.id : '';
    const report = await house.import(folders);
    expect(report).toMatchObject({ stored: 100, refusedRows: 50 });
    expect(report.notes).toEqual(['Madavi files state no time zone: their times are taken as UTC.']);
    expect(await house.import([fixture('logs')], { stationId })).toMatchObject({ stored: 50 });
    const health = await house.store.health({ stationId, from: 0, to: NOW });
    expect(health).toHaveLength(150);
    expect(health.at(-1)).toMatchObject({ minMicro: expect.any(Number), signal: expect.any(Number) });
  });

  it('tells instruments of one model by the numbers we gave them', () => {
    const numbers = new Map([
      ['sds011', 1_000_000_001],
      ['sds011-2', 1_000_000_002],
    ]);
    const names = new SensorNames({ sensorIdOf: (_stationId, sensor) => numbers.get(sensor) });
    const named = [1_000_000_001, 1_000_000_002, 1_000_000_077].map((number) => names.ownNameOf('a', 'sds011', number));
    expect(named).toEqual(['sds011', 'sds011-2', 'sds011']);
  });
});
