import { isQuantity, QUANTITIES, type Quantity } from '../../domain/quantity.ts';
import { STATION_ID } from '../../domain/station.ts';
import { wholeMs } from '../readingStore.ts';

/** Text that enters queries and lines: names are checked against what they may be, so nothing needs escaping. */

const SENSOR = /^[a-z0-9-]{1,30}$/;
const EXTRA_NAME = /^[a-z0-9][a-z0-9_]*$/;
/** Bounds of the server's times, which are int64 nanoseconds. */
const LAST_MS = 9_223_372_036_854;

/** Each quantity has two fields: its valid values, and those a flag makes invalid. */
export const VALUE_FIELDS: readonly { quantity: Quantity; field: string; isValid: boolean }[] = QUANTITIES.flatMap(
  (quantity) => [
    { quantity, field: quantity, isValid: true },
    { quantity, field: `${quantity}_x`, isValid: false },
  ],
);

/** Prefix of fields with unknown quantities, so that one named like a tag or `time` stays apart. */
export const EXTRA_PREFIX = 'x_';

/** `station='…'`. */
export function stationIs(stationId: string): string {
  return `station='${checkedStation(stationId)}'`;
}

/** `station!='…'`. */
export function stationIsNot(stationId: string): string {
  return stationIs(stationId).replace('=', '!=');
}

/** A condition that names several stations; at least one. */
export function stationIn(stationIds: readonly string[]): string {
  for (const stationId of stationIds) stationIs(stationId);
  return `station =~ /^(${stationIds.join('|')})$/`;
}

/** `station='…' AND sensor='…'`. */
export function seriesIs(stationId: string, sensor: string): string {
  return `${stationIs(stationId)} AND sensor='${checkedSensor(sensor)}'`;
}

/** `time >= … AND time < …` of a half-open window, epoch ms. */
export function timeIn(from: number, to: number): string {
  return `time >= ${bounded(from)}ms AND time < ${bounded(to)}ms`;
}

/** A station's id, checked. */
export function checkedStation(stationId: string): string {
  if (!STATION_ID.test(stationId)) throw new RangeError(`${stationId} is not a station id`);
  return stationId;
}

/** A sensor, checked. */
export function checkedSensor(sensor: string): string {
  if (!SENSOR.test(sensor)) throw new RangeError(`${sensor} is not a sensor`);
  return sensor;
}

/** The field of an unknown quantity. */
export function extraField(name: string): string {
  if (!EXTRA_NAME.test(name)) throw new RangeError(`${name} cannot be the name of a field`);
  return `${EXTRA_PREFIX}${name}`;
}

/** A quantity's field, checked. */
export function quantityField(quantity: Quantity): string {
  if (!isQuantity(quantity)) throw new RangeError(`${String(quantity)} is not a quantity`);
  return quantity;
}

function bounded(time: number): number {
  return Math.min(Math.max(wholeMs(time), -LAST_MS), LAST_MS);
}
