import { resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';

/** How a DuckDB file is opened. */
export interface DuckDbFileOptions {
  path: string;
  /** Buffer pool, as DuckDB writes sizes; the process takes about 150 MB more. */
  memoryLimit: string;
  threads: number;
}

/** Files open in this process. DuckDB's own lock keeps other processes out, but not a second instance in this one. */
const openPaths = new Set<string>();

/** Queries that may run at once. Each holds one of libuv's four threads, and the commit must always find one free. */
const MAX_QUERIES = 2;

/** One DuckDB file and its read connections. */
export class DuckDbFile {
  readonly #options: DuckDbFileOptions;
  readonly #path: string;
  #instance: DuckDBInstance | undefined;
  #idle: DuckDBConnection[] = [];
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: DuckDbFileOptions) {
    this.#options = options;
    this.#path = options.path === ':memory:' ? options.path : resolve(options.path);
  }

  /** Opens or creates the file; says clearly when somebody else has it. */
  async open(): Promise<void> {
    if (openPaths.has(this.#path)) throw new Error(`${this.#path} is already open in this process`);
    if (this.#path !== ':memory:') openPaths.add(this.#path);
    try {
      this.#instance = await DuckDBInstance.create(this.#path, {
        memory_limit: this.#options.memoryLimit,
        threads: String(this.#options.threads),
      });
    } catch (cause) {
      openPaths.delete(this.#path);
      throw new Error(reasonFor(this.#path, cause), { cause });
    }
  }

  /** A connection of the caller's own, who closes it. */
  async connect(): Promise<DuckDBConnection> {
    if (this.#instance === undefined) throw new Error(`${this.#path} is not open`);
    return this.#instance.connect();
  }

  /** Runs a query on a read connection. Rows as DuckDB gives them: DOUBLE is a number, BIGINT a bigint, NULL null. */
  async rows(sql: string, values: DuckDBValue[], types?: DuckDBType[]): Promise<DuckDBValue[][]> {
    return this.read(async (connection) => (await connection.runAndReadAll(sql, values, types)).getRows());
  }

  /** Lends a read connection; waits while others hold all of them. */
  async read<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (this.#running >= MAX_QUERIES) await new Promise<void>((proceed) => this.#waiting.push(proceed));
    this.#running += 1;
    try {
      const connection = this.#idle.pop() ?? (await this.connect());
      const result = await use(connection);
      this.#idle.push(connection);
      return result;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Releases the file once running queries are done. */
  close(): void {
    for (const connection of this.#idle) connection.closeSync();
    this.#idle = [];
    this.#instance?.closeSync();
    this.#instance = undefined;
    openPaths.delete(this.#path);
  }
}

function reasonFor(path: string, cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/lock/i.test(text)) return `${path} is in use by another process: ${text}`;
  return `${path} cannot be opened: ${text}`;
}
