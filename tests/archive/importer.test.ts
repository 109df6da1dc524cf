import { randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Importer } from '../../server/archive/importer.ts';
import { flagsOf } from '../../server/domain/assessment/flag.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { fixture, NOW, openHouse, SDS011_HEAD, sdsFile } from './archiveHouse.ts';

/** Rows of the fixtures as a pattern finds them, without any of the importer's code. */
function rowsByPattern(): { rows: number; pm10Sum: number; times: Set<string> } {
  const found = { rows: 0, pm10Sum: 0, times: new Set<string>() };
  const form =
    /^(\d+)[;,](SDS011|BME280|DHT22)[;,]\d*[;,][\d.-]*[;,][\d.-]*[;,](\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[;,]([\d.-]*)/;
  for (const name of readdirSync(fixture('files'))) {
    const bytes = readFileSync(fixture(`files/${name}`));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    for (const line of text.split(/\r?\n/)) {
      const match = form.exec(line);
      if (match === null) continue;
      found.rows++;
      found.times.add(`${match[1]} ${match[3]}`);
      if (match[2] === 'SDS011') found.pm10Sum += Number(match[4]);
    }
  }
  return found;
}

describe('an import', () => {
  it('stores exactly the rows that a pattern finds in the files, a station a sensor and place', async () => {
    const house = await openHouse();
    const expected = rowsByPattern();
    const report = await house.import([fixture('files')]);
    expect(expected.rows).toBeGreaterThan(2_000);
    expect(report).toMatchObject({
      rows: expected.rows,
      stored: expected.rows,
      duplicates: 0,
      conflicts: 0,
      refusedRows: 0,
    });
    expect(report.files).toEqual({ read: 12, done: 0, refused: 1 });
    expect(report.refused).toMatchObject([
      { part: 'file', reason: 'unknown-format', count: 1, examples: [{ line: 1 }] },
    ]);
    const readings = await house.readings();
    expect(readings.length).toBe(expected.times.size);
    expect(readings.reduce((sum, { values }) => sum + (values.pm10 ?? 0), 0)).toBeCloseTo(expected.pm10Sum, 6);
    expect(readings.every(({ flags }) => flagsOf(flags, 'pm10').includes('claimed'))).toBe(true);
    const [station, ...more] = house.stationWith('sensor.community:553');
    expect(more).toEqual([]);
    expect(station).toMatchObject({
      name: 'Sensor.Community #553',
      position: { lat: 48.778, lon: 9.156 },
      sensorModels: ['sds011'],
      status: 'active',
      source: 'import',
      licence: 'ODbL-1.0',
      externalIds: ['sensor.community:553', 'sensor.community-location:59'],
    });
    expect(house.registry.sensorIdOf(station!.id, 'sds011')).toBe(553);
  });

  it('goes through the judgement of live messages: values nobody can have measured are flagged', async () => {
    const house = await openHouse();
    const lines = [
      '7;SDS011;9;50.1;8.1;2024-07-11T00:00:51;1999.90;;;-1;;',
      '7;SDS011;9;50.1;8.1;2024-07-11T00:03:51;;;;;;',
    ];
    const report = await house.import([sdsFile(lines)]);
    const [reading] = await house.readings();
    expect(reading?.values).toEqual({ pm10: 1999.9 });
    expect(flagsOf(reading?.flags ?? 0, 'pm10')).toEqual(['claimed', 'saturated']);
    expect(report).toMatchObject({ rows: 2, stored: 1, refusedRows: 1 });
    expect(report.refused).toMatchObject([
      { part: 'field', reason: 'no-value-marker', count: 1, examples: [{ line: 2, detail: 'sds011.pm25' }] },
      { part: 'row', reason: 'no-values', count: 1, examples: [{ line: 3 }] },
    ]);
  });

  it('done twice changes nothing: files are skipped, rows read again are duplicates, other values lose', async () => {
    const house = await openHouse();
    const folder = temporaryFolder();
    const path = join(folder, '2019-12-31_sds011_sensor_553.csv');
    copyFileSync(fixture('files/2019-12-31_sds011_sensor_553.csv'), path);
    expect(await house.import([folder])).toMatchObject({ rows: 40, stored: 40 });
    expect(await house.import([folder])).toMatchObject({ rows: 0, files: { read: 0, done: 1 } });
    expect(await house.import([folder], { isAgain: true })).toMatchObject({ rows: 40, stored: 0, duplicates: 40 });
    writeFileSync(path, readFileSync(path, 'utf8').replace(';37.50;', ';99.99;'));
    utimesSync(path, 1, 1);
    const changed = await house.import([folder]);
    expect(changed).toMatchObject({
      rows: 40,
      stored: 0,
      duplicates: 39,
      conflicts: 1,
      stations: { made: 0, extended: 0 },
    });
    expect((await house.readings())[0]?.values).toEqual({ pm10: 37.5, pm25: 23.97 });
    expect(house.registry.stations()).toHaveLength(1);
  });

  it('that was stopped goes on where it was', async () => {
    const house = await openHouse();
    const stop = new AbortController();
    stop.abort();
    const stopped = await house.import([fixture('files')], {}, { signal: stop.signal });
    expect(stopped).toMatchObject({ isStopped: true, rows: 0 });
    const inTheMiddle = new AbortController();
    const first = await house.import(
      [fixture('files')],
      {},
      { signal: inTheMiddle.signal, onProgress: () => inTheMiddle.abort() },
    );
    expect(first.isStopped).toBe(true);
    expect(first.rows).toBeGreaterThan(0);
    expect((await house.readings()).length).toBe(first.stored);
    const rest = await house.import([fixture('files')]);
    expect(first.stored + rest.stored).toBe(rowsByPattern().rows);
  });

  it('as a dry run judges everything and leaves nothing behind', async () => {
    const house = await openHouse();
    const report = await house.import([fixture('files')], { isDryRun: true });
    expect(report).toMatchObject({ isDryRun: true, stored: rowsByPattern().rows, stations: { made: 18 } });
    expect(house.registry.stations()).toEqual([]);
    expect(await house.readings()).toEqual([]);
    expect(readdirSync(house.dataDir).filter((name) => name.startsWith('import'))).toEqual([]);
  });

  it('remembers files for the store they went to, not for another one', async () => {
    const house = await openHouse();
    const other = await openHouse();
    const paths = [fixture('files/2022-02-09_sds011_sensor_3659.csv.gz')];
    await house.import(paths);
    expect((await house.import(paths)).files).toMatchObject({ read: 0, done: 1 });
    const deps = { registry: house.registry, store: other.store, dataDir: house.dataDir, storeName: 'influxdb luft' };
    const moved = await new Importer({ ...deps, clock: () => NOW, randomBytes }, { paths }).run();
    expect(moved).toMatchObject({ files: { read: 1, done: 0 }, stations: { made: 0 } });
    expect(moved.stored).toBe(moved.rows);
  });

  it('refuses times that cannot be, and a last line that may be cut off', async () => {
    const house = await openHouse();
    const row = (time: string) => `7;SDS011;9;50.1;8.1;${time};5;;;1;;`;
    const lines = ['1970-01-01T00:00:10', '2026-06-01T00:03:00', '2026-06-01T00:01:00', '2024-01-01T00:00:00'].map(row);
    const report = await house.import([sdsFile(lines, { end: '' })]);
    expect(report).toMatchObject({ rows: 4, stored: 1, refusedRows: 3 });
    expect(report.refused.map(({ reason, examples }) => [reason, examples[0]?.line])).toEqual([
      ['time-too-old', 2],
      ['time-in-future', 3],
      ['cut-off', 5],
    ]);
  });

  it('takes what a damaged file still gives, and reads it again when it is mended', async () => {
    const house = await openHouse();
    const whole = gzipSync(`${SDS011_HEAD}\n${'7;SDS011;9;50.1;8.1;2024-07-11T00:00:51;5;;;1;;\n'.repeat(50_000)}`);
    const path = join(temporaryFolder(), 'x.csv.gz');
    writeFileSync(path, whole.subarray(0, whole.length - 200));
    const damaged = await house.import([path, '/nowhere/at/all.csv', '/dev/null']);
    expect(damaged.files).toEqual({ read: 0, done: 0, refused: 3 });
    expect(damaged.stored).toBe(1);
    writeFileSync(path, whole);
    expect(await house.import([path])).toMatchObject({
      rows: 50_000,
      duplicates: 50_000,
      files: { read: 1, refused: 0 },
    });
  });

  it('reads files put together from several, a byte order mark, blank lines and both line ends', async () => {
    const house = await openHouse();
    const dht = 'sensor_id;sensor_type;location;lat;lon;timestamp;temperature;humidity';
    const path = join(temporaryFolder(), 'all.csv');
    const sds = '7;SDS011;9;50.1;8.1;2024-07-11T00:00:51;5;;;1;;';
    const text = `\uFEFF${SDS011_HEAD}\r\n${sds}\r\n\r\n${dht}\n8;DHT22;9;50.1;8.1;2024-07-11T00:00:52;20.1;50\n`;
    writeFileSync(path, text);
    expect(await house.import([path])).toMatchObject({ rows: 2, stored: 2, refusedRows: 0 });
    expect((await house.readings()).map(({ values }) => values)).toEqual([
      { pm10: 5, pm25: 1 },
      { temperature: 20.1, humidity: 50 },
    ]);
  });

  it('beside newer live readings stores history once, also rows that come twice in one file', async () => {
    const house = await openHouse();
    const reading = { stationId: 'aaaaaaaaaa', sensor: 'sds011', measuredAt: NOW, values: { pm10: 1 }, flags: 0 };
    await house.store.append([{ ...reading, receivedAt: NOW, health: {}, readings: [reading] }]);
    const row = (minute: string, pm10: number) => `7;SDS011;9;50.1;8.1;2024-07-11T00:${minute}:51;${pm10};;;1;;`;
    const file = sdsFile([row('03', 5), row('01', 4), row('03', 5), row('01', 6)]);
    expect(await house.import([file])).toMatchObject({ rows: 4, stored: 2, duplicates: 1, conflicts: 1 });
    const [station] = house.stationWith('sensor.community:7');
    expect((await house.readings(station!.id)).map(({ values }) => values.pm10)).toEqual([4, 5]);
  });

  it('takes an empty file for what it is', async () => {
    const house = await openHouse();
    const path = join(temporaryFolder(), 'x.csv');
    writeFileSync(path, '');
    expect(await house.import([path])).toMatchObject({ rows: 0, files: { read: 1, refused: 0 } });
  });

  it('is not led astray by binary files', async () => {
    const house = await openHouse();
    const path = join(temporaryFolder(), 'x.csv');
    writeFileSync(path, Buffer.alloc(300_000, 7));
    expect(await house.import([path])).toMatchObject({
      rows: 0,
      refused: [{ part: 'file', reason: 'unreadable-file' }],
    });
    expect(statSync(path).size).toBe(300_000);
  });
});
