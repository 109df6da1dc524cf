import { PLACE_OF_QUANTITY, QUANTITIES, type Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { pressureAtSeaLevel } from '../domain/seaLevel.ts';
import type { Ascii } from './ascii.ts';
import { type RecordFrame, type RecordWriter, valueEnding } from './recordWriter.ts';
import { emptyRow, fillRow, type ValueRow } from './valueRow.ts';

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

/** By the place of a quantity in a row. */
const ENDING_AT = QUANTITIES.map((quantity) => valueEnding(TYPE_OF_QUANTITY[quantity]));
const ENDING_OF_EXTRA = endingsOf(TYPE_OF_EXTRA);
const ENDING_OF_NOISE = endingsOf(NOISE_EXTRAS);

function endingsOf(types: Readonly<Record<string, string>>): ReadonlyMap<string, Ascii> {
  return new Map(Object.entries(types).map(([name, type]) => [name, valueEnding(type)]));
}

/** What deciding on the values needs to know of the station. */
export interface ValueRules {
  /** True when the station publishes the quantity. */
  publishes: (quantity: Quantity) => boolean;
  /** Metres above sea level; undefined when nobody said. */
  altitudeMetres: number | undefined;
}

/** What of a reading its record is made of. */
export type MeasuredReading = Pick<Reading, 'measuredAt' | 'values' | 'flags'> & {
  extra?: Reading['extra'] | undefined;
};

/** A reading as it was measured, as a record; values we know to be none (out of range, saturated) are left out. */
export function putReading(
  writer: RecordWriter,
  frame: RecordFrame,
  { reading, rules }: { reading: MeasuredReading; rules: ValueRules },
): void {
  fillRow(scratch, reading, rules.publishes);
  putMeasured(writer, frame, { measuredAt: reading.measuredAt, row: scratch, rules, extra: reading.extra });
}

const scratch = emptyRow();

/** A time, the values of a record, and what goes with them. */
export interface RecordValues {
  /** Of the newest reading, epoch ms. */
  measuredAt: number;
  /** Those that are published. */
  row: ValueRow;
  rules: ValueRules;
}

/** Values as they were measured, as a record. */
export function putMeasured(
  writer: RecordWriter,
  frame: RecordFrame,
  { measuredAt, row, rules, extra }: RecordValues & { extra: Reading['extra'] | undefined },
): void {
  writer.begin(frame, measuredAt);
  for (const place of frame.places) {
    const value = row[place]!;
    if (!Number.isNaN(value)) writer.value(ENDING_AT[place]!, inTheirUnit(place, value));
  }
  if (extra !== undefined) putExtra(writer, extra, rules);
  putSeaLevel(writer, row, rules);
  writer.end();
}

/** Means as a record, two decimals each; `extra`: those of values that we do not judge. */
export function putMeans(
  writer: RecordWriter,
  frame: RecordFrame,
  { measuredAt, row, rules, extra }: RecordValues & { extra?: Reading['extra'] | undefined },
): void {
  writer.begin(frame, measuredAt);
  for (const place of frame.places) {
    const mean = row[place]!;
    if (!Number.isNaN(mean)) writer.mean(ENDING_AT[place]!, meanInTheirUnit(place, mean));
  }
  for (const name in extra) {
    const ending = endingOfExtra(name, rules);
    if (ending !== undefined) writer.mean(ending, extra[name]!);
  }
  putSeaLevel(writer, row, rules);
  writer.end();
}

function putExtra(writer: RecordWriter, extra: Readonly<Record<string, number>>, rules: ValueRules): void {
  for (const name in extra) {
    const ending = endingOfExtra(name, rules);
    if (ending !== undefined) writer.value(ending, extra[name]!);
  }
}

/** Undefined for what has no name in their files, and for levels that the host does not publish. */
function endingOfExtra(name: string, { publishes }: ValueRules): Ascii | undefined {
  return ENDING_OF_EXTRA.get(name) ?? (publishes('noise') ? ENDING_OF_NOISE.get(name) : undefined);
}

/** Pressure is in Pa there. 15 digits are all a decimal has: 960.8166 * 100 is 96081.65999999999. */
function inTheirUnit(place: number, value: number): number {
  if (place !== PLACE_OF_QUANTITY.pressure) return value;
  const pascal = value * 100;
  const rounded = Math.round(pascal * 100) / 100;
  // The nearest two decimals are the same text in 15 digits: almost always, and found sooner.
  return Math.abs(rounded - pascal) < 1e-10 ? rounded : Number(pascal.toPrecision(15));
}

/** As `inTheirUnit`, for two decimals: only beside a half does the sixteenth digit tell how they are rounded. */
function meanInTheirUnit(place: number, mean: number): number {
  if (place !== PLACE_OF_QUANTITY.pressure) return mean;
  const cents = mean * 10_000;
  const isBesideHalf = Math.abs(cents - Math.floor(cents) - 0.5) < 1e-6;
  return isBesideHalf ? inTheirUnit(place, mean) : mean * 100;
}

function putSeaLevel(writer: RecordWriter, row: ValueRow, { altitudeMetres }: ValueRules): void {
  const pressure = row[PLACE_OF_QUANTITY.pressure]!;
  const temperature = row[PLACE_OF_QUANTITY.temperature]!;
  if (altitudeMetres === undefined || Number.isNaN(pressure) || Number.isNaN(temperature)) return;
  const reduced = pressureAtSeaLevel(pressure * 100, altitudeMetres, temperature);
  // The only number of a record: NaN, as for an altitude that cannot be, would make the whole file unreadable.
  if (Number.isFinite(reduced)) writer.seaLevel(reduced);
}
