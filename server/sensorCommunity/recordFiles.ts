import { createGzip } from 'node:zlib';
import { isPublic, type Station } from '../domain/station.ts';
import type { RecordFilter } from './recordFilter.ts';
import { RecordShelf } from './recordShelf.ts';
import type { RecordStrip } from './recordStrip.ts';
import { RecordWriter } from './recordWriter.ts';
import {
  type Frame,
  isPart,
  PARTS,
  putStation,
  type RecordKind,
  type RecordSources,
  type ShelfKind,
  type StripName,
} from './stationRecords.ts';

/** Looking a station over may wait this long, ms a station: 15,000 are looked over once a minute, as theirs are. */
const AGE_MS_PER_STATION = 4;
/** Means of an hour and a day move by five minutes at a time, and cost more. */
const MEANS_AGE_MS_PER_STATION = 20;
/** Answers to filters kept from one look to the next. */
const MAX_FILTERED = 64;
/** A quick level: the next saves 3 % and takes a tenth longer, the usual one saves 15 % and takes twice as long. */
const GZIP_LEVEL = 1;
/** Compressed at a time, bytes: each piece is a turn of a thread. */
const GZIP_CHUNK = 256 * 1024;
/** Files up to here are one piece, bytes: sending several costs more than copying. */
const MAX_JOINED = 256 * 1024;

/** A file as it is now. */
export interface RecordFile {
  /** Its bytes, in order. */
  pieces: readonly Buffer[];
  length: number;
  /** Keeps the bytes as they are until the answer is called; without it only until the next look. */
  hold: () => () => void;
  etag: string;
  /** Epoch s. */
  builtAt: number;
  lastModified: string;
  /** True when the version before was made in the same second, which `Last-Modified` cannot tell. */
  isSameSecond: boolean;
  /** Compressed at most once, and only when somebody asks. */
  gzipped: () => Promise<Buffer>;
}

/** What the files are made from. */
export interface RecordFilesDeps extends RecordSources {
  /** The same array until something changes. */
  stations: () => readonly Station[];
  /** Distinguishes this process's files from those of another run. */
  epoch: string;
}

interface Shelved {
  shelf: RecordShelf;
  lookedAt: number;
  seq: number;
  /** Files made of the shelf as it is; those of a part are cut from that of all five-minute means. */
  files: Map<RecordKind, RecordFile>;
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
  readonly #shelves = new Map<ShelfKind, Shelved>();

  constructor(deps: RecordFilesDeps) {
    this.#deps = deps;
  }

  /** The whole file as of `now`. */
  file(kind: RecordKind, now: number): RecordFile {
    const shelved = this.#look(isPart(kind) ? '5min' : kind, now);
    const known = shelved.files.get(kind);
    if (known !== undefined) return known;
    const made = toFile(shelved, kind, { now, epoch: this.#deps.epoch });
    shelved.files.set(kind, made);
    return made;
  }

  /** The single readings that pass a filter, as a JSON array. */
  filtered(filter: RecordFilter, now: number): Buffer {
    const { filtered, shelf } = this.#look('readings', now);
    const known = filtered.get(filter.key);
    if (known !== undefined) return known;
    const isWanted = (station: Station) => filter.takesPlace(station, this.#deps.country);
    const writer = new RecordWriter();
    const takes = ({ type }: Frame) => filter.takesType(type);
    const wanted = { kind: 'readings', now, writerOf: () => writer, takes } as const;
    for (const station of shelf.stations) {
      if (isPublic(station) && isWanted(station)) putStation(station, wanted, this.#deps);
    }
    const body = writer.toJson();
    if (filtered.size >= MAX_FILTERED) filtered.clear();
    filtered.set(filter.key, body);
    return body;
  }

  /** Single readings of some sensors, newest first, as a JSON array. Never older than the last commit. */
  ofSensors(places: readonly { station: Station; sensor: string }[], now: number): Buffer {
    const writer = new RecordWriter();
    for (const { station, sensor } of places) {
      if (!isPublic(station)) continue;
      const takes = (frame: Frame) => frame.sensor === sensor;
      const wanted = { kind: 'readings', now, writerOf: () => writer, takes, isNewestFirst: true } as const;
      putStation(station, wanted, this.#deps);
    }
    return writer.toJson();
  }

  #shelved(kind: ShelfKind): Shelved {
    const known = this.#shelves.get(kind);
    if (known !== undefined) return known;
    const shelf = new RecordShelf(kind, this.#deps);
    const lookedAt = Number.NEGATIVE_INFINITY;
    const made = { shelf, lookedAt, seq: 0, files: new Map(), filtered: new Map(), builtAt: new Map() };
    this.#shelves.set(kind, made);
    return made;
  }

  #look(kind: ShelfKind, now: number): Shelved {
    const shelved = this.#shelved(kind);
    const { shelf } = shelved;
    const stations = this.#deps.stations();
    const age = now - shelved.lookedAt;
    const maxAge = stations.length * (isOfMeans(kind) ? MEANS_AGE_MS_PER_STATION : AGE_MS_PER_STATION);
    if (stations === shelf.stations && age >= 0 && age < maxAge) return shelved;
    shelf.look(stations, now);
    shelved.lookedAt = now;
    if (shelf.seq === shelved.seq) return shelved;
    shelved.seq = shelf.seq;
    shelved.filtered.clear();
    shelved.files.clear();
    return shelved;
  }
}

function isOfMeans(kind: ShelfKind): boolean {
  return kind === '1h' || kind === '24h';
}

function stripsOf(kind: RecordKind): StripName[] {
  if (isPart(kind)) return [kind, `cut-${kind}`];
  return kind === '5min' ? [...PARTS, 'other'] : ['other'];
}

const [OPEN, COMMA, CLOSE] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];

function toFile(
  { shelf, seq, ...shelved }: Shelved,
  kind: RecordKind,
  made: { now: number; epoch: string },
): RecordFile {
  const strips = shelf.strips(stripsOf(kind));
  const parts = [OPEN, ...strips.flatMap(({ view }, index) => (index === 0 ? [view] : [COMMA, view])), CLOSE];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const isJoined = length <= MAX_JOINED;
  const pieces = isJoined ? [Buffer.concat(parts)] : parts;
  const hold = () => holdAll(isJoined ? [] : strips);
  const builtAt = Math.floor(made.now / 1000);
  const isSameSecond = shelved.builtAt.get(kind) === builtAt;
  shelved.builtAt.set(kind, builtAt);
  let gzipped: Promise<Buffer> | undefined;
  return {
    pieces,
    length,
    hold,
    // No hash: 12 MB take longer to hash than to write.
    etag: `"${made.epoch}-${kind}-${seq}"`,
    builtAt,
    lastModified: new Date(made.now).toUTCString(),
    isSameSecond,
    gzipped: () => {
      gzipped ??= compress(pieces).finally(hold());
      return gzipped;
    },
  };
}

/** Piece by piece, beside the work: joined first, a file of 20 MB would be there once more. */
async function compress(pieces: readonly Buffer[]): Promise<Buffer> {
  const gzip = createGzip({ level: GZIP_LEVEL, chunkSize: GZIP_CHUNK });
  for (const piece of pieces) gzip.write(piece);
  gzip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of gzip) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function holdAll(strips: readonly RecordStrip[]): () => void {
  const releases = strips.map((strip) => strip.hold());
  return () => {
    for (const release of releases) release();
  };
}
