import {
  BIGINT,
  DOUBLE,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBType,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

/** Rows DuckDB takes in one chunk. */
const CHUNK_ROWS = 2048;
const TWO_32 = 2 ** 32;

/**
 * One column of the chunk being filled. Rows nobody sets are null. Values go to typed arrays and from there to DuckDB in
 * one copy: `DuckDBVector.setItem` keeps its null bits in BigInts, which costs ten times as much on columns as empty as ours.
 */
export interface ColumnWriter<T> {
  type: DuckDBType;
  set(row: number, value: T): void;
  flush(vector: duckdb.Vector, rows: number): void;
}

/** Which rows of a column hold a value. */
class Validity {
  readonly #bits = new Uint8Array(CHUNK_ROWS / 8);

  mark(row: number): void {
    const byte = row >> 3;
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (row & 7));
  }

  markAll(row: number, count: number): void {
    for (let at = row; at < row + count; at++) this.mark(at);
  }

  flush(vector: duckdb.Vector, rows: number): void {
    duckdb.vector_ensure_validity_writable(vector);
    duckdb.copy_data_to_vector_validity(vector, 0, this.#bits.buffer, 0, Math.ceil(rows / 64) * 8);
    this.#bits.fill(0);
  }
}

/** A DOUBLE column. */
export class DoubleColumn implements ColumnWriter<number> {
  readonly type = DOUBLE;
  readonly #items = new Float64Array(CHUNK_ROWS);
  readonly #validity = new Validity();

  set(row: number, value: number): void {
    this.#items[row] = value;
    this.#validity.mark(row);
  }

  /** Several values from `row` on; NaN becomes null. */
  setAll(row: number, values: Float64Array): void {
    this.#items.set(values, row);
    for (let at = 0; at < values.length; at++) if (!Number.isNaN(values[at]!)) this.#validity.mark(row + at);
  }

  flush(vector: duckdb.Vector, rows: number): void {
    duckdb.copy_data_to_vector(vector, 0, this.#items.buffer, 0, rows * 8);
    this.#validity.flush(vector, rows);
  }
}

/** An INTEGER column. */
export class IntegerColumn implements ColumnWriter<number> {
  readonly type = INTEGER;
  readonly #items = new Int32Array(CHUNK_ROWS);
  readonly #validity = new Validity();

  set(row: number, value: number): void {
    this.#items[row] = value;
    this.#validity.mark(row);
  }

  /** Several values from `row` on. */
  setAll(row: number, values: Int32Array): void {
    this.#items.set(values, row);
    this.#validity.markAll(row, values.length);
  }

  /** One value `count` times from `row` on. */
  repeat(row: number, value: number, count: number): void {
    this.#items.fill(value, row, row + count);
    this.#validity.markAll(row, count);
  }

  flush(vector: duckdb.Vector, rows: number): void {
    duckdb.copy_data_to_vector(vector, 0, this.#items.buffer, 0, rows * 4);
    this.#validity.flush(vector, rows);
  }
}

/** A BIGINT column of whole numbers within 2^53 either way, such as times in ms and flag masks. */
export class BigIntColumn implements ColumnWriter<number> {
  readonly type = BIGINT;
  /** Two halves an item, low first: no BigInt is made. */
  readonly #halves = new Uint32Array(CHUNK_ROWS * 2);
  readonly #validity = new Validity();

  set(row: number, value: number): void {
    const high = Math.floor(value / TWO_32);
    this.#halves[2 * row] = value - high * TWO_32;
    this.#halves[2 * row + 1] = high;
    this.#validity.mark(row);
  }

  flush(vector: duckdb.Vector, rows: number): void {
    duckdb.copy_data_to_vector(vector, 0, this.#halves.buffer, 0, rows * 8);
    this.#validity.flush(vector, rows);
  }
}

/** A VARCHAR column. */
export class TextColumn implements ColumnWriter<string> {
  readonly type = VARCHAR;
  readonly #items: (string | undefined)[] = [];
  readonly #validity = new Validity();

  set(row: number, value: string): void {
    this.#items[row] = value;
    this.#validity.mark(row);
  }

  flush(vector: duckdb.Vector, rows: number): void {
    this.#validity.flush(vector, rows);
    for (let row = 0; row < rows; row += 1) {
      const text = this.#items[row];
      if (text !== undefined) duckdb.vector_assign_string_element(vector, row, text);
    }
    this.#items.length = 0;
  }
}

/** A DOUBLE column of a chunk; rows where it is null hold anything. Valid as long as the chunk is. */
export function doublesOf(chunk: DuckDBDataChunk, column: number): Float64Array {
  const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, column), chunk.rowCount * 8);
  return new Float64Array(bytes.buffer, bytes.byteOffset, chunk.rowCount);
}

/** An INTEGER column of a chunk, as `doublesOf`. */
export function integersOf(chunk: DuckDBDataChunk, column: number): Int32Array {
  const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, column), chunk.rowCount * 4);
  return new Int32Array(bytes.buffer, bytes.byteOffset, chunk.rowCount);
}

/** A copy of a DOUBLE column of a chunk, NaN where it is null. */
export function doublesOrNaN(chunk: DuckDBDataChunk, column: number): Float64Array {
  return withoutNulls(chunk, column, doublesOf(chunk, column).slice(), Number.NaN);
}

/** A copy of an INTEGER column of a chunk, `missing` where it is null. */
export function integersOr(chunk: DuckDBDataChunk, column: number, missing: number): Int32Array {
  return withoutNulls(chunk, column, integersOf(chunk, column).slice(), missing);
}

function withoutNulls<T extends Float64Array | Int32Array>(
  chunk: DuckDBDataChunk,
  column: number,
  values: T,
  missing: number,
): T {
  const validity = validityOf(chunk, column);
  if (validity === undefined) return values;
  for (let row = 0; row < values.length; row++) {
    if (((validity[row >> 3]! >> (row & 7)) & 1) === 0) values[row] = missing;
  }
  return values;
}

/** Which rows of a column are not null, a bit each, first row lowest; undefined when all are. */
export function validityOf(chunk: DuckDBDataChunk, column: number): Uint8Array | undefined {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  const bits: Uint8Array | null = duckdb.vector_get_validity(vector, Math.ceil(chunk.rowCount / 64) * 8);
  return bits ?? undefined;
}

/** Gathers rows for one table and hands them to its appender in chunks. */
export class TableWriter {
  readonly #appender: DuckDBAppender;
  readonly #columns: readonly Pick<ColumnWriter<never>, 'type' | 'flush'>[];
  readonly #chunk: DuckDBDataChunk;
  #rows = 0;
  #isDirty = false;

  constructor(appender: DuckDBAppender, columns: readonly Pick<ColumnWriter<never>, 'type' | 'flush'>[]) {
    this.#appender = appender;
    this.#columns = columns;
    this.#chunk = DuckDBDataChunk.create(columns.map((column) => column.type));
  }

  /** The row to set the columns of next. */
  nextRow(): number {
    if (this.#rows === CHUNK_ROWS) this.#emit();
    this.#isDirty = true;
    this.#rows += 1;
    return this.#rows - 1;
  }

  /** Up to `wanted` rows to set the columns of next: the first, and how many there is room for. */
  nextRows(wanted: number): { first: number; count: number } {
    if (this.#rows === CHUNK_ROWS) this.#emit();
    this.#isDirty = true;
    const count = Math.min(wanted, CHUNK_ROWS - this.#rows);
    this.#rows += count;
    return { first: this.#rows - count, count };
  }

  /** Moves everything gathered into the open transaction. Memory only: the commit that follows makes it durable. */
  flush(): void {
    if (!this.#isDirty) return;
    this.#emit();
    this.#appender.flushSync();
    this.#isDirty = false;
  }

  #emit(): void {
    this.#chunk.reset();
    this.#chunk.rowCount = this.#rows;
    for (const [index, column] of this.#columns.entries()) {
      column.flush(duckdb.data_chunk_get_vector(this.#chunk.chunk, index), this.#rows);
    }
    this.#appender.appendDataChunk(this.#chunk);
    this.#rows = 0;
  }
}
