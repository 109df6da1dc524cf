import { isValid } from '../domain/flag.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import type { MessageRow } from './admissionMerge.ts';
import { checkedSensor, checkedStation, extraField, quotedText } from './influxText.ts';

/** Fields of the `message` measurement that hold numbers, with their field of `DeviceHealth`. */
export const HEALTH_FIELDS = [
  ['signal', 'signal'],
  ['samples', 'samples'],
  ['min_micro', 'minMicro'],
  ['max_micro', 'maxMicro'],
  ['interval_ms', 'interval'],
] as const;

/**
 * A reading's lines: its values and flags, and its unknown quantities apart. Written by hand, since this runs for every
 * message: the client's `Point` costs five times as much. Tags are in order, or the server would have to sort them.
 */
export function linesOfReading(reading: Reading): string[] {
  const { flags, values, extra, measuredAt } = reading;
  const tags = tagsOf(reading);
  let fields = `flags=${flags}`;
  for (const name in values) {
    const quantity = name as Quantity;
    fields += `,${isValid(flags, quantity) ? quantity : `${quantity}_x`}=${values[quantity]}`;
  }
  const line = `reading,${tags} ${fields} ${measuredAt}`;
  return extra === undefined ? [line] : [line, `extra,${tags} ${fieldsOfExtra(extra)} ${measuredAt}`];
}

/** A message's line. All numbers are floats: a field that was once an integer could never hold anything else. */
export function lineOfMessage({ stationId, measuredAt, receivedAt, fingerprint, health }: MessageRow): string {
  let fields = `received=${receivedAt}`;
  if (fingerprint) fields += `,fp_hi=${fingerprint.hi},fp_lo=${fingerprint.lo}`;
  for (const [field, name] of HEALTH_FIELDS) {
    const value = health[name];
    if (value !== undefined) fields += `,${field}=${value}`;
  }
  if (health.firmware !== undefined) fields += `,firmware=${quotedText(health.firmware)}`;
  return `message,station=${checkedStation(stationId)} ${fields} ${measuredAt}`;
}

function tagsOf({ sensor, stationId }: Reading): string {
  return `sensor=${checkedSensor(sensor)},station=${checkedStation(stationId)}`;
}

function fieldsOfExtra(extra: Record<string, number>): string {
  return Object.entries(extra)
    .map(([name, value]) => `${extraField(name)}=${value}`)
    .join(',');
}
