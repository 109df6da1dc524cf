import { flagBit, withBit } from '../domain/assessment/flag.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import {
  type DeviceMessage,
  type Reading,
  type Rejection,
  type RejectionReason,
  reject,
  type SensorValues,
  type Values,
} from '../domain/reading.ts';
import { declaredSensor, GENERIC_RANGES, modelOf, type SensorModel } from '../domain/sensorModel.ts';
import { LARGEST_NUMBER } from './decoders/number.ts';

/** What a message is judged with besides itself. */
export interface ValidationContext {
  stationId: string;
  /** Epoch ms UTC, already checked against the contract's time rules. */
  measuredAt: number;
  /** The station's declared models; they name instruments whose model the message does not tell. */
  sensorModels: readonly string[];
  /** True when the time came from the device, not from our clock. */
  isClaimed: boolean;
}

/** A field that was not taken, and why. */
export interface RefusedField {
  field: string;
  reason: RejectionReason;
}

/** What is left of a message: its readings with their flags, and the fields refused by the decoder or here. */
export interface Validated {
  readings: Reading[];
  refused: RefusedField[];
}

const CLAIMED_TIME = flagBit('claimed');
const HUMIDITY_END_STOP = flagBit('humidity-end-stop');
/** airRohr pushes its GPS receiver by itself (`X-PIN: 9`), with a fix or without. */
const POSITION_ONLY: Rejection = {
  ...reject('no-values', 'A position, beside the readings of the device; positions are not taken.'),
  isBeside: true,
};
/** DHT22 stops at 99.9 %, BME280 at 100 %; 1.0 % is a stuck DHT22 (airRohr firmware issue 737). No weather is as dry. */
const WET_END = 99.9;
const DRY_END = 1;

const BITS = Object.fromEntries(
  QUANTITIES.map((quantity) => [
    quantity,
    { outOfRange: flagBit('out-of-range', quantity), saturated: flagBit('saturated', quantity) },
  ]),
) as Readonly<Record<Quantity, { outOfRange: number; saturated: number }>>;

/**
 * Judges a decoded message by itself: drops what is no value, flags what the instrument cannot have measured. Pure.
 * A rejection means that nothing is left. `values` and `extra` of the message are passed on, not copied, where nothing
 * was dropped.
 *
 * Negative particulate other than the marker -1 is kept and flagged out-of-range: it shows a broken instrument.
 */
export function validate(message: DeviceMessage, context: ValidationContext): Validated | Rejection {
  const refused: RefusedField[] = message.refusedFields.slice();
  const { stationId, measuredAt, isClaimed } = context;
  const judged = message.sensors.map((part) => {
    const sensor = nameOf(part, message, context);
    const reading: Reading = {
      stationId,
      sensor,
      measuredAt,
      values: part.values,
      flags: isClaimed ? CLAIMED_TIME : 0,
    };
    judgeValues(reading, refused);
    const extra = part.extra && keepNumbers(part.extra, sensor, refused);
    if (extra !== undefined && !isEmpty(extra)) reading.extra = extra;
    return reading;
  });
  const readings = judged.every(saysSomething) ? judged : judged.filter(saysSomething);
  if (readings.length > 0) return { readings, refused };
  return message.isPositionOnly ? POSITION_ONLY : reject('no-values', nothingLeft(refused));
}

function saysSomething({ values, extra }: Reading): boolean {
  return extra !== undefined || !isEmpty(values);
}

/** The declared model's name, unless the message already has an instrument of that name. */
function nameOf(part: SensorValues, message: DeviceMessage, context: ValidationContext): string {
  const sensor = declaredSensor(part.sensor, context.sensorModels);
  if (sensor === part.sensor) return sensor;
  return message.sensors.some((other) => other.sensor === sensor) ? part.sensor : sensor;
}

function nothingLeft(refused: readonly RefusedField[]): string {
  const fields = refused.map(({ field, reason }) => `${field} ${reason}`).join(', ');
  return fields === '' ? 'The message carries no measured value.' : `No usable value: ${fields}.`;
}

/** Drops what is no value and flags the rest, reading each number once: taking one out of an object makes garbage. */
function judgeValues(reading: Reading, refused: RefusedField[]): void {
  const { sensor, values } = reading;
  const model = modelOf(sensor);
  let mask = 0;
  for (const name in values) {
    const quantity = name as Quantity;
    const value = values[quantity]!;
    const reason = refusal(name, value, sensor);
    if (reason === undefined) {
      mask += flagFor(model, quantity, value);
      continue;
    }
    if (reading.values === values) reading.values = { ...values };
    delete reading.values[quantity];
    refused.push({ field: `${sensor}.${name}`, reason });
  }
  if (mask !== 0 && model?.isTemperatureCompensated === true) mask = withCompensated(mask, reading.values);
  reading.flags += mask;
}

/** The numbers that are values; the same object when all are. */
function keepNumbers(numbers: Record<string, number>, sensor: string, refused: RefusedField[]): Record<string, number> {
  let kept = numbers;
  for (const name in numbers) {
    const reason = refusal(name, numbers[name]!, sensor);
    if (reason === undefined) continue;
    if (kept === numbers) kept = { ...numbers };
    delete kept[name];
    refused.push({ field: `${sensor}.${name}`, reason });
  }
  return kept;
}

/**
 * Why a number is no value. Firmwares mark "nothing" with -1 (-128 for temperature; airRohr, Zigbee2MQTT); a DS18B20
 * that is not there reads -127. Unknown quantities have no known marker.
 */
function refusal(name: string, value: number, sensor: string): RejectionReason | undefined {
  if (value > 0 && value <= LARGEST_NUMBER) return undefined;
  if (!Number.isFinite(value)) return 'not-a-number';
  if (Math.abs(value) > LARGEST_NUMBER) return 'out-of-bounds';
  if (!Object.hasOwn(GENERIC_RANGES, name)) return undefined;
  if (value === -128) return 'no-value-marker';
  const isMarker = name === 'temperature' ? value === -127 && sensor.startsWith('ds18b20') : value === -1;
  return isMarker ? 'no-value-marker' : undefined;
}

/** The one flag a value earns by itself, or 0. */
function flagFor(model: SensorModel | undefined, quantity: Quantity, value: number): number {
  const range = model?.ranges[quantity] ?? GENERIC_RANGES[quantity];
  if (value < range.low || value > range.high) return BITS[quantity].outOfRange;
  if (range.fullScale !== undefined && value >= range.fullScale) return BITS[quantity].saturated;
  const isEndStop = quantity === 'humidity' && (value >= WET_END || value <= DRY_END);
  return isEndStop ? HUMIDITY_END_STOP : 0;
}

/** An impossible temperature takes with it what was computed from it: a hung BME280 at -145 °C also reports 575 hPa. */
function withCompensated(mask: number, values: Values): number {
  const bit = BITS.temperature.outOfRange;
  if (withBit(mask, bit) !== mask) return mask;
  let all = mask;
  if (values.pressure !== undefined) all = withBit(all, BITS.pressure.outOfRange);
  if (values.humidity !== undefined) all = withBit(all, BITS.humidity.outOfRange);
  return all;
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
