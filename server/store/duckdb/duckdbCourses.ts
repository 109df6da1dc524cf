import type { DuckDBDataChunk } from '@duckdb/node-api';
import { invalidMask } from '../../domain/assessment/flag.ts';
import { DAY_MS } from '../../domain/durations.ts';
import type { SensorCourse } from '../../domain/means/course.ts';
import type { Quantity } from '../../domain/quantity.ts';
import { CourseColumns } from '../courseColumns.ts';
import type { CoursesQuery } from '../readingStore.ts';
import { doublesOf, integersOf, validityOf } from './duckdbColumns.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { amongSeries, int64 } from './duckdbQueries.ts';
import type { DuckDbSeries, SeriesRow } from './duckdbSeries.ts';
import type { HeldColumns } from './heldColumns.ts';

const PIECE_MS = 61 * DAY_MS;
const MAX_CAPACITY = 2 ** 18;

/** What courses are read from. */
export interface CourseSource {
  series: DuckDbSeries;
  held: HeldColumns;
}

/** Courses of some stations' instruments; `ReadingStore.courses`. */
export async function coursesOfStations(
  file: DuckDbFile,
  { series, held }: CourseSource,
  { stationIds, from, to, only }: CoursesQuery,
): Promise<SensorCourse[]> {
  const wanted = stationIds.flatMap((id) => series.ofStation(id)).filter(({ sensor }) => sensor !== '');
  if (wanted.length === 0) return [];
  const quantities = only === undefined ? held.quantities : [only];
  const hasFlags = only === undefined && held.hasFlags;
  const isValid = only === undefined ? '' : `AND ${only} IS NOT NULL AND flags & ${invalidMask(only)} = 0`;
  const where = `${amongSeries(wanted.map(({ id }) => id))} AND time >= $1 AND time < $2 ${isValid}`;
  const columns = ['series', 'time::DOUBLE', ...quantities, ...(hasFlags ? ['flags::DOUBLE'] : [])];
  const sql = `SELECT ${columns.join(', ')} FROM readings WHERE ${where}`;
  const reader = new CourseReader(wanted, quantities, capacityFor(to - from));
  for await (const { chunk } of file.chunks(sql, piecesOf(from, to))) reader.add(chunk);
  return reader.courses();
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

/** Sorts rows by series, column by column. */
class CourseReader {
  readonly #slots: readonly CourseColumns[];
  /** Place in `slots` by a series' number. */
  readonly #slotById: Int32Array;
  readonly #quantities: readonly Quantity[];

  constructor(series: readonly SeriesRow[], quantities: readonly Quantity[], capacity: number) {
    this.#slots = series.map((row) => new CourseColumns(row, quantities.length, capacity));
    this.#slotById = new Int32Array(1 + Math.max(...series.map(({ id }) => id)));
    for (const [slot, { id }] of series.entries()) this.#slotById[id] = slot;
    this.#quantities = quantities;
  }

  /** Rows of series, time, quantities and, when there are any, flags. */
  add(chunk: DuckDBDataChunk): void {
    const [ids, times] = [integersOf(chunk, 0), doublesOf(chunk, 1)];
    const slots = ids.map((id) => this.#slotById[id]!);
    const places = new Int32Array(ids.length);
    for (let row = 0; row < ids.length; row++) places[row] = this.#slots[slots[row]!]!.add(times[row]!);
    const where = { slots, places };
    for (let index = 0; index < this.#quantities.length; index++) this.#addValues(chunk, index, where);
    if (chunk.columnCount > 2 + this.#quantities.length) this.#addFlags(chunk, where);
  }

  /** The courses of series that have rows. */
  courses(): SensorCourse[] {
    const heard = this.#slots.filter(({ size }) => size > 0);
    return heard.map((columns) => columns.finished(this.#quantities));
  }

  #addValues(chunk: DuckDBDataChunk, index: number, { slots, places }: Where): void {
    const values = doublesOf(chunk, 2 + index);
    const validity = validityOf(chunk, 2 + index);
    if (validity?.every((byte) => byte === 0)) return;
    const columns = this.#slots.map(({ values }) => values[index]);
    for (let row = 0; row < values.length; row++) {
      if (validity !== undefined && ((validity[row >> 3]! >> (row & 7)) & 1) === 0) continue;
      const slot = slots[row]!;
      columns[slot] ??= this.#slots[slot]!.column(index);
      columns[slot][places[row]!] = values[row]!;
    }
  }

  #addFlags(chunk: DuckDBDataChunk, { slots, places }: Where): void {
    const flags = doublesOf(chunk, 2 + this.#quantities.length);
    for (let row = 0; row < flags.length; row++) {
      if (flags[row] !== 0) this.#slots[slots[row]!]!.flags[places[row]!] = flags[row]!;
    }
  }
}

/** Where the rows of a chunk go. */
interface Where {
  slots: Int32Array;
  places: Int32Array;
}
