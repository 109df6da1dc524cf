import { describe, expect, it } from '@jest/globals';
import { recordSchema } from '../../server/api/sensorCommunity.ts';
import { pressureAtSeaLevel } from '../../server/domain/seaLevel.ts';
import { measuredValues, recordText, timeText, valueText } from '../../server/sensorCommunity/recordText.ts';
import { sensorTypeOf } from '../../server/sensorCommunity/sensorTypes.ts';
import { CAPTURES, captured, numbersOf, type ServedRecord, shapeOf } from './records.ts';

const EVERYTHING = { publishes: () => true, altitudeMetres: undefined };

/** A record of ours with every kind of value. */
function ours(): ServedRecord {
  const frame = `"location":{"id":1,"latitude":"48.7","longitude":"9.3","altitude":"0.0","country":"DE","exact_location":0,"indoor":0},"sensor":{"id":7,"pin":"11","sensor_type":{"id":17,"name":"BME280","manufacturer":"Bosch"}}`;
  const values = measuredValues(
    { sensor: 'bme280', measuredAt: 0, values: { temperature: 4.06, humidity: 100, pressure: 1027.4594 }, flags: 0 },
    { publishes: () => true, altitudeMetres: 12.7 },
  );
  const text = recordText({ sensorId: 7, text: frame }, { measuredAt: Date.UTC(2026, 10, 26, 9, 5, 3), values });
  return JSON.parse(text) as ServedRecord;
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
      { id: expect.any(Number), value: '100.00', value_type: 'humidity' },
      { id: expect.any(Number), value: '102745.94', value_type: 'pressure' },
      { value: 102906.83, value_type: 'pressure_at_sealevel' },
    ]);
  });

  it('tells the time as UTC without saying so', () => {
    expect(ours().timestamp).toBe('2026-11-26 09:05:03');
    expect(timeText(Date.UTC(2020, 9, 18, 15, 16, 17, 999))).toBe('2020-10-18 15:16:17');
  });

  it('has ids that stay below 2^53 and differ by sensor, second and value', () => {
    const at = (sensorId: number, second: number) => {
      const frame = { sensorId, text: '"location":{},"sensor":{}' };
      const values = measuredValues(
        { sensor: 'sds011', measuredAt: 0, values: { pm25: 1, pm10: 2 }, flags: 0 },
        EVERYTHING,
      );
      return JSON.parse(
        recordText(frame, { measuredAt: Date.UTC(2053, 0, 1) + second * 1000, values }),
      ) as ServedRecord;
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
  ])('%p is written %p', (value, text) => expect(valueText(value)).toBe(text));

  it('leave out what the instrument cannot have measured, and what the host keeps private', () => {
    const reading = {
      sensor: 'dnms',
      measuredAt: 0,
      values: { noise: 51, pm25: 999.9 },
      extra: { noise_la_max: 60, co2: 400 },
    };
    const saturatedPm25 = 2 ** (9 + 1);
    const types = (publishes: () => boolean) =>
      measuredValues({ ...reading, flags: saturatedPm25 }, { publishes, altitudeMetres: undefined }).map(
        ({ type }) => type,
      );
    expect(types(() => true)).toEqual(['noise_LAeq', 'noise_LA_max']);
    expect(types(() => false)).toEqual([]);
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

  it('name instruments as the captures do', () => {
    for (const { sensor } of CAPTURES.flatMap(captured)) {
      expect(sensorTypeOf(sensor.sensor_type.name.toLowerCase())).toEqual({ ...sensor.sensor_type, pin: sensor.pin });
    }
    expect(sensorTypeOf('sds011-2')).toEqual(sensorTypeOf('sds011'));
    expect(sensorTypeOf('dnms')).toMatchObject({ name: 'DNMS (Laerm)', pin: '15' });
  });
});
