import { describe, expect, it } from '@jest/globals';
import { refusalOf, refusedOf, understood } from './decoding.ts';

describe('an ESPHome state', () => {
  it.each([
    ['pm_2_5', 'pm', 'pm25'],
    ['pm_25', 'pm', 'pm25'],
    ['pm2_5', 'pm', 'pm25'],
    ['pm25', 'pm', 'pm25'],
    ['pm_1_0', 'pm', 'pm1'],
    ['pm1', 'pm', 'pm1'],
    ['pm_4_0', 'pm', 'pm4'],
    ['pm_10', 'pm', 'pm10'],
    ['pm_10_0', 'pm', 'pm10'],
    ['PM_10', 'pm', 'pm10'],
    ['particulate_matter_2_5um_concentration', 'pm', 'pm25'],
    ['particulate_matter__2_5__m_concentration', 'pm', 'pm25'],
    ['pm_1_m_weight_concentration', 'pm', 'pm1'],
    ['sds011_pm_2_5', 'sds011', 'pm25'],
    ['pmsx003_pm_10', 'pms', 'pm10'],
    ['sen55_pm_4_0', 'sen5x', 'pm4'],
    ['temperature', 'climate', 'temperature'],
    ['outside_temperature', 'climate', 'temperature'],
    ['luftfeuchtigkeit', 'climate', 'humidity'],
    ['bme280_temperature', 'bme280', 'temperature'],
    ['bme280-temperature', 'bme280', 'temperature'],
    ['bme280_2_temperature', 'bme280-2', 'temperature'],
    ['bme280_outside_temperature', 'bme280', 'temperature'],
    ['dht22_humidity', 'dht22', 'humidity'],
    ['bmp280_pressure', 'bmp280', 'pressure'],
    ['laeq', 'noise', 'noise'],
    ['temp', 'climate', 'temperature'],
    ['outdoor_temperature', 'climate', 'temperature'],
    ['temperatur', 'climate', 'temperature'],
    ['relative_humidity', 'climate', 'humidity'],
    ['outside_humidity', 'climate', 'humidity'],
    ['outdoor_humidity', 'climate', 'humidity'],
    ['luftfeuchte', 'climate', 'humidity'],
    ['pressure', 'climate', 'pressure'],
    ['air_pressure', 'climate', 'pressure'],
    ['barometric_pressure', 'climate', 'pressure'],
    ['outside_pressure', 'climate', 'pressure'],
    ['luftdruck', 'climate', 'pressure'],
    ['noise_laeq', 'noise', 'noise'],
    ['pm_4', 'pm', 'pm4'],
    ['pm2_5um', 'pm', 'pm25'],
    ['pm2_5_m', 'pm', 'pm25'],
    ['pm10_um', 'pm', 'pm10'],
    ['pm_1_0um', 'pm', 'pm1'],
    ['pm_2_5_um_value', 'pm', 'pm25'],
    ['pm_10_mass_concentration', 'pm', 'pm10'],
    ['particulate_matter_10', 'pm', 'pm10'],
    ['particulate_matter_4_um', 'pm', 'pm4'],
  ])('%s is of %s', (objectId, sensor, quantity) => {
    const message = understood('esphome', '47.5', objectId);
    expect(message).toStrictEqual({
      format: 'esphome',
      part: objectId,
      sensors: [{ sensor, values: { [quantity]: 47.5 } }],
      health: {},
      refusedFields: [],
    });
  });

  // Filed under another name it would be another series, and the one before would end.
  it.each([
    ['sds021', 'sds021'],
    ['pms', 'pms'],
    ['pms1003', 'pms1003'],
    ['pms3003', 'pms3003'],
    ['pms5003', 'pms5003'],
    ['pms6003', 'pms6003'],
    ['pms7003', 'pms7003'],
    ['pmsa003i', 'pmsa003i'],
    ['hpma115s0', 'hpm'],
    ['sps30', 'sps30'],
    ['sen5x', 'sen5x'],
    ['sen50', 'sen5x'],
    ['sen54', 'sen5x'],
    ['hm3301', 'hm3301'],
    ['bmp085', 'bmp180'],
    ['bmp180', 'bmp180'],
    ['bme680', 'bme680'],
    ['dht11', 'dht11'],
    ['am2302', 'dht22'],
    ['htu21d', 'htu21d'],
    ['si7021', 'htu21d'],
    ['sht3x', 'sht3x'],
    ['sht3xd', 'sht3x'],
    ['sht30', 'sht3x'],
    ['sht31', 'sht3x'],
    ['sht35', 'sht3x'],
    ['shtc3', 'shtc3'],
    ['sht4x', 'sht4x'],
    ['sht40', 'sht4x'],
    ['sht41', 'sht4x'],
    ['aht10', 'aht10'],
    ['aht20', 'aht20'],
    ['ds18b20', 'ds18b20'],
    ['dallas', 'ds18b20'],
    ['scd30', 'scd30'],
    ['scd4x', 'scd4x'],
    ['scd40', 'scd4x'],
    ['scd41', 'scd4x'],
    ['dnms', 'dnms'],
  ])('named after a %s is of %s', (word, sensor) => {
    expect(understood('esphome', '5', `${word}_value`).sensors[0]?.sensor).toBe(sensor);
  });

  it.each([
    ['formaldehyde', 'other', 'formaldehyde'],
    ['pm_2_5_aqi', 'other', 'pm_2_5_aqi'],
    ['pm_3', 'other', 'pm_3'],
    ['bme280', 'other', 'bme280'],
    ['sps30_pmc_0_5', 'sps30', 'pmc_0_5'],
    ['bme680_2_gas', 'bme680', '2_gas'],
    ['bme280_balkon_temperature', 'bme280', 'balkon_temperature'],
  ])('%s is kept as an extra of %s', (objectId, sensor, extra) => {
    expect(understood('esphome', '5', objectId).sensors).toEqual([{ sensor, values: {}, extra: { [extra]: 5 } }]);
  });

  it('of the radio is device health', () => {
    expect(understood('esphome', '-61', 'wifi_signal')).toMatchObject({ sensors: [], health: { signal: -61 } });
  });

  it('of a position leaves no trace', () => {
    expect(understood('esphome', '48.512345', 'latitude')).toMatchObject({ sensors: [], refusedFields: [] });
  });

  it.each(['nan', 'NaN', 'unknown', '', 'ON', '7,3', '{"a":1}'])('%p is refused', (state) => {
    const message = understood('esphome', state, 'pm_2_5');
    expect(message.sensors).toEqual([]);
    expect(refusedOf(message)).toEqual(['pm_2_5 not-a-number']);
  });

  it.each([
    ['7.3\n', 7.3],
    [' -4 ', -4],
    ['1.5e1', 15],
  ])('%p is the number %d', (state, expected) => {
    expect(understood('esphome', state, 'temperature').sensors[0]?.values.temperature).toBe(expected);
  });

  it('in Pa or hPa is pressure in hPa', () => {
    expect(understood('esphome', '99655.97', 'pressure').sensors[0]?.values.pressure).toBe(996.5597);
    expect(understood('esphome', '996.6', 'pressure').sensors[0]?.values.pressure).toBe(996.6);
  });

  it('without a name, or not of text, is refused', () => {
    expect(refusedOf(understood('esphome', '7.3'))).toEqual([' unreadable']);
    expect(refusalOf('esphome', Uint8Array.of(255), 'pm_2_5')).toBe('unreadable');
    expect(refusalOf('esphome', '1'.repeat(16 * 1024 + 1), 'pm_2_5')).toBe('too-large');
  });
});
