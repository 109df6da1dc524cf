import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Reading, Values } from '../../server/domain/reading.ts';

/** Columns of the archive and what they hold. */
const COLUMNS: Record<string, keyof Values> = {
  P1: 'pm10',
  P2: 'pm25',
  temperature: 'temperature',
  humidity: 'humidity',
};

/** Readings of archive files in `tests/fixtures/assessment`, in order of time and sensor; raw flags are not set. */
export function archiveReadings(...files: string[]): Reading[] {
  const readings = files.flatMap((file) => {
    const bytes = readFileSync(new URL(`../fixtures/assessment/${file}`, import.meta.url));
    const [head, ...rows] = gunzipSync(bytes)
      .toString()
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(/[;,]/));
    return rows.map((row) => toReading(head!, row));
  });
  return readings.sort((one, other) => one.measuredAt - other.measuredAt || one.sensor.localeCompare(other.sensor));
}

function toReading(head: readonly string[], row: readonly string[]): Reading {
  const values: Values = {};
  head.forEach((name, at) => {
    const quantity = COLUMNS[name];
    if (quantity !== undefined && row[at] !== '') values[quantity] = Number(row[at]);
  });
  const [sensor, time] = [row[head.indexOf('sensor_type')]!.toLowerCase(), row[head.indexOf('timestamp')]!];
  return { stationId: 'aaaaaaaaaa', sensor, measuredAt: Date.parse(`${time.slice(0, 19)}Z`), values, flags: 0 };
}
