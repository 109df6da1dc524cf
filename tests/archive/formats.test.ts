import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { formatOf } from '../../server/archive/archiveFormat.ts';
import type { ArchiveRow, RefusedRow } from '../../server/archive/archiveRow.ts';
import { fixture } from './archiveHouse.ts';

/** What the last line of a text says, as the format of its first line has it; a copy, as parsers use one object again. */
function lastRow(text: string, path = 'x.csv'): ArchiveRow | RefusedRow {
  const lines = text.trim().split('\n');
  const chosen = formatOf(lines[0] ?? '', path);
  const last = lines.at(-1) ?? '';
  return structuredClone(chosen!.parser.parse(last, 0, last.length));
}

const ARCHIVE_TYPES: [string, object][] = [
  ['sds011', { sensor: 'sds011', values: { pm10: 5.43, pm25: 5.33 } }],
  [
    'ppd42ns',
    { sensor: 'ppd42ns', values: {}, extra: { p1: 0.62, durp1: 0, ratiop1: 0, p2: 0.62, durp2: 0, ratiop2: 0 } },
  ],
  ['pms3003', { sensor: 'pms3003', values: { pm10: 48, pm25: 39 } }],
  ['pms5003', { sensor: 'pms5003', values: { pm10: 45.25, pm25: 31.5, pm1: 22.5 } }],
  ['pms7003', { sensor: 'pms7003', values: { pm10: 5, pm25: 4, pm1: 1 } }],
  ['hpm', { sensor: 'hpm', values: { pm10: 22, pm25: 21 } }],
  ['dht22', { sensor: 'dht22', values: { temperature: 11.1, humidity: 68.9 } }],
  ['htu21d', { sensor: 'htu21d', values: { temperature: 2.8, humidity: 99.9 } }],
  ['bmp180', { sensor: 'bmp180', values: { pressure: 960.11, temperature: 11.3 } }],
  ['bmp280', { sensor: 'bmp280', values: { temperature: 2.6 } }],
  ['bme280', { sensor: 'bme280', values: { pressure: 969.1302, temperature: 12.75, humidity: 63.35 } }],
  ['ds18b20', { sensor: 'ds18b20', values: { temperature: -14.94 } }],
];

const SDS = 'sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2';

describe('archive files', () => {
  it.each(ARCHIVE_TYPES)('of type %s are read into our units', (type, part) => {
    const row = lastRow(readFileSync(fixture(`types/archive-${type}.csv`), 'utf8'));
    expect(row).toMatchObject({ message: { refusedFields: [] } });
    expect((row as ArchiveRow).message.sensors).toEqual([part]);
  });

  it('of a SPS30 and of a noise sensor have masses, counts and levels in their places', () => {
    const sps = readFileSync(fixture('types/archive-sps30.csv'), 'utf8').trim();
    const row = lastRow(`${sps}\n1;SPS30;2;50.1;8.1;2020-01-01T00:00:00;4;3;2;1;10;9;8;7;6;0.5`) as ArchiveRow;
    const extra = { n10: 10, n4: 9, n25: 8, n1: 7, n05: 6, ts: 0.5 };
    expect(row.message.sensors).toEqual([{ sensor: 'sps30', values: { pm10: 4, pm4: 3, pm25: 2, pm1: 1 }, extra }]);
    const head = 'sensor_id;sensor_type;location;lat;lon;timestamp;noise_LAeq;noise_LA_min;noise_LA_max';
    const noise = lastRow(`${head}\n1;Laerm;2;50.1;8.1;2020-01-01T00:00:00;51.2;48;60`) as ArchiveRow;
    expect(noise.message.sensors).toEqual([
      { sensor: 'dnms', values: { noise: 51.2 }, extra: { noise_la_min: 48, noise_la_max: 60 } },
    ]);
  });

  it('tell sensor, place rounded to what is public, and whether it is indoors', () => {
    const line = '7;SDS011;9;56.88696100;60.61518900;2024-07-11T00:00:51;2.60;;;1.73;;';
    const position = { lat: 56.887, lon: 60.615 };
    const source = { sensorId: 7, model: 'sds011', locationId: 9, position, isIndoor: false };
    expect(lastRow(`${SDS}\n${line}`)).toMatchObject({ source });
    expect(lastRow(`${SDS}\n${line}`, '2024-07-11_sds011_sensor_7_indoor.csv')).toMatchObject({
      source: { isIndoor: true },
    });
    const nowhere = lastRow(`${SDS}\n7;SDS011;;;;2024-07-11T00:00:51;2.60;;;1.73;;`) as ArchiveRow;
    expect(nowhere.source).toEqual({ sensorId: 7, model: 'sds011', isIndoor: false });
    expect(lastRow(`${SDS}\n7;SDS011;;0;0;2024-07-11T00:00:51;2.60;;;1.73;;`)).not.toMatchObject({
      source: { position: expect.anything() },
    });
  });

  it('lose a field that is no number, and keep the others', () => {
    for (const junk of ['nan', 'unavailable', '%.1f', '2,60', '1e999']) {
      const row = lastRow(`${SDS}\n7;SDS011;9;50.1;8.1;2024-07-11T00:00:51;${junk};;;1.73;;`) as ArchiveRow;
      expect(row.message.sensors).toEqual([{ sensor: 'sds011', values: { pm25: 1.73 } }]);
      expect(row.message.refusedFields).toEqual([{ field: 'sds011.P1', reason: 'not-a-number' }]);
    }
  });

  it.each([
    ['7;SDS011;9;50.1;8.1;2024-07-11T00:00:51;2.60', 'wrong-field-count'],
    ['7;SDS011;9;50.1;8.1;2024-07-11T00:00:51;2.60;;;1.73;;;', 'wrong-field-count'],
    [`7;SDS011${';'.repeat(500)}`, 'wrong-field-count'],
    ['7;SDS011;9;50.1;8.1;11.07.2024 00:00;2.60;;;1.73;;', 'time-unreadable'],
    ['seven;SDS011;9;50.1;8.1;2024-07-11T00:00:51;2.60;;;1.73;;', 'unreadable'],
    ['7;<script>;9;50.1;8.1;2024-07-11T00:00:51;2.60;;;1.73;;', 'unreadable'],
  ])('refuse %s', (line, reason) => {
    expect(lastRow(`${SDS}\n${line}`)).toMatchObject({ refused: reason });
  });
});

describe('other files', () => {
  it('of Madavi are read as a push of the device in their name, also where HPM columns are missing', () => {
    const path = fixture('madavi/data-esp8266-12779556-2018-10-09.csv');
    expect(lastRow(readFileSync(path, 'utf8').split('\n').slice(0, 2).join('\n'), path)).toEqual({
      source: { deviceId: 'esp8266-12779556', isIndoor: false },
      measuredAt: Date.UTC(2018, 9, 9, 0, 2, 25),
      message: {
        format: 'airrohr',
        sensors: [
          { sensor: 'sds011', values: { pm10: 65.08, pm25: 42.03 } },
          { sensor: 'dht22', values: { temperature: 27.7, humidity: 93.6 } },
        ],
        health: { samples: 614518, minMicro: 230, maxMicro: 26719, signal: -61 },
        refusedFields: [],
      },
    });
  });

  it('of logged pushes are read line by line, with or without a comma in front', () => {
    const path = fixture('logs/20170518.log');
    const [first = '', second = ''] = readFileSync(path, 'utf8').split('\n');
    expect(lastRow(first, path)).toMatchObject({ measuredAt: 1495058407000, message: { health: { signal: -73 } } });
    expect(lastRow(`${first}\n${second}`, path)).toMatchObject({
      measuredAt: 1495058555000,
      message: { sensors: [{ sensor: 'sds011', values: { pm10: 6.96, pm25: 6.46 } }, { sensor: 'dht22' }] },
    });
    const bare =
      '{"esp8266id":"99999","timestamp":"2020-01-01T00:00:00Z","sensordatavalues":[{"value_type":"SDS_P1","value":"5"}]}';
    expect(lastRow(bare)).toMatchObject({ source: { deviceId: 'esp8266-99999' }, measuredAt: Date.UTC(2020, 0, 1) });
    expect(lastRow(`${first}\n,{"time":149505`)).toMatchObject({ refused: 'unreadable' });
    expect(lastRow(`${first}\n,{"daten":{"sensordatavalues":[]}}`)).toMatchObject({ refused: 'time-unreadable' });
  });

  it('are told by their first line, and unknown ones are not guessed', () => {
    const [first = ''] = readFileSync(fixture('files/berlin_data_sample.csv'), 'utf8').split('\n');
    for (const line of [first, '', 'P1;P2', 'Time;foo', '<html>', ';'.repeat(9000)]) {
      expect(formatOf(line, 'x.csv')).toBeUndefined();
    }
  });
});
