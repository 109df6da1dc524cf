import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DataDirError } from '../../process/dataDirLock.ts';
import { StoreUnavailableError } from '../readingStore.ts';
import { Turns } from '../turns.ts';
import { copyDatabase, type TableCounts } from './duckdbCopy.ts';

/** A DuckDB file that is read whole at its start: one connection, on which reads and writes take turns. */
export class SmallDuckDbFile {
  readonly #path: string;
  readonly #name: string;
  #instance: DuckDBInstance | undefined;
  #connection: DuckDBConnection | undefined;
  readonly #turns = new Turns();

  /** `name` is what messages call it, without an article: `registry`. */
  constructor(options: { path: string; name: string }) {
    this.#path = options.path;
    this.#name = options.name;
  }

  /**
   * Opens or creates the file.
   * @throws DataDirError when it cannot be read.
   */
  async open(): Promise<DuckDBConnection> {
    try {
      // The cap and the single thread leave the machine to the readings.
      this.#instance = await DuckDBInstance.create(this.#path, { memory_limit: '64MB', threads: '1' });
    } catch (cause) {
      throw new DataDirError(`The ${this.#name} ${this.#path} cannot be opened: ${String(cause)}`, { cause });
    }
    this.#connection = await this.#instance.connect();
    return this.#connection;
  }

  /** The connection, for whoever has the turn. @throws StoreUnavailableError when the file is not open. */
  get connection(): DuckDBConnection {
    if (this.#connection === undefined) throw new StoreUnavailableError(`the ${this.#name} is not open`);
    return this.#connection;
  }

  /** Does `work` when all that was asked for before has ended. */
  turn<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(work);
  }

  /** Copies the file as it is between two turns. */
  copyTo(path: string, signal?: AbortSignal): Promise<TableCounts> {
    return this.turn(async () => copyDatabase(this.connection, path, signal));
  }

  /** Waits for turns under way, folds the log into the file and closes it. */
  async close(): Promise<void> {
    await this.#turns.ended();
    const [connection, instance] = [this.#connection, this.#instance];
    this.#connection = undefined;
    this.#instance = undefined;
    await connection?.run('CHECKPOINT');
    connection?.closeSync();
    instance?.closeSync();
  }
}
