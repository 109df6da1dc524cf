import { isValid } from '../domain/flag.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';

/** How far back their files reach, ms. */
export const RECENT_MS = 300_000;
/** Readings kept per instrument: one every 5 s, the firmware's shortest interval, fills the five minutes. */
const MAX_READINGS = 60;
/**
 * Of a device that sends more often than this, ms, the newest reading and one each so long are kept: half the firmware's
 * shortest interval, so that no device in the field is meant.
 */
const MIN_GAP_MS = 2_500;
/** Instruments kept per station, as in the aggregator; more come only from a device that invents names. */
const MAX_SENSORS = 16;

/** A reading of a known instrument. */
export interface RecentReading extends Omit<Reading, 'stationId' | 'sensor'> {
  /** Where its record lies in the piece of its station, and how long it is; 0 before it was written. */
  offset: number;
  length: number;
}

/** The readings of one instrument, in order of time. */
export interface SensorRecent {
  sensor: string;
  readings: RecentReading[];
}

/** What came in of one station lately. */
export interface StationRecent {
  /** Another number than before when something of the station changed. */
  revision: number;
  /** A list: so few are found sooner by looking at each. */
  sensors: SensorRecent[];
}

/** The readings of the last five minutes of every station, by instrument, in order of time. Bounded by stations. */
export class RecentReadings {
  readonly #stations = new Map<string, StationRecent>();

  /** Takes a stored reading, or a part of one: parts with one time become one. */
  note(reading: Reading): void {
    const station = this.ofStation(reading.stationId);
    let known = station.sensors.find(({ sensor }) => sensor === reading.sensor);
    if (known === undefined) {
      if (station.sensors.length === MAX_SENSORS) return;
      known = { sensor: reading.sensor, readings: [] };
      station.sensors.push(known);
    }
    station.revision++;
    insert(known.readings, reading);
  }

  /** What is kept of a station: the same object until the station is removed. */
  ofStation(stationId: string): StationRecent {
    const known = this.#stations.get(stationId);
    if (known !== undefined) return known;
    const made = { revision: 0, sensors: [] };
    this.#stations.set(stationId, made);
    return made;
  }

  /** Instruments of the station with the readings after `since`, epoch ms, in order of time. */
  of(stationId: string, since: number): SensorRecent[] {
    const station = this.#stations.get(stationId);
    if (station === undefined) return [];
    forgetBefore(station, since);
    return station.sensors.filter(({ readings }) => readings.length > 0);
  }

  /** Forgets a station. */
  remove(stationId: string): void {
    this.#stations.delete(stationId);
  }
}

/** Means of the valid values of some readings. */
export function meansOf(readings: readonly RecentReading[]): Partial<Record<Quantity, number>> {
  const means: Partial<Record<Quantity, number>> = {};
  for (const quantity of QUANTITIES) {
    let sum = 0;
    let count = 0;
    for (let at = 0; at < readings.length; at++) {
      const { values, flags } = readings[at]!;
      const value = values[quantity];
      if (value === undefined || !(flags === 0 || isValid(flags, quantity))) continue;
      sum += value;
      count++;
    }
    if (count > 0) means[quantity] = sum / count;
  }
  return means;
}

/** Forgets the readings of a station up to `since`, epoch ms. */
export function forgetBefore({ sensors }: StationRecent, since: number): void {
  for (const { readings } of sensors) {
    while (readings.length > 0 && readings[0]!.measuredAt <= since) readings.shift();
  }
}

function insert(list: RecentReading[], { measuredAt, values, extra, flags }: Reading): void {
  let at = list.length;
  while (at > 0 && list[at - 1]!.measuredAt > measuredAt) at--;
  const same = list[at - 1];
  if (same?.measuredAt === measuredAt) {
    // New objects: the ones at hand belong to the store's answer.
    same.values = { ...same.values, ...values };
    if (extra !== undefined) same.extra = { ...same.extra, ...extra };
    same.flags = mergedFlags(same.flags, flags);
    same.length = 0;
    return;
  }
  const reading: RecentReading = { measuredAt, values, flags, offset: 0, length: 0 };
  if (extra !== undefined) reading.extra = extra;
  const isTooSoon = at > 1 && at === list.length && same!.measuredAt - list[at - 2]!.measuredAt < MIN_GAP_MS;
  if (isTooSoon) list[at - 1] = reading;
  else if (at === list.length) list.push(reading);
  else list.splice(at, 0, reading);
  // Nobody may ask for long; a list never holds more than its own five minutes.
  const since = list.at(-1)!.measuredAt - RECENT_MS;
  while (list.length > MAX_READINGS || list[0]!.measuredAt <= since) list.shift();
}

/** Masks are sums of powers of two, beyond what `|` can take. */
function mergedFlags(one: number, other: number): number {
  return one === 0 || one === other ? other : Number(BigInt(one) | BigInt(other));
}
