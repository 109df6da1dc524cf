import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Box, isInBox } from '../domain/distance.ts';
import { isPublic, type Position, publicPosition, type Station } from '../domain/station.ts';
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
  /** Epoch ms of a station's newest reading: tells cheaply whether its values can have changed. */
  lastSeenAt: (stationId: string) => number | undefined;
  clock: () => number;
}

/** A public station's text and what it was made from. */
interface Feature {
  station: Station;
  lastSeenAt: number | undefined;
  position: Position;
  text: string;
}

/**
 * All public stations as one GeoJSON text, looked over again when a station changed (at once: a deleted one must be
 * gone) or after `COLLECTION_MAX_AGE_MS`. Only stations with a new reading are written anew. A box is cut from the same
 * features.
 */
export class StationCollection {
  readonly #deps: StationCollectionDeps;
  #features = new Map<string, Feature>();
  #whole: CollectionBody | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: StationCollectionDeps) {
    this.#deps = deps;
    deps.stationStore.onChange(() => {
      this.#lookedAt = Number.NEGATIVE_INFINITY;
    });
  }

  /** The whole collection. */
  whole(): CollectionBody {
    this.#refresh();
    this.#whole ??= toBody([...this.#features.values()]);
    return this.#whole;
  }

  /** The stations in a box, by their public positions. */
  within(box: Box): CollectionBody {
    this.#refresh();
    return toBody([...this.#features.values()].filter(({ position }) => isInBox(position, box)));
  }

  #refresh(): void {
    const now = this.#deps.clock();
    if (now - this.#lookedAt < COLLECTION_MAX_AGE_MS) return;
    this.#lookedAt = now;
    const stations = this.#deps.stationStore.stations().filter(isPublic);
    const features = new Map(stations.map((station) => [station.id, this.#featureOf(station)]));
    const isSame =
      features.size === this.#features.size && stations.every(({ id }) => features.get(id) === this.#features.get(id));
    if (!isSame) this.#whole = undefined;
    this.#features = features;
  }

  /** The same object as before unless the station or its values changed. */
  #featureOf(station: Station): Feature {
    const known = this.#features.get(station.id);
    const lastSeenAt = this.#deps.lastSeenAt(station.id);
    if (known !== undefined && known.station === station && known.lastSeenAt === lastSeenAt) return known;
    const text = JSON.stringify(stationFeature(station, this.#deps.stationFacts(station.id)));
    return { station, lastSeenAt, position: publicPosition(station), text };
  }
}

function toBody(features: readonly Feature[]): CollectionBody {
  const texts = features.map(({ text }) => text);
  const body = Buffer.from(`{"type":"FeatureCollection","features":[${texts.join(',')}]}`);
  // SHA-1 for its speed: it tells versions apart and guards nothing.
  const etag = `"${createHash('sha1').update(body).digest('base64url').slice(0, 22)}"`;
  let gzipped: Promise<Buffer> | undefined;
  return {
    body,
    etag,
    gzipped: () => {
      gzipped ??= gzipAsync(body, { level: 4 });
      return gzipped;
    },
  };
}
