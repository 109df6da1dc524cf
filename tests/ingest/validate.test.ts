import { describe, expect, it } from '@jest/globals';
import { flagBit, flagsOf } from '../../server/domain/assessment/flag.ts';
import { type DeviceMessage, isRejection, type Reading, type Values } from '../../server/domain/reading.ts';
import { type Validated, type ValidationContext, validate } from '../../server/ingest/validate.ts';

const CONTEXT: ValidationContext = { stationId: 'abcdefghij', measuredAt: 1000, sensorModels: [], isClaimed: false };

function message(sensors: DeviceMessage['sensors'], more: Partial<DeviceMessage> = {}): DeviceMessage {
  return { format: 'airrohr', sensors, health: {}, refusedFields: [], ...more };
}

function judged(input: DeviceMessage, context: Partial<ValidationContext> = {}): Validated {
  const result = validate(input, { ...CONTEXT, ...context });
  if (isRejection(result)) throw new Error(result.detail);
  return result;
}

function readingOf(sensor: string, values: Values): Reading {
  return judged(message([{ sensor, values }])).readings[0]!;
}

describe('a value by itself', () => {
  it.each([
    ['sds011', 'pm25', 12.4, []],
    ['sds011', 'pm25', 999.8, []],
    ['sds011', 'pm25', 999.9, ['saturated']],
    ['sds011', 'pm25', 1000, ['out-of-range']],
    ['sds011', 'pm10', 999.9, []],
    ['sds011', 'pm10', 1999.9, ['saturated']],
    ['sds011', 'pm10', 2000, ['out-of-range']],
    ['sds011-2', 'pm10', 1999.9, ['saturated']],
    ['sds011', 'pm25', 0, []],
    ['sds011', 'pm25', -0.1, ['out-of-range']],
    ['sps30', 'pm25', 1500, []],
    ['pms', 'pm10', 10_001, ['out-of-range']],
    ['dht22', 'humidity', 99.8, []],
    ['dht22', 'humidity', 99.9, ['humidity-end-stop']],
    ['bme280', 'humidity', 100, ['humidity-end-stop']],
    ['bme280', 'humidity', 100.1, ['out-of-range']],
    ['dht22', 'humidity', 1.1, []],
    ['dht22', 'humidity', 1, ['humidity-end-stop']],
    ['dht22', 'humidity', 0, ['humidity-end-stop']],
    ['htu21d', 'humidity', 118, ['humidity-end-stop']],
    ['htu21d', 'humidity', 120, ['out-of-range']],
    ['bme280', 'temperature', -145, ['out-of-range']],
    ['bme280', 'temperature', -40, []],
    ['bme280', 'temperature', -1, []],
    ['dht22', 'temperature', 85.1, ['out-of-range']],
    ['ds18b20', 'temperature', 85, ['out-of-range']],
    ['ds18b20', 'temperature', -5.5, []],
    ['ds18b20', 'temperature', 0, []],
    ['bme280', 'temperature', -127, ['out-of-range']],
    ['other', 'pm10', 1e9, ['out-of-range']],
    ['other', 'pm10', -1e9, ['out-of-range']],
    ['bme280', 'pressure', 575, ['out-of-range']],
    ['bmp180', 'pressure', 1013, []],
    ['bmp180', 'pressure', 1101, ['out-of-range']],
    ['dnms', 'noise', 48.2, []],
    ['dnms', 'noise', 0, ['out-of-range']],
    ['mystery', 'pm25', 5, []],
    ['mystery', 'pm25', 20_000, ['out-of-range']],
  ] as const)('%s %s %d carries %p', (sensor, quantity, value, expected) => {
    const reading = readingOf(sensor, { [quantity]: value });
    expect(reading.values).toEqual({ [quantity]: value });
    expect(flagsOf(reading.flags, quantity)).toEqual(expected);
  });

  it.each([
    ['sds011', 'pm25', -1, 'no-value-marker'],
    ['sds011', 'pm10', -128, 'no-value-marker'],
    ['bme280', 'humidity', -1, 'no-value-marker'],
    ['bme280', 'pressure', -1, 'no-value-marker'],
    ['dnms', 'noise', -1, 'no-value-marker'],
    ['bme280', 'temperature', -128, 'no-value-marker'],
    ['ds18b20-2', 'temperature', -127, 'no-value-marker'],
    ['sds011', 'pm25', 1e9 + 1, 'out-of-bounds'],
    ['sds011', 'pm25', -1e10, 'out-of-bounds'],
    ['sds011', 'pm25', Number.NaN, 'not-a-number'],
    ['sds011', 'pm25', Number.POSITIVE_INFINITY, 'not-a-number'],
  ] as const)('%s %s %d is refused: %s', (sensor, quantity, value, reason) => {
    const input = message([{ sensor, values: { [quantity]: value }, extra: { kept: 7 } }]);
    const { readings, refused } = judged(input);
    expect(readings).toEqual([
      { stationId: 'abcdefghij', sensor, measuredAt: 1000, values: {}, extra: { kept: 7 }, flags: 0 },
    ]);
    expect(refused).toEqual([{ field: `${sensor}.${quantity}`, reason }]);
    expect(input.sensors[0]?.values).toEqual({ [quantity]: value });
  });

  it('may be refused beside others of its instrument', () => {
    const { readings, refused } = judged(message([{ sensor: 'pms', values: { pm1: -1, pm25: 7, pm10: -1 } }]));
    expect(readings[0]?.values).toEqual({ pm25: 7 });
    expect(refused.map(({ field }) => field)).toEqual(['pms.pm1', 'pms.pm10']);
  });

  it('may be refused beside others that nobody asked for, and the message stays as it came', () => {
    const came = () =>
      message([{ sensor: 'other', values: {}, extra: { a: 2e9, b: 7, c: -2e9 } }], {
        refusedFields: [{ field: 'd', reason: 'unreadable' }],
      });
    const input = came();
    const { readings, refused } = judged(input);
    expect(readings[0]?.extra).toStrictEqual({ b: 7 });
    expect(refused.map(({ field }) => field)).toStrictEqual(['d', 'other.a', 'other.c']);
    expect(input).toStrictEqual(came());
  });

  it('of a quantity we do not know has no marker, only bounds', () => {
    const { readings, refused } = judged(message([{ sensor: 'other', values: {}, extra: { a: -1, b: 2e9, c: -128 } }]));
    expect(readings[0]?.extra).toEqual({ a: -1, c: -128 });
    expect(refused).toEqual([{ field: 'other.b', reason: 'out-of-bounds' }]);
  });
});

describe('a hung BME280', () => {
  it('loses pressure and humidity with its temperature', () => {
    const { flags } = readingOf('bme280', { temperature: -145.3, pressure: 980, humidity: 100 });
    expect(flagsOf(flags, 'temperature')).toEqual(['out-of-range']);
    expect(flagsOf(flags, 'pressure')).toEqual(['out-of-range']);
    expect(flagsOf(flags, 'humidity')).toEqual(['out-of-range', 'humidity-end-stop']);
  });

  it('says nothing of what it did not send', () => {
    const { flags } = readingOf('bme280', { temperature: -145.3 });
    expect(flags).toBe(flagBit('out-of-range', 'temperature'));
  });

  it('keeps its temperature when only the pressure is off', () => {
    const { flags } = readingOf('bme280', { temperature: 20, pressure: 575, humidity: 50 });
    expect(flagsOf(flags, 'temperature')).toEqual([]);
    expect(flagsOf(flags, 'pressure')).toEqual(['out-of-range']);
  });

  it('does not condemn an instrument that measures both by themselves', () => {
    const { flags } = readingOf('dht22', { temperature: -145, humidity: 50 });
    expect(flagsOf(flags, 'humidity')).toEqual([]);
  });
});

describe('a message', () => {
  it('becomes one reading an instrument with the time and station given', () => {
    const { readings, refused } = judged(
      message(
        [
          { sensor: 'sds011', values: { pm10: 12.43, pm25: 7.87 } },
          { sensor: 'heca', values: {}, extra: { temperature: 30 } },
          { sensor: 'empty', values: {}, extra: {} },
        ],
        { refusedFields: [{ field: 'BME280_humidity', reason: 'not-a-number' }] },
      ),
    );
    expect(readings).toEqual([
      { stationId: 'abcdefghij', sensor: 'sds011', measuredAt: 1000, values: { pm10: 12.43, pm25: 7.87 }, flags: 0 },
      { stationId: 'abcdefghij', sensor: 'heca', measuredAt: 1000, values: {}, extra: { temperature: 30 }, flags: 0 },
    ]);
    expect(refused).toEqual([{ field: 'BME280_humidity', reason: 'not-a-number' }]);
  });

  it('with a time of its own says so on every reading', () => {
    const sensors = [
      { sensor: 'sds011', values: { pm25: 999.9 } },
      { sensor: 'dht22', values: { humidity: 50 } },
    ];
    const { readings } = judged(message(sensors), { isClaimed: true });
    expect(readings.map(({ flags }) => flagsOf(flags, 'pm25'))).toEqual([['claimed', 'saturated'], ['claimed']]);
  });

  it.each([
    ['nothing in it', message([]), 'The message carries no measured value.'],
    [
      'only what the decoder refused',
      message([], { refusedFields: [{ field: 'pm_2_5', reason: 'not-a-number' }] }),
      'No usable value: pm_2_5 not-a-number.',
    ],
    [
      'only markers',
      message([{ sensor: 'sds011', values: { pm25: -1 } }]),
      'No usable value: sds011.pm25 no-value-marker.',
    ],
  ])('with %s is refused', (_, input, detail) => {
    expect(validate(input, CONTEXT)).toEqual({ kind: 'rejection', reason: 'no-values', detail });
  });

  it('with a position and nothing else stands beside the readings: its host hears of no fault', () => {
    const refused = validate(message([], { isPositionOnly: true }), CONTEXT);
    expect(refused).toMatchObject({ kind: 'rejection', reason: 'no-values', isBeside: true });
  });
});

describe('an instrument without a model', () => {
  it.each([
    ['pm', ['sds011', 'dht22'], 'sds011'],
    ['pm', ['SDS011'], 'sds011'],
    ['pm', ['sds011', 'sps30'], 'pm'],
    ['pm', ['dht22'], 'pm'],
    ['pm', ['sen5x'], 'sen5x'],
    ['pm', ['home-made'], 'pm'],
    ['climate', ['sds011', 'bme280'], 'bme280'],
    ['climate', ['dht22', 'bme280'], 'climate'],
    ['hygrometer', ['dht22', 'bme280'], 'dht22'],
    ['hygrometer', ['bme280'], 'hygrometer'],
    ['barometer', ['bmp280', 'bme280'], 'bmp280'],
    ['noise', ['dnms'], 'dnms'],
    ['other', ['sds011'], 'other'],
    ['constructor', ['sds011'], 'constructor'],
  ])('%s at a station with %p is %s', (sensor, sensorModels, expected) => {
    const { readings } = judged(message([{ sensor, values: { pm25: 5 } }]), { sensorModels });
    expect(readings[0]?.sensor).toBe(expected);
  });

  it('does not take the name of another in the same message', () => {
    const sensors = [
      { sensor: 'pm', values: { pm25: 5 } },
      { sensor: 'sds011', values: { pm25: 6 } },
    ];
    const { readings } = judged(message(sensors), { sensorModels: ['sds011'] });
    expect(readings.map(({ sensor }) => sensor)).toEqual(['pm', 'sds011']);
  });

  it('is judged as the model it turns out to be', () => {
    const { readings } = judged(message([{ sensor: 'pm', values: { pm25: 999.9 } }]), { sensorModels: ['sds011'] });
    expect(flagsOf(readings[0]!.flags, 'pm25')).toEqual(['saturated']);
  });
});
