import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { AreaDirectory } from '../../areas/areaDirectory.ts';
import { type Box, isInBox } from '../../domain/distance.ts';
import { isPublic, type Position, publicPosition, type Station } from '../../domain/station.ts';
import type { StationStore } from '../../store/registry/stationStore.ts';
import { type StationFacts, stationFeature } from './stationViews.ts';

const gzipAsync = promisify(gzip);

/**
 * Values in the collection may be this old, ms a station: looking 15,000 over takes some 50 ms, so they are looked over
 * every 4.5 s, ten stations at every request.
 */
const MAX_AGE_MS_PER_STATION = 0.3;

/** A response body with its validator, compressed at most once. */
export interface CollectionBody {
  body: Buffer;
  etag: string;
  gzipped: () => Promise<Buffer>;
}

/** What the collection is made from. */
export interface StationCollectionDeps {
  stationStore: Pick<StationStore, 'stations' | 'onChange'>;
  areas: Pick<AreaDirectory, 'areaOf'>;
  stationFacts: (stationId: string) => StationFacts;
  /** Another number than before when a station's values may have changed. */
  revisionOf: (stationId: string) => number;
  clock: () => number;
}

/** A public station's text and what it was made from. */
interface Feature {
  station: Station;
  revision: number;
  position: Position;
  text: string;
}

/**
 * All public stations as one GeoJSON text, looked over again when a station changed (at once: a deleted one must be
 * gone) or after a while that grows with their number. Only stations with a new reading are written anew. A box is cut from the same
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
    if (now - this.#lookedAt < this.#features.size * MAX_AGE_MS_PER_STATION) return;
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
    const revision = this.#deps.revisionOf(station.id);
    if (known !== undefined && known.station === station && known.revision === revision) return known;
    const position = publicPosition(station);
    const areaId = this.#deps.areas.areaOf(position)?.id ?? null;
    const text = JSON.stringify(stationFeature(station, this.#deps.stationFacts(station.id), areaId));
    return { station, revision, position, text };
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
