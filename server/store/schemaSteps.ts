import type { DuckDBConnection } from '@duckdb/node-api';
import { DataDirError } from '../process/dataDirLock.ts';

/** Statements that lead from version n of a file to n + 1. Append only: older files are brought up at start. */
export type SchemaSteps = readonly (readonly string[])[];

/**
 * Brings a file with a table `meta` to the version this program writes.
 * @param subject Begins the error, with its verb: `The citations have`.
 * @throws DataDirError when a newer release wrote the file.
 */
export async function takeSchemaSteps(
  connection: DuckDBConnection,
  steps: SchemaSteps,
  subject: string,
): Promise<void> {
  await connection.run('CREATE TABLE IF NOT EXISTS meta (key VARCHAR, value VARCHAR)');
  const version = Number((await metaValue(connection, 'schemaVersion')) ?? 0);
  if (version > steps.length) {
    throw new DataDirError(
      `${subject} version ${version}, this program knows ${steps.length}: start the newer release.`,
    );
  }
  await connection.run('BEGIN');
  for (const statement of steps.slice(version).flat()) await connection.run(statement);
  await connection.run("DELETE FROM meta WHERE key = 'schemaVersion'");
  await connection.run("INSERT INTO meta VALUES ('schemaVersion', $1)", [String(steps.length)]);
  await connection.run('COMMIT');
}

/** A value of the file's table `meta`. */
export async function metaValue(connection: DuckDBConnection, key: string): Promise<string | undefined> {
  const rows = (await connection.runAndReadAll('SELECT value FROM meta WHERE key = $1', [key])).getRowObjects();
  return rows[0]?.value === undefined ? undefined : String(rows[0].value);
}
