import { BIGINT, DOUBLE, type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { QUANTITIES } from '../domain/quantity.ts';
import type { RollupRow } from '../domain/rollup.ts';
import type { HourColumns } from '../rollups/hourColumns.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import { HOURS_SELECT, HoursReader } from './duckdbHourColumns.ts';
import { int64 } from './duckdbQueries.ts';
import { ROLLUP_SELECT, rowsOfChunk } from './duckdbRollupRows.ts';
import { createRollupWriter, type DuckDbRollupWriter, ROLLUP_TABLES } from './duckdbRollupWriter.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';
import { wholeMs } from './readingStore.ts';
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
} from './rollupStore.ts';

/** What the rows share with the readings: file, numbers of series, and the one write connection. */
export interface DuckDbRollupsParts {
  file: DuckDbFile;
  series: () => DuckDbSeries;
  /** One write at a time. */
  exclusively: <T>(write: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;
}

/** Rows in one transaction: live commits wait for it. */
const ROWS_PER_COMMIT = 20_000;
/** Rows named by one DELETE. */
const ROWS_PER_DELETE = 5_000;

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

  async write(window: RollupWindow, rows: readonly RollupRow[]): Promise<void> {
    for (let from = 0; from < rows.length; from += ROWS_PER_COMMIT) {
      const part = rows.slice(from, from + ROWS_PER_COMMIT);
      await this.#parts.exclusively((connection) => this.#write(connection, window, part));
    }
  }

  async read(query: RollupQuery): Promise<RollupRow[]> {
    const { stationIds, window, from, to, quantity, sensor } = query;
    const series = this.#parts.series();
    const ids = stationIds.flatMap((stationId) => series.ofStation(stationId));
    const wanted = ids.filter((row) => row.sensor !== '' && (sensor === undefined || row.sensor === sensor));
    if (wanted.length === 0) return [];
    const sql = `SELECT ${ROLLUP_SELECT} FROM ${ROLLUP_TABLES[window]}
      WHERE series IN (${wanted.map(({ id }) => id).join(', ')}) AND start >= $1 AND start < $2
      ${quantity === undefined ? '' : `AND quantity = ${QUANTITIES.indexOf(quantity)}`} ORDER BY series, quantity, start`;
    const names = {
      widthMs: ROLLUP_MS[window],
      series: (id: number) => series.row(id),
      method: (id: number) => this.#methods[id]!,
    };
    const rows: RollupRow[] = [];
    for await (const { chunk } of this.#parts.file.chunks(sql, [[int64(from), int64(to)]])) {
      for (const row of rowsOfChunk(chunk, names)) rows.push(row);
    }
    return inOrder(rows, stationIds);
  }

  async hours({ stationIds, quantity, from, to }: HoursQuery): Promise<HourColumns[]> {
    const series = this.#parts.series();
    const wanted = stationIds.flatMap((stationId) => series.ofStation(stationId)).filter(({ sensor }) => sensor !== '');
    if (wanted.length === 0) return [];
    const sql = `SELECT ${HOURS_SELECT} FROM ${ROLLUP_TABLES.hour}
      WHERE series IN (${wanted.map(({ id }) => id).join(', ')}) AND start >= $1 AND start < $2
      AND quantity = ${QUANTITIES.indexOf(quantity)}`;
    const reader = new HoursReader((id) => series.row(id));
    for await (const { chunk } of this.#parts.file.chunks(sql, [[int64(from), int64(to)]])) reader.add(chunk);
    return reader.columns();
  }

  async remove(query: Parameters<RollupStore['remove']>[0]): Promise<void> {
    const { stationId, sensor, window, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
    const all = this.#parts.series().ofStation(stationId);
    const ids = all.filter((row) => sensor === undefined || row.sensor === sensor).map(({ id }) => id);
    if (ids.length === 0) return;
    const where = `series IN (${ids.join(', ')}) AND start >= $1 AND start < $2`;
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

  async #write(connection: DuckDBConnection, window: RollupWindow, rows: readonly RollupRow[]): Promise<void> {
    const writer = (await this.#writers(connection))[window];
    const series = this.#parts.series();
    const ids = rows.map(({ stationId, sensor }) => series.find(stationId, sensor));
    await connection.run('BEGIN');
    await this.#makeRoom(connection, window, { rows, ids });
    const methods = await this.#withMethods(connection, rows);
    for (const [at, row] of rows.entries()) {
      // A series without a number has no readings: it was removed meanwhile, and its rows with it.
      if (ids[at] !== undefined) writer.add(row, ids[at], methods.indexOf(row.method));
    }
    writer.flush();
    await connection.run('COMMIT');
    this.#methods = methods;
  }

  /** Deletes the rows that give way. New ones, the usual case, are recognised by one cheap question. */
  async #makeRoom(
    connection: DuckDBConnection,
    window: RollupWindow,
    { rows, ids }: { rows: readonly RollupRow[]; ids: readonly (number | undefined)[] },
  ): Promise<void> {
    const named = rows.flatMap(({ quantity, start }, at) => {
      return ids[at] === undefined ? [] : [{ id: ids[at], quantity: QUANTITIES.indexOf(quantity), start }];
    });
    const table = ROLLUP_TABLES[window];
    const bounds = [int64(minimum(named)), int64(maximum(named))];
    const list = [...new Set(named.map(({ id }) => id))].join(', ') || 'NULL';
    const between = `series IN (${list}) AND start BETWEEN $1 AND $2`;
    const found = await connection.runAndReadAll(`SELECT 1 FROM ${table} WHERE ${between} LIMIT 1`, bounds);
    if (found.currentRowCount === 0) return;
    for (let from = 0; from < named.length; from += ROWS_PER_DELETE) {
      const part = named.slice(from, from + ROWS_PER_DELETE);
      await connection.run(
        `DELETE FROM ${table} WHERE start BETWEEN $1 AND $2 AND (series, quantity, start) IN
          (SELECT unnest($3), unnest($4), unnest($5)::BIGINT)`,
        [
          ...bounds,
          listValue(part.map(({ id }) => id)),
          listValue(part.map(({ quantity }) => quantity)),
          listValue(part.map(({ start }) => start)),
        ],
        [BIGINT, BIGINT, LIST(INTEGER), LIST(INTEGER), LIST(DOUBLE)],
      );
    }
  }

  /** The known methods and those of the rows; a new one's place in the list is its number. */
  async #withMethods(connection: DuckDBConnection, rows: readonly RollupRow[]): Promise<string[]> {
    const methods = [...this.#methods];
    for (const method of new Set(rows.map((row) => row.method))) {
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

function minimum(named: readonly { start: number }[]): number {
  return named.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY);
}

function maximum(named: readonly { start: number }[]): number {
  return named.reduce((most, { start }) => Math.max(most, start), Number.NEGATIVE_INFINITY);
}
