import { flagBit, flagsOf, RAW_FLAGS, type RawFlag } from '../domain/flag.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import type { AcceptedMessage, DeviceHealth, Reading, Values } from '../domain/reading.ts';

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
  /** A row with only the new fields; absent when nothing is new. */
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
  const flags = flagsOfPart(reading.flags, Object.keys(values.added) as Quantity[], before.flags);
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
    flags: unionOfFlags(before.flags, part.flags),
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

/** Bits that speak of one quantity only, per quantity; BigInt because masks reach beyond 32 bits. */
const BITS_OF: ReadonlyMap<Quantity, bigint> = new Map(QUANTITIES.map((quantity) => [quantity, ownBits(quantity)]));
const BITS_OF_ALL = [...BITS_OF.values()].reduce((all, bits) => all | bits, 0n);

/** Both masks' flags together. */
export function unionOfFlags(a: number, b: number): number {
  return Number(BigInt(a) | BigInt(b));
}

/**
 * The mask of a row that adds `quantities` to a key: their own bits from the new reading, and what concerns the whole
 * key (a claimed time) from the row that was there first, so that every row of a key agrees on it.
 */
function flagsOfPart(incoming: number, quantities: readonly Quantity[], first: number): number {
  const own = quantities.reduce((bits, quantity) => bits | (BITS_OF.get(quantity) ?? 0n), 0n);
  return Number((BigInt(incoming) & own) | (BigInt(first) & ~BITS_OF_ALL));
}

function ownBits(quantity: Quantity): bigint {
  const everyFlag = 2 ** 52 - 1;
  const isAboutAll = (flag: RawFlag) => QUANTITIES.every((other) => flagsOf(everyFlag, other).includes(flag));
  const own = flagsOf(everyFlag, quantity).filter((flag) => RAW_FLAGS[flag].perQuantity || !isAboutAll(flag));
  return own.reduce((bits, flag) => bits | BigInt(flagBit(flag, quantity)), 0n);
}
