import type { Quantity } from '../../domain/quantity.ts';

/**
 * ESPHome's object ids are the owner's names in lower case with `_` (`PM 2.5` -> `pm_2_5`). Known is what its
 * documentation's examples and the common shorter forms make; nothing is guessed.
 */

/** Ways to write each diameter. */
const DIAMETERS: readonly (readonly [Quantity, readonly string[]])[] = [
  ['pm1', ['1', '1_0']],
  ['pm25', ['2_5', '25']],
  ['pm4', ['4', '4_0']],
  ['pm10', ['10', '10_0']],
];
/** What may surround a diameter: `pm2_5`, `pm_2_5_m_weight_concentration` (the `m` is a sanitised µm), ... */
const FORMS: readonly (readonly [before: string, after: readonly string[]])[] = [
  ['pm', ['', 'um', '_m', '_um']],
  ['pm_', ['', 'um', '_m', '_um']],
  ['particulate_matter_', ['', 'um', '_m', '_um']],
];
const TAILS = ['', '_concentration', '_weight_concentration', '_mass_concentration', '_value'];

const OTHERS: readonly (readonly [string, Quantity])[] = [
  ['temperature', 'temperature'],
  ['temp', 'temperature'],
  ['outside_temperature', 'temperature'],
  ['outdoor_temperature', 'temperature'],
  ['humidity', 'humidity'],
  ['relative_humidity', 'humidity'],
  ['outside_humidity', 'humidity'],
  ['outdoor_humidity', 'humidity'],
  ['pressure', 'pressure'],
  ['air_pressure', 'pressure'],
  ['barometric_pressure', 'pressure'],
  ['outside_pressure', 'pressure'],
  ['temperatur', 'temperature'],
  ['luftfeuchtigkeit', 'humidity'],
  ['luftfeuchte', 'humidity'],
  ['luftdruck', 'pressure'],
  ['laeq', 'noise'],
  ['noise_laeq', 'noise'],
];

/** Quantity by the part of an object id that follows an instrument's name. */
export const QUANTITY_BY_OBJECT: ReadonlyMap<string, Quantity> = new Map([
  ...DIAMETERS.flatMap(([quantity, diameters]) =>
    FORMS.flatMap(([before, afters]) =>
      afters.flatMap((after) =>
        diameters.flatMap((diameter) =>
          TAILS.map((tail) => [`${before}${diameter}${after}${tail}`, quantity] as const),
        ),
      ),
    ),
  ),
  ...OTHERS,
]);

/** Instruments an object id may start with. */
const SENSOR_BY_WORD: ReadonlyMap<string, string> = new Map([
  ['sds011', 'sds011'],
  ['sds021', 'sds021'],
  ['pms', 'pms'],
  ['pmsx003', 'pms'],
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
  ['sen55', 'sen5x'],
  ['hm3301', 'hm3301'],
  ['bmp085', 'bmp180'],
  ['bmp180', 'bmp180'],
  ['bmp280', 'bmp280'],
  ['bme280', 'bme280'],
  ['bme680', 'bme680'],
  ['dht11', 'dht11'],
  ['dht22', 'dht22'],
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
]);

/** What an object id says: an instrument, an ordinal, and the name of what it measures. */
export interface ObjectName {
  /** Undefined when the id starts with no instrument's name. */
  sensor?: string;
  rest: string;
}

/** `bme280_2_temperature` -> `{sensor: 'bme280-2', rest: 'temperature'}`; runs of `_` count as one. */
export function readObjectId(objectId: string): ObjectName {
  const name = objectId.toLowerCase().replaceAll(/[-_]+/g, '_');
  const [word, rest] = cutAtUnderscore(name);
  const sensor = SENSOR_BY_WORD.get(word);
  if (sensor === undefined || rest === '') return { rest: name };
  const [ordinal, quantity] = cutAtUnderscore(rest);
  // `pms_2_5` is no second PMS: a number is an ordinal only when a known quantity follows.
  if (/^[2-9]$/.test(ordinal) && QUANTITY_BY_OBJECT.has(quantity))
    return { sensor: `${sensor}-${ordinal}`, rest: quantity };
  return { sensor, rest };
}

function cutAtUnderscore(text: string): readonly [before: string, after: string] {
  const at = text.indexOf('_');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
