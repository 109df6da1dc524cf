import type { DuckDBConnection } from '@duckdb/node-api';
import { cutOf, type RollupColumns } from '../../domain/means/rollupColumns.ts';
import { QUANTITIES } from '../../domain/quantity.ts';
import { flaggedText, type RollupWindow } from '../rollupStore.ts';
import { BigIntColumn, DoubleColumn, IntegerColumn, TableWriter, TextColumn } from './duckdbColumns.ts';

/** The table of each kind of row. */
export const ROLLUP_TABLES: Readonly<Record<RollupWindow, string>> = { hour: 'rollup_hours', day: 'rollup_days' };

/** Appends rows to one of the tables, column by column. */
export class DuckDbRollupWriter {
  readonly #writer: TableWriter;
  readonly #columns: Columns;

  /** Use `createRollupWriter`. */
  constructor(writer: TableWriter, columns: Columns) {
    this.#writer = writer;
    this.#columns = columns;
  }

  /** Adds rows of a series, whose number is `series`; `methodId` numbers methods. */
  add(rows: RollupColumns, series: number, methodId: (method: string) => number): void {
    for (let from = 0; from < rows.start.length; ) {
      const { first, count } = this.#writer.nextRows(rows.start.length - from);
      this.#setNumbers(first, cutOf(rows, from, from + count), series);
      for (let at = 0; at < count; at++) this.#setRest(first + at, rows, { at: from + at, methodId });
      from += count;
    }
  }

  #setNumbers(first: number, rows: RollupColumns, series: number): void {
    const columns = this.#columns;
    columns.series.repeat(first, series, rows.start.length);
    columns.quantity.repeat(first, QUANTITIES.indexOf(rows.quantity), rows.start.length);
    columns.mean.setAll(first, rows.mean);
    columns.min.setAll(first, rows.min);
    columns.max.setAll(first, rows.max);
    columns.median.setAll(first, rows.median);
    columns.count.setAll(first, rows.count);
    columns.expected.setAll(first, rows.expected);
    columns.cadence.setAll(first, rows.cadenceMs);
    columns.readings.setAll(first, rows.readings);
    columns.clockFlags.setAll(first, rows.clockFlags);
    columns.revision.setAll(first, rows.revision);
  }

  #setRest(
    row: number,
    rows: RollupColumns,
    { at, methodId }: { at: number; methodId: (method: string) => number },
  ): void {
    const columns = this.#columns;
    columns.start.set(row, rows.start[at]!);
    columns.method.set(row, methodId(rows.method[at]!));
    if (rows.parts[at]! >= 0) {
      columns.validParts.set(row, rows.validParts[at]!);
      columns.parts.set(row, rows.parts[at]!);
    }
    if (rows.humid[at]! >= 0) columns.humid.set(row, rows.humid[at]!);
    const flagged = flaggedText(rows.shares[at]!, rows.readings[at]!);
    if (flagged !== '') columns.flagged.set(row, flagged);
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
