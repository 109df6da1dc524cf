import type { Quantity } from '../../domain/quantity.ts';
import { extraTarget, type Target, valueTarget } from './messageDraft.ts';

/**
 * Value types of the airRohr firmware and its forks (`airrohr-firmware.ino`, `fetchSensor*`; branches beta-sen5x and
 * beta-dualPMS; Nettigo NAMF). `P0 P1 P2 P4` are PM1, PM10, PM2.5 and PM4 everywhere.
 */

/** Where a value type goes. `position`: never kept. `particles`: a bare P1 or P2, counts or mass depending on its company. */
export type AirrohrTarget = Target | { to: 'position' } | { to: 'particles'; name: 'P1' | 'P2' };

/** The instrument behind each prefix; what an unknown value type of that prefix is kept under. */
export const SENSOR_BY_PREFIX: Readonly<Record<string, string>> = {
  SDS: 'sds011',
  PMS: 'pms',
  PMS2: 'pms-2',
  HPM: 'hpm',
  NPM: 'npm',
  IPS: 'ips7100',
  SPS30: 'sps30',
  SEN5X: 'sen5x',
  HTU21D: 'htu21d',
  BMP: 'bmp180',
  BMP280: 'bmp280',
  BME280: 'bme280',
  SHT3X: 'sht3x',
  SCD30: 'scd30',
  DS18B20: 'ds18b20',
  AHT20: 'aht20',
  DNMS: 'dnms',
  // The heater of a Nettigo board: its temperature and humidity are its own, not the air's.
  HECA: 'heca',
};

const MASS = { P0: 'pm1', P1: 'pm10', P2: 'pm25', P4: 'pm4' } as const;
const TEMPERATURE = { temperature: 'temperature' } as const;
const CLIMATE = { temperature: 'temperature', humidity: 'humidity' } as const;
const BAROMETER = { temperature: 'temperature', pressure: 'pressure' } as const;
const BME = { ...CLIMATE, pressure: 'pressure' } as const;
const NOISE = { noise_LAeq: 'noise' } as const;

/**
 * Judged quantities of each instrument by the name after its prefix; everything else of it is an extra. Every prefix here and
 * below is one of `SENSOR_BY_PREFIX`.
 */
const QUANTITIES_BY_PREFIX = {
  SDS: MASS,
  PMS: MASS,
  PMS2: MASS,
  HPM: MASS,
  NPM: MASS,
  IPS: MASS,
  SPS30: MASS,
  SEN5X: { ...MASS, ...CLIMATE },
  HTU21D: CLIMATE,
  BMP: BAROMETER,
  BMP280: BAROMETER,
  BME280: BME,
  SHT3X: CLIMATE,
  SCD30: CLIMATE,
  DS18B20: TEMPERATURE,
  AHT20: CLIMATE,
  DNMS: NOISE,
} as const;

/** Extras every one of these bodies carries, listed so that the frequent path needs no name making. */
const EXTRAS_BY_PREFIX: Readonly<Record<string, readonly string[]>> = {
  NPM: ['N1', 'N10', 'N25'],
  IPS: ['P01', 'P03', 'P05', 'P5', 'N1', 'N10', 'N25', 'N01', 'N03', 'N05', 'N5'],
  SPS30: ['N05', 'N1', 'N25', 'N4', 'N10', 'TS'],
  SEN5X: ['N05', 'N1', 'N25', 'N4', 'N10', 'TS', 'voc', 'nox'],
  SCD30: ['co2_ppm'],
  DNMS: ['noise_LA_min', 'noise_LA_max'],
  HECA: ['temperature', 'humidity'],
};

/** Names without a prefix, as every body but the per-sensor push means them. */
const BARE: readonly (readonly [string, AirrohrTarget])[] = [
  ['temperature', valueTarget('dht22', 'temperature')],
  ['humidity', valueTarget('dht22', 'humidity')],
  ['pressure', valueTarget('barometer', 'pressure')],
  ['noise_LAeq', valueTarget('dnms', 'noise')],
  ['P0', valueTarget('pm', 'pm1')],
  ['P1', { to: 'particles', name: 'P1' }],
  ['P2', { to: 'particles', name: 'P2' }],
  ['P4', valueTarget('pm', 'pm4')],
  ...['durP1', 'ratioP1', 'durP2', 'ratioP2'].map(
    (name) => [name, extraTarget('ppd42ns', name.toLowerCase())] as const,
  ),
  ['samples', { to: 'health', name: 'samples' }],
  ['min_micro', { to: 'health', name: 'minMicro' }],
  ['max_micro', { to: 'health', name: 'maxMicro' }],
  ['interval', { to: 'health', name: 'interval' }],
  ['signal', { to: 'health', name: 'signal' }],
  ...['GPS_lat', 'GPS_lon', 'GPS_height', 'GPS_timestamp', 'GPS_date', 'GPS_time'].map(
    (name) => [name, { to: 'position' }] as const,
  ),
];

/** Every value type we know, by its full name. Exact: a name not in here is unknown. */
export const TARGET_BY_NAME: ReadonlyMap<string, AirrohrTarget> = new Map([
  ...Object.entries(QUANTITIES_BY_PREFIX).flatMap(([prefix, quantities]) =>
    Object.entries(quantities).map(
      ([name, quantity]) => [`${prefix}_${name}`, valueTarget(SENSOR_BY_PREFIX[prefix]!, quantity)] as const,
    ),
  ),
  ...Object.entries(EXTRAS_BY_PREFIX).flatMap(([prefix, names]) =>
    names.map((name) => [`${prefix}_${name}`, extraTarget(SENSOR_BY_PREFIX[prefix]!, name.toLowerCase())] as const),
  ),
  ...BARE,
]);

/**
 * Names in a push to Sensor.Community, which carry no prefix: the pin tells the instrument (`X-PIN`; `ext_def.h`). Pins
 * 1, 3 and 7 serve several models, so the instrument is named by what it is until the station says which it has.
 */
export const TARGETS_BY_PIN: ReadonlyMap<number, ReadonlyMap<string, AirrohrTarget>> = new Map([
  [1, bareTargets('pm', MASS, ['N05', 'N1', 'N25', 'N4', 'N10', 'TS'])],
  [3, bareTargets('barometer', BAROMETER)],
  [5, bareTargets('ppd42ns', {}, ['P1', 'durP1', 'ratioP1', 'P2', 'durP2', 'ratioP2'])],
  [7, bareTargets('hygrometer', CLIMATE)],
  [9, new Map(['lat', 'lon', 'height', 'timestamp'].map((name) => [name, { to: 'position' }] as const))],
  [11, bareTargets('bme280', BME)],
  [13, bareTargets('ds18b20', TEMPERATURE)],
  [15, bareTargets('dnms', NOISE, ['noise_LA_min', 'noise_LA_max'])],
  [16, bareTargets('sen5x', { ...MASS, ...CLIMATE }, ['N05', 'N1', 'N25', 'N4', 'N10', 'TS', 'voc', 'nox'])],
  [17, bareTargets('scd30', CLIMATE, ['co2_ppm'])],
]);

function bareTargets(
  sensor: string,
  quantities: Readonly<Record<string, Quantity>>,
  extras: readonly string[] = [],
): ReadonlyMap<string, AirrohrTarget> {
  return new Map<string, AirrohrTarget>([
    ...Object.entries(quantities).map(([name, quantity]) => [name, valueTarget(sensor, quantity)] as const),
    ...extras.map((name) => [name, extraTarget(sensor, name.toLowerCase())] as const),
  ]);
}
