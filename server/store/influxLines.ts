import { Point } from '@influxdata/influxdb-client';
import { isValid } from '../domain/flag.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import type { MessageRow } from './admissionMerge.ts';
import { checkedSensor, extraField } from './influxText.ts';

/** Fields of the `message` measurement that hold numbers, with their field of `DeviceHealth`. */
export const HEALTH_FIELDS = [
  ['signal', 'signal'],
  ['samples', 'samples'],
  ['min_micro', 'minMicro'],
  ['max_micro', 'maxMicro'],
  ['interval_ms', 'interval'],
] as const;

/** A reading's lines: its values and flags, and its unknown quantities apart. */
export function linesOfReading(reading: Reading): string[] {
  const point = pointOf('reading', reading).floatField('flags', reading.flags);
  for (const [quantity, value] of Object.entries(reading.values) as [Quantity, number][]) {
    point.floatField(isValid(reading.flags, quantity) ? quantity : `${quantity}_x`, value);
  }
  if (!reading.extra) return [lineOf(point)];
  const extra = pointOf('extra', reading);
  for (const [name, value] of Object.entries(reading.extra)) extra.floatField(extraField(name), value);
  return [lineOf(point), lineOf(extra)];
}

/** A message's line. All numbers are floats: a field that was once an integer could never hold anything else. */
export function lineOfMessage({ stationId, measuredAt, receivedAt, fingerprint, health }: MessageRow): string {
  const point = new Point('message').tag('station', stationId).timestamp(measuredAt).floatField('received', receivedAt);
  if (fingerprint) point.floatField('fp_hi', fingerprint.hi).floatField('fp_lo', fingerprint.lo);
  for (const [field, name] of HEALTH_FIELDS) {
    const value = health[name];
    if (value !== undefined) point.floatField(field, value);
  }
  return lineOf(point.stringField('firmware', health.firmware));
}

function pointOf(measurement: string, { stationId, sensor, measuredAt }: Reading): Point {
  return new Point(measurement).tag('station', stationId).tag('sensor', checkedSensor(sensor)).timestamp(measuredAt);
}

function lineOf(point: Point): string {
  return point.toLineProtocol({ convertTime: (time) => String(time) }) ?? '';
}
