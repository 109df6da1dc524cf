import type { Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';

/** Where the number of a column goes. */
export type ColumnTarget = { to: 'value'; quantity: Quantity } | { to: 'extra'; name: string };

/** The columns every archive file begins with. */
export const HEAD_COLUMNS = ['sensor_id', 'sensor_type', 'location', 'lat', 'lon', 'timestamp'] as const;

const OPTICAL = ['P1', 'durP1', 'ratioP1', 'P2', 'durP2', 'ratioP2'];
const PLANTOWER = ['P1', 'P2', 'P0'];
const CLIMATE = ['temperature', 'humidity'];
const BAROMETER = ['pressure', 'altitude', 'pressure_sealevel', 'temperature'];

/** Columns after the head, by instrument, as luftdatenpumpe and feinstaub-api's `export_as_csv.py` list them. */
const COLUMNS_BY_MODEL: Readonly<Record<string, readonly string[]>> = {
  sds011: OPTICAL,
  sds021: OPTICAL,
  ppd42ns: OPTICAL,
  hpm: ['P1', 'P2'],
  sps30: ['P1', 'P4', 'P2', 'P0', 'N10', 'N4', 'N25', 'N1', 'N05', 'TS'],
  dht11: CLIMATE,
  dht22: CLIMATE,
  htu21d: CLIMATE,
  bmp180: BAROMETER,
  bmp280: BAROMETER,
  bme280: [...BAROMETER, 'humidity'],
  ds18b20: ['temperature'],
  // Not confirmed by a file: the names of the firmware's push (airrohr-firmware.ino, `fetchSensorDNMS`).
  dnms: ['noise_LAeq', 'noise_LA_min', 'noise_LA_max'],
};

/** P1 is PM10 and P2 is PM2.5 everywhere but in a PPD42NS, which counts particles. */
const QUANTITY_BY_COLUMN: Readonly<Record<string, Quantity>> = {
  P0: 'pm1',
  P1: 'pm10',
  P2: 'pm25',
  P4: 'pm4',
  temperature: 'temperature',
  humidity: 'humidity',
  pressure: 'pressure',
  noise_LAeq: 'noise',
};

/** Types whose name in the archive is not the instrument's. */
const MODEL_BY_TYPE: Readonly<Record<string, string>> = { laerm: 'dnms' };
const TYPE_BY_MODEL: Readonly<Record<string, string>> = { dnms: 'Laerm' };

/** Where a device is stays with its owner; a GPS receiver's columns are not measurements. */
const POSITION_COLUMNS: ReadonlySet<string> = new Set(['lat', 'lon', 'height', 'latitude', 'longitude']);

/** The instrument of a `sensor_type`, in our spelling; undefined for what can be none. */
export function modelOfType(type: string): string | undefined {
  const name = type.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  if (name.length > 24 || !/^[a-z]/.test(name)) return undefined;
  return Object.hasOwn(MODEL_BY_TYPE, name) ? MODEL_BY_TYPE[name] : name;
}

/** The archive's `sensor_type` of an instrument; lower-case it stands in the file's name. */
export function typeOfModel(model: string): string {
  return Object.hasOwn(TYPE_BY_MODEL, model) ? (TYPE_BY_MODEL[model] ?? model) : model.toUpperCase();
}

/** Where the number in a column of `model` goes; undefined for columns that are dropped. */
export function targetOf(model: string, column: string): ColumnTarget | undefined {
  const isCount = model === 'ppd42ns' && (column === 'P1' || column === 'P2');
  const quantity = Object.hasOwn(QUANTITY_BY_COLUMN, column) ? QUANTITY_BY_COLUMN[column] : undefined;
  if (quantity !== undefined && !isCount) return { to: 'value', quantity };
  const name = column.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  if (name.length > 40 || !/^[a-z0-9]/.test(name) || POSITION_COLUMNS.has(name)) return undefined;
  return { to: 'extra', name };
}

/** Columns of an instrument's archive file after the head; for an instrument the archive does not know, what it measured. */
export function columnsOfModel(model: string, measured: ReadonlySet<Quantity>): readonly string[] {
  if (Object.hasOwn(COLUMNS_BY_MODEL, model)) return COLUMNS_BY_MODEL[model] ?? [];
  if (/^(pms|npm|ips|hm)/.test(model)) return PLANTOWER;
  if (/^(sht|aht)/.test(model)) return CLIMATE;
  return Object.keys(QUANTITY_BY_COLUMN).filter((column) => measured.has(QUANTITY_BY_COLUMN[column] ?? 'noise'));
}

/** The number a reading has for a column, in the archive's unit (pressure in Pa). */
export function numberIn(reading: Reading, target: ColumnTarget): number | undefined {
  if (target.to === 'extra') return reading.extra?.[target.name];
  const value = reading.values[target.quantity];
  // 15 digits are all a decimal of the archive has: 960.8166 * 100 is 96081.65999999999.
  return value === undefined || target.quantity !== 'pressure' ? value : Number((value * 100).toPrecision(15));
}
