import type { Reading } from '../domain/reading.ts';
import { dropEntry, type Entry, type RecordChunk } from './recordChunk.ts';
import { HeadedEntry } from './recordHead.ts';
import type { PartKind } from './recordKinds.ts';
import type { StationRules } from './stationFrames.ts';
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
export class RecentReading implements Entry {
  chunk: RecordChunk | undefined = undefined;
  start = 0;
  length = 0;
  readonly of: SensorRecent;
  readonly measuredAt: number;
  values: Reading['values'];
  flags: number;
  extra: Reading['extra'] | undefined;
  /** True when its record is what it should be; also when it has none. */
  isWritten = false;

  constructor(of: SensorRecent, { measuredAt, values, flags, extra }: Reading) {
    this.of = of;
    this.measuredAt = measuredAt;
    this.values = values;
    this.flags = flags;
    this.extra = extra;
  }
}

/** The readings of one instrument, in order of time, and their mean's record among the five-minute means. */
export class SensorRecent extends HeadedEntry {
  readonly sensor: string;
  readonly station: StationRecent;
  /** True when its records are to be looked over. */
  isChanged = false;
  /** True when the number its records need is known. */
  isNumbered = false;
  readonly readings: RecentReading[] = [];
  /** Places in a row of the quantities it measures. */
  readonly columns: number[] = [];
  /** Of the first `inTable` readings, one behind the other, the time and what is published of the columns. */
  readonly table: number[] = [];
  inTable = 0;
  /** True once a reading had values that we do not judge: of the others nobody has to look for any. */
  hasExtra = false;
  /** What of its values is written; undefined while it is in no file, or not known to be in any. */
  rules: StationRules | undefined = undefined;
  /** Records of parts of its mean, where it measures more than one part. */
  cuts: Partial<Record<PartKind, Entry>> | undefined = undefined;

  constructor(station: StationRecent, sensor: string) {
    super();
    this.station = station;
    this.sensor = sensor;
  }
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
  /** The station asked for last: what a message holds of its instruments comes one behind the other. */
  #lastId: string | undefined;
  #last: StationRecent | undefined;

  /** Takes a stored reading, or a part of one: parts with one time become one. Its instrument, unless there are too many. */
  note(reading: Reading): SensorRecent | undefined {
    const station = this.ofStation(reading.stationId);
    const known = sensorOf(station, reading.sensor) ?? addSensor(station, reading.sensor);
    if (known === undefined) return undefined;
    this.change(known);
    insert(known, reading);
    return known;
  }

  /** What is kept of a station; undefined when nothing is. */
  known(stationId: string): StationRecent | undefined {
    return this.#stations.get(stationId);
  }

  /** What is kept of a station: the same object until the station is removed. */
  ofStation(stationId: string): StationRecent {
    if (this.#last !== undefined && this.#lastId === stationId) return this.#last;
    const station = this.#stations.get(stationId) ?? { sensors: [] };
    if (station.sensors.length === 0) this.#stations.set(stationId, station);
    this.#lastId = stationId;
    this.#last = station;
    return station;
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

  /**
   * Instruments that changed since the last call, in the order in which they did. Whoever looks one over resets its
   * `isChanged`: a loop of its own would fetch all of them once more.
   */
  takeChanged(): SensorRecent[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed;
  }

  /** Forgets a station. */
  remove(stationId: string): void {
    this.#stations.delete(stationId);
    this.#last = undefined;
  }
}

/** Forgets the readings of an instrument up to `since`, epoch ms; true when there were any. */
export function forgetBefore(sensor: SensorRecent, since: number): boolean {
  if (sensor.inTable > 0 && sensor.table[0]! > since) return false;
  const { readings, table, columns } = sensor;
  let count = 0;
  while (count < readings.length && readings[count]!.measuredAt <= since) dropEntry(readings[count++]!);
  if (count === 0) return false;
  if (count === 1) readings.shift();
  else readings.splice(0, count);
  if (count > sensor.inTable) clearTable(sensor);
  else {
    const cells = count * (columns.length + 1);
    table.copyWithin(0, cells);
    table.length -= cells;
    sensor.inTable -= count;
  }
  return true;
}

/** The table is to be filled anew. */
export function clearTable(sensor: SensorRecent): void {
  sensor.table.length = 0;
  sensor.inTable = 0;
}

function sensorOf({ sensors }: StationRecent, name: string): SensorRecent | undefined {
  for (const known of sensors) if (known.sensor === name) return known;
  return undefined;
}

function addSensor(station: StationRecent, sensor: string): SensorRecent | undefined {
  if (station.sensors.length === MAX_SENSORS) return undefined;
  const added = new SensorRecent(station, sensor);
  station.sensors.push(added);
  return added;
}

function insert(sensor: SensorRecent, noted: Reading): void {
  const { measuredAt, values, extra, flags } = noted;
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
    clearTable(sensor);
    return;
  }
  const reading = new RecentReading(sensor, noted);
  const isTooSoon = at > 1 && at === list.length && same!.measuredAt - list[at - 2]!.measuredAt < MIN_GAP_MS;
  if (isTooSoon) {
    dropEntry(same!);
    list[at - 1] = reading;
  } else if (at === list.length) list.push(reading);
  else list.splice(at, 0, reading);
  // A table holds the first readings as they are; this one stands behind them only where it is the last.
  if (isTooSoon || at < list.length - 1) clearTable(sensor);
  // Nobody may ask for long; a list never holds more than its own five minutes.
  const since = list.at(-1)!.measuredAt - RECENT_MS;
  forgetBefore(sensor, since);
  while (list.length > MAX_READINGS) {
    dropEntry(list.shift()!);
    clearTable(sensor);
  }
}

/** Masks are sums of powers of two, beyond what `|` can take. */
function mergedFlags(one: number, other: number): number {
  return one === 0 || one === other ? other : Number(BigInt(one) | BigInt(other));
}
