import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { MapCursor } from '../domain/contract.ts';
import { compressPieces } from '../gzip/compressPieces.ts';
import type { MapLayer } from './mapLayer.ts';
import { GZIP_LEVEL, placesPiece, valuesPiece } from './mapPieces.ts';

const brotliAsync = promisify(brotliCompress);
/**
 * A body is made at most once in this long, ms a station: once a second for 15,000, whose making takes 20 ms, and anew at
 * every request for a few.
 */
const FRESH_MS_PER_STATION = 1_000 / 15_000;
/** How much older a body may be while the next one is made: the socket brings what it lacks. */
const SERVABLE_FACTOR = 5;
/** 15,000 stations: 25 ms, within a few per cent of level 9's size. */
const BROTLI_QUALITY = 5;

/** Encodings a body is offered in. */
export type BodyEncoding = 'br' | 'gzip' | 'identity';

/** One state of a layer as bytes. */
export interface Body {
  bytes: Buffer;
  /** Weak: the same state in every encoding. */
  etag: string;
}

interface Made extends MapCursor {
  placesRevision: number;
  /** Of the aggregator. */
  revision: number;
  at: number;
  /** The JSON. */
  pieces: readonly Buffer[];
  encoded: Map<BodyEncoding, Promise<Buffer>>;
}

/** What is made into bytes. */
export type BodyLayer = Pick<MapLayer, 'cursor' | 'placesRevision' | 'size' | 'places' | 'values'>;

/**
 * A layer as compressed JSON, made once for everybody. Who asks for one that is no longer fresh gets it all the same,
 * and the next one is made behind their back: nobody waits for the compression but after a pause.
 */
export class MapBody {
  readonly #layer: BodyLayer;
  readonly #revision: () => number;
  #made: Made | undefined;
  #places: { revision: number; piece: Buffer } | undefined;
  #isRenewing = false;

  /** `revision`: another number than before when readings came in between. */
  constructor(layer: BodyLayer, revision: () => number) {
    this.#layer = layer;
    this.#revision = revision;
  }

  /** The layer's state, at most some seconds old and never older than any client was told to build on. */
  async body(encoding: BodyEncoding, now: number): Promise<Body> {
    const made = this.#current(now);
    return { bytes: await encodedAs(made, encoding), etag: etagOf(made) };
  }

  /** ETag of the state that `body` would give now. */
  etag(now: number): string {
    return etagOf(this.#current(now));
  }

  /** The oldest state a fetch from now on can return: changes after it must reach whoever fetches. */
  floor(now: number): MapCursor {
    return this.#isServable(now) ? { epoch: this.#made!.epoch, seq: this.#made!.seq } : this.#layer.cursor;
  }

  #current(now: number): Made {
    if (!this.#isServable(now)) this.#made = this.#make(now);
    // A failure here is nobody's: whoever asks after the old one has expired meets it and reports it.
    else if (!this.#isFresh(now) && !this.#isRenewing) this.#renew(now).catch(() => undefined);
    return this.#made!;
  }

  async #renew(now: number): Promise<void> {
    this.#isRenewing = true;
    await nextTurn();
    const encodings = [...(this.#made?.encoded.keys() ?? [])];
    const next = this.#make(now);
    try {
      await Promise.all(encodings.map((encoding) => encodedAs(next, encoding)));
      // A station hidden meanwhile must not come back.
      if (next.placesRevision === this.#layer.placesRevision) this.#made = next;
    } finally {
      this.#isRenewing = false;
    }
  }

  #make(now: number): Made {
    const { placesRevision, cursor } = this.#layer;
    const pieces = [valuesPiece(this.#layer.values(now)), this.#placesPiece()];
    return { ...cursor, placesRevision, revision: this.#revision(), at: now, pieces, encoded: new Map() };
  }

  /** Most of the bytes, made and compressed anew only when a station comes, goes, moves or is renamed. */
  #placesPiece(): Buffer {
    const { placesRevision } = this.#layer;
    if (this.#places?.revision !== placesRevision) {
      this.#places = { revision: placesRevision, piece: placesPiece(this.#layer.places()) };
    }
    return this.#places.piece;
  }

  #isServable(now: number): boolean {
    // A station that was hidden is gone from the next answer on.
    if (this.#made?.placesRevision !== this.#layer.placesRevision) return false;
    return this.#isYounger(now, this.#layer.size * FRESH_MS_PER_STATION * SERVABLE_FACTOR);
  }

  #isFresh(now: number): boolean {
    return this.#isYounger(now, this.#layer.size * FRESH_MS_PER_STATION);
  }

  /** True too while nothing has happened since. */
  #isYounger(now: number, ageMs: number): boolean {
    if (this.#made === undefined) return false;
    const isSame = this.#made.seq === this.#layer.cursor.seq && this.#made.revision === this.#revision();
    return isSame || now - this.#made.at < Math.floor(ageMs);
  }
}

function etagOf({ epoch, seq, placesRevision, revision }: Made): string {
  return `W/"${epoch}.${seq}.${placesRevision}.${revision}"`;
}

function encodedAs(made: Made, encoding: BodyEncoding): Promise<Buffer> {
  const known = made.encoded.get(encoding);
  if (known !== undefined) return known;
  const bytes = encode(made.pieces, encoding);
  made.encoded.set(encoding, bytes);
  return bytes;
}

function encode(pieces: readonly Buffer[], encoding: BodyEncoding): Promise<Buffer> {
  switch (encoding) {
    case 'br':
      return brotliAsync(Buffer.concat(pieces), { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
    case 'gzip':
      return compressPieces(pieces, GZIP_LEVEL);
    case 'identity':
      return Promise.resolve(Buffer.concat(pieces));
  }
}
