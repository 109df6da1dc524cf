import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { blobValue } from '@duckdb/node-api';
import type { CitedLeaves, KeptCitation, KeptHours, KeptStation } from './citationRecords.ts';
import { copyDatabase, type TableCounts } from './duckdb/duckdbCopy.ts';
import { DuckDbFile } from './duckdb/duckdbFile.ts';
import { inTransaction } from './inTransaction.ts';
import { StoreUnavailableError } from './readingStore.ts';
import { type SchemaSteps, takeSchemaSteps } from './schemaSteps.ts';
import { Turns } from './turns.ts';

/**
 * Citations in a DuckDB file of their own. A citation keeps a copy of every hour it rests on, so that no retention, import or
 * change of a method can take them away; only the owner of a station can, and then rows and salts are destroyed here.
 */

const SCHEMA_STEPS: SchemaSteps = [
  [
    `CREATE TABLE citation (id VARCHAR, citedAt BIGINT, fingerprint VARCHAR, head BLOB, headSalt BLOB, publicKey VARCHAR,
       signature VARCHAR)`,
    `CREATE TABLE citationStation (citationId VARCHAR, position INTEGER, stationId VARCHAR, root BLOB, secret BLOB, leaves VARCHAR,
       evidence VARCHAR)`,
    'CREATE TABLE evidence (hash VARCHAR, stationId VARCHAR, hours BLOB)',
    'CREATE TABLE feedDay (date VARCHAR, document VARCHAR)',
  ],
];

/** Citations and what they rest on. Writes take turns and are on disk when they resolve. */
export class CitationStore {
  readonly #file: DuckDbFile;
  #writer: DuckDBConnection | undefined;
  readonly #turns = new Turns();
  /** Ids with their times, oldest first; ten thousand of them are a megabyte. */
  readonly #citedAtById = new Map<string, number>();
  readonly #idByFingerprint = new Map<string, string>();

  constructor(path: string) {
    this.#file = new DuckDbFile({ path, memoryLimit: '128MB', threads: 1 });
  }

  /** Opens or creates the file and brings it to the current version. */
  async open(): Promise<void> {
    await this.#file.open();
    this.#writer = await this.#file.connect();
    await takeSchemaSteps(this.#writer, SCHEMA_STEPS, 'The citations have');
    const rows = await this.#file.rows(
      'SELECT id, CAST(citedAt AS DOUBLE), fingerprint FROM citation ORDER BY citedAt, id',
    );
    for (const [id, citedAt, fingerprint] of rows) this.#remember(String(id), Number(citedAt), String(fingerprint));
  }

  /** Waits for writes under way and closes the file. */
  async close(): Promise<void> {
    await this.#turns.ended();
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.run('CHECKPOINT');
    writer?.closeSync();
    await this.#file.close();
  }

  /** Copies the file, as it is at this moment, to a new one. */
  copyTo(path: string, signal?: AbortSignal): Promise<TableCounts> {
    return this.#turn((connection) => copyDatabase(connection, path, signal));
  }

  /** How many there are. */
  get count(): number {
    return this.#citedAtById.size;
  }

  /** Ids with their times, epoch ms, oldest first. */
  list(): { id: string; citedAt: number }[] {
    return Array.from(this.#citedAtById, ([id, citedAt]) => ({ id, citedAt }));
  }

  /** The whole id that begins so; undefined for none and for more than one. */
  find(beginning: string): string | undefined {
    if (this.#citedAtById.has(beginning)) return beginning;
    if (beginning.length < 16) return undefined;
    const found = [...this.#citedAtById.keys()].filter((id) => id.startsWith(beginning));
    return found.length === 1 ? found[0] : undefined;
  }

  /** A citation that says the same, made on the same day. */
  findAlike(fingerprint: string): string | undefined {
    return this.#idByFingerprint.get(fingerprint);
  }

  /** Keeps a citation; durable when resolved. */
  async add(citation: KeptCitation, hours: readonly KeptHours[]): Promise<void> {
    await this.#write(async (connection) => {
      for (const each of hours) {
        await connection.run(
          'INSERT INTO evidence SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE hash = $1)',
          [each.hash, each.stationId, blobValue(each.hours)],
        );
      }
      const { id, citedAt, fingerprint, head, headSalt, publicKey, signature } = citation;
      await connection.run('INSERT INTO citation VALUES ($1, $2, $3, $4, $5, $6, $7)', [
        ...[id, BigInt(citedAt), fingerprint, blobValue(head), blobValue(headSalt), publicKey, signature],
      ]);
      for (const [position, station] of citation.stations.entries()) {
        await connection.run('INSERT INTO citationStation VALUES ($1, $2, $3, $4, $5, $6, $7)', [
          ...[id, position, station.stationId, blobValue(station.root)],
          ...[station.secret && blobValue(station.secret), station.leaves, station.evidence],
        ]);
      }
    });
    this.#remember(citation.id, citation.citedAt, citation.fingerprint);
  }

  /** A citation without its hours; undefined for an unknown id. */
  async read(id: string): Promise<KeptCitation | undefined> {
    if (!this.#citedAtById.has(id)) return undefined;
    const [row] = await this.#file.rows(
      'SELECT fingerprint, head, headSalt, publicKey, signature FROM citation WHERE id = $1',
      [id],
    );
    if (row === undefined) return undefined;
    const [fingerprint, head, headSalt, publicKey, signature] = row;
    const stations = await this.#file.rows(
      'SELECT stationId, root, secret, leaves, evidence FROM citationStation WHERE citationId = $1 ORDER BY position',
      [id],
    );
    return {
      id,
      citedAt: this.#citedAtById.get(id)!,
      fingerprint: String(fingerprint),
      head: bytesOf(head)!,
      headSalt: bytesOf(headSalt)!,
      publicKey: String(publicKey),
      signature: String(signature),
      stations: stations.map(toStation),
    };
  }

  /** Compressed hours by their key. */
  async hours(hash: string): Promise<Buffer | undefined> {
    const [row] = await this.#file.rows('SELECT hours FROM evidence WHERE hash = $1', [hash]);
    return row && bytesOf(row[0]);
  }

  /**
   * Destroys what citations hold of a station: its hours, its place and facts, and the secret of its salts. What remains is
   * a hash that nothing can be read from. Resolves to the number of citations concerned.
   */
  async withdraw(stationId: string): Promise<number> {
    const [row] = await this.#file.rows('SELECT count(*)::INTEGER FROM citationStation WHERE stationId = $1', [
      stationId,
    ]);
    const concerned = Number(row?.[0] ?? 0);
    if (concerned === 0) return 0;
    await this.#write(async (connection) => {
      await connection.run(
        'UPDATE citationStation SET stationId = NULL, secret = NULL, leaves = NULL, evidence = NULL WHERE stationId = $1',
        [stationId],
      );
      await connection.run('DELETE FROM evidence WHERE stationId = $1', [stationId]);
    });
    // Deleted rows leave the file with a checkpoint, not before.
    await this.#turn(async (connection) => void (await connection.run('CHECKPOINT')));
    return concerned;
  }

  /** What citations hold of a station is from now on of another, which it became one with. */
  async handOver(stationId: string, into: string): Promise<void> {
    await this.#write(async (connection) => {
      for (const table of ['citationStation', 'evidence']) {
        await connection.run(`UPDATE ${table} SET stationId = $2 WHERE stationId = $1`, [stationId, into]);
      }
    });
  }

  /** What citations say of a station, where that is still there with a place or its name. */
  async leavesOf(stationId: string): Promise<CitedLeaves[]> {
    const rows = await this.#file.rows(
      'SELECT citationId, position, secret, leaves FROM citationStation WHERE stationId = $1 AND leaves NOT LIKE $2',
      // A quote within a text is escaped there: no name can look like this.
      [stationId, '%"place":{"withheld":"%'],
    );
    return rows.map(([citationId, position, secret, leaves]) => {
      return {
        citationId: String(citationId),
        position: Number(position),
        secret: bytesOf(secret)!,
        leaves: String(leaves),
      };
    });
  }

  /** Stations that citations say something of. */
  async stationIds(): Promise<string[]> {
    const rows = await this.#file.rows('SELECT DISTINCT stationId FROM citationStation WHERE stationId IS NOT NULL');
    return rows.map(([stationId]) => String(stationId));
  }

  /** Puts others in the place of leaves; what they said before is gone from the file when this resolves. */
  async replaceLeaves(changed: readonly Omit<CitedLeaves, 'secret'>[]): Promise<void> {
    if (changed.length === 0) return;
    await this.#write(async (connection) => {
      for (const { citationId, position, leaves } of changed) {
        await connection.run(
          'UPDATE citationStation SET leaves = $3 WHERE citationId = $1 AND position = $2 AND leaves IS NOT NULL',
          [citationId, position, leaves],
        );
      }
    });
    await this.#turn(async (connection) => void (await connection.run('CHECKPOINT')));
  }

  /** A closed day's feed as it was signed. */
  async feedDay(date: string): Promise<string | undefined> {
    const [row] = await this.#file.rows('SELECT document FROM feedDay WHERE date = $1', [date]);
    return row && String(row[0]);
  }

  /** Keeps a closed day's feed for good. */
  async keepFeedDay(date: string, document: string): Promise<void> {
    await this.#write(async (connection) => {
      await connection.run(
        'INSERT INTO feedDay SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM feedDay WHERE date = $1)',
        [date, document],
      );
    });
  }

  #remember(id: string, citedAt: number, fingerprint: string): void {
    this.#citedAtById.set(id, citedAt);
    this.#idByFingerprint.set(fingerprint, id);
  }

  #write(work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    return this.#turn((connection) =>
      inTransaction(connection, 'the citations cannot be written', () => work(connection)),
    );
  }

  #turn<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    return this.#turns.take(async () => {
      if (this.#writer === undefined) throw new StoreUnavailableError('the citations are not open');
      return work(this.#writer);
    });
  }
}

function toStation([stationId, root, secret, leaves, evidence]: DuckDBValue[]): KeptStation {
  return {
    stationId: textOf(stationId),
    root: bytesOf(root)!,
    secret: bytesOf(secret) ?? null,
    leaves: textOf(leaves),
    evidence: textOf(evidence),
  };
}

function textOf(value: DuckDBValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function bytesOf(value: DuckDBValue | undefined): Buffer | undefined {
  if (value === null || value === undefined) return undefined;
  return Buffer.from((value as { bytes: Uint8Array }).bytes);
}
