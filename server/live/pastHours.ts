import { createHash } from 'node:crypto';
import { HOUR_MS, MINUTE_MS } from '../domain/durations.ts';
import { CLOCK_MEAN_VERSION } from '../domain/means/clockMean.ts';
import { isDoubtfulRow } from '../domain/means/rollup.ts';
import type { Quantity } from '../domain/quantity.ts';
import { publishes, type Station } from '../domain/station.ts';
import { stationAt, wasMovedIn } from '../domain/stationHistory.ts';
import { compressPieces } from '../gzip/compressPieces.ts';
import type { Rollups, UncertainRow } from '../rollups/rollups.ts';
import { GZIP_LEVEL, placesPiece, valuesPiece } from './mapPieces.ts';
import { type MapRowValues, type MapValues, mapValuesOf, placeOf, placesOf, VALUE_SCALE } from './mapRow.ts';

/** A slider passes over three days of hours of one quantity: these stay made. */
const KEPT_STATES = 100;
/** Places of stations that stay made: those of today for two quantities, and those before a move. */
const KEPT_PLACES = 4;
/** Late readings and imports change a past hour; nobody sees an older state than this, ms. */
const FRESH_MS = 5 * MINUTE_MS;

/** One past hour as it is sent. */
export interface PastBody {
  /** JSON, kept only compressed: a hundred hours of 15,000 stations are 20 MB, and 110 as they are. */
  gzipped: Buffer;
  etag: string;
  madeAt: number;
}

/** What past hours are made from. */
export interface PastHoursDeps {
  rollups: Pick<Rollups, 'rows'>;
  stations: () => readonly Station[];
  /** Where hours begin, ms east of UTC. */
  dayOffsetMs: number;
}

/** Where stations stood in an hour: in the order in which they are told, and as the piece of JSON that tells it. */
interface PastPlaces {
  stations: readonly Station[];
  piece: Buffer;
}

/** States of the map in closed clock hours: from rows of hours, made once for everybody who looks at the same one. */
export class PastHours {
  readonly #deps: PastHoursDeps;
  readonly #bodies = new Map<string, Promise<PastBody>>();
  readonly #places = new Map<string, PastPlaces>();
  #madeOf: readonly Station[] | undefined;

  constructor(deps: PastHoursDeps) {
    this.#deps = deps;
  }

  /** End of the last hour that closed at or before `at`, epoch ms. */
  hourEnd(at: number): number {
    const { dayOffsetMs } = this.#deps;
    return Math.floor((at + dayOffsetMs) / HOUR_MS) * HOUR_MS - dayOffsetMs;
  }

  /** The hour that ends at `end`, as it is sent. */
  async body(quantity: Quantity, end: number, now: number): Promise<PastBody> {
    this.#forgetFormerStations();
    const key = `${quantity} ${end}`;
    const known = this.#bodies.get(key);
    if (known && now - (await known).madeAt < FRESH_MS) return known;
    const made = this.#make(quantity, end, now);
    this.#bodies.delete(key);
    this.#bodies.set(key, made);
    made.catch(() => this.#bodies.delete(key));
    forgetOldest(this.#bodies, KEPT_STATES);
    return made;
  }

  /** A station left out of figures, hidden or renamed is so in past hours too, and at once. */
  #forgetFormerStations(): void {
    const stations = this.#deps.stations();
    const former = this.#madeOf ?? stations;
    const isSame = stations.length === former.length && stations.every((station, at) => station === former[at]);
    if (!isSame) {
      this.#bodies.clear();
      this.#places.clear();
    }
    this.#madeOf = stations;
  }

  async #make(quantity: Quantity, end: number, now: number): Promise<PastBody> {
    const { stations, piece } = this.#placesAt(quantity, end);
    const pieces = [valuesPiece(await this.#values(stations, quantity, end)), piece];
    // SHA-1 for its speed: it tells versions apart and guards nothing.
    const hash = createHash('sha1');
    for (const each of pieces) hash.update(each);
    const etag = `"${hash.digest('base64url').slice(0, 22)}"`;
    return { gzipped: await compressPieces(pieces, GZIP_LEVEL), etag, madeAt: now };
  }

  /** The number of moves since then tells which these were, and so where all stood. */
  #placesAt(quantity: Quantity, end: number): PastPlaces {
    const shown = this.#deps.stations().filter((station) => publishes(station, quantity));
    const key = `${quantity} ${movesSince(shown, end)}`;
    const made = this.#places.get(key) ?? placesOfHour(shown, end);
    this.#places.set(key, made);
    forgetOldest(this.#places, KEPT_PLACES);
    return made;
  }

  async #values(stations: readonly Station[], quantity: Quantity, end: number): Promise<MapValues> {
    const query = { quantity, window: 'hour', from: end - HOUR_MS, to: end, isBare: true } as const;
    const asked = await this.#deps.rollups.rows({ ...query, stationIds: stations.map(({ id }) => id) });
    const rows = new Map(asked.map((row) => [row.stationId, row]));
    const values = stations.map((station) => valuesOf(station, rows.get(station.id), end));
    return {
      ...mapValuesOf({ cursor: { epoch: `hour-${end}`, seq: 0 }, quantity, average: '1h' }, values, end),
      hour: { start: new Date(end - HOUR_MS).toISOString(), method: CLOCK_MEAN_VERSION },
    };
  }
}

function movesSince(stations: readonly Station[], end: number): number {
  let moves = 0;
  for (const { formerPlaces } of stations) {
    for (const { until } of formerPlaces ?? []) if (until >= end) moves++;
  }
  return moves;
}

/** The stations as they stood at the end of an hour, south to north, as in a layer of now. */
function placesOfHour(shown: readonly Station[], end: number): PastPlaces {
  const placed = shown.map((station) => ({ station, place: placeOf(stationAt(station, end - 1)) }));
  placed.sort((a, b) => a.place.lat - b.place.lat || a.place.lon - b.place.lon);
  const piece = placesPiece(placesOf(placed.map(({ place }) => place)));
  return { stations: placed.map(({ station }) => station), piece };
}

function valuesOf(station: Station, row: UncertainRow | undefined, end: number): MapRowValues {
  const window = { start: end - HOUR_MS, end };
  const mean = wasMovedIn(station, window) ? null : (row?.mean ?? null);
  return {
    value: mean === null ? null : Math.round(mean * VALUE_SCALE),
    coverage: Math.floor((row?.coverage ?? 0) * 100),
    count: row?.count ?? 0,
    state: mean === null ? 'none' : 'ok',
    lastSeen: row !== undefined && row.count > 0 ? Math.floor(end / 1000) : null,
    doubtful: station.status === 'excluded' || (row !== undefined && isDoubtfulRow(row)) ? 1 : 0,
  };
}

/** Keeps the newest `count` entries. */
function forgetOldest(entries: Map<string, unknown>, count: number): void {
  if (entries.size > count) entries.delete(entries.keys().next().value!);
}
