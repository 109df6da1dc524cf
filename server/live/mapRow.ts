import type { Aggregate, Average } from '../domain/aggregate.ts';
import type { MapChanged, MapCursor, MapPlaces, MapState } from '../domain/contract.ts';
import { type Box, isInBox } from '../domain/distance.ts';
import { type Quantity, UNITS } from '../domain/quantity.ts';
import { publicPosition, type Station, stationKind } from '../domain/station.ts';
import { isDoubtful } from './aggregator.ts';

/** Values cross as integers: this many to the unit. */
export const VALUE_SCALE = 10;
/** Ages cross in steps of this many seconds, rounded up: a third less to send than single seconds. */
const AGE_STEP_S = 5;
/** Positions cross as integers: this many to the degree (11 m, finer than the public grid). */
const POSITION_SCALE = 1e4;

/** The part of a row that changes with readings and the clock. */
export interface MapRowValues {
  value: number | null;
  coverage: number;
  count: number;
  state: Aggregate['state'];
  /** Epoch seconds; null when never. */
  lastSeen: number | null;
  doubtful: 0 | 1;
}

/** The part of a row that the registry says. */
export interface MapRowPlace {
  id: string;
  name: string;
  lat: number;
  lon: number;
  indoor: 0 | 1;
  kind: 'citizen' | 'reference';
}

/** One public station on one layer. */
export type MapRow = MapRowPlace & MapRowValues;

/** What a row shows of an aggregate; without one nothing was ever measured. */
export function valuesOf(station: Station, aggregate: Aggregate | undefined): MapRowValues {
  const isExcluded = station.status === 'excluded';
  if (aggregate === undefined) {
    return { value: null, coverage: 0, count: 0, state: 'none', lastSeen: null, doubtful: isExcluded ? 1 : 0 };
  }
  return {
    // Adding 0 turns -0 into 0.
    value: aggregate.value === undefined ? null : Math.round(aggregate.value * VALUE_SCALE) + 0,
    coverage: Math.floor(aggregate.coverage * 100),
    count: aggregate.count,
    state: aggregate.state,
    lastSeen: Math.floor(aggregate.lastMeasuredAt / 1000),
    doubtful: isExcluded || isDoubtful(aggregate) ? 1 : 0,
  };
}

/** A station as the map shows it: the public position only. */
export function placeOf(station: Station): MapRowPlace {
  const { lat, lon } = publicPosition(station);
  return {
    id: station.id,
    name: station.name,
    lat: Math.round(lat * POSITION_SCALE),
    lon: Math.round(lon * POSITION_SCALE),
    indoor: station.isIndoor ? 1 : 0,
    kind: stationKind(station),
  };
}

/** True when the registry's part of the row is as told. */
export function isSamePlace(row: MapRowPlace, place: MapRowPlace): boolean {
  return (
    row.name === place.name &&
    row.lat === place.lat &&
    row.lon === place.lon &&
    row.indoor === place.indoor &&
    row.kind === place.kind
  );
}

/** True when the values are as told. */
export function isSameValues(row: MapRowValues, values: MapRowValues): boolean {
  return (
    row.value === values.value &&
    row.coverage === values.coverage &&
    row.count === values.count &&
    row.state === values.state &&
    row.lastSeen === values.lastSeen &&
    row.doubtful === values.doubtful
  );
}

/** True when the row's public position lies in `box`, borders included. */
export function isInside(row: MapRowPlace, box: Box): boolean {
  return isInBox({ lat: row.lat / POSITION_SCALE, lon: row.lon / POSITION_SCALE }, box);
}

/** Rows to columns: what the registry says. */
export function placesOf(rows: readonly MapRowPlace[]): MapPlaces {
  return {
    id: rows.map((row) => row.id),
    name: rows.map((row) => row.name),
    lat: rows.map((row) => row.lat),
    lon: rows.map((row) => row.lon),
    indoor: rows.map((row) => row.indoor),
    kind: rows.map((row) => row.kind),
  };
}

/** Rows to columns: values with ids. */
export function changesOf(rows: readonly MapRow[]): Pick<MapChanged, keyof MapRowValues | 'id'> {
  return {
    id: rows.map((row) => row.id),
    value: rows.map((row) => row.value),
    coverage: rows.map((row) => row.coverage),
    count: rows.map((row) => row.count),
    state: rows.map((row) => row.state),
    lastSeen: rows.map((row) => row.lastSeen),
    doubtful: rows.map((row) => row.doubtful),
  };
}

/** What a whole layer says beside where its stations are. */
export type MapValues = Omit<MapState, keyof MapPlaces>;

/** Rows to columns: all that a whole layer says at `now`, epoch ms, but where its stations are. */
export function mapValuesOf(
  { cursor, quantity, average }: { cursor: MapCursor; quantity: Quantity; average: Average },
  rows: readonly MapRowValues[],
  now: number,
): MapValues {
  return {
    ...{ ...cursor, quantity, average, unit: UNITS[quantity], scale: VALUE_SCALE, at: new Date(now).toISOString() },
    ...valueColumnsOf(rows, now),
  };
}

function valueColumnsOf(
  rows: readonly MapRowValues[],
  now: number,
): Pick<MapValues, Exclude<keyof MapRowValues, 'lastSeen'> | 'age'> {
  const nowSeconds = Math.floor(now / 1000);
  return {
    value: rows.map((row) => row.value),
    coverage: rows.map((row) => row.coverage),
    count: rows.map((row) => row.count),
    state: rows.map((row) => row.state),
    age: rows.map((row) => (row.lastSeen === null ? null : ageOf(nowSeconds - row.lastSeen))),
    doubtful: rows.map((row) => row.doubtful),
  };
}

/** Back from columns: what the registry says of the row at `index`. */
export function placeAt(columns: MapPlaces, index: number): MapRowPlace {
  return {
    id: columns.id[index]!,
    name: columns.name[index]!,
    lat: columns.lat[index]!,
    lon: columns.lon[index]!,
    indoor: columns.indoor[index]!,
    kind: columns.kind[index]!,
  };
}

/** Back from columns: the values of the row at `index`. */
export function valuesAt(columns: Pick<MapChanged, keyof MapRowValues>, index: number): MapRowValues {
  return {
    value: columns.value[index]!,
    coverage: columns.coverage[index]!,
    count: columns.count[index]!,
    state: columns.state[index]!,
    lastSeen: columns.lastSeen[index]!,
    doubtful: columns.doubtful[index]!,
  };
}

/** Back from the columns of a whole layer. When a row was last seen is up to one step of its age too early. */
export function rowsOf(state: MapState): MapRow[] {
  const atSeconds = Math.floor(Date.parse(state.at) / 1000);
  const lastSeen = state.age.map((age) => (age === null ? null : atSeconds - age));
  const columns = { ...state, lastSeen };
  return state.id.map((_id, index) => Object.assign(placeAt(state, index), valuesAt(columns, index)));
}

function ageOf(seconds: number): number {
  return Math.ceil(Math.max(0, seconds) / AGE_STEP_S) * AGE_STEP_S;
}
