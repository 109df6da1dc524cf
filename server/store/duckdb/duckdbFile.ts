import { resolve } from 'node:path';
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { StoreUnavailableError } from '../readingStore.ts';

/** How a DuckDB file is opened. */
export interface DuckDbFileOptions {
  path: string;
  /** Buffer pool, as DuckDB writes sizes; the process takes about 150 MB more. */
  memoryLimit: string;
  threads: number;
}

/**
 * The write-ahead log is folded into the file at this size: at DuckDB's own 16 MB a flood pays a fifth more, and reading
 * back so much after a crash takes a third of a second.
 */
const CHECKPOINT_AT = '64MB';

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
  readonly #running = new Set<Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #isClosing = false;

  constructor(options: DuckDbFileOptions) {
    this.#options = options;
    this.#path = options.path === ':memory:' ? options.path : resolve(options.path);
  }

  /** Opens or creates the file; says clearly when somebody else has it. */
  async open(): Promise<void> {
    this.#isClosing = false;
    if (openPaths.has(this.#path)) throw new Error(`${this.#path} is already open in this process`);
    if (this.#path !== ':memory:') openPaths.add(this.#path);
    try {
      this.#instance = await DuckDBInstance.create(this.#path, {
        memory_limit: this.#options.memoryLimit,
        checkpoint_threshold: CHECKPOINT_AT,
        threads: String(this.#options.threads),
      });
    } catch (cause) {
      openPaths.delete(this.#path);
      throw new Error(reasonFor(this.#path, cause), { cause });
    }
  }

  /** A connection of the caller's own, who closes it. */
  async connect(): Promise<DuckDBConnection> {
    if (this.#instance === undefined) throw new StoreUnavailableError(`${this.#path} is not open`);
    return this.#instance.connect();
  }

  /** Runs a query on a read connection. Rows as DuckDB gives them: DOUBLE is a number, BIGINT a bigint, NULL null. */
  async rows(sql: string, values: DuckDBValue[] = [], types?: DuckDBType[]): Promise<DuckDBValue[][]> {
    return this.read(async (connection) => (await connection.runAndReadAll(sql, values, types)).getRows());
  }

  /**
   * Runs one query several times and hands out the columns of each run, some thousand rows at a time; other work goes
   * on in between. The next run begins while the chunks of the one before are used.
   */
  async *chunks(sql: string, runs: readonly DuckDBValue[][]): AsyncGenerator<{ run: number; chunk: DuckDBDataChunk }> {
    const start = (values: DuckDBValue[] | undefined) => {
      if (values === undefined) return undefined;
      const result = this.read((connection) => connection.run(sql, values));
      // Should the reader stop before it comes to this run, its failure is nobody's.
      result.catch(() => undefined);
      return result;
    };
    let next = start(runs[0]);
    for (const run of runs.keys()) {
      const result = await next;
      next = start(runs[run + 1]);
      let chunk = await result?.fetchChunk();
      while (chunk && chunk.rowCount > 0) {
        yield { run, chunk };
        chunk = await result?.fetchChunk();
      }
    }
  }

  /** Lends a read connection; waits while others hold all of them. */
  async read<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    while (!this.#isClosing && this.#running.size >= MAX_QUERIES) {
      await new Promise<void>((proceed) => this.#waiting.push(proceed));
    }
    // A query that began now would run on a connection that is closed under it, which DuckDB does not survive.
    if (this.#isClosing) throw new StoreUnavailableError(`${this.#path} is being closed`);
    const running = this.#lend(use);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      this.#waiting.shift()?.();
    }
  }

  /** False once a failed checkpoint has made DuckDB refuse everything until the file is opened anew. */
  async isUsable(): Promise<boolean> {
    try {
      await this.rows('SELECT 1');
      return true;
    } catch (error) {
      if (error instanceof StoreUnavailableError) return false;
      throw error;
    }
  }

  /** Releases the file once running queries are done. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const proceed of this.#waiting.splice(0)) proceed();
    await Promise.allSettled(this.#running);
    for (const connection of this.#idle) connection.closeSync();
    this.#idle = [];
    this.#instance?.closeSync();
    if (this.#instance) openPaths.delete(this.#path);
    this.#instance = undefined;
  }

  async #lend<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = this.#idle.pop() ?? (await this.connect());
    try {
      const result = await use(connection);
      this.#idle.push(connection);
      return result;
    } catch (error) {
      connection.closeSync();
      throw isFatal(error) ? new StoreUnavailableError(`${this.#path} must be reopened`, { cause: error }) : error;
    }
  }
}

function isFatal(error: unknown): boolean {
  return error instanceof Error && /FATAL|database has been invalidated/.test(error.message);
}

function reasonFor(path: string, cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/lock/i.test(text)) return `${path} is in use by another process: ${text}`;
  return `${path} cannot be opened: ${text}`;
}
