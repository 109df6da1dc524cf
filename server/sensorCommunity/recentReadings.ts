import { isValid } from '../domain/flag.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { dropEntry, type Entry, newEntry } from './recordChunk.ts';
import type { PartKind } from './recordKinds.ts';
import type { StationPlace } from './townRecords.ts';

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

/** A reading of a known instrument, and its record in the file of single readings. */
export interface RecentReading extends Omit<Reading, 'stationId' | 'sensor'>, Entry {
  of: SensorRecent;
  /** True when its record is what it should be; also when it has none. */
  isWritten: boolean;
}

/** The readings of one instrument, in order of time. */
export interface SensorRecent {
  sensor: string;
  station: StationRecent;
  readings: RecentReading[];
  /** True when its records are to be looked over. */
  isChanged: boolean;
  /** Its record among the five-minute means. */
  mean: Entry;
  /** Records of parts of it, where it measures more than one part. */
  cuts: Partial<Record<PartKind, Entry>> | undefined;
}

/** What came in of one station lately. */
export interface StationRecent {
  /** A list: so few are found sooner by looking at each. */
  sensors: SensorRecent[];
  /** Its place in the files; none while it is in no file. */
  place?: StationPlace;
}

/** The readings of the last five minutes of every station, by instrument, in order of time. Bounded by stations. */
export class RecentReadings {
  readonly #stations = new Map<string, StationRecent>();
  #changed: SensorRecent[] = [];

  /** Takes a stored reading, or a part of one: parts with one time become one. */
  note(reading: Reading): void {
    const station = this.ofStation(reading.stationId);
    const known = station.sensors.find(({ sensor }) => sensor === reading.sensor) ?? addSensor(station, reading.sensor);
    if (known === undefined) return;
    this.change(known);
    insert(known, reading);
  }

  /** What is kept of a station: the same object until the station is removed. */
  ofStation(stationId: string): StationRecent {
    const known = this.#stations.get(stationId);
    if (known !== undefined) return known;
    const made = { sensors: [] };
    this.#stations.set(stationId, made);
    return made;
  }

  /** Instruments of the station with the readings after `since`, epoch ms, in order of time. */
  of(stationId: string, since: number): SensorRecent[] {
    const station = this.#stations.get(stationId);
    if (station === undefined) return [];
    for (const sensor of station.sensors) this.forget(sensor, since);
    return station.sensors.filter(({ readings }) => readings.length > 0);
  }

  /** Forgets the readings of an instrument up to `since`, epoch ms. */
  forget(sensor: SensorRecent, since: number): void {
    if (forgetBefore(sensor, since)) this.change(sensor);
  }

  /** The records of an instrument are to be looked over. */
  change(sensor: SensorRecent): void {
    if (sensor.isChanged) return;
    sensor.isChanged = true;
    this.#changed.push(sensor);
  }

  /** Instruments that changed since the last call, in the order in which they did. */
  takeChanged(): SensorRecent[] {
    const changed = this.#changed;
    this.#changed = [];
    for (const sensor of changed) sensor.isChanged = false;
    return changed;
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

/** Forgets the readings of an instrument up to `since`, epoch ms; true when there were any. */
export function forgetBefore({ readings }: SensorRecent, since: number): boolean {
  let count = 0;
  while (count < readings.length && readings[count]!.measuredAt <= since) dropEntry(readings[count++]!);
  if (count > 0) readings.splice(0, count);
  return count > 0;
}

function addSensor(station: StationRecent, sensor: string): SensorRecent | undefined {
  if (station.sensors.length === MAX_SENSORS) return undefined;
  const added = { sensor, station, readings: [], isChanged: false, mean: newEntry(), cuts: undefined };
  station.sensors.push(added);
  return added;
}

function insert(sensor: SensorRecent, { measuredAt, values, extra, flags }: Reading): void {
  const list = sensor.readings;
  let at = list.length;
  while (at > 0 && list[at - 1]!.measuredAt > measuredAt) at--;
  const same = list[at - 1];
  if (same?.measuredAt === measuredAt) {
    // New objects: the ones at hand belong to the store's answer.
    same.values = { ...same.values, ...values };
    if (extra !== undefined) same.extra = { ...same.extra, ...extra };
    same.flags = mergedFlags(same.flags, flags);
    same.isWritten = false;
    return;
  }
  // No spread: this is the work of every reading.
  const reading: RecentReading = {
    measuredAt,
    values,
    flags,
    of: sensor,
    isWritten: false,
    chunk: undefined,
    start: 0,
    length: 0,
  };
  if (extra !== undefined) reading.extra = extra;
  const isTooSoon = at > 1 && at === list.length && same!.measuredAt - list[at - 2]!.measuredAt < MIN_GAP_MS;
  if (isTooSoon) {
    dropEntry(same!);
    list[at - 1] = reading;
  } else if (at === list.length) list.push(reading);
  else list.splice(at, 0, reading);
  // Nobody may ask for long; a list never holds more than its own five minutes.
  const since = list.at(-1)!.measuredAt - RECENT_MS;
  while (list.length > MAX_READINGS || list[0]!.measuredAt <= since) dropEntry(list.shift()!);
}

/** Masks are sums of powers of two, beyond what `|` can take. */
function mergedFlags(one: number, other: number): number {
  return one === 0 || one === other ? other : Number(BigInt(one) | BigInt(other));
}
