import { describe, expect, it } from '@jest/globals';
import { parseInfluxLine } from '../../../server/ingest/decoders/influxLine.ts';
import { refusalOf, refusedOf, understood } from './decoding.ts';

describe('a line of line protocol', () => {
  it('is taken apart', () => {
    expect(parseInfluxLine('feinstaub,node=esp8266-1,room=a SDS_P1=12.43,n=1250i,u=60u 1541442600000000000\n')).toEqual(
      {
        measurement: 'feinstaub',
        tags: new Map([
          ['node', 'esp8266-1'],
          ['room', 'a'],
        ]),
        fields: [
          ['SDS_P1', '12.43'],
          ['n', '1250'],
          ['u', '60'],
        ],
        timestamp: '1541442600000000000',
      },
    );
  });

  it('may have escapes and quoted texts', () => {
    expect(parseInfluxLine(String.raw`my\ air\,\=,no\,de=a\ b\=c f\ g="a, b=\"c\" d",h=1`)).toEqual({
      measurement: 'my air,=',
      tags: new Map([['no,de', 'a b=c']]),
      fields: [
        ['f g', 'a, b="c" d'],
        ['h', '1'],
      ],
    });
  });

  it.each([
    ['nothing', ''],
    ['no fields', 'feinstaub,node=a'],
    ['an empty field set', 'feinstaub,node=a '],
    ['no measurement', ',node=a SDS_P1=1'],
    ['a field without a value', 'feinstaub SDS_P1='],
    ['a field without a name', 'feinstaub =1'],
    ['a field that is no pair', 'feinstaub SDS_P1'],
    ['a field with two values', 'feinstaub SDS_P1=1=2'],
    ['a tag that is no pair', 'feinstaub,node SDS_P1=1'],
    ['a time that is no integer', 'feinstaub SDS_P1=1 now'],
    ['something after the time', 'feinstaub SDS_P1=1 1 2'],
    ['two lines', 'feinstaub SDS_P1=1\nfeinstaub SDS_P1=2'],
  ])('with %s is none', (_, text) => {
    expect(parseInfluxLine(text)).toBeUndefined();
    expect(refusalOf('airrohr', text)).toBe('unreadable');
  });
});

describe("the firmware's InfluxDB target", () => {
  const line = 'feinstaub,node=esp8266-15303512 SDS_P1=12.43,temperature="nan",GPS_timestamp="",signal=-65';

  it('carries the same names as the body', () => {
    const message = understood('airrohr', `${line}\n`);
    expect(message).toStrictEqual({
      format: 'airrohr',
      claimedDeviceId: 'esp8266-15303512',
      sensors: [{ sensor: 'sds011', values: { pm10: 12.43 } }],
      health: { signal: -65 },
      refusedFields: [
        { field: 'temperature', reason: 'not-a-number' },
        { field: 'GPS_timestamp', reason: 'no-value-marker' },
      ],
    });
  });

  it.each(['"57', '157"'])('%s is no number: half a quote may be half a value', (value) => {
    const message = understood('airrohr', `feinstaub SDS_P1=${value}`);
    expect(message.sensors).toStrictEqual([]);
    expect(refusedOf(message)).toStrictEqual(['SDS_P1 not-a-number']);
  });

  it('may carry a time in nanoseconds', () => {
    expect(understood('airrohr', `${line} 1541442600123000000`).claimedAt).toBe(1_541_442_600_123);
  });

  it('may come from a PPD42NS', () => {
    expect(refusedOf(understood('airrohr', 'feinstaub P1=0.62,durP1=0'))).toEqual([]);
    expect(understood('airrohr', 'feinstaub P1=0.62,durP1=0').sensors[0]?.sensor).toBe('ppd42ns');
  });

  it('is refused when it has more than 100 fields', () => {
    const fields = Array.from({ length: 101 }, (_, n) => `n${n}=1`).join(',');
    expect(refusalOf('airrohr', `feinstaub ${fields}`)).toBe('too-large');
    const markers = Array(101).fill('GPS_lat="1970"').join(',');
    expect(refusalOf('airrohr', `feinstaub ${markers}`)).toBe('too-large');
  });
});
