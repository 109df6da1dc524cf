import type { Reading } from '../domain/reading.ts';
import { dropLines, putLine, putLines, type RecentTable, timeAt } from './recentTable.ts';
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

const NO_COLUMNS: readonly number[] = [];

/** A reading of a known instrument, and its record in the file of single readings. */
export class RecentReading implements Entry {
  chunk: RecordChunk | undefined = undefined;
  start = 0;
  index = 0;
  readonly of: SensorRecent;
  readonly measuredAt: number;
  values: Reading['values'];
  flags: number;
  extra: Reading['extra'] | undefined;

  constructor(of: SensorRecent, { measuredAt, values, flags, extra }: Reading) {
    this.of = of;
    this.measuredAt = measuredAt;
    this.values = values;
    this.flags = flags;
    this.extra = extra;
  }
}

/** The readings of one instrument, in order of time, and their mean's record among the five-minute means. */
export class SensorRecent extends HeadedEntry implements RecentTable {
  readonly sensor: string;
  readonly station: StationRecent;
  /** True when its records are to be looked over. */
  isChanged = false;
  /** True when the number its records need is known. */
  isNumbered = false;
  readonly readings: RecentReading[] = [];
  columns: readonly number[] = NO_COLUMNS;
  readonly cells: number[] = [];
  /** The first reading whose record may not be what it should be. */
  firstNew = 0;
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
  const { length } = sensor.readings;
  let count = 0;
  while (count < length && timeAt(sensor, count) <= since) count++;
  if (count > 0) forgetOldest(sensor, count);
  return count > 0;
}

function forgetOldest(sensor: SensorRecent, count: number): void {
  const { readings } = sensor;
  for (let line = 0; line < count; line++) dropEntry(readings[line]!);
  if (count === 1) readings.shift();
  else readings.splice(0, count);
  dropLines(sensor, count);
  sensor.firstNew = Math.max(0, sensor.firstNew - count);
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
  const { measuredAt } = noted;
  if (noted.extra !== undefined) sensor.hasExtra = true;
  const list = sensor.readings;
  let at = list.length;
  while (at > 0 && timeAt(sensor, at - 1) > measuredAt) at--;
  if (at > 0 && timeAt(sensor, at - 1) === measuredAt) merge(sensor, at - 1, noted);
  else if (at < list.length) {
    list.splice(at, 0, new RecentReading(sensor, noted));
    putLines(sensor);
    renewFrom(sensor, at);
  } else append(sensor, noted);
  // Nobody may ask for long; a list never holds more than its own five minutes.
  forgetBefore(sensor, timeAt(sensor, list.length - 1) - RECENT_MS);
  if (list.length > MAX_READINGS) forgetOldest(sensor, list.length - MAX_READINGS);
}

function append(sensor: SensorRecent, noted: Reading): void {
  const { readings } = sensor;
  const last = readings.length - 1;
  const isTooSoon = last > 0 && timeAt(sensor, last) - timeAt(sensor, last - 1) < MIN_GAP_MS;
  if (isTooSoon) dropEntry(readings.pop()!);
  readings.push(new RecentReading(sensor, noted));
  putLine(sensor, readings.length - 1);
  renewFrom(sensor, readings.length - 1);
}

/** A part of a reading that is there. */
function merge(sensor: SensorRecent, line: number, { values, extra, flags }: Reading): void {
  const same = sensor.readings[line]!;
  // New objects: the ones at hand belong to the store's answer.
  same.values = { ...same.values, ...values };
  if (extra !== undefined) same.extra = { ...same.extra, ...extra };
  same.flags = mergedFlags(same.flags, flags);
  putLine(sensor, line);
  renewFrom(sensor, line);
}

/** Records from a reading on are to be looked over. */
export function renewFrom(sensor: SensorRecent, line: number): void {
  if (line < sensor.firstNew) sensor.firstNew = line;
}

/** Masks are sums of powers of two, beyond what `|` can take. */
function mergedFlags(one: number, other: number): number {
  return one === 0 || one === other ? other : Number(BigInt(one) | BigInt(other));
}
