import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CLOCK_MEAN_VERSION } from '../domain/clockMean.ts';
import type { MapState } from '../domain/contract.ts';
import { type Quantity, UNITS } from '../domain/quantity.ts';
import { isDoubtfulRow } from '../domain/rollup.ts';
import { publishes, type Station } from '../domain/station.ts';
import { stationAt, wasMovedIn } from '../domain/stationHistory.ts';
import type { Rollups, UncertainRow } from '../rollups/rollups.ts';
import { columnsOf, type MapRow, type MapRowValues, placeOf, VALUE_SCALE } from './mapRow.ts';

const gzipAsync = promisify(gzip);
const HOUR_MS = 3_600_000;
/** A slider passes over three days of hours of one quantity: these stay made. */
const KEPT_STATES = 100;
/** Late readings and imports change a past hour; nobody sees an older state than this, ms. */
const FRESH_MS = 5 * 60_000;

/** One past hour as it is sent. */
export interface PastBody {
  json: Buffer;
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

/** States of the map in closed clock hours: from rows of hours, made once for everybody who looks at the same one. */
export class PastHours {
  readonly #deps: PastHoursDeps;
  readonly #bodies = new Map<string, Promise<PastBody>>();
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
    if (this.#bodies.size > KEPT_STATES) this.#bodies.delete(this.#bodies.keys().next().value!);
    return made;
  }

  /** A station left out of figures, hidden or renamed is so in past hours too, and at once. */
  #forgetFormerStations(): void {
    const stations = this.#deps.stations();
    const former = this.#madeOf ?? stations;
    const isSame = stations.length === former.length && stations.every((station, at) => station === former[at]);
    if (!isSame) this.#bodies.clear();
    this.#madeOf = stations;
  }

  async #make(quantity: Quantity, end: number, now: number): Promise<PastBody> {
    const json = Buffer.from(JSON.stringify(await this.#state(quantity, end)));
    // SHA-1 for its speed: it tells versions apart and guards nothing.
    const etag = `"${createHash('sha1').update(json).digest('base64url').slice(0, 22)}"`;
    return { json, gzipped: await gzipAsync(json, { level: 4 }), etag, madeAt: now };
  }

  async #state(quantity: Quantity, end: number): Promise<MapState> {
    const { rollups, stations } = this.#deps;
    const shown = stations().filter((station) => publishes(station, quantity));
    const query = {
      stationIds: shown.map(({ id }) => id),
      quantity,
      window: 'hour',
      from: end - HOUR_MS,
      to: end,
    } as const;
    const rows = new Map((await rollups.rows(query)).map((row) => [row.stationId, row]));
    const made = shown.map((station) => rowOf(station, rows.get(station.id), end));
    made.sort((a, b) => a.lat - b.lat || a.lon - b.lon);
    return {
      ...{ epoch: `hour-${end}`, seq: 0, quantity, average: '1h', unit: UNITS[quantity], scale: VALUE_SCALE },
      at: new Date(end).toISOString(),
      hour: { start: new Date(end - HOUR_MS).toISOString(), method: CLOCK_MEAN_VERSION },
      ...columnsOf(made, end),
    };
  }
}

function rowOf(station: Station, row: UncertainRow | undefined, end: number): MapRow {
  const window = { start: end - HOUR_MS, end };
  const mean = wasMovedIn(station, window) ? null : (row?.mean ?? null);
  const values: MapRowValues = {
    value: mean === null ? null : Math.round(mean * VALUE_SCALE) + 0,
    coverage: Math.floor((row?.coverage ?? 0) * 100),
    count: row?.count ?? 0,
    state: mean === null ? 'none' : 'ok',
    lastSeen: row !== undefined && row.count > 0 ? Math.floor(end / 1000) : null,
    doubtful: station.status === 'excluded' || (row !== undefined && isDoubtfulRow(row)) ? 1 : 0,
  };
  // Not spread out: fifteen thousand objects made of two come out as hash tables, slow to sort and to read.
  return Object.assign(placeOf(stationAt(station, end - 1)), values);
}
