import { isValid } from '../domain/flag.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import { pressureAtSeaLevel } from '../domain/seaLevel.ts';
import type { RecentReading } from './recentReadings.ts';
import { type RecordFrame, type RecordWriter, valueEnding } from './recordWriter.ts';

/**
 * Records of sensor.community's files. One of an SDS011, as it was on 2020-10-18:
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

const ENDING_OF_QUANTITY = Object.fromEntries(
  QUANTITIES.map((quantity) => [quantity, valueEnding(TYPE_OF_QUANTITY[quantity])]),
) as Record<Quantity, Uint8Array>;
const ENDING_OF_EXTRA = endingsOf(TYPE_OF_EXTRA);
const ENDING_OF_NOISE = endingsOf(NOISE_EXTRAS);

function endingsOf(types: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(types).map(([name, type]) => [name, valueEnding(type)]));
}

/** What deciding on the values needs to know of the station. */
export interface ValueRules {
  /** True when the station publishes the quantity. */
  publishes: (quantity: Quantity) => boolean;
  /** Metres above sea level; undefined when nobody said. */
  altitudeMetres: number | undefined;
}

/** A reading as it was measured, as a record; values we know to be none (out of range, saturated) are left out. */
export function putReading(
  writer: RecordWriter,
  frame: RecordFrame,
  { reading, rules }: { reading: Pick<RecentReading, 'measuredAt' | 'values' | 'extra' | 'flags'>; rules: ValueRules },
): void {
  const { values, extra, flags, measuredAt } = reading;
  writer.begin(frame, measuredAt);
  for (const quantity of frame.order) {
    const value = values[quantity];
    if (value === undefined || !rules.publishes(quantity) || !isValid(flags, quantity)) continue;
    writer.value(ENDING_OF_QUANTITY[quantity], inTheirUnit(quantity, value));
  }
  for (const name in extra) {
    const ending = ENDING_OF_EXTRA.get(name) ?? (rules.publishes('noise') ? ENDING_OF_NOISE.get(name) : undefined);
    if (ending !== undefined) writer.value(ending, extra[name]!);
  }
  const isSound = (quantity: Quantity) => isValid(flags, quantity);
  if (isSound('pressure') && isSound('temperature')) putSeaLevel(writer, values, rules);
  writer.end();
}

/** Means as a record, two decimals each. */
export function putMeans(
  writer: RecordWriter,
  frame: RecordFrame,
  { measuredAt, means, quantities, rules }: MeansRecord,
): void {
  writer.begin(frame, measuredAt);
  let hasPressure = false;
  for (const quantity of frame.order) {
    const mean = means[quantity];
    if (mean === undefined || !rules.publishes(quantity) || quantities?.includes(quantity) === false) continue;
    writer.mean(ENDING_OF_QUANTITY[quantity], inTheirUnit(quantity, mean));
    hasPressure ||= quantity === 'pressure';
  }
  if (hasPressure) putSeaLevel(writer, means, rules);
  writer.end();
}

/** Means of one instrument and what goes with them. */
export interface MeansRecord {
  /** Of the newest reading, epoch ms. */
  measuredAt: number;
  means: Partial<Record<Quantity, number>>;
  /** Those that are wanted; all when left out. */
  quantities?: readonly Quantity[];
  rules: ValueRules;
}

/** Pressure is in Pa there. 15 digits are all a decimal has: 960.8166 * 100 is 96081.65999999999. */
function inTheirUnit(quantity: Quantity, value: number): number {
  if (quantity !== 'pressure') return value;
  const pascal = value * 100;
  const rounded = Math.round(pascal * 100) / 100;
  // The nearest two decimals are the same text in 15 digits: almost always, and found sooner.
  return Math.abs(rounded - pascal) < 1e-10 ? rounded : Number(pascal.toPrecision(15));
}

function putSeaLevel(
  writer: RecordWriter,
  { pressure, temperature }: Partial<Record<Quantity, number>>,
  { altitudeMetres, publishes }: ValueRules,
): void {
  if (pressure === undefined || temperature === undefined || altitudeMetres === undefined) return;
  if (publishes('pressure')) writer.seaLevel(pressureAtSeaLevel(pressure * 100, altitudeMetres, temperature));
}
