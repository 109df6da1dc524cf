import { type DuckDBConnection, DuckDBPendingResultState, type DuckDBPreparedStatement } from '@duckdb/node-api';
import { QUANTITIES } from '../../domain/quantity.ts';
import type { Reading } from '../../domain/reading.ts';
import type { Admitted } from '../admission.ts';
import type { MessageRow } from '../admissionMerge.ts';
import { HEALTH_COLUMNS } from '../healthColumns.ts';
import type { DirtyMark } from '../rollupStore.ts';
import { BigIntColumn, DoubleColumn, IntegerColumn, TableWriter, TextColumn } from './duckdbColumns.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';
import type { HeldColumns } from './heldColumns.ts';

/** What a writer works with. */
export interface DuckDbWriterParts {
  begin: DuckDBPreparedStatement;
  series: DuckDbSeries;
  held: HeldColumns;
  tables: Tables;
}

/** Writes admitted rows: one transaction, and so one fsync, a batch. */
export class DuckDbWriter {
  readonly #connection: DuckDBConnection;
  readonly #begin: DuckDBPreparedStatement;
  readonly #series: DuckDbSeries;
  readonly #held: HeldColumns;
  readonly #tables: Tables;

  /** Use `createDuckDbWriter`. */
  constructor(connection: DuckDBConnection, { begin, series, held, tables }: DuckDbWriterParts) {
    this.#connection = connection;
    this.#begin = begin;
    this.#series = series;
    this.#held = held;
    this.#tables = tables;
  }

  /**
   * Resolves when the rows, and the marks of what they make out of date, are on disk. On an error nothing of them is, and
   * this writer is of no more use.
   */
  async write(admitted: Admitted, marks: readonly DirtyMark[] = []): Promise<void> {
    beginNow(this.#begin);
    for (const mark of marks) this.#addMark(mark);
    for (const reading of admitted.readings) this.#addReading(reading);
    for (const message of admitted.messages) this.#addMessage(message);
    this.#addNewSeries();
    for (const table of Object.values(this.#tables)) table.writer.flush();
    await this.#connection.run('COMMIT');
    this.#series.markSaved();
  }

  #addReading(reading: Reading): void {
    const { writer, series, time, values, flags } = this.#tables.readings;
    const row = writer.nextRow();
    series.set(row, this.#series.idFor(reading.stationId, reading.sensor));
    time.set(row, reading.measuredAt);
    // By index: an iterator makes an object a column, and this runs a million times a minute.
    for (let index = 0; index < QUANTITIES.length; index++) {
      const value = reading.values[QUANTITIES[index]!];
      if (value === undefined) continue;
      values[index]!.set(row, value);
      this.#held.noteQuantity(index);
    }
    flags.set(row, reading.flags);
    if (reading.flags !== 0) this.#held.noteFlags();
    if (reading.extra) this.#addExtra(reading, reading.extra);
  }

  #addExtra(reading: Reading, extra: Record<string, number>): void {
    const { writer, series, time, name, value } = this.#tables.extras;
    for (const [field, number] of Object.entries(extra)) {
      const row = writer.nextRow();
      series.set(row, this.#series.idFor(reading.stationId, reading.sensor));
      time.set(row, reading.measuredAt);
      name.set(row, field);
      value.set(row, number);
    }
  }

  #addMessage(message: MessageRow): void {
    const { writer, series, time, received, fingerprint, health, firmware } = this.#tables.messages;
    const row = writer.nextRow();
    series.set(row, this.#series.idFor(message.stationId, ''));
    time.set(row, message.measuredAt);
    received.set(row, message.receivedAt);
    if (message.fingerprint) {
      fingerprint.hi.set(row, message.fingerprint.hi);
      fingerprint.lo.set(row, message.fingerprint.lo);
    }
    for (let index = 0; index < HEALTH_COLUMNS.length; index++) {
      const value = message.health[HEALTH_COLUMNS[index]![1]];
      if (value !== undefined) health[index]!.set(row, value);
    }
    if (message.health.firmware !== undefined) firmware.set(row, message.health.firmware);
  }

  #addMark({ mark, stationId, from, to }: DirtyMark): void {
    const { writer, number, station, start, end } = this.#tables.marks;
    const row = writer.nextRow();
    number.set(row, mark);
    station.set(row, stationId);
    start.set(row, from);
    end.set(row, to);
  }

  #addNewSeries(): void {
    const { writer, id, station, sensor } = this.#tables.series;
    for (const series of this.#series.unsaved) {
      const row = writer.nextRow();
      id.set(row, series.id);
      station.set(row, series.stationId);
      sensor.set(row, series.sensor);
    }
  }
}

/**
 * Begins a transaction within this turn of the event loop. Waiting for it as for other statements costs a flood of
 * messages a whole turn, tens of milliseconds in which thousands more pile up in memory.
 */
function beginNow(begin: DuckDBPreparedStatement): void {
  const pending = begin.start();
  while (pending.runTask() !== DuckDBPendingResultState.RESULT_READY);
}

/** Makes a writer with its appenders, which stay open from batch to batch. */
export async function createDuckDbWriter(
  connection: DuckDBConnection,
  { series, held }: Pick<DuckDbWriterParts, 'series' | 'held'>,
): Promise<DuckDbWriter> {
  const tables = {
    readings: await readingsTable(connection),
    extras: await extrasTable(connection),
    messages: await messagesTable(connection),
    series: await seriesTable(connection),
    marks: await marksTable(connection),
  };
  return new DuckDbWriter(connection, { begin: await connection.prepare('BEGIN'), series, held, tables });
}

type Tables = {
  readings: Awaited<ReturnType<typeof readingsTable>>;
  extras: Awaited<ReturnType<typeof extrasTable>>;
  messages: Awaited<ReturnType<typeof messagesTable>>;
  series: Awaited<ReturnType<typeof seriesTable>>;
  marks: Awaited<ReturnType<typeof marksTable>>;
};

async function readingsTable(connection: DuckDBConnection) {
  const series = new IntegerColumn();
  const time = new BigIntColumn();
  const values = QUANTITIES.map(() => new DoubleColumn());
  const flags = new BigIntColumn();
  const writer = new TableWriter(await connection.createAppender('readings'), [series, time, ...values, flags]);
  return { writer, series, time, values, flags };
}

async function extrasTable(connection: DuckDBConnection) {
  const series = new IntegerColumn();
  const time = new BigIntColumn();
  const name = new TextColumn();
  const value = new DoubleColumn();
  const writer = new TableWriter(await connection.createAppender('extras'), [series, time, name, value]);
  return { writer, series, time, name, value };
}

async function messagesTable(connection: DuckDBConnection) {
  const series = new IntegerColumn();
  const time = new BigIntColumn();
  const received = new BigIntColumn();
  const fingerprint = { hi: new BigIntColumn(), lo: new BigIntColumn() };
  const health = HEALTH_COLUMNS.map(() => new DoubleColumn());
  const firmware = new TextColumn();
  const columns = [series, time, received, fingerprint.hi, fingerprint.lo, ...health, firmware];
  const writer = new TableWriter(await connection.createAppender('messages'), columns);
  return { writer, series, time, received, fingerprint, health, firmware };
}

async function seriesTable(connection: DuckDBConnection) {
  const id = new IntegerColumn();
  const station = new TextColumn();
  const sensor = new TextColumn();
  const writer = new TableWriter(await connection.createAppender('series'), [id, station, sensor]);
  return { writer, id, station, sensor };
}

async function marksTable(connection: DuckDBConnection) {
  const number = new BigIntColumn();
  const station = new TextColumn();
  const start = new BigIntColumn();
  const end = new BigIntColumn();
  const writer = new TableWriter(await connection.createAppender('rollup_marks'), [number, station, start, end]);
  return { writer, number, station, start, end };
}
