import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableCounts } from '../store/duckdb/duckdbCopy.ts';
import { type BackupManifest, fileHash, readManifest } from './manifest.ts';

/**
 * Reads a whole backup: every file's bytes against the manifest's SHA-256, every table of every database to its last
 * row. Resolves to what is wrong, one sentence each; empty when it can be restored. @throws BackupError when it is none.
 */
export async function checkBackup(folder: string): Promise<string[]> {
  const problems: string[] = [];
  for (const file of readManifest(folder).files) problems.push(...(await checkFile(folder, file)));
  return problems;
}

type BackupFile = BackupManifest['files'][number];

async function checkFile(folder: string, { name, bytes, sha256, tables }: BackupFile): Promise<string[]> {
  const path = join(folder, name);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return [`${name} is missing.`];
  if (size !== bytes) return [`${name} has ${size} bytes instead of ${bytes}.`];
  if ((await fileHash(path)) !== sha256) return [`${name} is not what was written: its SHA-256 differs.`];
  return tables === undefined ? [] : checkDatabase(path, name, tables);
}

async function checkDatabase(path: string, name: string, expected: Record<string, number>): Promise<string[]> {
  try {
    const counts = await readWhole(path);
    const differing = Object.keys(expected).filter((table) => counts[table] !== expected[table]);
    return differing.map((table) => `${name}: table ${table} has ${counts[table]} rows instead of ${expected[table]}.`);
  } catch (error) {
    return [`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Opens the database and hashes every row of every table, so that every block is read. */
async function readWhole(path: string): Promise<Record<string, number>> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY', memory_limit: '256MB', threads: '1' });
  const connection = await instance.connect();
  try {
    const [[database] = []] = (await connection.runAndReadAll('SELECT current_database()')).getRows();
    const counts = await tableCounts(connection, String(database));
    for (const table of Object.keys(counts)) await connection.run(`SELECT bit_xor(hash(t)) FROM "${table}" t`);
    return counts;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
