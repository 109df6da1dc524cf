import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import { primarySensor } from '../../server/domain/primarySensor.ts';
import type { Quantity } from '../../server/domain/quantity.ts';

const NOW = Date.UTC(2026, 0, 5, 12);

describe('the sensor that speaks for a station', () => {
  it.each<[string, Quantity, string[], string[], string]>([
    ['the particle sensor declared first', 'pm25', ['sps30', 'sds011'], ['sds011', 'sps30'], 'sds011'],
    ['the declared one before an undeclared one', 'pm10', ['sps30', 'sds011'], ['SDS011'], 'sds011'],
    ['the SPS30 when nothing is declared', 'pm25', ['sds011', 'pms7003', 'sps30'], [], 'sps30'],
    ['the PMS before the SDS011 when nothing is declared', 'pm25', ['sds011', 'pms7003'], [], 'pms7003'],
    ['the first of two of a kind', 'pm25', ['sds011-2', 'sds011'], ['sds011'], 'sds011'],
    [
      'the BME280 for temperature, whatever is declared first',
      'temperature',
      ['dht22', 'bme280'],
      ['dht22', 'bme280'],
      'bme280',
    ],
    ['the SHT3x before HTU21D and DHT22', 'humidity', ['dht22', 'htu21d', 'sht3x'], [], 'sht3x'],
    ['the HTU21D before the DHT22', 'humidity', ['dht22', 'htu21d'], ['dht22'], 'htu21d'],
    ['the known one before an unknown one', 'temperature', ['aaa1', 'dht22'], [], 'dht22'],
  ])('is %s', (_text, quantity, sensors, declared, expected) => {
    const candidates = sensors.map((sensor) => ({ sensor, lastMeasuredAt: NOW - MINUTE_MS }));
    expect(primarySensor(candidates, { quantity, declared, now: NOW })?.sensor).toBe(expected);
    expect(primarySensor(candidates.toReversed(), { quantity, declared, now: NOW })?.sensor).toBe(expected);
  });

  it.each([
    ['keeps speaking while it is silent for up to an hour', 60, 1, 'sps30'],
    ['gives way after an hour', 61, 1, 'sds011'],
    ['speaks when it was heard last and both are silent', 100, 200, 'sps30'],
    ['goes on speaking when both are silent and it was heard last but for a minute', 101, 100, 'sps30'],
    ['does not speak when the other was heard last and both are silent', 200, 100, 'sds011'],
  ])('%s', (_text, spsAgo, sdsAgo, expected) => {
    const candidates = [
      { sensor: 'sps30', lastMeasuredAt: NOW - spsAgo * MINUTE_MS },
      { sensor: 'sds011', lastMeasuredAt: NOW - sdsAgo * MINUTE_MS },
    ];
    expect(primarySensor(candidates, { quantity: 'pm25', declared: [], now: NOW })?.sensor).toBe(expected);
  });

  it('is none without sensors', () => {
    expect(primarySensor([], { quantity: 'pm25', declared: [], now: NOW })).toBeUndefined();
  });
});
