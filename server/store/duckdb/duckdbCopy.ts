import type { DuckDBConnection } from '@duckdb/node-api';

/** A database that can be copied to a new file while it is in use. */
export interface CopyableDatabase {
  /** Resolves to what is in the copy; rejects soon after `signal` is aborted. */
  copyTo(path: string, signal?: AbortSignal): Promise<TableCounts>;
}

/** Rows of each table of a copied database, by table. */
export type TableCounts = Record<string, number>;

/** Name the copy goes by while it is attached. */
const ALIAS = 'backup_copy';
/** How often a copy that is to end is told so, ms: DuckDB forgets it when it is told just before the copy begins. */
const INTERRUPT_MS = 50;

/**
 * Copies the connection's database, as it is at this moment, into a new file while others go on writing. DuckDB does it
 * itself: reading the file beside it would drop the lock on it. The copy is closed again when this resolves, and when it
 * rejects because `signal` was aborted: then it is a part of one.
 */
export async function copyDatabase(
  connection: DuckDBConnection,
  path: string,
  signal?: AbortSignal,
): Promise<TableCounts> {
  signal?.throwIfAborted();
  const [[name] = []] = (await connection.runAndReadAll('SELECT current_database()')).getRows();
  await connection.run(`ATTACH ${quoted(path, "'")} AS ${ALIAS}`);
  try {
    return await copyAttached(connection, String(name), signal);
  } finally {
    await connection.run(`DETACH ${ALIAS}`);
  }
}

/** In one transaction: what is counted is what is copied. */
async function copyAttached(
  connection: DuckDBConnection,
  name: string,
  signal: AbortSignal | undefined,
): Promise<TableCounts> {
  await connection.run('BEGIN');
  try {
    const counts = await tableCounts(connection, name);
    await runUntil(signal, connection, `COPY FROM DATABASE ${quoted(name, '"')} TO ${ALIAS}`);
    await connection.run('COMMIT');
    return counts;
  } catch (error) {
    await connection.run('ROLLBACK');
    throw error;
  }
}

/** Runs one statement, which is interrupted when `signal` is aborted. */
async function runUntil(signal: AbortSignal | undefined, connection: DuckDBConnection, sql: string): Promise<void> {
  signal?.throwIfAborted();
  let interrupting: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    interrupting = setInterval(() => connection.interrupt(), INTERRUPT_MS);
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    await connection.run(sql);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    clearInterval(interrupting);
  }
}

/** Rows of each table of a database of this connection. */
export async function tableCounts(connection: DuckDBConnection, database: string): Promise<TableCounts> {
  const tables = await connection.runAndReadAll(
    'SELECT table_name FROM duckdb_tables() WHERE database_name = $1 AND NOT internal ORDER BY 1',
    [database],
  );
  const counts: TableCounts = {};
  for (const [table] of tables.getRows()) {
    const of = `${quoted(database, '"')}.main.${quoted(String(table), '"')}`;
    const [[rows] = []] = (await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${of}`)).getRows();
    counts[String(table)] = Number(rows);
  }
  return counts;
}

function quoted(text: string, mark: '"' | "'"): string {
  return mark + text.replaceAll(mark, mark + mark) + mark;
}
