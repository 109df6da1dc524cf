import { describe, expect, it } from '@jest/globals';
import { airrohrBody, refusedOf, understood } from './decoding.ts';

describe('a position in an airRohr body', () => {
  it('leaves no trace', () => {
    const names = ['GPS_lat', 'GPS_lon', 'GPS_height', 'GPS_timestamp', 'GPS_date', 'GPS_speed', 'lat', 'my_longitude'];
    const message = understood('airrohr', airrohrBody(names.map((name) => [name, '48.512345'] as const)));
    expect(message).toEqual({
      ...{ format: 'airrohr', sensors: [], health: {}, refusedFields: [] },
      isPositionOnly: true,
    });
  });

  it('on pin 9 leaves no trace either', () => {
    const body = airrohrBody(
      [
        ['lat', '48.5'],
        ['lon', '9.2'],
        ['height', '400'],
        ['timestamp', '2018'],
      ],
      { pin: 9 },
    );
    expect(understood('airrohr', body)).toMatchObject({ sensors: [], refusedFields: [] });
  });

  it.each<[string, boolean, [string, string][], Record<string, unknown>]>([
    [
      'a receiver and health, but no instrument',
      false,
      [
        ['GPS_lat', '48.5'],
        ['min_micro', '1000000000'],
        ['signal', '-65'],
      ],
      {},
    ],
    ['a word of a receiver that is in no table', true, [['GPS_speed', '0.3']], {}],
    ['a coordinate under a name of its own', true, [['my_longitude', '9.2']], {}],
    [
      'a receiver without a fix',
      true,
      [
        ['GPS_lat', '-200.000000'],
        ['GPS_timestamp', ''],
      ],
      {},
    ],
    [
      'the push of pin 9',
      true,
      [
        ['lat', '48.5'],
        ['lon', '9.2'],
      ],
      { pin: 9 },
    ],
    [
      'a receiver and a value',
      false,
      [
        ['GPS_lat', '48.5'],
        ['SDS_P1', '3'],
      ],
      {},
    ],
    [
      'a receiver and an instrument that failed',
      false,
      [
        ['GPS_lat', '48.5'],
        ['BME280_humidity', 'nan'],
      ],
      {},
    ],
    ['the health of the device', false, [['signal', '-65']], {}],
    ['nothing', false, [], {}],
  ])('may be all there is: %s, %p', (_what, isPositionOnly, fields, head) => {
    expect(understood('airrohr', airrohrBody(fields, head)).isPositionOnly ?? false).toBe(isPositionOnly);
  });

  it.each<[string, string | number]>([
    ['GPS_lat', '-200.000000'],
    ['GPS_lon', -200],
    ['GPS_height', '-1000.00'],
    ['GPS_timestamp', ''],
    ['GPS_timestamp', '1970-01-01T00:00:00.000'],
    ['GPS_date', '1970/01/01'],
  ])('%s "%s" is told as the receiver having none', (name, raw) => {
    expect(refusedOf(understood('airrohr', airrohrBody([[name, raw]])))).toEqual([`${name} no-value-marker`]);
  });
});
