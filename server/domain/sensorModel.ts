import type { Quantity } from './quantity.ts';

/** What an instrument is for; one that also measures other things is listed under its main use. */
export type SensorKind = 'pm' | 'climate' | 'noise' | 'gas';

/** What an instrument can report of one quantity, in the unit of `UNITS`. */
export interface Range {
  /** Values below or above did not come from a working instrument. */
  low: number;
  high: number;
  /** From here on the instrument only says "more than I can measure". */
  fullScale?: number;
}

/** One model of instrument. Ranges are the manufacturer's unless the comment beside them says otherwise. */
export interface SensorModel {
  /** Lower-case id, the `sensor` of a reading without its ordinal. Never contains a dash. */
  id: string;
  /** Name for people. */
  name: string;
  kind: SensorKind;
  ranges: Readonly<Partial<Record<Quantity, Range>>>;
  /** Pressure and humidity are computed with the temperature read, so they fall with it (Bosch BMP/BME datasheets, compensation formulas). */
  isTemperatureCompensated?: boolean;
  /** Pin of the model in pushes to Sensor.Community, whose value names carry no model (airRohr `ext_def.h`). */
  pin?: number;
}

/**
 * Optical counters without a documented ceiling (Plantower: "at least 1000") go on counting above their specified
 * range; ten times the usual 1000 µg/m³ is beyond any air, fireworks and dust storms included.
 */
const PM: Range = { low: 0, high: 10_000 };
const HUMIDITY: Range = { low: 0, high: 100 };
/** Raw formula of SHT4x, HTU21D and Si7021 runs from -6 to 119 %; ends mean "dry" and "wet". */
const WIDE_HUMIDITY: Range = { low: -6, high: 119 };
/**
 * Station pressure: 600 hPa is reached at about 4,200 m (ISA), 1,100 hPa is the Bosch sensors' upper end. Narrower than
 * their 300 hPa, because a hung BME280 reports 575 hPa (airRohr firmware issues 938 and 939).
 */
const PRESSURE: Range = { low: 600, high: 1100 };
/** Bosch BME280/BMP280, Aosong DHT22 (to 80 °C), Sensirion SHT (to 125 °C): what all of them cover, and any air. */
const TEMPERATURE: Range = { low: -40, high: 85 };
/** A-weighted level: no microphone here hears below 20, none survives above 140. */
const NOISE: Range = { low: 20, high: 140 };

const PM_ALL = { pm1: PM, pm25: PM, pm4: PM, pm10: PM } as const;
const TEMPERATURE_HUMIDITY = { temperature: TEMPERATURE, humidity: HUMIDITY } as const;

/** Ranges for an instrument we do not know. */
export const GENERIC_RANGES: Readonly<Record<Quantity, Range>> = {
  ...PM_ALL,
  temperature: TEMPERATURE,
  humidity: WIDE_HUMIDITY,
  pressure: PRESSURE,
  noise: NOISE,
};

/** Nova SDS011 datasheet V1.3: 0.0-999.9; PM10 is seen up to 1999.9, where it stays (airRohr firmware issues 621, 830, 858, 899). */
const NOVA = {
  pm25: { low: 0, high: 999.9, fullScale: 999.9 },
  pm10: { low: 0, high: 1999.9, fullScale: 1999.9 },
} as const;
const PLANTOWER = { pm1: PM, pm25: PM, pm10: PM } as const;

/** Every instrument we know by name. */
export const SENSOR_MODELS: readonly SensorModel[] = [
  { id: 'sds011', name: 'Nova SDS011', kind: 'pm', pin: 1, ranges: NOVA },
  { id: 'sds021', name: 'Nova SDS021', kind: 'pm', pin: 1, ranges: NOVA },
  { id: 'pms', name: 'Plantower PMS', kind: 'pm', pin: 1, ranges: PLANTOWER },
  { id: 'pms1003', name: 'Plantower PMS1003', kind: 'pm', pin: 1, ranges: PLANTOWER },
  { id: 'pms3003', name: 'Plantower PMS3003', kind: 'pm', pin: 1, ranges: PLANTOWER },
  { id: 'pms5003', name: 'Plantower PMS5003', kind: 'pm', pin: 1, ranges: { ...PLANTOWER, ...TEMPERATURE_HUMIDITY } },
  { id: 'pms6003', name: 'Plantower PMS6003', kind: 'pm', pin: 1, ranges: PLANTOWER },
  { id: 'pms7003', name: 'Plantower PMS7003', kind: 'pm', pin: 1, ranges: PLANTOWER },
  { id: 'pmsa003i', name: 'Plantower PMSA003I', kind: 'pm', ranges: PLANTOWER },
  { id: 'hpm', name: 'Honeywell HPM', kind: 'pm', pin: 1, ranges: { pm25: PM, pm10: PM } },
  { id: 'npm', name: 'Tera Next-PM', kind: 'pm', pin: 1, ranges: PLANTOWER },
  { id: 'ips7100', name: 'Piera IPS-7100', kind: 'pm', pin: 1, ranges: PLANTOWER },
  { id: 'sps30', name: 'Sensirion SPS30', kind: 'pm', pin: 1, ranges: PM_ALL },
  { id: 'sen5x', name: 'Sensirion SEN5x', kind: 'pm', pin: 16, ranges: { ...PM_ALL, ...TEMPERATURE_HUMIDITY } },
  { id: 'hm3301', name: 'Seeed HM3301', kind: 'pm', ranges: PLANTOWER },
  /** Counts only, no mass: nothing to judge. */
  { id: 'ppd42ns', name: 'Shinyei PPD42NS', kind: 'pm', pin: 5, ranges: {} },
  { id: 'airgradient', name: 'AirGradient', kind: 'pm', ranges: { ...PM_ALL, ...TEMPERATURE_HUMIDITY } },
  { id: 'zigbee', name: 'Zigbee', kind: 'pm', ranges: GENERIC_RANGES },
  { id: 'dht11', name: 'DHT11', kind: 'climate', pin: 7, ranges: TEMPERATURE_HUMIDITY },
  { id: 'dht22', name: 'DHT22', kind: 'climate', pin: 7, ranges: TEMPERATURE_HUMIDITY },
  {
    id: 'htu21d',
    name: 'HTU21D / Si7021',
    kind: 'climate',
    pin: 7,
    ranges: { temperature: TEMPERATURE, humidity: WIDE_HUMIDITY },
  },
  { id: 'sht3x', name: 'Sensirion SHT3x', kind: 'climate', pin: 7, ranges: TEMPERATURE_HUMIDITY },
  { id: 'shtc3', name: 'Sensirion SHTC3', kind: 'climate', ranges: TEMPERATURE_HUMIDITY },
  {
    id: 'sht4x',
    name: 'Sensirion SHT4x',
    kind: 'climate',
    ranges: { temperature: TEMPERATURE, humidity: WIDE_HUMIDITY },
  },
  { id: 'aht10', name: 'Aosong AHT10', kind: 'climate', ranges: TEMPERATURE_HUMIDITY },
  { id: 'aht20', name: 'Aosong AHT20', kind: 'climate', ranges: TEMPERATURE_HUMIDITY },
  {
    id: 'bmp180',
    name: 'Bosch BMP180',
    kind: 'climate',
    pin: 3,
    isTemperatureCompensated: true,
    ranges: { temperature: TEMPERATURE, pressure: PRESSURE },
  },
  {
    id: 'bmp280',
    name: 'Bosch BMP280',
    kind: 'climate',
    pin: 3,
    isTemperatureCompensated: true,
    ranges: { temperature: TEMPERATURE, pressure: PRESSURE },
  },
  {
    id: 'bme280',
    name: 'Bosch BME280',
    kind: 'climate',
    pin: 11,
    isTemperatureCompensated: true,
    ranges: { ...TEMPERATURE_HUMIDITY, pressure: PRESSURE },
  },
  {
    id: 'bme680',
    name: 'Bosch BME680',
    kind: 'climate',
    isTemperatureCompensated: true,
    ranges: { ...TEMPERATURE_HUMIDITY, pressure: PRESSURE },
  },
  {
    id: 'ds18b20',
    name: 'DS18B20',
    kind: 'climate',
    pin: 13,
    // 85.0 is its power-on value; the airRohr firmware drops it too (`fetchSensorDS18B20`).
    ranges: { temperature: { low: -55, high: 84.99 } },
  },
  { id: 'scd30', name: 'Sensirion SCD30', kind: 'gas', pin: 17, ranges: TEMPERATURE_HUMIDITY },
  { id: 'scd4x', name: 'Sensirion SCD4x', kind: 'gas', ranges: TEMPERATURE_HUMIDITY },
  { id: 'dnms', name: 'DNMS', kind: 'noise', pin: 15, ranges: { noise: NOISE } },
];

const MODEL_BY_ID: ReadonlyMap<string, SensorModel> = new Map(SENSOR_MODELS.map((model) => [model.id, model]));

/** The model behind a reading's `sensor` (`bme280-2` -> BME280); undefined for one we have no name for. */
export function modelOf(sensor: string): SensorModel | undefined {
  const exact = MODEL_BY_ID.get(sensor);
  if (exact !== undefined) return exact;
  const dash = sensor.indexOf('-');
  return dash < 0 ? undefined : MODEL_BY_ID.get(sensor.slice(0, dash));
}

/**
 * Names a decoder gives to an instrument whose model the message does not tell, and which models it can be. `pm`, `climate`
 * and `noise` come from firmwares that name nothing; `hygrometer` and `barometer` from Sensor.Community's pins 7 and 3.
 */
const CANDIDATES: Readonly<Record<string, (model: SensorModel) => boolean>> = {
  pm: (model) => model.ranges.pm25 !== undefined,
  climate: (model) => model.kind === 'climate',
  noise: (model) => model.kind === 'noise',
  hygrometer: (model) => model.pin === 7,
  barometer: (model) => model.pin === 3,
};

/**
 * The instrument meant by a name without a model: the station's declared model when exactly one fits, else the name as
 * it is. Any other name is returned unchanged.
 */
export function declaredSensor(sensor: string, declaredModels: readonly string[]): string {
  if (!Object.hasOwn(CANDIDATES, sensor)) return sensor;
  const fits = CANDIDATES[sensor];
  const matching = declaredModels
    .map((declared) => MODEL_BY_ID.get(declared.toLowerCase()))
    .filter((model) => model !== undefined && fits?.(model));
  return matching.length === 1 && matching[0] ? matching[0].id : sensor;
}

/** Models of a station's instruments: as its host declared them, then those its readings name besides. */
export function instrumentModels(declared: readonly string[], sensors: readonly string[]): string[] {
  const named = sensors.flatMap((sensor) => modelOf(sensor)?.id ?? []);
  return [...new Set([...declared, ...named])];
}
