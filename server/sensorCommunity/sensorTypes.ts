import { modelOf } from '../domain/sensorModel.ts';

/** What a record of sensor.community says about an instrument. */
export interface SensorType {
  name: string;
  id: number;
  manufacturer: string;
  /** Pin of the firmware's pushes, as text. */
  pin: string;
}

/** Ids we have not seen in their files begin here, so that they are never taken for one of theirs. */
const OWN_ID = 1_000_000_000;

/**
 * Name, id and maker by model. Names are those their map filters by (feinstaub-map-v2, `src/js/feinstaub-api.js`); ids
 * 1, 8, 9, 14, 17 and 20 are in captures of their files, the others are our own. Append only: an id stays.
 */
const TYPES: Readonly<Record<string, readonly [name: string, id: number, manufacturer: string]>> = {
  sds011: ['SDS011', 14, 'Nova Fitness'],
  dht22: ['DHT22', 9, 'various'],
  bme280: ['BME280', 17, 'Bosch'],
  bmp280: ['BMP280', 20, 'Bosch'],
  bmp180: ['BMP180', 8, 'Bosch'],
  sds021: ['SDS021', OWN_ID + 1, 'Nova Fitness'],
  pms1003: ['PMS1003', OWN_ID + 2, 'Plantower'],
  pms3003: ['PMS3003', OWN_ID + 3, 'Plantower'],
  pms5003: ['PMS5003', OWN_ID + 4, 'Plantower'],
  pms6003: ['PMS6003', OWN_ID + 5, 'Plantower'],
  pms7003: ['PMS7003', OWN_ID + 6, 'Plantower'],
  // The firmware does not say which Plantower; their map knows none without a number.
  pms: ['PMS5003', OWN_ID + 4, 'Plantower'],
  hpm: ['HPM', OWN_ID + 7, 'Honeywell'],
  npm: ['NextPM', OWN_ID + 8, 'Tera Sensor'],
  ips7100: ['IPS-7100', OWN_ID + 9, 'Piera Systems'],
  sps30: ['SPS30', OWN_ID + 10, 'Sensirion'],
  sen5x: ['SEN5X', OWN_ID + 11, 'Sensirion'],
  // In a capture of 2018-12-30. OWN_ID + 12 was ours until then, and stays unused.
  ppd42ns: ['PPD42NS', 1, 'Shinyei'],
  dht11: ['DHT11', OWN_ID + 13, 'various'],
  htu21d: ['HTU21D', OWN_ID + 14, 'TE Connectivity'],
  sht3x: ['SHT31', OWN_ID + 15, 'Sensirion'],
  ds18b20: ['DS18B20', OWN_ID + 16, 'Maxim'],
  dnms: ['DNMS (Laerm)', OWN_ID + 17, 'various'],
  scd30: ['SCD30', OWN_ID + 18, 'Sensirion'],
};

/** Every instrument without a name of its own there. */
const OTHER_ID = OWN_ID;

/** How a record calls the instrument behind a reading's `sensor` (`sds011-2` is an SDS011). */
export function sensorTypeOf(sensor: string): SensorType {
  const model = modelOf(sensor);
  const [known, ordinal] = sensor.split('-');
  const base = model?.id ?? (ordinal === undefined ? sensor : (known ?? sensor));
  const [name, id, manufacturer] = Object.hasOwn(TYPES, base) ? (TYPES[base] ?? neutral(base)) : neutral(base);
  return { name, id, manufacturer, pin: String(model?.pin ?? 1) };
}

function neutral(base: string): readonly [string, number, string] {
  return [base.toUpperCase(), OTHER_ID, 'various'];
}
