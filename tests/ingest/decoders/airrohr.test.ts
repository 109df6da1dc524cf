import { describe, expect, it } from '@jest/globals';
import { airrohrBody, refusalOf, refusedOf, understood } from './decoding.ts';

describe('an airRohr body', () => {
  it('may carry numbers instead of texts, and blanks', () => {
    const body =
      '{ "sensordatavalues": [ {"value": 12.43, "value_type": "SDS_P1"}, {"value_type":"SDS_P2","value":7} ] }';
    expect(understood('airrohr', body).sensors).toEqual([{ sensor: 'sds011', values: { pm10: 12.43, pm25: 7 } }]);
  });

  it('may begin on a new line', () => {
    const body = `\r\n\t ${airrohrBody([['SDS_P2', '7']])}\n`;
    expect(understood('airrohr', body).sensors).toEqual([{ sensor: 'sds011', values: { pm25: 7 } }]);
  });

  it.each([
    ['esp8266id', { esp8266id: '15303512' }, '15303512'],
    ['a numeric esp8266id', { esp8266id: 15303512 }, '15303512'],
    ['an empty esp8266id', { esp8266id: '' }, undefined],
    ['no id', {}, undefined],
    ['an id that is an object', { esp8266id: {} }, undefined],
  ])('with %s claims that device or none', (_, head, expected) => {
    expect(understood('airrohr', airrohrBody([['SDS_P1', '1']], head)).claimedDeviceId).toBe(expected);
  });

  it.each([
    ['SDS_P1', 'sds011', { pm10: 5 }],
    ['SDS_P2', 'sds011', { pm25: 5 }],
    ['PMS_P0', 'pms', { pm1: 5 }],
    ['PMS2_P0', 'pms-2', { pm1: 5 }],
    ['HPM_P2', 'hpm', { pm25: 5 }],
    ['NPM_P0', 'npm', { pm1: 5 }],
    ['IPS_P1', 'ips7100', { pm10: 5 }],
    ['SPS30_P4', 'sps30', { pm4: 5 }],
    ['SEN5X_P4', 'sen5x', { pm4: 5 }],
    ['SEN5X_temperature', 'sen5x', { temperature: 5 }],
    ['temperature', 'dht22', { temperature: 5 }],
    ['humidity', 'dht22', { humidity: 5 }],
    ['pressure', 'barometer', { pressure: 5 }],
    ['HTU21D_humidity', 'htu21d', { humidity: 5 }],
    ['BMP_temperature', 'bmp180', { temperature: 5 }],
    ['BMP280_temperature', 'bmp280', { temperature: 5 }],
    ['BME280_humidity', 'bme280', { humidity: 5 }],
    ['SHT3X_temperature', 'sht3x', { temperature: 5 }],
    ['SCD30_humidity', 'scd30', { humidity: 5 }],
    ['DS18B20_temperature', 'ds18b20', { temperature: 5 }],
    ['AHT20_humidity', 'aht20', { humidity: 5 }],
    ['DNMS_noise_LAeq', 'dnms', { noise: 5 }],
    ['noise_LAeq', 'dnms', { noise: 5 }],
    ['P0', 'pm', { pm1: 5 }],
    ['P1', 'pm', { pm10: 5 }],
    ['P2', 'pm', { pm25: 5 }],
    ['P4', 'pm', { pm4: 5 }],
  ])('files %s under %s', (name, sensor, values) => {
    expect(understood('airrohr', airrohrBody([[name, '5']])).sensors).toEqual([{ sensor, values }]);
  });

  it.each([
    ['NPM_N10', 'npm', 'n10'],
    ['IPS_P01', 'ips7100', 'p01'],
    ['IPS_P5', 'ips7100', 'p5'],
    ['SPS30_TS', 'sps30', 'ts'],
    ['SPS30_new_thing', 'sps30', 'new_thing'],
    ['SEN5X_voc', 'sen5x', 'voc'],
    ['SCD30_co2_ppm', 'scd30', 'co2_ppm'],
    ['DNMS_noise_LA_max', 'dnms', 'noise_la_max'],
    ['HECA_temperature', 'heca', 'temperature'],
    ['conc_co2_ppm', 'other', 'conc_co2_ppm'],
    ['FOO_Bar', 'other', 'foo_bar'],
    ['sds_p1', 'other', 'sds_p1'],
    ['CF2.5', 'other', 'cf2_5'],
    ['constructor', 'other', 'constructor'],
    ['SDS_constructor', 'sds011', 'constructor'],
  ])('keeps %s as an extra of %s', (name, sensor, extra) => {
    expect(understood('airrohr', airrohrBody([[name, '5.5']])).sensors).toEqual([
      { sensor, values: {}, extra: { [extra]: 5.5 } },
    ]);
  });

  it('keeps the counts of a PPD42NS apart from mass, in any order', () => {
    const counts = [
      ['P1', '0.62'],
      ['durP1', '0'],
      ['ratioP1', '0.1'],
      ['P2', '0.5'],
    ] as const;
    const extra = { p1: 0.62, durp1: 0, ratiop1: 0.1, p2: 0.5 };
    expect(understood('airrohr', airrohrBody(counts)).sensors).toEqual([{ sensor: 'ppd42ns', values: {}, extra }]);
    expect(understood('airrohr', airrohrBody(counts.toReversed())).sensors).toEqual([
      { sensor: 'ppd42ns', values: {}, extra },
    ]);
  });

  it.each(['durP1', 'durP2'])('knows a PPD42NS by %s alone', (name) => {
    const body = airrohrBody([
      ['P2', '0.5'],
      [name, '0'],
    ]);
    expect(understood('airrohr', body).sensors).toStrictEqual([
      { sensor: 'ppd42ns', values: {}, extra: { p2: 0.5, [name.toLowerCase()]: 0 } },
    ]);
  });

  it('keeps two instruments of a kind apart', () => {
    const { sensors } = understood(
      'airrohr',
      airrohrBody([
        ['PMS_P1', '1'],
        ['PMS2_P1', '2'],
        ['SDS_P1', '3'],
      ]),
    );
    expect(sensors.map(({ sensor, values }) => [sensor, values.pm10])).toEqual([
      ['pms', 1],
      ['pms-2', 2],
      ['sds011', 3],
    ]);
  });

  it('takes the first of two equal names and refuses the second', () => {
    const body = airrohrBody([
      ['SDS_P1', '1'],
      ['SDS_P1', '2'],
      ['X', '1'],
      ['X', '2'],
      ['signal', '-1'],
      ['signal', '-2'],
    ]);
    const message = understood('airrohr', body);
    expect(message.sensors[0]?.values).toEqual({ pm10: 1 });
    expect(message.health).toEqual({ signal: -1 });
    expect(refusedOf(message)).toEqual(['SDS_P1 conflict', 'X conflict', 'signal conflict']);
  });
});

describe('pressure', () => {
  it.each([
    ['99655.97', 996.5597],
    ['102201.18', 1022.0118],
    ['996.56', 996.56],
    ['57500', 575],
    ['10000', 100],
    ['9999.99', 9999.99],
    ['99655.972', 996.5597],
  ])('%s is %d hPa', (raw, expected) => {
    expect(understood('airrohr', airrohrBody([['BME280_pressure', raw]])).sensors[0]?.values.pressure).toBe(expected);
  });

  it('alone is taken for Pa when it is large: particulate matter of an SPS30 is not', () => {
    const body = airrohrBody([
      ['SPS30_P1', '30000'],
      ['SPS30_P2', '20000'],
    ]);
    expect(understood('airrohr', body).sensors[0]?.values).toStrictEqual({ pm10: 30_000, pm25: 20_000 });
  });
});

describe('device health', () => {
  it.each([
    ['-78 dBm', -78],
    ['-65dBm', -65],
    ['-101 dBm', -101],
    ['-9dBm', -9],
    ['-65', -65],
    [-65, -65],
  ])('reads the signal %p', (raw, expected) => {
    expect(understood('airrohr', airrohrBody([['signal', raw]])).health).toEqual({ signal: expected });
  });

  it.each([
    [['signal', 'weak'], 'signal not-a-number'],
    [['samples', '2000000000'], 'samples out-of-bounds'],
    [['min_micro', '1000000000'], 'min_micro no-value-marker'],
    [['samples', '5 dBm'], 'samples not-a-number'],
  ] as const)('refuses %p', (entry, expected) => {
    const message = understood('airrohr', airrohrBody([entry]));
    expect(message.health).toEqual({});
    expect(refusedOf(message)).toEqual([expected]);
  });

  it('keeps the first 40 characters of the version', () => {
    const { health } = understood('airrohr', airrohrBody([], { software_version: 'N'.repeat(100) }));
    expect(health.firmware).toBe('N'.repeat(40));
    expect(understood('airrohr', airrohrBody([], { software_version: 7 })).health).toEqual({});
    expect(understood('airrohr', airrohrBody([], { software_version: '' })).health).toStrictEqual({});
  });

  it('has its largest number at 1e9, which only min_micro means as no value', () => {
    expect(understood('airrohr', airrohrBody([['max_micro', '1000000000']])).health).toStrictEqual({ maxMicro: 1e9 });
  });
});

describe('a field that is no number', () => {
  it.each(['nan', 'NaN', '-nan', 'inf', '', ' ', '12,5', '0x10', '1e', '%.1f', 'unavailable', true, null, {}, ['1']])(
    '%p is refused and the rest stays',
    (raw) => {
      const message = understood(
        'airrohr',
        airrohrBody([
          ['SDS_P1', raw],
          ['SDS_P2', '7'],
        ]),
      );
      expect(message.sensors).toEqual([{ sensor: 'sds011', values: { pm25: 7 } }]);
      expect(refusedOf(message)).toEqual(['SDS_P1 not-a-number']);
    },
  );

  it.each(['{"value":"1"}', '{"value_type":7,"value":"1"}', '"SDS_P1"', 'null', '[]'])(
    'entry %s is refused',
    (entry) => {
      const message = understood('airrohr', `{"sensordatavalues":[${entry},{"value_type":"SDS_P2","value":"7"}]}`);
      expect(message.sensors).toEqual([{ sensor: 'sds011', values: { pm25: 7 } }]);
      expect(refusedOf(message)).toEqual(['sensordatavalues unreadable']);
    },
  );

  it.each(['__proto__', '_', '---', 'µ', 'x'.repeat(41)])('a name like %s is refused', (name) => {
    expect(refusedOf(understood('airrohr', airrohrBody([[name, '1']])))).toEqual([`${name.slice(0, 40)} unreadable`]);
  });
});

describe('what our bridge adds', () => {
  it("a time is the message's own", () => {
    const head = { timestamp: '2018-11-05T18:30:00.250Z' };
    expect(understood('airrohr', airrohrBody([['SDS_P1', '1']], head)).claimedAt).toBe(1_541_442_600_250);
  });

  it.each(['2018-11-05 18:30:00', '2018-11-05T18:30:00', '2018-02-30T00:00:00Z', '', 1_541_442_600_250, null])(
    'a time like %p is unreadable',
    (timestamp) => {
      expect(refusalOf('airrohr', airrohrBody([['SDS_P1', '1']], { timestamp }))).toBe('time-unreadable');
    },
  );

  it.each([
    [1, 'P2', 'pm', { values: { pm25: 5 } }],
    [1, 'TS', 'pm', { values: {}, extra: { ts: 5 } }],
    [3, 'pressure', 'barometer', { values: { pressure: 5 } }],
    [5, 'P1', 'ppd42ns', { values: {}, extra: { p1: 5 } }],
    [7, 'temperature', 'hygrometer', { values: { temperature: 5 } }],
    ['11', 'humidity', 'bme280', { values: { humidity: 5 } }],
    [13, 'temperature', 'ds18b20', { values: { temperature: 5 } }],
    [15, 'noise_LAeq', 'dnms', { values: { noise: 5 } }],
    [16, 'P4', 'sen5x', { values: { pm4: 5 } }],
    [16, 'SEN5X_P4', 'sen5x', { values: { pm4: 5 } }],
    [17, 'co2_ppm', 'scd30', { values: {}, extra: { co2_ppm: 5 } }],
    [0, 'temperature', 'dht22', { values: { temperature: 5 } }],
    [99, 'temperature', 'dht22', { values: { temperature: 5 } }],
  ])('pin %p makes %s a value of %s', (pin, name, sensor, rest) => {
    expect(understood('airrohr', airrohrBody([[name, '5']], { pin })).sensors).toEqual([{ sensor, ...rest }]);
  });
});
