import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Box, isInBox } from '../domain/distance.ts';
import { isPublic, publicPosition, type Station } from '../domain/station.ts';
import type { StationStore } from '../store/stationStore.ts';
import { type StationFacts, stationFeature } from './stationViews.ts';

const gzipAsync = promisify(gzip);

/** Values in the collection may be this old, ms: far below the 145 s between two pushes of a device. */
export const COLLECTION_MAX_AGE_MS = 5_000;

/** A response body with its validator, compressed at most once. */
export interface CollectionBody {
  body: Buffer;
  etag: string;
  gzipped: () => Promise<Buffer>;
}

/** What the collection is made from. */
export interface StationCollectionDeps {
  stationStore: Pick<StationStore, 'stations' | 'onChange'>;
  stationFacts: (stationId: string) => StationFacts;
  clock: () => number;
}

/**
 * All public stations as one GeoJSON text, made anew when a station changed (at once: a deleted one must be gone) or
 * when the values in it are older than `COLLECTION_MAX_AGE_MS`. A box is cut from the same features.
 */
export class StationCollection {
  readonly #deps: StationCollectionDeps;
  #features: { station: Station; text: string }[] = [];
  #whole: CollectionBody | undefined;
  #madeAt = Number.NEGATIVE_INFINITY;

  constructor(deps: StationCollectionDeps) {
    this.#deps = deps;
    deps.stationStore.onChange(() => {
      this.#madeAt = Number.NEGATIVE_INFINITY;
    });
  }

  /** The whole collection. */
  whole(): CollectionBody {
    this.#refresh();
    this.#whole ??= toBody(this.#features.map(({ text }) => text));
    return this.#whole;
  }

  /** The stations in a box, by their public positions. */
  within(box: Box): CollectionBody {
    this.#refresh();
    const inside = this.#features.filter(({ station }) => isInBox(publicPosition(station), box));
    return toBody(inside.map(({ text }) => text));
  }

  #refresh(): void {
    const now = this.#deps.clock();
    if (now - this.#madeAt < COLLECTION_MAX_AGE_MS) return;
    this.#madeAt = now;
    this.#whole = undefined;
    this.#features = this.#deps.stationStore
      .stations()
      .filter(isPublic)
      .map((station) => ({
        station,
        text: JSON.stringify(stationFeature(station, this.#deps.stationFacts(station.id))),
      }));
  }
}

function toBody(features: readonly string[]): CollectionBody {
  const body = Buffer.from(`{"type":"FeatureCollection","features":[${features.join(',')}]}`);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  let gzipped: Promise<Buffer> | undefined;
  return {
    body,
    etag,
    gzipped: () => {
      gzipped ??= gzipAsync(body);
      return gzipped;
    },
  };
}
