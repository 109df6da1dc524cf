import { isPublic, type Station } from '../domain/station.ts';
import { FilteredFiles } from './filteredFiles.ts';
import type { ChunkView } from './recordChunk.ts';
import { fileOf, type RecordFile, type VersionOf } from './recordFile.ts';
import type { RecordFilter } from './recordFilter.ts';
import { LOGS_OF, MEANS_KINDS, type MeansKind, type RecordKind } from './recordKinds.ts';
import { RecordWriter } from './recordWriter.ts';
import type { Frame } from './stationFrames.ts';
import { putStation } from './stationRecords.ts';
import { isListed, type RecordSources, TownRecords } from './townRecords.ts';

/** Looking a town over may wait this long, ms a station: 15,000 are looked over once a minute, as theirs are. */
const AGE_MS_PER_STATION = 4;
/** Means of an hour and a day move by five minutes at a time, and cost more. */
const MEANS_AGE_MS_PER_STATION = 20;
/** Files up to here are one piece, bytes: sending several costs more than copying. */
const MAX_JOINED = 256 * 1024;

/** What the files are made from. */
export interface RecordFilesDeps extends RecordSources {
  /** The same array until something changes. */
  stations: () => readonly Station[];
  /** Distinguishes this process's files from those of another run. */
  epoch: string;
}

/** What is looked over at a time: the last five minutes, or one kind of sliding means. */
type LookKind = 'minutes' | MeansKind;

/** When something was last looked over, and with which stations. */
interface Look {
  at: number;
  stations: readonly Station[];
}

/** A file, and the version of its logs it was made of. */
interface Made {
  file: RecordFile;
  version: number;
  release: () => void;
}

/**
 * The files of sensor.community, in memory. They are looked over when somebody asks and the last look is older than the
 * number of stations allows, and at once when the registry changed, so that a deleted or hidden station is gone. Only
 * what is new is written.
 */
export class RecordFiles {
  readonly #deps: RecordFilesDeps;
  readonly #town: TownRecords;
  readonly #looks = new Map<LookKind, Look>();
  readonly #files = new Map<RecordKind, Made>();
  /** When a file of the kind was last made, epoch s. */
  readonly #builtAt = new Map<RecordKind, number>();
  readonly #filtered: FilteredFiles;
  #filteredVersion = 0;

  constructor(deps: RecordFilesDeps) {
    this.#deps = deps;
    this.#town = new TownRecords(deps);
    this.#filtered = new FilteredFiles(deps.epoch);
  }

  /** The whole file as of `now`. */
  file(kind: RecordKind, now: number): RecordFile {
    this.#look(kind === '1h' || kind === '24h' ? kind : 'minutes', now);
    const known = this.#files.get(kind);
    if (known !== undefined) return known.file;
    const views = LOGS_OF[kind].flatMap((name) => this.#town.log(name).views());
    const version = this.#version(kind);
    const builtAt = Math.floor(now / 1000);
    const file = toFile(views, {
      // No hash: 12 MB take longer to hash than to write.
      etag: `"${this.#deps.epoch}-${kind}-${version}"`,
      builtAt,
      lastModified: new Date(now).toUTCString(),
      isSameSecond: this.#builtAt.get(kind) === builtAt,
    });
    this.#builtAt.set(kind, builtAt);
    this.#files.set(kind, { file, version, release: holdAll(views) });
    return file;
  }

  /** The single readings of the file that pass a filter. */
  filtered(filter: RecordFilter, now: number): RecordFile {
    this.#look('minutes', now);
    const known = this.#filtered.get(filter.key);
    if (known !== undefined) return known;
    const writer = new RecordWriter();
    const takes = ({ type }: Frame) => filter.takesType(type);
    for (const station of this.#town.stations) {
      if (!isListed(station) || !filter.takesPlace(station, this.#deps.country)) continue;
      putStation(station, { now, writer, takes }, this.#deps);
    }
    return this.#filtered.keep(filter.key, writer.toJson(), now);
  }

  /** Single readings of some sensors, newest first, as a JSON array. Never older than the last commit. */
  ofSensors(places: readonly { station: Station; sensor: string }[], now: number): Buffer {
    const writer = new RecordWriter();
    for (const { station, sensor } of places) {
      if (!isPublic(station)) continue;
      const takes = (frame: Frame) => frame.sensor === sensor;
      putStation(station, { now, writer, takes, isNewestFirst: true }, this.#deps);
    }
    return writer.toJson();
  }

  #look(kind: LookKind, now: number): void {
    const stations = this.#deps.stations();
    const last = this.#looks.get(kind);
    const age = now - (last?.at ?? Number.NEGATIVE_INFINITY);
    const maxAge = stations.length * (kind === 'minutes' ? AGE_MS_PER_STATION : MEANS_AGE_MS_PER_STATION);
    if (stations === last?.stations && age >= 0 && age < maxAge) return;
    if (stations !== this.#town.stations) this.#filtered.forget();
    this.#town.settle(stations);
    if (kind === 'minutes') this.#town.lookAtMinutes(now);
    else this.#lookAtMeans(kind, { at: now, stations });
    this.#looks.set(kind, { at: now, stations });
    this.#forgetOld();
  }

  /** Of two files that are both asked for, both at a time: finding an instrument's cells costs as much as its record. */
  #lookAtMeans(kind: MeansKind, look: Look): void {
    const kinds = MEANS_KINDS.filter((each) => each === kind || this.#files.has(each));
    this.#town.lookAtMeans(kinds, look.at);
    for (const each of kinds) this.#looks.set(each, look);
  }

  /** Forgets what was made of logs that have changed since. */
  #forgetOld(): void {
    for (const [kind, { version, release }] of this.#files) {
      if (version === this.#version(kind)) continue;
      this.#files.delete(kind);
      release();
    }
    const readings = this.#version('readings');
    if (readings !== this.#filteredVersion) this.#filtered.forget();
    this.#filteredVersion = readings;
  }

  #version(kind: RecordKind): number {
    return LOGS_OF[kind].reduce((sum, name) => sum + this.#town.log(name).version, 0);
  }
}

const [OPEN, COMMA, CLOSE] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];

function toFile(views: readonly ChunkView[], about: VersionOf): RecordFile {
  const parts = views.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [COMMA, bytes]));
  const pieces = [OPEN, ...parts, CLOSE];
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return length <= MAX_JOINED ? fileOf([Buffer.concat(pieces)], about) : fileOf(pieces, about, () => holdAll(views));
}

function holdAll(views: readonly ChunkView[]): () => void {
  const releases = views.map(({ chunk }) => chunk.hold());
  return () => {
    for (const release of releases) release();
  };
}
