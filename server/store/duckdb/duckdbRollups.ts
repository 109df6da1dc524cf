import { DOUBLE, type DuckDBConnection, type DuckDBDataChunk, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import type { HourColumns } from '../../domain/means/hourColumns.ts';
import type { RollupRow } from '../../domain/means/rollup.ts';
import { portionsOf, type RollupColumns } from '../../domain/means/rollupColumns.ts';
import { QUANTITIES } from '../../domain/quantity.ts';
import { wholeMs } from '../readingStore.ts';
import {
  type DirtyMark,
  type DirtyRange,
  dirtyRanges,
  type HoursQuery,
  inOrder,
  ROLLUP_MS,
  type RollupBasis,
  type RollupQuery,
  type RollupStore,
  type RollupWindow,
} from '../rollupStore.ts';
import { SharesOfTexts } from '../sharesOfTexts.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { HOURS_SELECT, HoursReader } from './duckdbHourColumns.ts';
import { amongSeries, int64 } from './duckdbQueries.ts';
import { makeRoom, type Stretch, stretchesOf } from './duckdbRollupRoom.ts';
import { ROLLUP_SELECT, type RollupNames, RollupReader, rowsOfChunk } from './duckdbRollupRows.ts';
import { createRollupWriter, type DuckDbRollupWriter, ROLLUP_TABLES } from './duckdbRollupWriter.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';

/** What the rows share with the readings: file, numbers of series, and the one write connection. */
export interface DuckDbRollupsParts {
  file: DuckDbFile;
  series: () => DuckDbSeries;
  /** One write at a time. When one fails its connection is replaced, so that no transaction needs to be rolled back. */
  exclusively: <T>(write: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;
}

/** Rows in one transaction: live commits wait for it. */
const ROWS_PER_COMMIT = 60_000;

type Writers = Record<RollupWindow, DuckDbRollupWriter>;

/** The `RollupStore` in the DuckDB file. */
export class DuckDbRollups implements RollupStore {
  readonly #parts: DuckDbRollupsParts;
  readonly #writersByConnection = new WeakMap<DuckDBConnection, Writers>();
  #methods: string[] = [];
  #nextMark = 1;
  #closedUntil = Number.NEGATIVE_INFINITY;
  #listener: (marks: readonly DirtyMark[]) => void = () => undefined;

  constructor(parts: DuckDbRollupsParts) {
    this.#parts = parts;
  }

  /** Reads what is kept in memory; call when the file is open. */
  async load(connection: DuckDBConnection): Promise<void> {
    const methods = await connection.runAndReadAll('SELECT name FROM rollup_methods ORDER BY id');
    this.#methods = methods.getRows().map(([name]) => String(name));
    const marks = await connection.runAndReadAll('SELECT coalesce(max(mark), 0)::DOUBLE FROM rollup_marks');
    this.#nextMark = Number(marks.getRows()[0]?.[0]) + 1;
    this.#closedUntil = (await basisIn(connection))?.closedUntil ?? Number.NEGATIVE_INFINITY;
  }

  async write(window: RollupWindow, rows: readonly RollupColumns[]): Promise<void> {
    if (rows.length === 0) return;
    // Asked once, before the first part lies there.
    const giveWay = await this.#parts.exclusively((connection) => this.#anyBetween(connection, window, rows));
    for (const part of portionsOf(rows, ROWS_PER_COMMIT)) {
      await this.#parts.exclusively((connection) => this.#write(connection, window, { rows: part, giveWay }));
    }
  }

  async read(query: RollupQuery): Promise<RollupRow[]> {
    const rows: RollupRow[] = [];
    const [names, shares] = [this.#namesFor(query.window), new SharesOfTexts()];
    for await (const chunk of this.#chunks(query)) {
      for (const row of rowsOfChunk(chunk, names, shares)) rows.push(row);
    }
    return inOrder(rows, query.stationIds);
  }

  async columns(query: RollupQuery): Promise<RollupColumns[]> {
    const reader = new RollupReader(this.#namesFor(query.window));
    for await (const chunk of this.#chunks(query)) reader.add(chunk);
    return reader.columns();
  }

  async *#chunks(
    { stationIds, window, from, to, quantity, sensor }: RollupQuery,
    select = ROLLUP_SELECT,
  ): AsyncGenerator<DuckDBDataChunk> {
    const ids = this.#parts.series().instrumentsOf(stationIds, sensor);
    if (ids.length === 0) return;
    const sql = `SELECT ${select} FROM ${ROLLUP_TABLES[window]}
      WHERE ${amongSeries(ids)} AND start >= $1 AND start < $2
      ${quantity === undefined ? '' : `AND quantity = ${QUANTITIES.indexOf(quantity)}`}`;
    for await (const { chunk } of this.#parts.file.chunks(sql, [[int64(from), int64(to)]])) yield chunk;
  }

  #namesFor(window: RollupWindow): RollupNames {
    return {
      widthMs: ROLLUP_MS[window],
      series: (id) => this.#parts.series().row(id),
      method: (id) => this.#methods[id]!,
    };
  }

  async hours(query: HoursQuery): Promise<HourColumns[]> {
    const reader = new HoursReader((id) => this.#parts.series().row(id));
    for await (const chunk of this.#chunks({ ...query, window: 'hour' }, HOURS_SELECT)) reader.add(chunk);
    return reader.columns();
  }

  async remove(query: Parameters<RollupStore['remove']>[0]): Promise<void> {
    const { stationId, sensor, window, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
    const ids = this.#parts.series().instrumentsOf([stationId], sensor);
    if (ids.length === 0) return;
    const where = `${amongSeries(ids)} AND start >= $1 AND start < $2`;
    const windows: RollupWindow[] = window === undefined ? ['hour', 'day'] : [window];
    await this.#parts.exclusively(async (connection) => {
      await connection.run('BEGIN');
      for (const each of windows) {
        await connection.run(`DELETE FROM ${ROLLUP_TABLES[each]} WHERE ${where}`, [int64(from), int64(to)]);
      }
      await connection.run('COMMIT');
    });
  }

  async closeUntil(time: number): Promise<void> {
    this.#closedUntil = time;
    await this.#parts.exclusively(async () => undefined);
  }

  basis(): Promise<RollupBasis | undefined> {
    return this.#parts.file.read(basisIn);
  }

  async setBasis({ rules, closedUntil }: RollupBasis): Promise<void> {
    this.#closedUntil = Math.max(this.#closedUntil, closedUntil);
    await this.#parts.exclusively(async (connection) => {
      await connection.run('BEGIN');
      await connection.run("DELETE FROM meta WHERE key IN ('rollupRules', 'rollupsClosedUntil')");
      const entries = [rules, String(closedUntil)];
      await connection.run("INSERT INTO meta VALUES ('rollupRules', $1), ('rollupsClosedUntil', $2)", entries);
      await connection.run('COMMIT');
    });
  }

  async markDirty(ranges: readonly DirtyRange[], change?: () => Promise<void>): Promise<void> {
    const marks = this.numbered(ranges);
    if (marks.length === 0) return change?.();
    await this.#parts.exclusively(async (connection) => {
      await connection.run(
        `INSERT INTO rollup_marks
          SELECT unnest($1)::BIGINT, unnest($2), unnest($3)::BIGINT, unnest($4)::BIGINT`,
        [
          listValue(marks.map(({ mark }) => mark)),
          listValue(marks.map(({ stationId }) => stationId)),
          listValue(marks.map(({ from }) => wholeMs(from))),
          listValue(marks.map(({ to }) => wholeMs(to))),
        ],
        [LIST(DOUBLE), LIST(VARCHAR), LIST(DOUBLE), LIST(DOUBLE)],
      );
    });
    await change?.();
    this.tell(marks);
  }

  async marks(): Promise<DirtyMark[]> {
    const sql = 'SELECT mark::DOUBLE, station, "from"::DOUBLE, "to"::DOUBLE FROM rollup_marks ORDER BY mark';
    const rows = await this.#parts.file.rows(sql);
    return rows.map(([mark, station, from, to]) => {
      return { mark: Number(mark), stationId: String(station), from: Number(from), to: Number(to) };
    });
  }

  async clearMarks(stationId: string, upTo: number): Promise<void> {
    const sql = 'DELETE FROM rollup_marks WHERE station = $1 AND mark <= $2';
    await this.#parts.exclusively((connection) => connection.run(sql, [stationId, int64(upTo)]));
  }

  onMark(listener: (marks: readonly DirtyMark[]) => void): void {
    this.#listener = listener;
  }

  /** Marks for what was measured in hours that are rows already: the commit that stores it writes them. */
  marksOf(measured: Iterable<{ stationId: string; measuredAt: number }>): DirtyMark[] {
    return this.numbered(dirtyRanges(measured, this.#closedUntil));
  }

  /** Ranges with the next numbers. */
  numbered(ranges: readonly DirtyRange[]): DirtyMark[] {
    return ranges.map((range) => ({ ...range, mark: this.#nextMark++ }));
  }

  /** These marks are stored. */
  tell(marks: readonly DirtyMark[]): void {
    if (marks.length > 0) this.#listener(marks);
  }

  async #write(
    connection: DuckDBConnection,
    window: RollupWindow,
    { rows, giveWay }: { rows: readonly RollupColumns[]; giveWay: boolean },
  ): Promise<void> {
    const writer = (await this.#writers(connection))[window];
    await connection.run('BEGIN');
    if (giveWay) await makeRoom(connection, window, this.#stretchesOf(rows));
    const methods = await this.#withMethods(connection, rows);
    for (const columns of rows) {
      const id = this.#idOf(columns);
      // A series without a number has no readings: it was removed meanwhile, and its rows with it.
      if (id !== undefined) writer.add(columns, id, (method) => methods.indexOf(method));
    }
    writer.flush();
    await connection.run('COMMIT');
    this.#methods = methods;
  }

  #idOf({ stationId, sensor }: RollupColumns): number | undefined {
    return this.#parts.series().find(stationId, sensor);
  }

  #stretchesOf(rows: readonly RollupColumns[]): Stretch[] {
    return rows.flatMap((columns) => {
      const id = this.#idOf(columns);
      return id === undefined ? [] : stretchesOf(columns, id);
    });
  }

  /** False when no row of these series lies where some are to be written: the usual case, and one cheap question. */
  async #anyBetween(
    connection: DuckDBConnection,
    window: RollupWindow,
    rows: readonly RollupColumns[],
  ): Promise<boolean> {
    const ids = new Set(rows.flatMap((columns) => this.#idOf(columns) ?? []));
    if (ids.size === 0) return false;
    const first = Math.min(...rows.map(({ start }) => start[0]!));
    const last = Math.max(...rows.map(({ start }) => start.at(-1)!));
    const sql = `SELECT 1 FROM ${ROLLUP_TABLES[window]}
      WHERE ${amongSeries([...ids])} AND start BETWEEN $1 AND $2 LIMIT 1`;
    return (await connection.runAndReadAll(sql, [int64(first), int64(last)])).currentRowCount > 0;
  }

  /** The known methods and those of the rows; a new one's place in the list is its number. */
  async #withMethods(connection: DuckDBConnection, rows: readonly RollupColumns[]): Promise<string[]> {
    const methods = [...this.#methods];
    for (const method of methodsOf(rows)) {
      if (methods.includes(method)) continue;
      await connection.run('INSERT INTO rollup_methods VALUES ($1, $2)', [methods.length, method]);
      methods.push(method);
    }
    return methods;
  }

  async #writers(connection: DuckDBConnection): Promise<Writers> {
    const known = this.#writersByConnection.get(connection);
    if (known !== undefined) return known;
    const writers = {
      hour: await createRollupWriter(connection, 'hour'),
      day: await createRollupWriter(connection, 'day'),
    };
    this.#writersByConnection.set(connection, writers);
    return writers;
  }
}

async function basisIn(connection: DuckDBConnection): Promise<RollupBasis | undefined> {
  const reader = await connection.runAndReadAll(
    "SELECT key, value FROM meta WHERE key IN ('rollupRules', 'rollupsClosedUntil')",
  );
  const values = new Map(reader.getRows().map(([key, value]) => [String(key), String(value)]));
  const rules = values.get('rollupRules');
  return rules === undefined ? undefined : { rules, closedUntil: Number(values.get('rollupsClosedUntil')) };
}

function methodsOf(rows: readonly RollupColumns[]): Set<string> {
  const methods = new Set<string>();
  let last: string | undefined;
  for (const { method } of rows) {
    for (const each of method) {
      if (each !== last) methods.add(each);
      last = each;
    }
  }
  return methods;
}
