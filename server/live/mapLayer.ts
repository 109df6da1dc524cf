import type { Aggregate, Average } from '../domain/aggregate.ts';
import type { MapChanged, MapCursor, MapPlaces, MapState } from '../domain/contract.ts';
import type { Box } from '../domain/distance.ts';
import type { Quantity } from '../domain/quantity.ts';
import { publishes, type Station } from '../domain/station.ts';
import {
  changesOf,
  isInside,
  isSamePlace,
  isSameValues,
  type MapRow,
  type MapRowValues,
  type MapValues,
  mapValuesOf,
  placeOf,
  placesOf,
  valuesOf,
} from './mapRow.ts';
import { PastChanges } from './pastChanges.ts';

/** Rows looked at again each tick although no reading came: silence and the turn of a cell show within 30 s at 15,000 stations. */
const SWEEP_ROWS = 250;
/** Up to this many rows, whoever fetches a layer gets it as it is now instead of as last told: a millisecond's work. */
const FRESH_ROWS = 1_000;

/** What a layer needs from outside. */
export interface MapLayerSource {
  station: (stationId: string) => Station | undefined;
  aggregate: (station: Station, quantity: Quantity, average: Average, now: number) => Aggregate | undefined;
}

/** What a layer is made for. */
export interface MapLayerOptions {
  quantity: Quantity;
  average: Average;
  /** Names this run of changes; a client with another one starts over. */
  epoch: string;
}

/**
 * One map layer: the rows as last told to the browsers, and the ticks that led there. `tick` compares rows with the
 * present and puts the differences into one numbered change.
 */
export class MapLayer {
  readonly quantity: Quantity;
  readonly average: Average;
  readonly #epoch: string;
  readonly #source: MapLayerSource;
  readonly #rowsById = new Map<string, MapRow>();
  readonly #past = new PastChanges();
  #rows: MapRow[] = [];
  #sweepFrom = 0;
  #seq = 0;
  #placesRevision = 0;
  #added = new Set<string>();
  #removed = new Set<string>();

  constructor(options: MapLayerOptions, source: MapLayerSource) {
    this.quantity = options.quantity;
    this.average = options.average;
    this.#epoch = options.epoch;
    this.#source = source;
  }

  /** Puts all public stations on an empty layer, south to north: neighbouring latitudes compress to a fifth. */
  fill(stations: Iterable<Station>, now: number): void {
    const shown = [...stations].filter((station) => publishes(station, this.quantity));
    const rows = shown.map((station) => this.#rowOf(station, now));
    for (const row of rows.sort((a, b) => a.lat - b.lat || a.lon - b.lon)) this.#add(row);
  }

  /** Counts stations put in, taken off, moved or renamed, told or not yet. */
  get placesRevision(): number {
    return this.#placesRevision;
  }

  /** Where the layer stands. */
  get cursor(): MapCursor {
    return { epoch: this.#epoch, seq: this.#seq };
  }

  /** Takes over what the registry says of a station, in `state` at once: shown, moved, renamed, or no longer public. */
  stationChanged(stationId: string, now: number): void {
    const station = this.#source.station(stationId);
    const row = this.#rowsById.get(stationId);
    if (station === undefined || !publishes(station, this.quantity)) {
      if (row !== undefined) this.#remove(row);
      return;
    }
    const place = placeOf(station);
    if (row !== undefined && isSamePlace(row, place)) return;
    if (row === undefined) this.#add(this.#rowOf(station, now));
    // A moved station's means begin anew, so its values change with its place.
    else Object.assign(row, this.#rowOf(station, now));
    this.#placesRevision++;
    this.#added.add(stationId);
    this.#removed.delete(stationId);
  }

  /** Compares touched rows and the next stretch of the others with the present; the change, when there is any. */
  tick(touched: Iterable<string>, now: number): MapChanged | undefined {
    const changed = new Set<MapRow>();
    for (const id of touched) {
      const row = this.#rowsById.get(id);
      if (row !== undefined && this.#refresh(row, now)) changed.add(row);
    }
    for (const row of this.#nextStretch()) if (this.#refresh(row, now)) changed.add(row);
    return this.#tell(changed, now);
  }

  /** The changes after `cursor`, oldest first; undefined when they are not all kept and a snapshot is needed. */
  since(cursor: MapCursor): MapChanged[] | undefined {
    return this.#past.since(cursor, this.cursor);
  }

  /** Stations on the layer. */
  get size(): number {
    return this.#rows.length;
  }

  /**
   * The whole layer, or its rows inside `box`. What it holds beyond the last change told comes with the next one too,
   * and says the same.
   */
  state(now: number, box?: Box): MapState {
    const rows = box === undefined ? this.#rows : this.#rows.filter((row) => isInside(row, box));
    return { ...this.#values(rows, now), ...placesOf(rows) };
  }

  /** Of the whole layer what the registry says: the same until `placesRevision` is another. */
  places(): MapPlaces {
    return placesOf(this.#rows);
  }

  /** Of the whole layer all but the places, in the same order. */
  values(now: number): MapValues {
    return this.#values(this.#rows, now);
  }

  #values(told: readonly MapRow[], now: number): MapValues {
    const rows = told.length <= FRESH_ROWS ? told.map((row) => this.#valuesNow(row, now)) : told;
    return mapValuesOf(this, rows, now);
  }

  #valuesNow(row: MapRow, now: number): MapRowValues {
    const station = this.#source.station(row.id);
    if (station === undefined) return row;
    return valuesOf(station, this.#source.aggregate(station, this.quantity, this.average, now));
  }

  #rowOf(station: Station, now: number): MapRow {
    const aggregate = this.#source.aggregate(station, this.quantity, this.average, now);
    return Object.assign(placeOf(station), valuesOf(station, aggregate));
  }

  #add(row: MapRow): void {
    this.#rowsById.set(row.id, row);
    this.#rows.push(row);
  }

  #remove(row: MapRow): void {
    this.#rowsById.delete(row.id);
    this.#rows = this.#rows.filter((kept) => kept !== row);
    this.#placesRevision++;
    this.#added.delete(row.id);
    this.#removed.add(row.id);
  }

  #nextStretch(): MapRow[] {
    const stretch = this.#rows.slice(this.#sweepFrom, this.#sweepFrom + SWEEP_ROWS);
    this.#sweepFrom = this.#sweepFrom + SWEEP_ROWS >= this.#rows.length ? 0 : this.#sweepFrom + SWEEP_ROWS;
    return stretch;
  }

  /** Brings a row up to date; true when it changed. */
  #refresh(row: MapRow, now: number): boolean {
    const station = this.#source.station(row.id);
    if (station === undefined) return false;
    const values = valuesOf(station, this.#source.aggregate(station, this.quantity, this.average, now));
    if (isSameValues(row, values)) return false;
    Object.assign(row, values);
    return true;
  }

  #tell(changed: Set<MapRow>, now: number): MapChanged | undefined {
    const added = [...this.#added].flatMap((id) => this.#rowsById.get(id) ?? []);
    const removed = [...this.#removed];
    for (const row of added) changed.add(row);
    if (changed.size === 0 && removed.length === 0) return undefined;
    this.#added.clear();
    this.#removed.clear();
    this.#seq++;
    const told: MapChanged = {
      ...this.cursor,
      quantity: this.quantity,
      average: this.average,
      at: new Date(now).toISOString(),
      ...changesOf([...changed]),
      ...(added.length > 0 && { added: placesOf(added) }),
      ...(removed.length > 0 && { removed }),
    };
    this.#past.add(told);
    return told;
  }
}
