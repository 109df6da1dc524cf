import { describe, expect, it } from '@jest/globals';
import { recordSchema } from '../../server/api/sensorCommunity.ts';
import type { Reading } from '../../server/domain/reading.ts';
import { pressureAtSeaLevel } from '../../server/domain/seaLevel.ts';
import { writable } from '../../server/sensorCommunity/ascii.ts';
import { putFullDecimals, putTime, putTwoDecimals, putWhole } from '../../server/sensorCommunity/recordDigits.ts';
import { putReading, type ValueRules } from '../../server/sensorCommunity/recordText.ts';
import { RecordWriter, recordFrame } from '../../server/sensorCommunity/recordWriter.ts';
import { sensorTypeOf } from '../../server/sensorCommunity/sensorTypes.ts';
import { valueOrderOf } from '../../server/sensorCommunity/valueOrder.ts';
import { randomNumbers } from '../support/randomNumbers.ts';
import { CAPTURES, captured, numbersOf, type ServedRecord, shapeOf, typesOf } from './records.ts';

const EVERYTHING = { publishes: () => true, altitudeMetres: undefined };

/** A reading as a record; undefined when nothing of it is written. */
function written(
  { sensorId, text, type = 'BME280' }: { sensorId: number; text: string; type?: string },
  reading: Pick<Reading, 'measuredAt' | 'values' | 'extra' | 'flags'>,
  rules: ValueRules = EVERYTHING,
): ServedRecord | undefined {
  const writer = new RecordWriter();
  putReading(writer, recordFrame(sensorId, text, valueOrderOf(type)), { reading, rules });
  return (JSON.parse(writer.toJson().toString()) as ServedRecord[])[0];
}

const timeDigits = (bytes: Uint8Array, at: number, time: number) => putTime(writable(bytes), at, time);

/** What a writer of digits writes. */
function digits(put: (bytes: Uint8Array, at: number, number: number) => number, number: number): string {
  const bytes = Buffer.alloc(64);
  return bytes.toString('latin1', 1, put(bytes, 1, number));
}

/** A record of ours with every kind of value. */
function ours(): ServedRecord {
  const frame = `"location":{"id":1,"latitude":"48.7","longitude":"9.3","altitude":"0.0","country":"DE","exact_location":0,"indoor":0},"sensor":{"id":7,"pin":"11","sensor_type":{"id":17,"name":"BME280","manufacturer":"Bosch"}}`;
  const values = { temperature: 4.06, humidity: 100, pressure: 1027.4594 };
  const reading = { measuredAt: Date.UTC(2026, 10, 26, 9, 5, 3), values, flags: 0 };
  return written({ sensorId: 7, text: frame }, reading, { publishes: () => true, altitudeMetres: 12.7 })!;
}

describe('a record', () => {
  it('has the names and types of the captures, every one of them', () => {
    const shape = shapeOf(ours());
    expect(recordSchema.safeParse(ours()).success).toBe(true);
    for (const record of CAPTURES.flatMap(captured)) {
      for (const [name, type] of Object.entries(shapeOf(record)))
        expect({ name, type: shape[name] }).toEqual({ name, type });
    }
    const ofToday = shapeOf(captured('public-api-v1-sensor-2020-sds011.json')[0]!);
    expect(
      Object.keys(shape)
        .filter((name) => !name.includes('sealevel'))
        .sort(),
    ).toEqual(Object.keys(ofToday).sort());
  });

  it('gives values as text, and the pressure at sea level as a number without an id', () => {
    expect(ours().sensordatavalues).toEqual([
      { id: expect.any(Number), value: '4.06', value_type: 'temperature' },
      { id: expect.any(Number), value: '102745.94', value_type: 'pressure' },
      { id: expect.any(Number), value: '100.00', value_type: 'humidity' },
      { value: 102906.83, value_type: 'pressure_at_sealevel' },
    ]);
  });

  it('tells the time as UTC without saying so', () => {
    expect(ours().timestamp).toBe('2026-11-26 09:05:03');
    expect(digits(timeDigits, Date.UTC(2020, 9, 18, 15, 16, 17, 999))).toBe('2020-10-18 15:16:17');
  });

  it('has ids that stay below 2^53 and differ by sensor, second and value', () => {
    const at = (sensorId: number, second: number) => {
      const reading = { measuredAt: Date.UTC(2053, 0, 1) + second * 1000, values: { pm25: 1, pm10: 2 }, flags: 0 };
      return written({ sensorId, text: '"location":{},"sensor":{}' }, reading)!;
    };
    const some = [at(1, 0), at(2, 0), at(1, 1), at(1_000_000_000, 0), at(1_000_300_000, 0), at(90_000, 0)];
    const ids = some.map(({ id }) => id);
    const valueIds = some.flatMap(({ sensordatavalues }) => sensordatavalues.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(valueIds).size).toBe(valueIds.length);
    expect([...ids, ...valueIds].every((id) => Number.isSafeInteger(id))).toBe(true);
  });
});

describe('values', () => {
  it.each([
    [12.4, '12.40'],
    [2, '2.00'],
    [0, '0.00'],
    [-14.94, '-14.94'],
    [969.1302, '969.1302'],
  ])('%p is written %p', (value, text) => expect(digits(putFullDecimals, value)).toBe(text));

  it('leave out what the instrument cannot have measured, and what the host keeps private', () => {
    const saturatedPm25 = 2 ** (9 + 1);
    const values = { noise: 51, pm25: 999.9 };
    const reading = { measuredAt: 0, values, extra: { noise_la_max: 60, co2: 400 }, flags: saturatedPm25 };
    const types = (publishes: () => boolean) => {
      const record = written({ sensorId: 1, text: '"location":{}' }, reading, { publishes, altitudeMetres: undefined });
      return record === undefined ? [] : typesOf(record);
    };
    expect(types(() => true)).toEqual(['noise_LAeq', 'noise_LA_max']);
    expect(types(() => false)).toEqual([]);
  });

  it('stand where the captures have them, for clients that read them by their place', () => {
    const QUANTITY_OF = { P1: 'pm10', P2: 'pm25', temperature: 'temperature', humidity: 'humidity' } as const;
    const places = new Set<string>();
    // In 2019 their files had climate in the order of the names; before and since it is that of the firmware.
    const isByName = ({ timestamp, sensor }: ServedRecord) =>
      timestamp.startsWith('2019') && ['DHT22', 'BME280'].includes(sensor.sensor_type.name);
    for (const record of CAPTURES.flatMap(captured).filter((each) => !isByName(each))) {
      const { pressure, ...numbers } = numbersOf(record);
      const values = {
        ...Object.fromEntries(Object.entries(QUANTITY_OF).map(([theirs, ours]) => [ours, numbers[theirs]])),
        ...(pressure !== undefined && { pressure: pressure / 100 }),
      };
      const frame = { sensorId: 1, text: '"location":{}', type: record.sensor.sensor_type.name };
      const reading = { measuredAt: 0, values, flags: 0 };
      const mine = written(frame, reading, { publishes: () => true, altitudeMetres: 1 })!;
      expect(typesOf(mine)).toEqual(typesOf(record));
      places.add(`${frame.type}: ${typesOf(mine).join(' ')}`);
    }
    expect([...places].sort()).toEqual([
      'BME280: temperature pressure humidity pressure_at_sealevel',
      'BMP180: pressure temperature pressure_at_sealevel',
      'BMP280: pressure temperature pressure_at_sealevel',
      'DHT22: temperature humidity',
      'SDS011: P1 P2',
      'SDS011: humidity',
    ]);
  });

  it('of instruments without a capture stand as the firmware sends them', () => {
    const values = { pm1: 1, pm25: 2, pm4: 3, pm10: 4 };
    const typesOfModel = (type: string) =>
      typesOf(written({ sensorId: 1, text: '"location":{}', type }, { measuredAt: 0, values, flags: 0 })!);
    expect(typesOfModel('SPS30')).toEqual(['P0', 'P2', 'P4', 'P1']);
    expect(typesOfModel('PMS5003').slice(0, 3)).toEqual(['P0', 'P1', 'P2']);
  });

  it('reduce pressure as their server does', () => {
    const [fragment] = captured('public-api-2019-bme280-sealevel-fragment.json');
    const all = [fragment!, ...captured('2019-04-16-data-excerpt.json')].filter(
      (record) => 'pressure_at_sealevel' in numbersOf(record),
    );
    expect(all.length).toBe(3);
    for (const record of all) {
      const { pressure = 0, temperature = 0, pressure_at_sealevel } = numbersOf(record);
      const reduced = pressureAtSeaLevel(pressure, Number(record.location.altitude), temperature);
      expect(Number(reduced.toFixed(2))).toBe(pressure_at_sealevel);
    }
  });

  it('leave out a pressure at sea level that is no number, which would spoil the whole file', () => {
    const reading = { measuredAt: 0, values: { temperature: 20, pressure: 1013 }, flags: 0 };
    for (const altitudeMetres of [-46_000, Number.POSITIVE_INFINITY]) {
      const record = written({ sensorId: 7, text: '"location":{}' }, reading, {
        publishes: () => true,
        altitudeMetres,
      });
      expect(typesOf(record!)).toEqual(['temperature', 'pressure']);
    }
  });

  it('name instruments as the captures do', () => {
    for (const { sensor } of CAPTURES.flatMap(captured)) {
      expect(sensorTypeOf(sensor.sensor_type.name.toLowerCase())).toEqual({ ...sensor.sensor_type, pin: sensor.pin });
    }
    expect(sensorTypeOf('sds011-2')).toEqual(sensorTypeOf('sds011'));
    expect(sensorTypeOf('dnms')).toMatchObject({ name: 'DNMS (Laerm)', pin: '15' });
  });
});

describe('digits', () => {
  it('are what JavaScript writes, for numbers of every length', () => {
    const random = randomNumbers(7);
    for (let turn = 0; turn < 5_000; turn++) {
      const whole = Math.floor(random() * 10 ** (random() * 15.9));
      expect(digits(putWhole, whole)).toBe(String(whole));
      const cents = Math.floor((random() - 0.3) * 10 ** (random() * 8));
      expect(digits(putTwoDecimals, cents / 100)).toBe((cents / 100).toFixed(2));
      expect(digits(putFullDecimals, cents / 100)).toBe((cents / 100).toFixed(2));
      const time = Math.floor(random() * 2_500_000_000_000);
      expect(digits(timeDigits, time)).toBe(new Date(time).toISOString().slice(0, 19).replace('T', ' '));
    }
    for (const whole of [0, 9, 10, 99_999_999, 100_000_000, 2 ** 53 - 1]) {
      expect(digits(putWhole, whole)).toBe(String(whole));
    }
  });

  it('keep every decimal of a measured number, and round a mean to two', () => {
    expect([0.005, 1.234567, -0.001, 1e21, 12345678901.25].map((value) => digits(putFullDecimals, value))).toEqual([
      '0.005',
      '1.234567',
      '-0.001',
      '1e+21',
      '12345678901.25',
    ]);
    const rounded = [1 / 3, -2 / 3, 1e9 + 0.126].map((value) => digits(putTwoDecimals, value));
    expect(rounded).toEqual(['0.33', '-0.67', '1000000000.13']);
  });
});
