import type { DuckDBConnection } from '@duckdb/node-api';

/** Columns of rollup rows behind `series`, `quantity` and `start`, in table order. Counts and masks are whole numbers. */
const ROLLUP_COLUMNS = `mean DOUBLE, min DOUBLE, max DOUBLE, median DOUBLE, count INTEGER, expected INTEGER, cadence DOUBLE,
  readings INTEGER, valid_parts INTEGER, parts INTEGER, clock_flags INTEGER, humid INTEGER, flagged VARCHAR,
  method INTEGER, revision INTEGER`;

/**
 * Steps from one schema version to the next, the first from an empty file. Append only, and made of no list that can grow:
 * a quantity or a field of health that is added later is a column added by a step of its own, behind the others.
 *
 * No table has a key or an index: each would triple the file and a single duplicate would undo its whole batch. The
 * admission keeps keys apart instead. A reading may lie in several rows with no field in common, so aggregates over one
 * quantity need no merging. `series` numbers a station and sensor; a sensor of '' stands for the station's messages.
 */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    'CREATE TABLE series (id INTEGER, station VARCHAR, sensor VARCHAR)',
    `CREATE TABLE readings (series INTEGER, time BIGINT, pm1 DOUBLE, pm25 DOUBLE, pm4 DOUBLE, pm10 DOUBLE, temperature DOUBLE,
      humidity DOUBLE, pressure DOUBLE, noise DOUBLE, flags BIGINT)`,
    'CREATE TABLE extras (series INTEGER, time BIGINT, name VARCHAR, value DOUBLE)',
    `CREATE TABLE messages (series INTEGER, time BIGINT, received BIGINT, fp_hi BIGINT, fp_lo BIGINT,
      signal DOUBLE, samples DOUBLE, min_micro DOUBLE, max_micro DOUBLE, interval_ms DOUBLE, firmware VARCHAR)`,
  ],
  [
    // `quantity` is its place in QUANTITIES, `method` a number of `rollup_methods`: text would cost most of the writing.
    `CREATE TABLE rollup_hours (series INTEGER, quantity INTEGER, start BIGINT, ${ROLLUP_COLUMNS})`,
    `CREATE TABLE rollup_days (series INTEGER, quantity INTEGER, start BIGINT, ${ROLLUP_COLUMNS})`,
    'CREATE TABLE rollup_methods (id INTEGER, name VARCHAR)',
    'CREATE TABLE rollup_marks (mark BIGINT, station VARCHAR, "from" BIGINT, "to" BIGINT)',
  ],
];

/** Version of the newest schema this program knows. */
const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings the file to the newest schema. Throws when a newer program wrote it. */
export async function migrate(connection: DuckDBConnection, path: string): Promise<void> {
  await connection.run('CREATE TABLE IF NOT EXISTS meta (key VARCHAR, value VARCHAR)');
  const stored = await storedVersion(connection);
  if (stored > SCHEMA_VERSION) {
    throw new Error(
      `${path} has schema version ${stored}, this program knows ${SCHEMA_VERSION}: install the newer version again`,
    );
  }
  for (let version = stored; version < SCHEMA_VERSION; version += 1) {
    await step(connection, MIGRATIONS[version] ?? [], version + 1);
  }
}

async function storedVersion(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll("SELECT value FROM meta WHERE key = 'schemaVersion'");
  return Number(reader.getRows()[0]?.[0] ?? 0);
}

/** One step in one transaction: a crash leaves the version before or after it, never half of it. */
async function step(connection: DuckDBConnection, statements: readonly string[], version: number): Promise<void> {
  await connection.run('BEGIN');
  try {
    for (const statement of statements) await connection.run(statement);
    await connection.run("DELETE FROM meta WHERE key = 'schemaVersion'");
    await connection.run("INSERT INTO meta VALUES ('schemaVersion', $1)", [String(version)]);
    await connection.run('COMMIT');
  } catch (cause) {
    await connection.run('ROLLBACK');
    throw new Error(`Changing the store to schema version ${version} failed`, { cause });
  }
}
