import { PLACE_OF_QUANTITY } from '../domain/quantity.ts';
import { isPublic, type Station } from '../domain/station.ts';
import type { InstrumentMeans } from '../live/aggregator.ts';
import {
  clearTable,
  forgetBefore,
  RECENT_MS,
  type RecentReading,
  type RecentReadings,
  type SensorRecent,
  type StationRecent,
} from './recentReadings.ts';
import { dropEntry } from './recordChunk.ts';
import { HeadedEntry, headOf, keepHead } from './recordHead.ts';
import { type LogName, type MeansKind, MINUTE_LOGS } from './recordKinds.ts';
import { type BytesPool, RecordLog } from './recordLog.ts';
import { putMeans, type ValueRules } from './recordText.ts';
import { type FrameSources, framesOf, type StationFrames } from './stationFrames.ts';
import { dropMeans, putRecent } from './stationRecords.ts';

/** What records are made from. */
export interface RecordSources extends FrameSources {
  recent: Pick<RecentReadings, 'of' | 'ofStation' | 'known' | 'change' | 'forget' | 'takeChanged'>;
  /** Tells the sliding means of every instrument of every station that rest on enough readings. */
  means: (average: MeansKind, now: number, visit: (means: InstrumentMeans) => void) => void;
}

/** The record of an instrument in a file of sliding means. */
class MeanRecord extends HeadedEntry {
  readonly stationId: string;
  readonly sensor: string;
  /** What of its values is written; undefined once its station is in no file. */
  rules: ValueRules | undefined;
  /** Number of the look that wrote it. */
  look = 0;

  constructor({ station, frames }: StationPlace, sensor: string) {
    super();
    this.stationId = station.id;
    this.sensor = sensor;
    this.rules = frames.rules;
  }
}

/** A station in the files. */
export interface StationPlace {
  station: Station;
  frames: StationFrames;
  recent: StationRecent;
  means: Record<MeansKind, MeanRecord[]>;
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
  #look = 0;
  /** Records of the means as they were told the last time. */
  readonly #told: Record<MeansKind, MeanRecord[]> = { '1h': [], '24h': [] };
  /** The list of stations that have their places. */
  stations: readonly Station[] = [];

  constructor(sources: RecordSources) {
    this.#sources = sources;
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
    for (const sensor of recent.takeChanged()) this.#write(sensor, since);
    // The others only lose readings.
    for (const { of: sensor } of this.#readings.upTo(since)) recent.forget(sensor, since);
    for (const sensor of recent.takeChanged()) this.#write(sensor, since);
    for (const name of MINUTE_LOGS) this.#logs.get(name)?.seal();
  }

  /** Brings a file of sliding means to `now`. */
  lookAtMeans(kind: MeansKind, now: number): void {
    this.#look++;
    const log = this.log(kind);
    const before = this.#told[kind];
    const told: MeanRecord[] = [];
    this.#sources.means(kind, now, (means) => {
      const record = this.#recordOf(kind, means, before[told.length]);
      if (record === undefined) return;
      told.push(record);
      this.#writeMeans(record, means, log);
    });
    for (const record of before) if (record.look !== this.#look) dropEntry(record);
    this.#told[kind] = told;
    log.seal();
  }

  /** The record of what is told; `guess` is the one told here the last time, mostly it. */
  #recordOf(kind: MeansKind, told: InstrumentMeans, guess: MeanRecord | undefined): MeanRecord | undefined {
    const { stationId, sensor } = told;
    const isIt = guess?.stationId === stationId && guess.sensor === sensor && guess.rules !== undefined;
    if (isIt) return guess;
    const place = this.#sources.recent.known(stationId)?.place;
    return place === undefined ? undefined : meanRecord(place, kind, sensor);
  }

  #writeMeans(record: MeanRecord, { row, lastMeasuredAt }: InstrumentMeans, log: RecordLog): void {
    const frame = headOf(record) ?? this.#sources.recent.known(record.stationId)?.place?.frames.of(record.sensor);
    const { rules } = record;
    if (frame === undefined || rules === undefined) return;
    record.look = this.#look;
    if (!rules.publishes('noise')) row[PLACE_OF_QUANTITY.noise] = Number.NaN;
    putMeans(log.begin(), frame, { measuredAt: lastMeasuredAt, row, rules });
    log.commit(record, lastMeasuredAt);
    keepHead(record, frame);
  }

  #settle(station: Station): StationPlace {
    const recent = this.#sources.recent.ofStation(station.id);
    const known = recent.place;
    if (known?.station === station) {
      known.settled = this.#settled;
      return known;
    }
    const means = known?.means ?? { '1h': [], '24h': [] };
    const frames = framesOf(station, this.#sources);
    const news = { station, frames, recent, means, settled: this.#settled };
    recent.place = known === undefined ? news : Object.assign(known, news);
    for (const record of [...means['1h'], ...means['24h']]) {
      record.headLength = 0;
      record.rules = frames.rules;
    }
    for (const sensor of recent.sensors) this.#renew(sensor, frames);
    return recent.place;
  }

  /** Everything of an instrument is to be written again. */
  #renew(sensor: SensorRecent, { rules, movedAt }: StationFrames): void {
    sensor.rules = rules;
    sensor.movedAt = movedAt;
    sensor.headLength = 0;
    clearTable(sensor);
    for (const reading of sensor.readings) reading.isWritten = false;
    this.#sources.recent.change(sensor);
  }

  #write(sensor: SensorRecent, since: number): void {
    sensor.isChanged = false;
    const rules = sensor.rules ?? adopt(sensor);
    if (rules === undefined) return;
    forgetBefore(sensor, Math.max(since, sensor.movedAt - 1));
    if (sensor.readings.length === 0) {
      dropMeans(sensor);
      return;
    }
    const frame = headOf(sensor) ?? sensor.station.place?.frames.of(sensor.sensor);
    if (frame !== undefined) putRecent(frame, sensor, { readings: this.#readings, logOf: this.log, rules });
  }
}

/** An instrument heard of since its station was given its place; what is written of it, if its station has one. */
function adopt(sensor: SensorRecent): ValueRules | undefined {
  const frames = sensor.station.place?.frames;
  sensor.rules = frames?.rules;
  sensor.movedAt = frames?.movedAt ?? Number.NEGATIVE_INFINITY;
  return sensor.rules;
}

function meanRecord(place: StationPlace, kind: MeansKind, sensor: string): MeanRecord {
  const records = place.means[kind];
  for (const known of records) if (known.sensor === sensor) return known;
  const made = new MeanRecord(place, sensor);
  records.push(made);
  return made;
}

/** Takes everything of a station out of the files. */
function leave({ recent, means }: StationPlace): void {
  for (const sensor of recent.sensors) {
    for (const reading of sensor.readings) {
      dropEntry(reading);
      reading.isWritten = false;
    }
    dropMeans(sensor);
    sensor.rules = undefined;
  }
  for (const record of [...means['1h'], ...means['24h']]) {
    dropEntry(record);
    record.rules = undefined;
  }
  delete recent.place;
}

/** True for a station of the files: whoever makes means of one cannot see that a station in it should not count. */
export function isListed(station: Station): boolean {
  return isPublic(station) && station.status !== 'excluded';
}
