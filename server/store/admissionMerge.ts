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
export interface MessageRow extends Omit<AcceptedMessage, 'readings'> {
  /** Fingerprints of the messages stored under the same key before this one: parts of a cycle share their time. */
  earlierParts?: readonly Fingerprint[];
}

type Fingerprint = NonNullable<AcceptedMessage['fingerprint']>;

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

/**
 * A message row with only the fields that `before` lacks; undefined when there are none. Different values lose silently.
 * `isPart`: it brought values to the key, so its fingerprint is one more of that key. Without it a redelivery after a
 * restart would be a new reading.
 */
export function mergeMessage(message: MessageRow, before: MessageRow, isPart: boolean): MessageRow | undefined {
  const health = mergeFields(message.health as Record<string, unknown>, before.health as Record<string, unknown>);
  const { fingerprint } = message;
  const known = fingerprintsOf(before);
  const isFingerprintNew =
    fingerprint !== undefined && (known.length === 0 || (isPart && !known.some((each) => isSame(each, fingerprint))));
  if (Object.keys(health.added).length === 0 && !isFingerprintNew) return undefined;
  const part: MessageRow = { ...rowOf(before), health: health.added as DeviceHealth };
  if (!isFingerprintNew) return part;
  return { ...part, fingerprint, ...(known.length > 0 && { earlierParts: known }) };
}

/** `before` with the fields of `part` added. */
export function withMessagePart(before: MessageRow, part: MessageRow): MessageRow {
  const row: MessageRow = { ...before, ...part, health: { ...before.health, ...part.health } };
  const earlier = fingerprintsOf(before).filter((each) => part.fingerprint && !isSame(each, part.fingerprint));
  if (earlier.length > 0) row.earlierParts = earlier;
  return row;
}

/** Fingerprints of all messages under the row's key. */
function fingerprintsOf({ fingerprint, earlierParts = [] }: MessageRow): Fingerprint[] {
  return fingerprint === undefined ? [...earlierParts] : [...earlierParts, fingerprint];
}

function isSame(a: Fingerprint, b: Fingerprint): boolean {
  return a.hi === b.hi && a.lo === b.lo;
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
