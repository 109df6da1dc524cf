import type { DuckDBDataChunk } from '@duckdb/node-api';
import { placeOf, type SensorCourse } from '../domain/course.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import { unionOfFlags } from './admissionFlags.ts';
import { doublesOf, integersOf, validityOf } from './duckdbColumns.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { amongSeries, int64 } from './duckdbQueries.ts';
import type { DuckDbSeries, SeriesRow } from './duckdbSeries.ts';
import type { ReadingStore } from './readingStore.ts';

const PIECE_MS = 61 * 86_400_000;
const MAX_CAPACITY = 2 ** 18;

/** Courses of some stations' instruments; `ReadingStore.courses`. */
export async function coursesOfStations(
  file: DuckDbFile,
  series: DuckDbSeries,
  { stationIds, from, to }: Parameters<ReadingStore['courses']>[0],
): Promise<SensorCourse[]> {
  const wanted = stationIds.flatMap((id) => series.ofStation(id)).filter(({ sensor }) => sensor !== '');
  if (wanted.length === 0) return [];
  const where = `${amongSeries(wanted.map(({ id }) => id))} AND time >= $1 AND time < $2`;
  const sql = `SELECT series, time::DOUBLE, flags::DOUBLE, ${QUANTITIES.join(', ')} FROM readings WHERE ${where}`;
  const capacity = capacityFor(to - from);
  const slots = new Map(wanted.map((row) => [row.id, new Columns(row, capacity)]));
  for await (const { chunk } of file.chunks(sql, piecesOf(from, to))) addChunk(chunk, slots);
  return [...slots.values()].filter((columns) => columns.size > 0).map((columns) => columns.finished());
}

/** Rows to expect of an airRohr, which reports every 145 s; others let the columns grow. */
function capacityFor(spanMs: number): number {
  return Math.min(MAX_CAPACITY, Math.max(1024, Math.ceil(spanMs / 140_000)));
}

/** DuckDB holds the whole answer of a run in memory: bounds of runs of two months. */
function piecesOf(from: number, to: number): bigint[][] {
  if (!Number.isFinite(to - from)) return [[int64(from), int64(to)]];
  const pieces: bigint[][] = [];
  for (let start = from; start < to; start += PIECE_MS) {
    pieces.push([int64(start), int64(Math.min(to, start + PIECE_MS))]);
  }
  return pieces;
}

/** Rows of a chunk, column by column, to the columns of their series. */
function addChunk(chunk: DuckDBDataChunk, slots: ReadonlyMap<number, Columns>): void {
  const ids = integersOf(chunk, 0);
  const owners = Array.from(ids, (id) => slots.get(id)!);
  const places = new Uint32Array(ids.length);
  const [times, flags] = [doublesOf(chunk, 1), doublesOf(chunk, 2)] as const;
  for (let row = 0; row < ids.length; row++) places[row] = owners[row]!.add(times[row]!, flags[row]!);
  for (const [index, quantity] of QUANTITIES.entries()) {
    const values = doublesOf(chunk, 3 + index);
    const validity = validityOf(chunk, 3 + index);
    if (validity?.every((byte) => byte === 0)) continue;
    for (let row = 0; row < ids.length; row++) {
      const isPresent = validity === undefined || ((validity[row >> 3]! >> (row & 7)) & 1) === 1;
      if (isPresent) owners[row]!.set(quantity, places[row]!, values[row]!);
    }
  }
}

/** Columns of one series that grow. */
class Columns {
  readonly #stationId: string;
  readonly #sensor: string;
  size = 0;
  #times: Float64Array;
  #flags: Float64Array;
  #values: Partial<Record<Quantity, Float64Array>> = {};

  constructor({ stationId, sensor }: SeriesRow, capacity: number) {
    this.#stationId = stationId;
    this.#sensor = sensor;
    this.#times = new Float64Array(capacity);
    this.#flags = new Float64Array(capacity);
  }

  /** Adds a row without values; returns its place. */
  add(time: number, flags: number): number {
    if (this.size === this.#times.length) this.#grow();
    this.#times[this.size] = time;
    this.#flags[this.size] = flags;
    return this.size++;
  }

  set(quantity: Quantity, place: number, value: number): void {
    let column = this.#values[quantity];
    if (column === undefined) {
      column = new Float64Array(this.#times.length).fill(Number.NaN);
      this.#values[quantity] = column;
    }
    column[place] = value;
  }

  /** The course: in order of time, partial rows of one time merged. */
  finished(): SensorCourse {
    const course: SensorCourse = {
      stationId: this.#stationId,
      sensor: this.#sensor,
      times: this.#times.subarray(0, this.size),
      flags: this.#flags.subarray(0, this.size),
      values: mapped(this.#values, (column) => column.subarray(0, this.size)),
    };
    return isStrictlyAscending(course.times) ? course : merged(course);
  }

  #grow(): void {
    const length = 2 * this.#times.length;
    this.#times = grown(this.#times, length);
    this.#flags = grown(this.#flags, length);
    this.#values = mapped(this.#values, (column) => grown(column, length));
  }
}

function grown(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length).fill(Number.NaN);
  longer.set(column);
  return longer;
}

function mapped(
  values: SensorCourse['values'],
  change: (column: Float64Array) => Float64Array,
): SensorCourse['values'] {
  const changed: SensorCourse['values'] = {};
  for (const name in values) changed[name as Quantity] = change(values[name as Quantity]!);
  return changed;
}

function isStrictlyAscending(times: Float64Array): boolean {
  for (let at = 1; at < times.length; at++) if (times[at - 1]! >= times[at]!) return false;
  return true;
}

/** Late rows in their place, and parts of one reading, which have no field in common, as one. */
function merged({ stationId, sensor, times, flags, values }: SensorCourse): SensorCourse {
  const unique = Float64Array.from(new Set(times)).sort();
  const places = Array.from(times, (time) => placeOf(unique, time));
  const mergedFlags = new Float64Array(unique.length);
  for (const [row, place] of places.entries()) mergedFlags[place] = unionOfFlags(mergedFlags[place]!, flags[row]!);
  const mergedValues = mapped(values, (column) => {
    const sorted = new Float64Array(unique.length).fill(Number.NaN);
    for (const [row, place] of places.entries()) if (!Number.isNaN(column[row]!)) sorted[place] = column[row]!;
    return sorted;
  });
  return { stationId, sensor, times: unique, flags: mergedFlags, values: mergedValues };
}
