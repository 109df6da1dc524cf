import { isValid } from '../domain/flag.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { pressureAtSeaLevel } from '../domain/seaLevel.ts';

/**
 * Records of sensor.community's files, as text. One of an SDS011, as it was on 2020-10-18:
 *
 *     {"id":2285397478,"sampling_rate":null,"timestamp":"2020-10-18 15:16:17",
 *      "location":{"id":25019,"latitude":"42.626","longitude":"23.38","altitude":"628.8","country":"BG",
 *        "exact_location":0,"indoor":0},
 *      "sensor":{"id":39300,"pin":"1","sensor_type":{"id":14,"name":"SDS011","manufacturer":"Nova Fitness"}},
 *      "sensordatavalues":[{"id":4936976270,"value":"2.73","value_type":"P1"},
 *        {"id":4936976271,"value":"2.00","value_type":"P2"}]}
 *
 * Values are text, but `pressure_at_sealevel`, which has no id, is a number; times are UTC and do not say so.
 */

/** What their files call a quantity. P1 is PM10, P2 is PM2.5. */
const TYPE_OF_QUANTITY: Readonly<Record<Quantity, string>> = {
  pm1: 'P0',
  pm25: 'P2',
  pm4: 'P4',
  pm10: 'P1',
  temperature: 'temperature',
  humidity: 'humidity',
  pressure: 'pressure',
  noise: 'noise_LAeq',
};

/** What their files call values that we do not judge: particle counts, and levels beside the mean. */
const TYPE_OF_EXTRA: Readonly<Record<string, string>> = {
  p1: 'P1',
  p2: 'P2',
  durp1: 'durP1',
  ratiop1: 'ratioP1',
  durp2: 'durP2',
  ratiop2: 'ratioP2',
  n05: 'N05',
  n1: 'N1',
  n25: 'N25',
  n4: 'N4',
  n10: 'N10',
  ts: 'TS',
};
const NOISE_EXTRAS: Readonly<Record<string, string>> = { noise_la_min: 'noise_LA_min', noise_la_max: 'noise_LA_max' };

/** Values are numbered within their record; their ids leave room for this many. */
const VALUES_PER_RECORD = 16;
/** Sensor numbers a record's id tells apart; ours are consecutive from 1e9 up, theirs lie below 100,000. */
const SENSORS_PER_SECOND = 2 ** 19;
/** 2020-01-01, s: ids stay below 2^53 until 2054. */
const FIRST_SECOND = 1_577_836_800;

/** The parts of a record that stay: `"location":{...},"sensor":{...}`. */
export interface RecordFrame {
  sensorId: number;
  text: string;
}

/** One value of a record. `value` is text or, as `pressure_at_sealevel`, a number. */
export interface RecordValue {
  type: string;
  value: string | number;
}

/** Values and time of a record; `measuredAt` epoch ms. */
export interface RecordContent {
  measuredAt: number;
  values: readonly RecordValue[];
}

/** A record as JSON text. Its id follows from sensor and second alone, so that it is the same after a restart. */
export function recordText({ sensorId, text }: RecordFrame, { measuredAt, values }: RecordContent): string {
  const id = (Math.floor(measuredAt / 1000) - FIRST_SECOND) * SENSORS_PER_SECOND + (sensorId % SENSORS_PER_SECOND);
  let list = '';
  for (let i = 0; i < values.length; i++) {
    const { type, value } = values[i]!;
    if (i > 0) list += ',';
    list +=
      typeof value === 'number'
        ? `{"value":${value},"value_type":"${type}"}`
        : `{"id":${id * VALUES_PER_RECORD + i},"value":"${value}","value_type":"${type}"}`;
  }
  const timestamp = timeText(measuredAt);
  return `{"id":${id},"sampling_rate":null,"timestamp":"${timestamp}",${text},"sensordatavalues":[${list}]}`;
}

/** `2020-10-18 15:16:17`, UTC. */
export function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** A measured number as the firmware writes it: two decimals, more only where it has more. */
export function valueText(value: number): string {
  const text = value.toFixed(2);
  return Number(text) === value ? text : String(value);
}

/** What deciding on the values needs to know of the station. */
export interface ValueRules {
  /** True when the station publishes the quantity. */
  publishes: (quantity: Quantity) => boolean;
  /** Metres above sea level; undefined when nobody said. */
  altitudeMetres: number | undefined;
}

/** The values of a reading as they were measured; those we know to be none (out of range, saturated) are left out. */
export function measuredValues({ values, extra, flags }: Omit<Reading, 'stationId'>, rules: ValueRules): RecordValue[] {
  const found: RecordValue[] = [];
  const valid: Partial<Record<Quantity, number>> = {};
  for (const quantity of QUANTITIES) {
    const value = values[quantity];
    if (value === undefined || !rules.publishes(quantity) || !isValid(flags, quantity)) continue;
    valid[quantity] = value;
    found.push({ type: TYPE_OF_QUANTITY[quantity], value: valueText(inTheirUnit(quantity, value)) });
  }
  for (const name in extra) {
    const type = TYPE_OF_EXTRA[name] ?? (rules.publishes('noise') ? NOISE_EXTRAS[name] : undefined);
    if (type !== undefined && found.length < VALUES_PER_RECORD) found.push({ type, value: valueText(extra[name]!) });
  }
  return withSeaLevel(found, valid, rules.altitudeMetres);
}

/** Means as values, two decimals each. */
export function meanValues(means: Partial<Record<Quantity, number>>, rules: ValueRules): RecordValue[] {
  const found: RecordValue[] = [];
  for (const quantity of QUANTITIES) {
    const mean = means[quantity];
    if (mean === undefined || !rules.publishes(quantity)) continue;
    found.push({ type: TYPE_OF_QUANTITY[quantity], value: inTheirUnit(quantity, mean).toFixed(2) });
  }
  return withSeaLevel(found, means, rules.altitudeMetres);
}

/** Pressure is in Pa there. 15 digits are all a decimal has: 960.8166 * 100 is 96081.65999999999. */
function inTheirUnit(quantity: Quantity, value: number): number {
  return quantity === 'pressure' ? Number((value * 100).toPrecision(15)) : value;
}

function withSeaLevel(
  found: RecordValue[],
  { pressure, temperature }: Partial<Record<Quantity, number>>,
  altitudeMetres: number | undefined,
): RecordValue[] {
  if (pressure === undefined || temperature === undefined || altitudeMetres === undefined) return found;
  const reduced = pressureAtSeaLevel(pressure * 100, altitudeMetres, temperature);
  return [...found, { type: 'pressure_at_sealevel', value: Number(reduced.toFixed(2)) }];
}
