import type { DuckDBConnection } from '@duckdb/node-api';
import type { Device, Station } from '../../domain/station.ts';
import type { TableCounts } from '../duckdb/duckdbCopy.ts';
import { SmallDuckDbFile } from '../duckdb/smallDuckDbFile.ts';
import { inTransaction } from '../inTransaction.ts';
import { metaValue, type SchemaSteps, takeSchemaSteps } from '../schemaSteps.ts';
import { StationWriter } from './stationWriter.ts';

/**
 * The registry's DuckDB file. Stations are JSON documents: they are read whole, at start, and the file never filters by
 * a field of theirs. No keys or indexes: one writer checks in memory, and an index would only cost.
 */

const SCHEMA_STEPS: SchemaSteps = [
  [
    'CREATE TABLE station (id VARCHAR, ownerKeyHash VARCHAR, document VARCHAR)',
    `CREATE TABLE assignment (deviceId VARCHAR, stationId VARCHAR, boundAt BIGINT, unboundAt BIGINT, tokenHash VARCHAR,
       mosquittoHash VARCHAR, names VARCHAR, lastSeenAt BIGINT)`,
    'CREATE TABLE sensorNumber (number INTEGER, stationId VARCHAR, sensor VARCHAR)',
    'CREATE TABLE erasure (id VARCHAR, kind VARCHAR, erasedAt BIGINT, completedAt BIGINT)',
    "INSERT INTO meta VALUES ('nextNumber', '1000000000')",
  ],
];

/** A device's current assignment with what its token is checked by. */
export interface Binding {
  device: Device;
  /** SHA-256 of the token, hex. */
  tokenHash: string;
  /** The token's hash in Mosquitto's password file format. */
  mosquittoHash: string;
}

/** Something that was deleted for good and must not come back out of a backup. */
export interface Erasure {
  id: string;
  kind: 'station' | 'device';
  /** Epoch ms. */
  erasedAt: number;
}

/** A time a device stood at a station. */
export interface Assignment {
  deviceId: string;
  boundAt: number;
  unboundAt?: number;
}

/** Everything the registry keeps in memory. */
export interface RegistryContent {
  stations: { station: Station; ownerKeyHash: string }[];
  bindings: Binding[];
  numbers: { number: number; stationId: string; sensor: string }[];
  erasures: { id: string; kind: 'station' | 'device'; isCompleted: boolean }[];
  nextNumber: number;
}

/** The open file: loads all, then takes one transaction at a time. */
export class StationStoreFile {
  readonly #path: string;
  readonly #file: SmallDuckDbFile;

  constructor(path: string) {
    this.#path = path;
    this.#file = new SmallDuckDbFile({ path, name: 'registry' });
  }

  /** Opens or creates the file, brings it to the current version and reads all of it. */
  async open(): Promise<RegistryContent> {
    const connection = await this.#file.open();
    await takeSchemaSteps(connection, SCHEMA_STEPS, `The registry ${this.#path} has`);
    return loadContent(connection);
  }

  /** Waits for writes under way, folds the log into the file and closes it. */
  close(): Promise<void> {
    return this.#file.close();
  }

  /**
   * Runs `work` alone and in one transaction, then `keep` with its result before anybody else's turn. All of it is
   * durable when this resolves, or none of it happened.
   * @throws StoreUnavailableError when the disk refuses.
   */
  async transaction<Result>(
    work: (writer: StationWriter) => Promise<Result>,
    keep: (result: Result) => void,
  ): Promise<Result> {
    return this.#file.turn(async () => {
      const { connection } = this.#file;
      const result = await inTransaction(connection, 'the registry cannot write', () =>
        work(new StationWriter(connection)),
      );
      keep(result);
      return result;
    });
  }

  /** Copies the file as it is now, between two transactions. */
  copyTo(path: string, signal?: AbortSignal): Promise<TableCounts> {
    return this.#file.copyTo(path, signal);
  }

  /** The list of what was deleted, oldest first. */
  async erasures(): Promise<Erasure[]> {
    const reader = await this.#read(
      'SELECT id, kind, CAST(erasedAt AS DOUBLE) erasedAt FROM erasure ORDER BY erasedAt',
    );
    return reader.getRowObjects() as unknown as Erasure[];
  }

  /** Devices that stand or stood at a station, oldest first. */
  async assignments(stationId: string): Promise<Assignment[]> {
    const reader = await this.#read(
      `SELECT deviceId, CAST(boundAt AS DOUBLE) boundAt, CAST(unboundAt AS DOUBLE) unboundAt
         FROM assignment WHERE stationId = $1 ORDER BY boundAt`,
      [stationId],
    );
    return reader.getRowObjects().map((row) => ({
      deviceId: String(row.deviceId),
      boundAt: Number(row.boundAt),
      ...(row.unboundAt === null ? {} : { unboundAt: Number(row.unboundAt) }),
    }));
  }

  #read(sql: string, values: string[] = []) {
    return this.#file.turn(async () => this.#file.connection.runAndReadAll(sql, values));
  }
}

async function loadContent(connection: DuckDBConnection): Promise<RegistryContent> {
  const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjects();
  const stations = await read('SELECT document, ownerKeyHash FROM station');
  const bindings = await read(
    `SELECT deviceId, stationId, CAST(boundAt AS DOUBLE) boundAt, tokenHash, mosquittoHash, names,
            CAST(lastSeenAt AS DOUBLE) lastSeenAt FROM assignment WHERE unboundAt IS NULL`,
  );
  const numbers = await read('SELECT number, stationId, sensor FROM sensorNumber');
  const erasures = await read('SELECT id, kind, completedAt IS NOT NULL isCompleted FROM erasure');
  return {
    stations: stations.map((row) => ({
      station: JSON.parse(String(row.document)) as Station,
      ownerKeyHash: String(row.ownerKeyHash),
    })),
    bindings: bindings.map(toBinding),
    numbers: numbers as unknown as RegistryContent['numbers'],
    erasures: erasures as unknown as RegistryContent['erasures'],
    nextNumber: Number(await metaValue(connection, 'nextNumber')),
  };
}

function toBinding(row: Record<string, unknown>): Binding {
  const device: Device = {
    id: String(row.deviceId),
    stationId: String(row.stationId),
    boundAt: Number(row.boundAt),
    ...(row.names === null ? {} : { names: JSON.parse(String(row.names)) as string[] }),
    ...(row.lastSeenAt === null ? {} : { lastSeenAt: Number(row.lastSeenAt) }),
  };
  return { device, tokenHash: String(row.tokenHash), mosquittoHash: String(row.mosquittoHash) };
}
