import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { MapCursor } from '../domain/contract.ts';
import type { MapLayer } from './mapLayer.ts';

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);
/** A body is made at most once in this long, ms: what everybody fetches may be that old, and the socket brings the rest. */
const REUSE_MS = 1_000;
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
  at: number;
  json: Buffer;
  encoded: Map<BodyEncoding, Promise<Buffer>>;
}

/** A layer as compressed JSON, made once for everybody. */
export class MapBody {
  readonly #layer: MapLayer;
  #made: Made | undefined;

  constructor(layer: MapLayer) {
    this.#layer = layer;
  }

  /** The layer's state, at most a second old and never older than any client was told to build on. */
  async body(encoding: BodyEncoding, now: number): Promise<Body> {
    const made = this.#current(now);
    let bytes = made.encoded.get(encoding);
    if (bytes === undefined) {
      bytes = encode(made.json, encoding);
      made.encoded.set(encoding, bytes);
    }
    return { bytes: await bytes, etag: etagOf(made) };
  }

  /** ETag of the state that `body` would give now. */
  etag(now: number): string {
    return etagOf(this.#current(now));
  }

  /** The oldest state a fetch from now on can return: changes after it must reach whoever fetches. */
  floor(now: number): MapCursor {
    return this.#isReusable(now) ? { epoch: this.#made!.epoch, seq: this.#made!.seq } : this.#layer.cursor;
  }

  #current(now: number): Made {
    if (!this.#isReusable(now)) {
      const json = Buffer.from(JSON.stringify(this.#layer.state(now)));
      const { placesRevision, cursor } = this.#layer;
      this.#made = { ...cursor, placesRevision, at: now, json, encoded: new Map() };
    }
    return this.#made!;
  }

  #isReusable(now: number): boolean {
    // A station that was hidden is gone from the next answer on.
    if (this.#made?.placesRevision !== this.#layer.placesRevision) return false;
    return this.#made.seq === this.#layer.cursor.seq || now - this.#made.at < REUSE_MS;
  }
}

function etagOf({ epoch, seq, placesRevision }: Made): string {
  return `W/"${epoch}.${seq}.${placesRevision}"`;
}

function encode(json: Buffer, encoding: BodyEncoding): Promise<Buffer> {
  switch (encoding) {
    case 'br':
      return brotliAsync(json, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
    case 'gzip':
      return gzipAsync(json, { level: 6 });
    case 'identity':
      return Promise.resolve(json);
  }
}
