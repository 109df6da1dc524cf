import type { DuckDBConnection } from '@duckdb/node-api';
import { DataDirError } from '../process/dataDirLock.ts';
import { newKey, type RandomBytes } from '../process/keys.ts';
import type { CopyableDatabase, TableCounts } from '../store/duckdb/duckdbCopy.ts';
import { SmallDuckDbFile } from '../store/duckdb/smallDuckDbFile.ts';
import { inTransaction } from '../store/inTransaction.ts';
import type { Change, NoticeKind, NoticeRecords } from './noticeRecords.ts';

/** Name of the file in the data folder. */
export const NOTICES_FILE = 'notices.duckdb';
/** Version of the file this program writes. */
const NOTICES_SCHEMA_VERSION = 1;

/** What a decision leads to: the answer, and what is written with it, all or nothing. */
export interface Decision<Answer> {
  answer: Answer;
  changes: readonly Change[];
}

/**
 * Contacts, alerts and messages on their way: JSON records in a DuckDB file of their own, all of them in memory. Writes
 * take turns, each decides on what the one before left, and is on disk before it resolves: an alert's state and the
 * message that tells it are one write, so a restart neither repeats nor forgets.
 */
export class NoticeStore implements CopyableDatabase {
  readonly #path: string;
  readonly #randomBytes: RandomBytes;
  readonly #records = new Map<NoticeKind, Map<string, unknown>>();
  #secret = '';
  readonly #file: SmallDuckDbFile;

  constructor(options: { path: string; randomBytes: RandomBytes }) {
    this.#path = options.path;
    this.#file = new SmallDuckDbFile({ path: options.path, name: 'file of contacts and alerts' });
    this.#randomBytes = options.randomBytes;
  }

  /** Opens or creates the file and reads it whole. */
  async open(): Promise<void> {
    const connection = await this.#file.open();
    await this.#prepare(connection);
    const rows = (await connection.runAndReadAll('SELECT kind, id, document FROM record')).getRowObjects();
    for (const { kind, id, document } of rows) {
      this.#of(String(kind) as NoticeKind).set(String(id), JSON.parse(String(document)));
    }
  }

  /** Waits for writes under way and closes the file. */
  close(): Promise<void> {
    return this.#file.close();
  }

  /** Copies the file as it is now, between two writes. */
  copyTo(path: string, signal?: AbortSignal): Promise<TableCounts> {
    return this.#file.copyTo(path, signal);
  }

  /** This installation's secret, from which unsubscribe links and webhook secrets follow; never leaves the file. */
  get secret(): string {
    return this.#secret;
  }

  /** The record, or undefined. */
  get<Kind extends NoticeKind>(kind: Kind, id: string): NoticeRecords[Kind] | undefined {
    return this.#of(kind).get(id) as NoticeRecords[Kind] | undefined;
  }

  /** All records of a kind. */
  all<Kind extends NoticeKind>(kind: Kind): NoticeRecords[Kind][] {
    return [...this.#of(kind).values()] as NoticeRecords[Kind][];
  }

  /** How many records of a kind there are. */
  count(kind: NoticeKind): number {
    return this.#of(kind).size;
  }

  /**
   * Decides and writes, alone. Resolves when all of it is durable.
   * @throws StoreUnavailableError when the disk refuses; then nothing has changed.
   */
  write<Answer>(decide: () => Decision<Answer>): Promise<Answer> {
    return this.#file.turn(async () => {
      const { answer, changes } = decide();
      if (changes.length > 0) await this.#commit(changes);
      for (const { kind, id, record } of changes) {
        if (record === undefined) this.#of(kind).delete(id);
        else this.#of(kind).set(id, record);
      }
      return answer;
    });
  }

  async #commit(changes: readonly Change[]): Promise<void> {
    const { connection } = this.#file;
    await inTransaction(connection, 'contacts and alerts cannot be written', async () => {
      for (const { kind, id, record } of changes) {
        await connection.run('DELETE FROM record WHERE kind = $1 AND id = $2', [kind, id]);
        if (record === undefined) continue;
        await connection.run('INSERT INTO record VALUES ($1, $2, $3)', [kind, id, JSON.stringify(record)]);
      }
    });
  }

  async #prepare(connection: DuckDBConnection): Promise<void> {
    await connection.run('CREATE TABLE IF NOT EXISTS meta (key VARCHAR, value VARCHAR)');
    await connection.run('CREATE TABLE IF NOT EXISTS record (kind VARCHAR, id VARCHAR, document VARCHAR)');
    const rows = (await connection.runAndReadAll('SELECT key, value FROM meta')).getRowObjects();
    const meta = new Map(rows.map(({ key, value }) => [String(key), String(value)]));
    const version = Number(meta.get('schemaVersion') ?? NOTICES_SCHEMA_VERSION);
    if (version > NOTICES_SCHEMA_VERSION) {
      throw new DataDirError(`${this.#path} has version ${version}: start the newer release.`);
    }
    this.#secret = meta.get('secret') ?? newKey(this.#randomBytes);
    if (meta.has('secret')) return;
    const first = [String(NOTICES_SCHEMA_VERSION), this.#secret];
    await connection.run("INSERT INTO meta VALUES ('schemaVersion', $1), ('secret', $2)", first);
  }

  #of(kind: NoticeKind): Map<string, unknown> {
    const records = this.#records.get(kind) ?? new Map<string, unknown>();
    this.#records.set(kind, records);
    return records;
  }
}
