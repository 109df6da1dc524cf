import type { Reading } from '../../domain/reading.ts';
import type { MessageRow } from '../admissionMerge.ts';
import { HEALTH_COLUMNS } from '../healthColumns.ts';
import type { InfluxClient } from './influxClient.ts';
import { type InfluxRow, type RowPage, windowPages } from './influxRows.ts';
import { EXTRA_PREFIX, VALUE_FIELDS } from './influxText.ts';

/** Columns of whole readings, for `readingOf`. */
export const READING_COLUMNS = ['station', 'sensor', 'flags', ...VALUE_FIELDS.map(({ field }) => field)].join(', ');
/** Columns of whole messages, for `messageOf`. */
export const MESSAGE_COLUMNS = [
  ...['station', 'received', 'fp_hi', 'fp_lo', 'fp_parts', 'firmware'],
  ...HEALTH_COLUMNS.map(([field]) => field),
].join(', ');

/** A row of `READING_COLUMNS` as the reading it was. */
export function readingOf([measuredAt, station, sensor, flags, ...values]: InfluxRow): Reading {
  const reading: Reading = {
    stationId: String(station),
    sensor: String(sensor),
    measuredAt,
    values: {},
    flags: Number(flags),
  };
  for (const [index, { quantity }] of VALUE_FIELDS.entries()) {
    const value = values[index];
    if (typeof value === 'number') reading.values[quantity] = value;
  }
  return reading;
}

/** A row of `MESSAGE_COLUMNS` as the message row it was. */
export function messageOf([measuredAt, station, received, hi, lo, parts, firmware, ...numbers]: InfluxRow): MessageRow {
  const message: MessageRow = { stationId: String(station), measuredAt, receivedAt: Number(received), health: {} };
  if (typeof hi === 'number') message.fingerprint = { hi, lo: Number(lo) };
  if (typeof parts === 'string') message.earlierParts = partsIn(parts);
  for (const [index, [, name]] of HEALTH_COLUMNS.entries()) {
    const value = numbers[index];
    if (typeof value === 'number') message.health[name] = value;
  }
  if (typeof firmware === 'string') message.health.firmware = firmware;
  return message;
}

/** The fingerprints of `fp_parts`. */
export function partsIn(text: string): { hi: number; lo: number }[] {
  return text.split(' ').map(fingerprintOf);
}

function fingerprintOf(text: string): { hi: number; lo: number } {
  const [hi, lo] = text.split('.').map(Number) as [number, number];
  return { hi, lo };
}

/** Adds their unknown quantities to readings, which are in time order and of the series that `where` names. */
export async function addExtras(
  client: InfluxClient,
  readings: readonly Reading[],
  where: string | undefined,
): Promise<void> {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last) return;
  const byKey = new Map(
    readings.map((reading) => [`${reading.stationId}/${reading.sensor}/${reading.measuredAt}`, reading]),
  );
  const window = { from: first.measuredAt, to: last.measuredAt + 1 };
  for await (const page of windowPages(client, { columns: '*', measurement: 'extra', where }, window)) {
    for (const { key, extra } of extrasIn(page)) {
      const reading = byKey.get(key);
      if (reading) reading.extra = extra;
    }
  }
}

function extrasIn({ columns, rows }: RowPage): { key: string; extra: Record<string, number> }[] {
  const [station, sensor] = [columns.indexOf('station'), columns.indexOf('sensor')] as const;
  return rows.map((row) => {
    const fields = columns.flatMap((column, index): [string, number][] => {
      const value = row[index];
      const isExtra = column.startsWith(EXTRA_PREFIX) && typeof value === 'number';
      return isExtra ? [[column.slice(EXTRA_PREFIX.length), value]] : [];
    });
    return { key: `${row[station]}/${row[sensor]}/${row[0]}`, extra: Object.fromEntries(fields) };
  });
}
