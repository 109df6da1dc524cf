import type { DuckDBConnection } from '@duckdb/node-api';
import { QUANTITIES } from '../domain/quantity.ts';
import type { RollupRow } from '../domain/rollup.ts';
import { BigIntColumn, DoubleColumn, IntegerColumn, TableWriter, TextColumn } from './duckdbColumns.ts';
import { clockMask, flaggedText, type RollupWindow } from './rollupStore.ts';

/** The table of each kind of row. */
export const ROLLUP_TABLES: Readonly<Record<RollupWindow, string>> = { hour: 'rollup_hours', day: 'rollup_days' };

/** Appends rows to one of the tables. */
export class DuckDbRollupWriter {
  readonly #writer: TableWriter;
  readonly #columns: Columns;

  /** Use `createRollupWriter`. */
  constructor(writer: TableWriter, columns: Columns) {
    this.#writer = writer;
    this.#columns = columns;
  }

  /** Adds a row; `series` and `method` as their numbers. */
  add(row: RollupRow, series: number, method: number): void {
    const columns = this.#columns;
    const at = this.#writer.nextRow();
    columns.series.set(at, series);
    columns.quantity.set(at, QUANTITIES.indexOf(row.quantity));
    columns.start.set(at, row.start);
    if (row.mean !== null) columns.mean.set(at, row.mean);
    if (row.min !== null) columns.min.set(at, row.min);
    if (row.max !== null) columns.max.set(at, row.max);
    if (row.median !== null) columns.median.set(at, row.median);
    columns.count.set(at, row.count);
    columns.expected.set(at, row.expected);
    columns.cadence.set(at, row.cadenceMs);
    columns.readings.set(at, row.readings);
    if (row.parts) {
      columns.validParts.set(at, row.parts.valid);
      columns.parts.set(at, row.parts.of);
    }
    columns.clockFlags.set(at, clockMask(row.flags));
    if (row.isHumid !== undefined) columns.humid.set(at, Number(row.isHumid));
    const flagged = flaggedText(row);
    if (flagged !== '') columns.flagged.set(at, flagged);
    columns.method.set(at, method);
    columns.revision.set(at, row.revision);
  }

  /** Moves everything added into the open transaction. */
  flush(): void {
    this.#writer.flush();
  }
}

/** Makes the writer of one table. */
export async function createRollupWriter(
  connection: DuckDBConnection,
  window: RollupWindow,
): Promise<DuckDbRollupWriter> {
  const columns = newColumns();
  const writer = new TableWriter(await connection.createAppender(ROLLUP_TABLES[window]), Object.values(columns));
  return new DuckDbRollupWriter(writer, columns);
}

type Columns = ReturnType<typeof newColumns>;

/** In the order of the tables. */
function newColumns() {
  return {
    series: new IntegerColumn(),
    quantity: new IntegerColumn(),
    start: new BigIntColumn(),
    mean: new DoubleColumn(),
    min: new DoubleColumn(),
    max: new DoubleColumn(),
    median: new DoubleColumn(),
    count: new IntegerColumn(),
    expected: new IntegerColumn(),
    cadence: new DoubleColumn(),
    readings: new IntegerColumn(),
    validParts: new IntegerColumn(),
    parts: new IntegerColumn(),
    clockFlags: new IntegerColumn(),
    humid: new IntegerColumn(),
    flagged: new TextColumn(),
    method: new IntegerColumn(),
    revision: new IntegerColumn(),
  };
}
