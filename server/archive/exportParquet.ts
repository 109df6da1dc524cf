import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { flagsOf, RAW_FLAGS } from '../domain/assessment/flag.ts';
import { QUANTITIES } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { makeFolder, SHARED_FOLDER } from '../process/dataDirLock.ts';
import type { ExportReport, ExportRequest } from './archiveJobs.ts';
import type { ExportSources } from './exportCsv.ts';

/** Scratch memory of an export; more spills to the folder it writes to. */
const MEMORY_LIMIT = '256MB';

/**
 * Writes a station's readings into one Parquet file, `<folder>/<station>_<from>_<to>.parquet`: station, sensor,
 * measured_at (UTC), a column a quantity in our units, flags as words (`pm10:saturated`), extras as JSON.
 */
export async function exportParquet(request: ExportRequest, { store }: ExportSources): Promise<ExportReport> {
  const { folder, stationId } = request;
  makeFolder(folder, SHARED_FOLDER);
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: MEMORY_LIMIT, temp_directory: folder });
  try {
    const connection = await instance.connect();
    const { rows, first } = await fillTable(connection, store.scan(request));
    // Without a bound the first reading tells where the file begins.
    const from = request.from > 0 ? request.from : (first ?? request.from);
    const path = join(folder, `${stationId}_${dayOf(from)}_${dayOf(request.to)}.parquet`);
    await copyTo(connection, `${path}.part`);
    connection.closeSync();
    await rename(`${path}.part`, path);
    return { files: [path], rows };
  } finally {
    instance.closeSync();
  }
}

async function fillTable(connection: DuckDBConnection, pages: AsyncIterable<Reading[]>) {
  const quantities = QUANTITIES.map((quantity) => `${quantity} DOUBLE`).join(', ');
  await connection.run(
    `CREATE TABLE page (station VARCHAR, sensor VARCHAR, ms BIGINT, ${quantities}, flags VARCHAR, extra VARCHAR)`,
  );
  const appender = await connection.createAppender('page');
  let rows = 0;
  let first: number | undefined;
  for await (const readings of pages) {
    for (const reading of readings) appendReading(appender, reading);
    appender.flushSync();
    first ??= readings[0]?.measuredAt;
    rows += readings.length;
  }
  appender.closeSync();
  return { rows, first };
}

function appendReading(appender: DuckDBAppender, reading: Reading): void {
  appender.appendVarchar(reading.stationId);
  appender.appendVarchar(reading.sensor);
  appender.appendBigInt(BigInt(reading.measuredAt));
  for (const quantity of QUANTITIES) {
    const value = reading.values[quantity];
    if (value === undefined) appender.appendNull();
    else appender.appendDouble(value);
  }
  appender.appendVarchar(flagWords(reading).join(' '));
  if (reading.extra === undefined) appender.appendNull();
  else appender.appendVarchar(JSON.stringify(reading.extra));
  appender.endRow();
}

/** The words of a reading's flags; those that speak of one quantity with its name in front. */
function flagWords({ flags, values }: Reading): string[] {
  const words = QUANTITIES.filter((quantity) => values[quantity] !== undefined).flatMap((quantity) =>
    flagsOf(flags, quantity).map((flag) => (RAW_FLAGS[flag].perQuantity ? `${quantity}:${flag}` : flag)),
  );
  return [...new Set(words)];
}

async function copyTo(connection: DuckDBConnection, path: string): Promise<void> {
  const file = path.replaceAll("'", "''");
  await connection.run(
    `COPY (SELECT station, sensor, make_timestamp(ms * 1000) AS measured_at, * EXCLUDE (station, sensor, ms) FROM page)
      TO '${file}' (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/** `20220209`, or `open` for a bound that no day has. */
function dayOf(time: number): string {
  return Number.isFinite(time) && time > 0 ? new Date(time).toISOString().slice(0, 10).replaceAll('-', '') : 'open';
}
