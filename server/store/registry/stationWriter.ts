import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { Device, Station } from '../../domain/station.ts';
import type { Binding } from './stationStoreFile.ts';

/** A row's values in the order of the table's columns; null where there is none. */
type Row = readonly (string | bigint | number | null)[];

/** The registry's statements, inside one open transaction. */
export class StationWriter {
  readonly #connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** New stations. */
  async insertStations(rows: readonly { station: Station; ownerKeyHash: string }[]): Promise<void> {
    await this.#append(
      'station',
      rows.map(({ station, ownerKeyHash }) => [station.id, ownerKeyHash, JSON.stringify(station)]),
    );
  }

  /** Another document in the place of a station's. */
  async replaceStation(station: Station): Promise<void> {
    await this.#run('UPDATE station SET document = $2 WHERE id = $1', [station.id, JSON.stringify(station)]);
  }

  /** Another owner key; the former one ends. */
  async replaceOwnerKey(stationId: string, ownerKeyHash: string): Promise<void> {
    await this.#run('UPDATE station SET ownerKeyHash = $2 WHERE id = $1', [stationId, ownerKeyHash]);
  }

  /** Everything about a station but its entry in the erasure list. */
  async deleteStation(stationId: string): Promise<void> {
    await this.#run('DELETE FROM station WHERE id = $1', [stationId]);
    await this.#run('DELETE FROM assignment WHERE stationId = $1', [stationId]);
    await this.#run('DELETE FROM sensorNumber WHERE stationId = $1', [stationId]);
  }

  /** New assignments. Those the devices had are ended before. */
  async insertBindings(bindings: readonly Binding[]): Promise<void> {
    await this.#append(
      'assignment',
      bindings.map(({ device, tokenHash, mosquittoHash }) => [
        device.id,
        device.stationId,
        BigInt(device.boundAt),
        null,
        tokenHash,
        mosquittoHash,
        device.names === undefined ? null : JSON.stringify(device.names),
        device.lastSeenAt === undefined ? null : BigInt(device.lastSeenAt),
      ]),
    );
  }

  /** Ends the device's current assignment, if there is one; its row stays as history, its token does not. */
  async endAssignment({ id, lastSeenAt }: Pick<Device, 'id' | 'lastSeenAt'>, at: number): Promise<void> {
    await this.#run(
      `UPDATE assignment SET unboundAt = $2, lastSeenAt = coalesce($3, lastSeenAt), tokenHash = NULL, mosquittoHash = NULL
         WHERE deviceId = $1 AND unboundAt IS NULL`,
      [id, BigInt(at), lastSeenAt === undefined ? null : BigInt(lastSeenAt)],
    );
  }

  /** The device that was last used at a station and stands there no longer; undefined without any. */
  async lastFormerDevice(stationId: string): Promise<string | undefined> {
    const reader = await this.#connection.runAndReadAll(
      `SELECT deviceId FROM assignment WHERE stationId = $1 AND unboundAt IS NOT NULL AND lastSeenAt IS NOT NULL
         ORDER BY lastSeenAt DESC LIMIT 1`,
      [stationId],
    );
    const row = reader.getRowObjects()[0];
    return row === undefined ? undefined : String(row.deviceId);
  }

  /** How often a device was assigned to a station. */
  async countAssignments(stationId: string): Promise<number> {
    const reader = await this.#connection.runAndReadAll('SELECT count(*) n FROM assignment WHERE stationId = $1', [
      stationId,
    ]);
    return Number(reader.getRowObjects()[0]?.n ?? 0);
  }

  /** Gives the current assignment another token and other names. */
  async replaceCredentials({ device, tokenHash, mosquittoHash }: Binding): Promise<void> {
    await this.#run(
      'UPDATE assignment SET tokenHash = $2, mosquittoHash = $3, names = $4 WHERE deviceId = $1 AND unboundAt IS NULL',
      [device.id, tokenHash, mosquittoHash, device.names === undefined ? null : JSON.stringify(device.names)],
    );
  }

  /** When devices last sent something, on their current assignments. */
  async writeLastSeen(devices: readonly Device[]): Promise<void> {
    await this.#run('CREATE OR REPLACE TEMP TABLE seen (deviceId VARCHAR, seenAt BIGINT)', []);
    await this.#append(
      'seen',
      devices.map((device) => [device.id, BigInt(device.lastSeenAt ?? 0)]),
    );
    await this.#run(
      'UPDATE assignment SET lastSeenAt = seen.seenAt FROM seen WHERE assignment.deviceId = seen.deviceId AND unboundAt IS NULL',
      [],
    );
  }

  /** Numbers of sensors. */
  async insertNumbers(rows: readonly { number: number; stationId: string; sensor: string }[]): Promise<void> {
    await this.#append(
      'sensorNumber',
      rows.map(({ number, stationId, sensor }) => [number, stationId, sensor]),
    );
  }

  /** Gives numbers of one station's sensors to another station. */
  async moveNumbers(moves: readonly { number: number; sensor: string; from: string; to: string }[]): Promise<void> {
    const sql = 'UPDATE sensorNumber SET stationId = $1 WHERE stationId = $2 AND sensor = $3 AND number = $4';
    for (const { number, sensor, from, to } of moves) await this.#run(sql, [to, from, sensor, number]);
  }

  /** The number of ours that is given next. */
  async writeNextNumber(nextNumber: number): Promise<void> {
    await this.#run("UPDATE meta SET value = $1 WHERE key = 'nextNumber'", [String(nextNumber)]);
  }

  /** Puts deletions onto the list. */
  async insertErasures(kind: 'station' | 'device', ids: readonly string[], at: number): Promise<void> {
    // A device's entry is complete at once: nothing but the refusal of its later messages hangs on it.
    const completedAt = kind === 'device' ? BigInt(at) : null;
    await this.#append(
      'erasure',
      ids.map((id) => [id, kind, BigInt(at), completedAt]),
    );
  }

  /** Notes that a deleted station's readings are gone as well. */
  async completeErasure(stationId: string, at: number): Promise<void> {
    await this.#run("UPDATE erasure SET completedAt = $2 WHERE kind = 'station' AND id = $1", [stationId, BigInt(at)]);
  }

  /** Takes a device off the list: it is registered again. */
  async forgetErasedDevice(deviceId: string): Promise<void> {
    await this.#run("DELETE FROM erasure WHERE kind = 'device' AND id = $1", [deviceId]);
  }

  async #run(sql: string, values: (string | bigint | number | null)[]): Promise<void> {
    await this.#connection.run(sql, values);
  }

  async #append(table: string, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const appender = await this.#connection.createAppender(table);
    for (const row of rows) {
      for (const value of row) appendValue(appender, value);
      appender.endRow();
    }
    appender.closeSync();
  }
}

function appendValue(appender: DuckDBAppender, value: Row[number]): void {
  if (value === null) appender.appendNull();
  else if (typeof value === 'bigint') appender.appendBigInt(value);
  else if (typeof value === 'number') appender.appendInteger(value);
  else appender.appendVarchar(value);
}
