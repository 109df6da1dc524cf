import { describe, expect, it } from '@jest/globals';
import { isQuantity } from '../../server/domain/quantity.ts';
import { instrumentModels, modelOf, SENSOR_MODELS } from '../../server/domain/sensorModel.ts';

describe('the table of instruments', () => {
  it('has ids that are a sensor name without an ordinal, each once', () => {
    for (const { id } of SENSOR_MODELS) expect(id).toMatch(/^[a-z0-9]+$/);
    expect(new Set(SENSOR_MODELS.map(({ id }) => id)).size).toBe(SENSOR_MODELS.length);
  });

  it('has ranges that hold a value, with the full scale inside', () => {
    for (const { ranges } of SENSOR_MODELS) {
      for (const [quantity, { low, high, fullScale = high }] of Object.entries(ranges)) {
        expect(isQuantity(quantity)).toBe(true);
        expect(low).toBeLessThan(fullScale);
        expect(fullScale).toBeLessThanOrEqual(high);
      }
    }
  });
});

describe('the model of a sensor', () => {
  it.each([
    ['sds011', 'sds011'],
    ['bme280-2', 'bme280'],
    ['zigbee-46m1vr', 'zigbee'],
    ['pm', undefined],
    ['nothing-2', undefined],
    ['', undefined],
  ])('%s is %s', (sensor, expected) => {
    expect(modelOf(sensor)?.id).toBe(expected);
  });
});

describe('the models of a station', () => {
  it('are those its host declared, then those its readings name, each once', () => {
    expect(instrumentModels(['sds011'], ['sds011', 'bme280-2', 'bme280', 'pm'])).toEqual(['sds011', 'bme280']);
    expect(instrumentModels([], ['climate'])).toEqual([]);
  });
});
