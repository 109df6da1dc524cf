import type { Quantity } from '../domain/quantity.ts';
import type { AcceptedMessage, DeviceHealth, Reading, Values } from '../domain/reading.ts';
import { flagsWith } from './admissionFlags.ts';

/** What a store holds under one reading key, partial rows merged. */
export interface StoredReading {
  values: Values;
  extra: Record<string, number>;
  flags: number;
}

/** What is stored once per station and time, whatever number of readings the message brought. */
export type MessageRow = Omit<AcceptedMessage, 'readings'>;

/** The part of a reading that is new to its key. */
export interface MergedReading {
  /** A row with only the new fields, and the mask of the whole key; absent when nothing is new. */
  part?: Reading;
  /** `sensor.quantity` of fields that were there with another value. */
  conflicts: string[];
  /** What the key holds afterwards. */
  after: StoredReading;
}

/** First value wins, per field: what of `reading` is new to a key that holds `before`. */
export function mergeReading(reading: Reading, before: StoredReading): MergedReading {
  const values = mergeFields(reading.values, before.values);
  const extra = mergeFields(reading.extra ?? {}, before.extra);
  const conflicts = [...values.refused, ...extra.refused].map((field) => `${reading.sensor}.${field}`);
  const isNew = Object.keys(values.added).length + Object.keys(extra.added).length > 0;
  if (!isNew) return { conflicts, after: before };
  const flags = flagsWith(before.flags, reading.flags, Object.keys(values.added) as Quantity[]);
  const part: Reading = { ...reading, values: values.added, flags };
  delete part.extra;
  if (Object.keys(extra.added).length > 0) part.extra = extra.added;
  return { part, conflicts, after: afterMerge(part, before) };
}

/** What a key holds once `reading` was the first to be stored under it. */
export function storedAs(reading: Reading): StoredReading {
  return { values: reading.values, extra: reading.extra ?? {}, flags: reading.flags };
}

/** A message row with only the fields that `before` lacks; undefined when there are none. Different values lose silently. */
export function mergeMessage(message: MessageRow, before: MessageRow): MessageRow | undefined {
  const health = mergeFields(message.health as Record<string, unknown>, before.health as Record<string, unknown>);
  const isFingerprintNew = message.fingerprint !== undefined && before.fingerprint === undefined;
  if (Object.keys(health.added).length === 0 && !isFingerprintNew) return undefined;
  const part: MessageRow = { ...rowOf(before), health: health.added as DeviceHealth };
  delete part.fingerprint;
  if (isFingerprintNew && message.fingerprint) part.fingerprint = message.fingerprint;
  return part;
}

/** `before` with the fields of `part` added. */
export function withMessagePart(before: MessageRow, part: MessageRow): MessageRow {
  return { ...before, ...part, health: { ...before.health, ...part.health } };
}

function rowOf(message: MessageRow): MessageRow {
  const { stationId, measuredAt, receivedAt, health } = message;
  return { stationId, measuredAt, receivedAt, health };
}

function afterMerge(part: Reading, before: StoredReading): StoredReading {
  return {
    values: { ...before.values, ...part.values },
    extra: { ...before.extra, ...part.extra },
    flags: part.flags,
  };
}

function mergeFields<T>(incoming: Partial<Record<string, T>>, before: Partial<Record<string, T>>) {
  const added: Record<string, T> = {};
  const refused: string[] = [];
  for (const [field, value] of Object.entries(incoming)) {
    if (value === undefined) continue;
    if (before[field] === undefined) added[field] = value;
    else if (before[field] !== value) refused.push(field);
  }
  return { added, refused };
}
