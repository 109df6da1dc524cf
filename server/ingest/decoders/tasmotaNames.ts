import type { Quantity } from '../../domain/quantity.ts';

/** What Tasmota calls the quantities we judge (`i18n.h`, `xsns_18_pms5003`, `xsns_44_sps30`, `xsns_103_sen5x`). */
export const QUANTITY_BY_NAME: ReadonlyMap<string, Quantity> = new Map([
  ['PM1', 'pm1'],
  ['PM1_0', 'pm1'],
  ['PM2.5', 'pm25'],
  ['PM2_5', 'pm25'],
  ['PM4', 'pm4'],
  ['PM4_0', 'pm4'],
  ['PM10', 'pm10'],
  ['Temperature', 'temperature'],
  ['Humidity', 'humidity'],
  ['Pressure', 'pressure'],
]);

/** Instruments by Tasmota's name. The PMS5003 driver also serves a PMS7003 and says PMS5003. */
const SENSOR_BY_NAME: ReadonlyMap<string, string> = new Map([
  ['SDS0X1', 'sds011'],
  ['PMS3003', 'pms3003'],
  ['PMS5003', 'pms5003'],
  ['PMSX003', 'pms'],
  ['PMSx003', 'pms'],
  ['PMSA003I', 'pmsa003i'],
  ['HPMA', 'hpm'],
  ['SPS30', 'sps30'],
  ['SEN5X', 'sen5x'],
  ['BMP180', 'bmp180'],
  ['BMP280', 'bmp280'],
  ['BME280', 'bme280'],
  ['BME680', 'bme680'],
  ['AM2301', 'dht22'],
  ['DHT22', 'dht22'],
  ['DHT11', 'dht11'],
  ['HTU21', 'htu21d'],
  ['SI7013', 'htu21d'],
  ['SI7020', 'htu21d'],
  ['SI7021', 'htu21d'],
  ['SHT3X', 'sht3x'],
  ['SHTC3', 'shtc3'],
  ['SHT4X', 'sht4x'],
  ['AHT1X', 'aht10'],
  ['AHT2X', 'aht20'],
  ['DS18B20', 'ds18b20'],
  ['SCD30', 'scd30'],
  ['SCD40', 'scd4x'],
]);

/** Second instruments carry their I2C address in hexadecimal (`BME280-77`); the lower address is the first. */
const ORDINAL_BY_ADDRESS: ReadonlyMap<string, number> = new Map([
  ['38', 1],
  ['39', 2],
  ['44', 1],
  ['45', 2],
  ['70', 1],
  ['76', 1],
  ['77', 2],
]);
/** Instruments not on I2C: the suffix counts them (`DS18B20-2`) or names their pin (`AM2301-04`). */
const COUNTED: ReadonlySet<string> = new Set(['ds18b20', 'dht22', 'dht11']);
/** Name, separator `-` or `_` (SetOption64), suffix, and on an ESP32 with two buses the bus. */
const INDEXED = /^([A-Za-z0-9]+?)[-_]([0-9A-F]{1,2})(?:[-_]([01]))?$/;

/**
 * The `sensor` of an instrument as Tasmota names it; undefined for one we do not know. The ordinal comes from the
 * address, not from the order, so that a dead first instrument does not hand its name to the second.
 *
 * @param position place in a list of several, from 1; used when the name itself has no index.
 */
export function tasmotaSensor(name: string, position: number): string | undefined {
  const plain = SENSOR_BY_NAME.get(name);
  if (plain !== undefined) return withOrdinal(plain, position);
  const match = INDEXED.exec(name);
  const sensor = match && SENSOR_BY_NAME.get(match[1]!);
  if (!match || !sensor) return undefined;
  const index = match[2]!;
  const ordinal = COUNTED.has(sensor) ? Number(index) : ORDINAL_BY_ADDRESS.get(index);
  return ordinal ? withOrdinal(sensor, ordinal + (match[3] === '1' ? 2 : 0)) : undefined;
}

function withOrdinal(sensor: string, ordinal: number): string {
  return ordinal === 1 ? sensor : `${sensor}-${ordinal}`;
}
