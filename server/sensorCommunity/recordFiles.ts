import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isPublic, type Station } from '../domain/station.ts';
import type { RecordFilter } from './recordFilter.ts';
import {
  isPart,
  type RecordKind,
  type RecordSources,
  type SensorRecords,
  type ShelfKind,
  stationRecords,
} from './stationRecords.ts';

const gzipAsync = promisify(gzip);

/** Looking a station over may wait this long, ms a station: 15,000 are looked over once a minute, as theirs are. */
const AGE_MS_PER_STATION = 4;
/** Means of an hour and a day move by five minutes at a time, and cost more. */
const MEANS_AGE_MS_PER_STATION = 20;
/** Answers to filters kept from one look to the next. */
const MAX_FILTERED = 64;

/** A file as it is now. */
export interface RecordFile {
  body: Buffer;
  etag: string;
  /** Epoch s. */
  builtAt: number;
  lastModified: string;
  /** True when the version before was made in the same second, which `Last-Modified` cannot tell. */
  isSameSecond: boolean;
  /** Compressed at most once. */
  gzipped: () => Promise<Buffer>;
}

/** What the files are made from. */
export interface RecordFilesDeps extends RecordSources {
  /** The same array until something changes. */
  stations: () => readonly Station[];
  /** Another number than before when something of the station came in. */
  revisionOf: (stationId: string) => number;
  /** Distinguishes this process's files from those of another run. */
  epoch: string;
}

interface Part {
  station: Station;
  revision: number;
  holdsUntil: number;
  found: readonly SensorRecords[];
}

interface Shelf {
  parts: Map<string, Part>;
  lookedAt: number;
  stations: readonly Station[];
  /** Files made of the shelf as it is; those of a part are cut from that of all five-minute means. */
  files: Map<RecordKind, RecordFile>;
  seq: number;
  filtered: Map<string, Buffer>;
  /** When a file of the kind was last made, epoch s. */
  builtAt: Map<RecordKind, number>;
}

/**
 * The files of sensor.community, in memory. A file is looked over when somebody asks and the last look is older than the
 * number of stations allows, and at once when the registry changed, so that a deleted or hidden station is gone. Only
 * stations with news are written again.
 */
export class RecordFiles {
  readonly #deps: RecordFilesDeps;
  readonly #shelves = new Map<ShelfKind, Shelf>();

  constructor(deps: RecordFilesDeps) {
    this.#deps = deps;
  }

  /** The whole file as of `now`. */
  file(kind: RecordKind, now: number): RecordFile {
    const shelf = this.#look(isPart(kind) ? '5min' : kind, now);
    const known = shelf.files.get(kind);
    if (known !== undefined) return known;
    const made = toFile(shelf, kind, { now, epoch: this.#deps.epoch });
    shelf.files.set(kind, made);
    return made;
  }

  /** The single readings that pass a filter, as a JSON array. */
  filtered(filter: RecordFilter, now: number): Buffer {
    const shelf = this.#look('readings', now);
    const known = shelf.filtered.get(filter.key);
    if (known !== undefined) return known;
    const texts: string[] = [];
    for (const { station, found } of shelf.parts.values()) {
      if (!filter.takesPlace(station, this.#deps.country)) continue;
      for (const { type, text } of found) if (filter.takesType(type)) texts.push(text);
    }
    const body = toBody(texts);
    if (shelf.filtered.size >= MAX_FILTERED) shelf.filtered.clear();
    shelf.filtered.set(filter.key, body);
    return body;
  }

  /** Single readings of one sensor, as a JSON array; empty for an unknown number. Never older than the last commit. */
  ofSensor(number: number, stations: readonly Station[], now: number): Buffer {
    const texts = stations.filter(isPublic).flatMap((station) => {
      const { found } = stationRecords(station, 'readings', now, this.#deps);
      return found.filter(({ sensorId }) => sensorId === number).map(({ text }) => text);
    });
    return toBody(texts);
  }

  #shelf(kind: ShelfKind): Shelf {
    const known = this.#shelves.get(kind);
    if (known !== undefined) return known;
    const made = { parts: new Map(), stations: [], files: new Map(), seq: 0, filtered: new Map(), builtAt: new Map() };
    const shelf: Shelf = { ...made, lookedAt: Number.NEGATIVE_INFINITY };
    this.#shelves.set(kind, shelf);
    return shelf;
  }

  #look(kind: ShelfKind, now: number): Shelf {
    const shelf = this.#shelf(kind);
    const stations = this.#deps.stations();
    const age = now - shelf.lookedAt;
    const maxAge = stations.length * (isOfMeans(kind) ? MEANS_AGE_MS_PER_STATION : AGE_MS_PER_STATION);
    if (stations === shelf.stations && age >= 0 && age < maxAge) return shelf;
    const parts = new Map<string, Part>();
    let isSame = true;
    for (const station of stations) {
      if (!isPublic(station)) continue;
      const known = shelf.parts.get(station.id);
      const part = this.#partOf(station, kind, now, known);
      isSame &&= part === known;
      parts.set(station.id, part);
    }
    isSame &&= parts.size === shelf.parts.size;
    Object.assign(shelf, { parts, lookedAt: now, stations });
    if (isSame) return shelf;
    shelf.seq++;
    shelf.filtered.clear();
    shelf.files.clear();
    return shelf;
  }

  /** The same object as before unless it says something else. */
  #partOf(station: Station, kind: ShelfKind, now: number, known: Part | undefined): Part {
    const revision = this.#deps.revisionOf(station.id);
    const isOld = known === undefined || isOfMeans(kind) || known.revision !== revision || now >= known.holdsUntil;
    if (!isOld && known.station === station) return known;
    const { found, holdsUntil } = stationRecords(station, kind, now, this.#deps);
    // Also for a station that changed in nothing public: a new tag would tell that its host moved it within the grid.
    if (known !== undefined && haveSameTexts(known.found, found)) {
      return Object.assign(known, { station, revision, holdsUntil });
    }
    return { station, revision, holdsUntil, found };
  }
}

function isOfMeans(kind: ShelfKind): boolean {
  return kind === '1h' || kind === '24h';
}

function haveSameTexts(one: readonly SensorRecords[], other: readonly SensorRecords[]): boolean {
  return one.length === other.length && one.every(({ text }, index) => text === other[index]?.text);
}

/** A JSON array of texts. Written piece by piece: joined text of 12 MB would be made twice more on its way into bytes. */
function toBody(texts: readonly string[]): Buffer {
  let length = 2 + Math.max(0, texts.length - 1);
  for (const text of texts) length += text.length;
  const body = Buffer.allocUnsafeSlow(length);
  let at = body.write('[', 0, 'latin1');
  for (let i = 0; i < texts.length; i++) {
    if (i > 0) at += body.write(',', at, 'latin1');
    // Nothing in a record is beyond ASCII: positions, numbers and our own names.
    at += body.write(texts[i]!, at, 'latin1');
  }
  body.write(']', at, 'latin1');
  return body;
}

function toFile(shelf: Shelf, kind: RecordKind, { now, epoch }: { now: number; epoch: string }): RecordFile {
  const texts: string[] = [];
  for (const { found } of shelf.parts.values()) {
    for (const { text, parts } of found) {
      const wanted = isPart(kind) ? parts?.[kind] : text;
      if (wanted !== undefined) texts.push(wanted);
    }
  }
  const body = toBody(texts);
  const builtAt = Math.floor(now / 1000);
  const isSameSecond = shelf.builtAt.get(kind) === builtAt;
  shelf.builtAt.set(kind, builtAt);
  let gzipped: Promise<Buffer> | undefined;
  return {
    body,
    // No hash: 12 MB take longer to hash than to write.
    etag: `"${epoch}-${kind}-${shelf.seq}"`,
    builtAt,
    lastModified: new Date(now).toUTCString(),
    isSameSecond,
    gzipped: () => {
      gzipped ??= gzipAsync(body, { level: 3 });
      return gzipped;
    },
  };
}
