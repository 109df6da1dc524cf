import { describe, expect, it } from '@jest/globals';
import { replaceNanTokens } from '../../../server/ingest/decoders/nanTokens.ts';
import { refusalOf, refusedOf, understood } from './decoding.ts';

function sensorsOf(body: unknown) {
  return understood('tasmota', JSON.stringify(body)).sensors;
}

describe('a Tasmota message', () => {
  it.each([
    ['SDS0X1', 'sds011'],
    ['PMS3003', 'pms3003'],
    ['PMS5003', 'pms5003'],
    ['PMSX003', 'pms'],
    ['PMSx003', 'pms'],
    ['PMSA003I', 'pmsa003i'],
    ['SPS30', 'sps30'],
    ['SEN5X', 'sen5x'],
    ['BME280', 'bme280'],
    ['BME280-76', 'bme280'],
    ['BME280-77', 'bme280-2'],
    ['BME280_77', 'bme280-2'],
    ['BMP280-76-0', 'bmp280'],
    ['BMP280-76-1', 'bmp280-3'],
    ['SHT3X-45', 'sht3x-2'],
    ['AM2301', 'dht22'],
    ['AM2301-04', 'dht22-4'],
    ['DHT22', 'dht22'],
    ['HTU21', 'htu21d'],
    ['SI7021', 'htu21d'],
    ['DS18B20', 'ds18b20'],
    ['DS18B20-1', 'ds18b20'],
    ['DS18B20-2', 'ds18b20-2'],
    ['HPMA', 'hpm'],
    ['BMP180', 'bmp180'],
    ['BMP280', 'bmp280'],
    ['BME680', 'bme680'],
    ['DHT11', 'dht11'],
    ['DHT11-05', 'dht11-5'],
    ['SI7013', 'htu21d'],
    ['SI7020', 'htu21d'],
    ['SHTC3', 'shtc3'],
    ['SHTC3-70', 'shtc3'],
    ['SHT3X-44', 'sht3x'],
    ['SHT4X', 'sht4x'],
    ['AHT1X', 'aht10'],
    ['AHT2X-38', 'aht20'],
    ['AHT2X-39', 'aht20-2'],
    ['SCD30', 'scd30'],
    ['SCD40', 'scd4x'],
  ])('names %s %s', (name, sensor) => {
    expect(sensorsOf({ [name]: { Temperature: 20.5 } })).toEqual([{ sensor, values: { temperature: 20.5 } }]);
  });

  it.each(['BME280-FF', 'BME280-', 'MHZ19B', 'ESP32', 'DS18B20-0', 'bme280'])(
    'keeps the numbers of %s without judging them',
    (name) => {
      const [other] = sensorsOf({ [name]: { Temperature: 20.5, Id: '01131B' } });
      expect(other).toMatchObject({ sensor: 'other', values: {} });
      expect(Object.values(other?.extra ?? {})).toEqual([20.5]);
    },
  );

  it('keeps no id, though one may consist of digits', () => {
    const message = understood('tasmota', '{"DS18B20":{"Id":"011312345678","Temperature":20.5}}');
    expect(message.sensors).toStrictEqual([{ sensor: 'ds18b20', values: { temperature: 20.5 } }]);
    expect(refusedOf(message)).toStrictEqual([]);
  });

  it('may list two of a kind', () => {
    expect(sensorsOf({ DS18B20: [{ Temperature: 20 }, { Temperature: 21 }, 'x'], Names: ['a'] })).toEqual([
      { sensor: 'ds18b20', values: { temperature: 20 } },
      { sensor: 'ds18b20-2', values: { temperature: 21 } },
    ]);
  });

  it('keeps every name of particulate matter', () => {
    const names = { PM1: 1, 'PM2.5': 2, PM4: 4, PM10: 10 };
    const values = { pm1: 1, pm25: 2, pm4: 4, pm10: 10 };
    expect(sensorsOf({ SEN5X: names })).toEqual([{ sensor: 'sen5x', values }]);
    expect(sensorsOf({ SPS30: { PM1_0: 1, PM2_5: 2, PM4_0: 4, PM10: 10 } })).toEqual([{ sensor: 'sps30', values }]);
  });

  it('never takes its time, which is local without an offset', () => {
    const message = understood('tasmota', '{"Time":"2023-05-21T01:06:38","BME280":{"Temperature":20.5}}');
    expect('claimedAt' in message).toBe(false);
  });

  it('drops the position of a GPS', () => {
    expect(sensorsOf({ GPS: { lat: 48.512345, lon: 9.21, spd: 0.4 } })).toEqual([
      { sensor: 'other', values: {}, extra: { gps_spd: 0.4 } },
    ]);
  });
});

describe('units of a Tasmota message', () => {
  it.each([
    ['hPa', 977, 977],
    [undefined, 977, 977],
    ['mmHg', 760, 1013.25],
    ['inHg', 29.92, 1013.21],
  ])('pressure in %s', (PressureUnit, Pressure, expected) => {
    expect(sensorsOf({ BME280: { Pressure }, PressureUnit })[0]?.values.pressure).toBe(expected);
  });

  it('pressure in a unit we do not know is refused', () => {
    const message = understood('tasmota', '{"BME280":{"Pressure":977,"Humidity":50},"PressureUnit":"psi"}');
    expect(message.sensors).toEqual([{ sensor: 'bme280', values: { humidity: 50 } }]);
    expect(refusedOf(message)).toEqual(['BME280.Pressure unreadable']);
  });

  it.each([
    ['C', 20.5, 20.5],
    ['F', 68.9, 20.5],
    ['F', -40, -40],
  ])('temperature in °%s', (TempUnit, Temperature, expected) => {
    expect(sensorsOf({ BME280: { Temperature }, TempUnit })[0]?.values.temperature).toBe(expected);
  });

  it('temperature in °F leaves what is no temperature as it is', () => {
    const body = { BME280: { Temperature: 68.9, Humidity: 53.1, Pressure: 977 }, SDS0X1: { PM10: 41 }, TempUnit: 'F' };
    expect(sensorsOf(body)).toStrictEqual([
      { sensor: 'bme280', values: { temperature: 20.5, humidity: 53.1, pressure: 977 } },
      { sensor: 'sds011', values: { pm10: 41 } },
    ]);
  });
});

describe('a Tasmota message with what C prints for no number', () => {
  it('keeps the rest', () => {
    const text = '{"AM2301":{"Temperature":nan,"Humidity": -nan },"SDS0X1":{"PM2.5":11.8,"PM10":inf},"L":[nan,-inf]}';
    const message = understood('tasmota', text);
    expect(message.sensors).toEqual([{ sensor: 'sds011', values: { pm25: 11.8 } }]);
    expect(refusedOf(message)).toEqual([
      'AM2301.Temperature not-a-number',
      'AM2301.Humidity not-a-number',
      'SDS0X1.PM10 not-a-number',
    ]);
  });

  it.each([
    ['{"a":nan}', '{"a":null}'],
    ['{"a":\r\n\t nan , "b":1}', '{"a":\r\n\t null , "b":1}'],
    ['{"a":"x:nan,","b":nan}', '{"a":"x:nan,","b":null}'],
    [String.raw`{"a":"\":nan}","b":nan}`, String.raw`{"a":"\":nan}","b":null}`],
    ['{"a":nano}', '{"a":nano}'],
    ['{"a":NaN}', '{"a":NaN}'],
    ['{"a":infinity}', '{"a":infinity}'],
    ['{nan:1}', '{nan:1}'],
    ['{"a":nan', '{"a":nan'],
  ])('%s becomes %s', (text, expected) => {
    expect(replaceNanTokens(text)).toBe(expected);
  });

  it.each(['{"a":nano}', 'nan', '{"BME280":{"Temperature":nan', '[nan]', ''])('%p is refused', (text) => {
    expect(refusalOf('tasmota', text)).toBe('unreadable');
  });
});
