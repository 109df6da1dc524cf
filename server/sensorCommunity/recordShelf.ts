import { isPublic, type Station } from '../domain/station.ts';
import type { StationRecent } from './recentReadings.ts';
import { RecordStrip } from './recordStrip.ts';
import { RecordWriter } from './recordWriter.ts';
import {
  framesOf,
  PART_STRIPS,
  putStation,
  type RecordSources,
  type ShelfKind,
  type StationFrames,
  type StripName,
} from './stationRecords.ts';

/** Files grow and shrink by a few bytes from one look to the next; their memory should not. */
const SPARE_ROOM = 1.1;

/** A station on the shelf, and until when its pieces hold. */
interface Place {
  station: Station;
  recent: StationRecent;
  frames: StationFrames;
  revision: number;
  holdsUntil: number;
  /** Where its pieces are in the strips as they stand; -1 when nowhere. */
  before: number;
}

/** A strip being written. */
interface Draft {
  strip: RecordStrip;
  writer: RecordWriter;
  ends: Uint32Array;
}

/** The records of all public stations of one kind, as strips of bytes: only stations with news are written again. */
export class RecordShelf {
  readonly #kind: ShelfKind;
  readonly #sources: RecordSources;
  readonly #strips = new Map<StripName, RecordStrip>();
  /** Bytes of strips that were replaced. */
  readonly #spares = new Map<StripName, Uint8Array>();
  #places: Place[] = [];
  #stations: readonly Station[] = [];
  /** True while every place is where it was, and nothing else is in the strips. */
  #isInOrder = true;
  #seq = 0;

  constructor(kind: ShelfKind, sources: RecordSources) {
    this.#kind = kind;
    this.#sources = sources;
    for (const name of kind === '5min' ? PART_STRIPS : (['other'] as const)) {
      this.#strips.set(name, this.#stripOf(name, new Uint8Array(0), new Uint32Array(0)));
    }
  }

  /** The list of stations as of the last look. */
  get stations(): readonly Station[] {
    return this.#stations;
  }

  /** Another number than before when a byte changed. */
  get seq(): number {
    return this.#seq;
  }

  /** The strips of these names that hold anything, in order. */
  strips(names: readonly StripName[]): RecordStrip[] {
    return names.flatMap((name) => this.#strips.get(name) ?? []).filter(({ length }) => length > 0);
  }

  /** Writes what changed until `now`; `stations` is the same array as before unless one of them changed. */
  look(stations: readonly Station[], now: number): void {
    if (stations !== this.#stations) this.#settle(stations);
    if (this.#isInOrder && this.#places.every((place) => holds(place, now))) return;
    const drafts = this.#drafts();
    const isSame = this.#write(drafts, now);
    const isNew = !(isSame && this.#isInOrder);
    for (const [name, { strip, writer, ends }] of drafts) {
      if (!isNew) this.#spares.set(name, writer.bytes);
      else {
        this.#strips.set(name, this.#stripOf(name, writer.bytes, ends));
        strip.retire();
      }
    }
    if (!isNew) return;
    for (let at = 0; at < this.#places.length; at++) this.#places[at]!.before = at;
    this.#isInOrder = true;
    this.#seq++;
  }

  /** Gives every station of the files its place. */
  #settle(stations: readonly Station[]): void {
    const known = new Map(this.#places.map((place) => [place.station.id, place]));
    const lengthBefore = this.#places.filter(({ before }) => before >= 0).length;
    this.#places = stations.filter(isListed).map((station) => {
      const place = known.get(station.id);
      if (place?.station === station) return place;
      const recent = this.#sources.recent.ofStation(station.id);
      const frames = framesOf(station, this.#sources);
      return { station, recent, frames, revision: -1, holdsUntil: 0, before: place?.before ?? -1 };
    });
    const isKept = this.#places.length === lengthBefore;
    this.#isInOrder &&= isKept && this.#places.every(({ before }, at) => before === at);
    this.#stations = stations;
  }

  #drafts(): Map<StripName, Draft> {
    return new Map(
      [...this.#strips].map(([name, strip]): [StripName, Draft] => {
        const spare = this.#spares.get(name);
        this.#spares.delete(name);
        const writer = new RecordWriter(spare ?? Buffer.allocUnsafeSlow(Math.ceil(strip.length * SPARE_ROOM)));
        return [name, { strip, writer, ends: new Uint32Array(this.#places.length) }];
      }),
    );
  }

  /** Writes all pieces, those that hold as they are, in runs as long as they come; true when none has changed. */
  #write(drafts: ReadonlyMap<StripName, Draft>, now: number): boolean {
    const all = [...drafts.values()];
    let isSame = true;
    let runStart = 0;
    for (let at = 0; at <= this.#places.length; at++) {
      const place = this.#places[at];
      if (place !== undefined && holds(place, now)) {
        const isRun = at > runStart && place.before === this.#places[at - 1]!.before + 1;
        if (!isRun && at > runStart) {
          this.#copy(all, runStart, at);
          runStart = at;
        }
        continue;
      }
      this.#copy(all, runStart, at);
      runStart = at + 1;
      if (place !== undefined) isSame = this.#writePlace(drafts, at, now) && isSame;
    }
    return isSame;
  }

  /** Takes over the pieces of the places `[first, end)`, which were neighbours before. */
  #copy(drafts: readonly Draft[], first: number, end: number): void {
    if (first >= end) return;
    const { before } = this.#places[first]!;
    for (const { strip, writer, ends } of drafts) {
      const shift = writer.at - strip.endAt(before - 1);
      strip.copyTo(writer, before, before + end - first);
      for (let at = first; at < end; at++) ends[at] = strip.endAt(before + at - first) + shift;
    }
  }

  /** Writes the pieces of a place; true when they are what they were. */
  #writePlace(drafts: ReadonlyMap<StripName, Draft>, at: number, now: number): boolean {
    const place = this.#places[at]!;
    const starts = [...drafts.values()].map(({ writer }) => writer.at);
    // A station that changed is written anew, whatever its readings were written as.
    const isWritten = place.revision >= 0;
    place.revision = place.recent.revision;
    const writerOf = (name: StripName) => drafts.get(name)!.writer;
    const written = place.before >= 0 && isWritten ? drafts.get('other')!.strip.piece(place.before) : undefined;
    const { recent, frames } = place;
    const wanted = { kind: this.#kind, now, writerOf, recent, frames, isKept: true, ...(written && { written }) };
    place.holdsUntil = putStation(place.station, wanted, this.#sources);
    let isSame = place.before >= 0;
    let index = 0;
    for (const { strip, writer, ends } of drafts.values()) {
      // Compared also for a station that changed in nothing public: a new tag would tell that its host moved it within
      // the grid.
      isSame &&= strip.isPiece(place.before, writer, starts[index++]!);
      ends[at] = writer.at;
    }
    return isSame;
  }

  #stripOf(name: StripName, bytes: Uint8Array, ends: Uint32Array): RecordStrip {
    return new RecordStrip(bytes, ends, (freed) => this.#spares.set(name, freed));
  }
}

function holds({ revision, recent, holdsUntil, before }: Place, now: number): boolean {
  return before >= 0 && revision === recent.revision && now < holdsUntil;
}

/** Whoever makes means of a whole file cannot see that one station should not count. */
function isListed(station: Station): boolean {
  return isPublic(station) && station.status !== 'excluded';
}
