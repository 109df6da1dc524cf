import type { Average } from '../domain/aggregate.ts';
import type { MapChanged, MapCursor, MapPlaces, MapState } from '../domain/contract.ts';
import type { Box } from '../domain/distance.ts';
import type { Quantity } from '../domain/quantity.ts';
import {
  changesOf,
  isInside,
  isSamePlace,
  type MapRow,
  type MapRowPlace,
  type MapRowValues,
  type MapValues,
  mapValuesOf,
  placeAt,
  placesOf,
  rowsOf,
  valuesAt,
} from '../live/mapRow.ts';
import { PastChanges } from '../live/pastChanges.ts';

/**
 * One map layer as the aggregator tells it: its state, and the ticks since, under the aggregator's own epoch and numbers.
 * So a browser that followed another node, or the aggregator itself, goes on here where it was.
 */
export class FollowedMapLayer {
  readonly quantity: Quantity;
  readonly average: Average;
  readonly #past = new PastChanges();
  #cursor: MapCursor = { epoch: '', seq: 0 };
  #rowsById = new Map<string, MapRow>();
  #placesRevision = 0;

  constructor({ quantity, average }: { quantity: Quantity; average: Average }) {
    this.quantity = quantity;
    this.average = average;
  }

  /** Where the layer stands; the epoch is empty before the first state. */
  get cursor(): MapCursor {
    return this.#cursor;
  }

  /** Counts stations put in or taken off. */
  get placesRevision(): number {
    return this.#placesRevision;
  }

  /** Stations on the layer. */
  get size(): number {
    return this.#rowsById.size;
  }

  /**
   * Takes a whole state over. Answers with what those who followed the former one are to be told: all values and what is
   * other of places, as one tick, or an empty one of another epoch, which makes them fetch it too. Undefined when it is
   * the first, or the same.
   */
  load(state: MapState): MapChanged | undefined {
    const former = { cursor: this.#cursor, rows: this.#rowsById };
    const cursor = { epoch: state.epoch, seq: state.seq };
    // It may be older than a tick that came while it was on its way; then that tick is held and follows.
    const isOn = cursor.epoch === former.cursor.epoch && cursor.seq === former.cursor.seq;
    if (!isOn) this.#past.clear();
    this.#cursor = cursor;
    this.#rowsById = new Map(rowsOf(state).map((row) => [row.id, row]));
    this.#placesRevision++;
    if (isOn || former.cursor.epoch === '') return undefined;
    const head = { ...cursor, quantity: this.quantity, average: this.average, at: state.at };
    if (cursor.epoch !== former.cursor.epoch) return { ...head, ...changesOf([]) };
    return { ...head, ...this.#toldInOne(former.rows) };
  }

  /** Takes a tick: `next` when it is the one that follows, `old` when it is known, `gap` when something is missing. */
  apply(changed: MapChanged): 'next' | 'old' | 'gap' {
    const { epoch, seq } = this.#cursor;
    if (changed.epoch !== epoch || changed.seq > seq + 1) return 'gap';
    if (changed.seq <= seq) return 'old';
    this.#cursor = { epoch, seq: changed.seq };
    this.#takePlaces(changed);
    for (const [at, id] of changed.id.entries()) {
      const row = this.#rowsById.get(id);
      if (row !== undefined) Object.assign(row, valuesAt(changed, at));
    }
    this.#past.add(changed);
    return 'next';
  }

  /** Takes a station off at once that is no longer public; the tick that says so follows. */
  hide(stationId: string): void {
    if (this.#rowsById.delete(stationId)) this.#placesRevision++;
  }

  /** The changes after `cursor`, oldest first; undefined when they are not all kept and a snapshot is needed. */
  since(cursor: MapCursor): MapChanged[] | undefined {
    return this.#cursor.epoch === '' ? undefined : this.#past.since(cursor, this.#cursor);
  }

  /** The whole layer, or its rows inside `box`. */
  state(now: number, box?: Box): MapState {
    const all = [...this.#rowsById.values()];
    const rows = box === undefined ? all : all.filter((row) => isInside(row, box));
    return { ...mapValuesOf(this, rows, now), ...placesOf(rows) };
  }

  /** Of the whole layer what the registry says: the same until `placesRevision` is another. */
  places(): MapPlaces {
    return placesOf([...this.#rowsById.values()]);
  }

  /** Of the whole layer all but the places, in the same order. */
  values(now: number): MapValues {
    return mapValuesOf(this, [...this.#rowsById.values()], now);
  }

  #toldInOne(former: ReadonlyMap<string, MapRow>): Omit<MapChanged, keyof MapCursor | 'quantity' | 'average' | 'at'> {
    const rows = [...this.#rowsById.values()];
    const added = rows.filter((row) => !isSamePlace(former.get(row.id) ?? NOWHERE, row));
    const removed = [...former.keys()].filter((id) => !this.#rowsById.has(id));
    return {
      ...changesOf(rows),
      ...(added.length > 0 && { added: placesOf(added) }),
      ...(removed.length > 0 && { removed }),
    };
  }

  #takePlaces({ added, removed = [] }: MapChanged): void {
    for (const id of removed) this.hide(id);
    for (const [at, id] of (added?.id ?? []).entries()) {
      // Its values come with the same tick, also where it was on the layer before.
      this.#rowsById.set(id, Object.assign(placeAt(added!, at), NOTHING));
      this.#placesRevision++;
    }
  }
}

const NOWHERE: MapRowPlace = { id: '', name: '', lat: NaN, lon: NaN, indoor: 0, kind: 'citizen' };
const NOTHING: MapRowValues = { value: null, coverage: 0, count: 0, state: 'none', lastSeen: null, doubtful: 0 };
