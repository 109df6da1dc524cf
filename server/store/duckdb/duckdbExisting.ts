import { DOUBLE, type DuckDBConnection, type DuckDBValue, INTEGER, LIST, listValue } from '@duckdb/node-api';
import { QUANTITIES } from '../../domain/quantity.ts';
import type { DeviceHealth } from '../../domain/reading.ts';
import { type Existing, keyOf, type LateKey } from '../admission.ts';
import { clustersOf } from '../admissionClusters.ts';
import { unionOfFlags } from '../admissionFlags.ts';
import { type StoredReading, withMessagePart } from '../admissionMerge.ts';
import { HEALTH_COLUMNS } from '../healthColumns.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';

const VALUE_COLUMNS = QUANTITIES.join(', ');
const HEALTH_LIST = HEALTH_COLUMNS.map(([column]) => column).join(', ');

/** A late key with the number of its series. */
interface NumberedKey {
  series: number;
  measuredAt: number;
  isMessage: boolean;
}

/** Reads what is stored under `late`. Keys of unknown series hold nothing. */
export async function readExisting(
  connection: DuckDBConnection,
  series: DuckDbSeries,
  late: readonly LateKey[],
): Promise<Existing> {
  const existing: Existing = { readings: new Map(), messages: new Map() };
  for (const cluster of clustersOf(numbered(series, late))) {
    const ofReadings = cluster.filter((key) => !key.isMessage);
    if (ofReadings.length > 0) {
      await readReadings(connection, series, ofReadings, existing);
      await readExtras(connection, series, ofReadings, existing);
    }
    const ofMessages = cluster.filter((key) => key.isMessage);
    if (ofMessages.length > 0) await readMessages(connection, series, ofMessages, existing);
  }
  return existing;
}

function numbered(series: DuckDbSeries, late: readonly LateKey[]): NumberedKey[] {
  return late.flatMap(({ stationId, sensor, measuredAt }) => {
    const id = series.find(stationId, sensor);
    return id === undefined ? [] : [{ series: id, measuredAt, isMessage: sensor === '' }];
  });
}

/** Rows of `table` under the given keys, which are in time order; the bounds on time are what lets DuckDB skip most of the file. */
async function rowsUnder(
  connection: DuckDBConnection,
  table: 'readings' | 'extras' | 'messages',
  columns: string,
  keys: readonly NumberedKey[],
): Promise<DuckDBValue[][]> {
  const times = keys.map((key) => key.measuredAt);
  const reader = await connection.runAndReadAll(
    `SELECT series, time::DOUBLE, ${columns} FROM ${table}
      SEMI JOIN (SELECT unnest($1) AS series, unnest($2)::BIGINT AS time) USING (series, time)
      WHERE time BETWEEN $3 AND $4`,
    [listValue(keys.map((key) => key.series)), listValue(times), BigInt(times[0] ?? 0), BigInt(times.at(-1) ?? 0)],
    [LIST(INTEGER), LIST(DOUBLE)],
  );
  return reader.getRows();
}

async function readReadings(
  connection: DuckDBConnection,
  series: DuckDbSeries,
  keys: readonly NumberedKey[],
  existing: Existing,
): Promise<void> {
  for (const [id, time, flags, ...values] of await rowsUnder(
    connection,
    'readings',
    `flags::DOUBLE, ${VALUE_COLUMNS}`,
    keys,
  )) {
    const stored = storedUnder(existing, series, Number(id), Number(time));
    stored.flags = unionOfFlags(stored.flags, Number(flags));
    for (const [index, quantity] of QUANTITIES.entries()) {
      const value = values[index];
      if (typeof value === 'number') stored.values[quantity] = value;
    }
  }
}

async function readExtras(
  connection: DuckDBConnection,
  series: DuckDbSeries,
  keys: readonly NumberedKey[],
  existing: Existing,
): Promise<void> {
  for (const [id, time, name, value] of await rowsUnder(connection, 'extras', 'name, value', keys)) {
    storedUnder(existing, series, Number(id), Number(time)).extra[String(name)] = Number(value);
  }
}

async function readMessages(
  connection: DuckDBConnection,
  series: DuckDbSeries,
  keys: readonly NumberedKey[],
  existing: Existing,
): Promise<void> {
  const columns = `received::DOUBLE, fp_hi::DOUBLE, fp_lo::DOUBLE, firmware, ${HEALTH_LIST}`;
  for (const [id, time, received, hi, lo, firmware, ...health] of await rowsUnder(
    connection,
    'messages',
    columns,
    keys,
  )) {
    const { stationId } = series.row(Number(id));
    const measuredAt = Number(time);
    const row = { stationId, measuredAt, receivedAt: Number(received), health: healthOf(firmware, health) };
    const part = typeof hi === 'number' ? { ...row, fingerprint: { hi, lo: Number(lo) } } : row;
    const key = keyOf({ stationId, sensor: '', measuredAt });
    existing.messages.set(key, withMessagePart(existing.messages.get(key) ?? row, part));
  }
}

/** Health fields of a row of `messages`; `numbers` in the order of `HEALTH_COLUMNS`. */
export function healthOf(firmware: DuckDBValue | undefined, numbers: readonly DuckDBValue[]): DeviceHealth {
  const health: DeviceHealth = {};
  for (const [index, [, field]] of HEALTH_COLUMNS.entries()) {
    const value = numbers[index];
    if (typeof value === 'number') health[field] = value;
  }
  if (typeof firmware === 'string') health.firmware = firmware;
  return health;
}

function storedUnder(existing: Existing, series: DuckDbSeries, id: number, measuredAt: number): StoredReading {
  const key = keyOf({ ...series.row(id), measuredAt });
  const stored = existing.readings.get(key) ?? { values: {}, extra: {}, flags: 0 };
  existing.readings.set(key, stored);
  return stored;
}
