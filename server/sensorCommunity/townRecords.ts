import type { Quantity } from '../domain/quantity.ts';
import { isPublic, type Station } from '../domain/station.ts';
import {
  forgetBefore,
  RECENT_MS,
  type RecentReading,
  type RecentReadings,
  type SensorRecent,
  type StationRecent,
} from './recentReadings.ts';
import { dropEntry, type Entry, newEntry } from './recordChunk.ts';
import { type LogName, type MeansKind, MINUTE_LOGS } from './recordKinds.ts';
import { type BytesPool, RecordLog } from './recordLog.ts';
import { putMeans, putReading } from './recordText.ts';
import { type FrameSources, framesOf, type StationFrames } from './stationFrames.ts';
import { dropMeans, putRecentMeans } from './stationRecords.ts';

/** A sliding mean of one instrument. */
export interface InstrumentMeans {
  sensor: string;
  means: Partial<Record<Quantity, number>>;
  /** Epoch ms of its newest reading. */
  lastMeasuredAt: number;
}

/** What records are made from. */
export interface RecordSources extends FrameSources {
  recent: Pick<RecentReadings, 'of' | 'ofStation' | 'change' | 'forget' | 'takeChanged'>;
  /** Sliding means, of every instrument of a station, that rest on enough readings. */
  means: (stationId: string, average: MeansKind, now: number) => Iterable<InstrumentMeans>;
}

/** The record of an instrument in a file of sliding means. */
interface MeanRecord extends Entry {
  sensor: string;
  /** Number of the look that wrote it. */
  look: number;
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
    for (const { of: sensor, measuredAt } of this.#readings.upTo(since)) {
      if (measuredAt <= since) this.#sources.recent.forget(sensor, since);
    }
    for (const sensor of this.#sources.recent.takeChanged()) this.#write(sensor, since);
    for (const name of MINUTE_LOGS) this.#logs.get(name)?.seal();
  }

  /** Brings a file of sliding means to `now`. */
  lookAtMeans(kind: MeansKind, now: number): void {
    this.#look++;
    const log = this.log(kind) as RecordLog<MeanRecord>;
    for (const place of this.#places) {
      for (const { sensor, means, lastMeasuredAt } of this.#sources.means(place.station.id, kind, now)) {
        const frame = place.frames.of(sensor);
        if (frame === undefined) continue;
        const record = meanRecord(place, kind, sensor);
        record.look = this.#look;
        putMeans(log.begin(), frame, { measuredAt: lastMeasuredAt, means, rules: place.frames.rules });
        log.commit(record, lastMeasuredAt);
      }
      for (const record of place.means[kind]) if (record.look !== this.#look) dropEntry(record);
    }
    log.seal();
  }

  #settle(station: Station): StationPlace {
    const recent = this.#sources.recent.ofStation(station.id);
    const known = recent.place;
    if (known?.station === station) {
      known.settled = this.#settled;
      return known;
    }
    const means = known?.means ?? { '1h': [], '24h': [] };
    const news = { station, frames: framesOf(station, this.#sources), recent, means, settled: this.#settled };
    recent.place = known === undefined ? news : Object.assign(known, news);
    for (const sensor of recent.sensors) {
      for (const reading of sensor.readings) reading.isWritten = false;
      this.#sources.recent.change(sensor);
    }
    return recent.place;
  }

  #write(sensor: SensorRecent, since: number): void {
    const { place } = sensor.station;
    if (place === undefined) return;
    const { rules, movedAt } = place.frames;
    forgetBefore(sensor, Math.max(since, movedAt - 1));
    const frame = place.frames.of(sensor.sensor);
    if (frame === undefined || sensor.readings.length === 0) {
      dropMeans(sensor);
      return;
    }
    for (const reading of sensor.readings) {
      if (reading.isWritten) continue;
      putReading(this.#readings.begin(), frame, { reading, rules });
      this.#readings.commit(reading, reading.measuredAt);
      reading.isWritten = true;
    }
    putRecentMeans(frame, sensor, { logOf: this.log, rules });
  }
}

function meanRecord(place: StationPlace, kind: MeansKind, sensor: string): MeanRecord {
  const records = place.means[kind];
  for (const known of records) if (known.sensor === sensor) return known;
  const made = { sensor, look: 0, ...newEntry() };
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
  }
  for (const record of [...means['1h'], ...means['24h']]) dropEntry(record);
  delete recent.place;
}

/** Whoever makes means of a whole file cannot see that one station should not count. */
function isListed(station: Station): boolean {
  return isPublic(station) && station.status !== 'excluded';
}
