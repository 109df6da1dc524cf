import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from '@jest/globals';
import { exportCsv } from '../../server/archive/exportCsv.ts';
import { exportParquet } from '../../server/archive/exportParquet.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { fixture, NOW, openHouse } from './archiveHouse.ts';

/** A file's lines as fields, read without any code of the importer or exporter. */
function table(path: string): string[][] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split(/[;,]/));
}

/** Fields as numbers where they are some; times to the millisecond. */
function comparable([head = [], ...rows]: string[][]): (string | number)[][] {
  const place = [head.indexOf('lat'), head.indexOf('lon')];
  return [
    head,
    ...rows.map((row) =>
      row.map((field, i) => {
        if (place.includes(i)) return 'place';
        if (i === 5) return Date.parse(`${field.slice(0, 23).replace(/\+.*/, '')}Z`);
        return field === '' ? '' : Number.isNaN(Number(field)) ? field : Number(field);
      }),
    ),
  ];
}

const WINDOW = { from: 0, to: NOW };

describe('an export', () => {
  it.each([
    'files/2022-02-09_sds011_sensor_3659.csv.gz',
    'files/2022-02-09_dht22_sensor_3660.csv.gz',
    'files/2021-04-09_bme280_sensor_1954.csv',
    'files/2025-09-26_bme280_sensor_82313.csv',
  ])('of %s gives back every number, and its name', async (name) => {
    const house = await openHouse();
    await house.import([fixture(name)]);
    const [station] = house.registry.stations();
    const request = { stationId: station!.id, ...WINDOW, format: 'csv', folder: temporaryFolder() } as const;
    const report = await exportCsv(request, house);
    const original = table(fixture(name));
    expect(report.rows).toBe(original.length - 1);
    const [path = ''] = report.files;
    expect(report.files).toHaveLength(1);
    expect(basename(path)).toBe(basename(name).replace('.gz', ''));
    expect(comparable(table(path))).toEqual(comparable(original));
    for (const [, , , lat, lon] of table(path).slice(1)) {
      expect(Math.abs(Number(lat) - station!.position.lat)).toBeLessThan(0.001);
      expect(Math.abs(Number(lon) - station!.position.lon)).toBeLessThan(0.002);
    }
  });

  it('gives each row the public position of its time', async () => {
    const house = await openHouse();
    await house.import([fixture('files/2022-02-09_sds011_sensor_3659.csv.gz')]);
    const { id, position: was } = house.registry.stations()[0]!;
    await house.registry.updateStation(id, { position: { lat: 51.5, lon: 7.5 } });
    const request = { stationId: id, ...WINDOW, format: 'csv', folder: temporaryFolder() } as const;
    const { files } = await exportCsv(request, house);
    const rows = table(files[0]!).slice(1);
    for (const [, , , lat] of rows) expect(Math.abs(Number(lat) - was.lat)).toBeLessThan(0.001);
  });

  it.each(['ppd42ns', 'pms5003', 'hpm', 'htu21d', 'bmp180', 'ds18b20', 'sds011'])(
    'of type %s has the columns of the archive',
    async (type) => {
      const house = await openHouse();
      const original = table(fixture(`types/archive-${type}.csv`)).slice(0, 2);
      const [head = [], row = []] = original;
      // The sample of a PPD42NS has no coordinates; a station needs some.
      const placed = row.map((field, i) => (i === 3 || i === 4 ? '50.1' : field));
      const path = join(temporaryFolder(), 'x.csv');
      writeFileSync(path, `${head.join(';')}\n${placed.join(';')}\n`);
      expect(await house.import([path])).toMatchObject({ stored: 1 });
      const [station] = house.registry.stations();
      const request = { stationId: station!.id, ...WINDOW, format: 'csv', folder: temporaryFolder() } as const;
      const { files } = await exportCsv(request, house);
      expect(comparable(table(files[0]!))).toEqual(comparable([head, placed]));
    },
  );

  it('writes a file a sensor a day, within the window, and what can be imported again as the same', async () => {
    const house = await openHouse();
    await house.import([fixture('files/2018-10_sds011_bristol.csv.gz')]);
    const [station] = house.stationWith('sensor.community:7675');
    const readings = await house.readings(station!.id);
    const days = new Set(readings.map(({ measuredAt }) => new Date(measuredAt).toISOString().slice(0, 10)));
    const folder = temporaryFolder();
    const request = { stationId: station!.id, ...WINDOW, format: 'csv', folder } as const;
    expect((await exportCsv(request, house)).files).toEqual(
      [...days].map((day) => join(folder, day, `${day}_sds011_sensor_7675.csv`)),
    );
    expect(await house.import([folder])).toMatchObject({
      rows: readings.length,
      duplicates: readings.length,
      stations: { made: 0 },
      moves: [],
    });
    const from = readings[10]!.measuredAt;
    const part = await exportCsv({ ...request, from, to: readings[20]!.measuredAt, folder: temporaryFolder() }, house);
    expect(part.rows).toBe(10);
  });

  it('of a station of our own goes back into it, instrument by instrument, and nowhere else', async () => {
    const house = await openHouse();
    const made = await house.registry.addStation({
      ...{ name: 'HCMC', position: { lat: 10.7, lon: 106.7 }, isIndoor: false, sensorModels: [] },
      ...{ status: 'active', source: 'direct', licence: 'ODbL-1.0' },
    });
    const stationId = 'station' in made ? made.station.id : '';
    await house.import([fixture('madavi')], { stationId });
    const folder = temporaryFolder();
    const { rows } = await exportCsv({ stationId, ...WINDOW, format: 'csv', folder }, house);
    expect(rows).toBeGreaterThan(100);
    expect(await house.import([folder], { stationId })).toMatchObject({ rows, duplicates: rows, refusedRows: 0 });
    const astray = await house.import([folder]);
    expect(astray).toMatchObject({
      stored: 0,
      refused: [{ reason: 'no-station', count: rows }],
      stations: { made: 0 },
    });
  });

  it('writes Parquet with every value, flags as words and extras', async () => {
    const house = await openHouse();
    const head = 'sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2';
    const path = join(temporaryFolder(), 'x.csv');
    const lines = [
      '7;SDS011;9;50.1;8.1;2024-07-11T00:00:51;1999.9;;;5.25;;',
      '8;PPD42NS;9;50.1;8.1;2024-07-11T00:00:52;1;2;3;4;5;6',
    ];
    writeFileSync(path, `${[head, ...lines].join('\n')}\n`);
    await house.import([path], { isJoining: true });
    const [station] = house.registry.stations();
    const folder = join(temporaryFolder(), "it's here");
    const request = { stationId: station!.id, ...WINDOW, format: 'parquet', folder } as const;
    const { files, rows } = await exportParquet(request, house);
    expect(rows).toBe(2);
    // Without a bound the first reading tells where the file begins.
    const open = await exportParquet({ ...request, from: 0 }, house);
    expect(open.files[0]).toContain(`${station!.id}_20240711_`);
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(
      `SELECT sensor, epoch_ms(measured_at)::DOUBLE AS ms, pm10, pm25, flags, extra FROM '${files[0]!.replaceAll("'", "''")}' ORDER BY ms`,
    );
    const read = reader.getRowObjects().map((row) => ({ ...row, extra: JSON.parse(String(row.extra)) as unknown }));
    expect(read).toEqual([
      {
        sensor: 'sds011',
        ms: Date.UTC(2024, 6, 11, 0, 0, 51),
        pm10: 1999.9,
        pm25: 5.25,
        flags: 'claimed pm10:saturated',
        extra: null,
      },
      {
        sensor: 'ppd42ns',
        ms: Date.UTC(2024, 6, 11, 0, 0, 52),
        pm10: null,
        pm25: null,
        flags: '',
        extra: { p1: 1, durp1: 2, ratiop1: 3, p2: 4, durp2: 5, ratiop2: 6 },
      },
    ]);
    connection.closeSync();
    instance.closeSync();
  });
});
