import { isPublic, type Station } from '../domain/station.ts';
import type { InstrumentMeans } from '../live/instrumentMeans.ts';
import { AHEAD, fetchAhead } from './fetchAhead.ts';
import { type MeanRecord, MeanRecords, renewMeans } from './meanRecords.ts';
import {
  forgetBefore,
  RECENT_MS,
  type RecentReading,
  type RecentReadings,
  renewFrom,
  type SensorRecent,
  type StationRecent,
} from './recentReadings.ts';
import { dropEntry } from './recordChunk.ts';
import { headOf } from './recordHead.ts';
import { type LogName, type MeansKind, MINUTE_LOGS } from './recordKinds.ts';
import { type BytesPool, RecordLog } from './recordLog.ts';
import { type FrameSources, framesOf, type StationFrames, type StationRules } from './stationFrames.ts';
import { dropMeans, putRecent } from './stationRecords.ts';

/** What records are made from. */
export interface RecordSources extends FrameSources {
  recent: Pick<RecentReadings, 'of' | 'ofStation' | 'known' | 'change' | 'forget' | 'takeChanged'>;
  /** Tells the sliding means of every instrument of every station that rest on enough readings. */
  means: (averages: readonly MeansKind[], now: number, visit: (means: InstrumentMeans) => void) => void;
}

/** A station in the files. */
export interface StationPlace {
  station: Station;
  frames: StationFrames;
  recent: StationRecent;
  means: MeanRecord[];
  /** Number of the settling that found it. */
  settled: number;
}

/** The records of all public stations, each written when its readings or its station changed and not before. */
export class TownRecords {
  readonly #sources: RecordSources;
  readonly #pool: BytesPool = [];
  readonly #readings = new RecordLog<RecentReading>(this.#pool);
  readonly #logs = new Map<LogName, RecordLog>([['readings', this.#readings as RecordLog]]);
  #places: StationPlace[] = [];
  #settled = 0;
  readonly #means: MeanRecords;
  /** What `fetchAhead` answered last. */
  fetched = 0;
  /** The list of stations that have their places. */
  stations: readonly Station[] = [];

  constructor(sources: RecordSources) {
    this.#sources = sources;
    this.#means = new MeanRecords((stationId) => sources.recent.known(stationId)?.place);
  }

  /** The log of a name. */
  readonly log = (name: LogName): RecordLog => {
    const known = this.#logs.get(name);
    if (known !== undefined) return known;
    const made = new RecordLog(this.#pool);
    this.#logs.set(name, made);
    return made;
  };

  /** Gives every station of the files its place; `stations` is the same array as before unless one of them changed. */
  settle(stations: readonly Station[]): void {
    if (stations === this.stations) return;
    this.stations = stations;
    this.#settled++;
    const before = this.#places;
    this.#places = stations.filter(isListed).map((station) => this.#settle(station));
    for (const place of before) if (place.settled !== this.#settled) leave(place);
  }

  /** Brings the files of the last five minutes to `now`. */
  lookAtMinutes(now: number): void {
    const since = now - RECENT_MS;
    const { recent } = this.#sources;
    this.#writeAll(recent.takeChanged(), since);
    // The others only lose readings.
    for (const { of: sensor } of this.#readings.upTo(since)) recent.forget(sensor, since);
    this.#writeAll(recent.takeChanged(), since);
    for (const name of MINUTE_LOGS) this.#logs.get(name)?.seal();
  }

  /** Brings files of sliding means to `now`. */
  lookAtMeans(kinds: readonly MeansKind[], now: number): void {
    const logs = kinds.map((kind) => ({ kind, log: this.log(kind) }));
    this.#means.write((visit) => this.#sources.means(kinds, now, visit), logs);
    for (const { log } of logs) log.seal();
  }

  #settle(station: Station): StationPlace {
    const recent = this.#sources.recent.ofStation(station.id);
    const known = recent.place;
    if (known?.station === station) {
      known.settled = this.#settled;
      return known;
    }
    const means = known?.means ?? [];
    const frames = framesOf(station, this.#sources);
    const news = { station, frames, recent, means, settled: this.#settled };
    recent.place = known === undefined ? news : Object.assign(known, news);
    for (const record of means) renewMeans(record, frames.rules);
    for (const sensor of recent.sensors) this.#renew(sensor, frames);
    return recent.place;
  }

  /** Everything of an instrument is to be written again. */
  #renew(sensor: SensorRecent, { rules }: StationFrames): void {
    sensor.rules = rules;
    sensor.headLength = 0;
    renewFrom(sensor, 0);
    this.#sources.recent.change(sensor);
  }

  #writeAll(sensors: readonly SensorRecent[], since: number): void {
    for (let from = 0; from < sensors.length; from += AHEAD) {
      const some = sensors.slice(from, from + AHEAD);
      this.fetched = fetchAhead(some);
      for (const sensor of some) this.#write(sensor, since);
    }
  }

  #write(sensor: SensorRecent, since: number): void {
    sensor.isChanged = false;
    const rules = sensor.rules ?? adopt(sensor);
    if (rules === undefined) return;
    forgetBefore(sensor, Math.max(since, rules.movedAt - 1));
    if (sensor.readings.length === 0) {
      dropMeans(sensor);
      return;
    }
    const frame = headOf(sensor) ?? sensor.station.place?.frames.of(sensor.sensor);
    if (frame !== undefined) putRecent(frame, sensor, { readings: this.#readings, logOf: this.log, rules });
  }
}

/** An instrument heard of since its station was given its place; what is written of it, if its station has one. */
function adopt(sensor: SensorRecent): StationRules | undefined {
  sensor.rules = sensor.station.place?.frames.rules;
  return sensor.rules;
}

/** Takes everything of a station out of the files. */
function leave({ recent, means }: StationPlace): void {
  for (const sensor of recent.sensors) {
    for (const reading of sensor.readings) dropEntry(reading);
    renewFrom(sensor, 0);
    dropMeans(sensor);
    sensor.rules = undefined;
  }
  for (const record of means) renewMeans(record, undefined);
  delete recent.place;
}

/** True for a station of the files: whoever makes means of one cannot see that a station in it should not count. */
export function isListed(station: Station): boolean {
  return isPublic(station) && station.status !== 'excluded';
}
