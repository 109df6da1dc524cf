import { putTwo, putWhole } from './recordDigits.ts';

/** Values are numbered within their record; their ids leave room for this many. */
export const VALUES_PER_RECORD = 16;
/** Digits of 2^53. */
const LONGEST = 16;

let id = Number.NaN;
let [recordLength, valueLength, lastTwo] = [0, 0, 0];
const [recordDigits, valueDigits] = [new Uint8Array(LONGEST), new Uint8Array(LONGEST)];

/**
 * The record that is written next has this id; ids of its values are told by its id and their ordinal. Records come in
 * twos with one id, a reading and its mean or two means: the digits, the most laborious of a record, are made once.
 */
export function prepareIds(recordId: number): void {
  if (recordId === id) return;
  id = recordId;
  recordLength = putWhole(recordDigits, 0, id);
  valueLength = putWhole(valueDigits, 0, id * VALUES_PER_RECORD);
  lastTwo = (id * VALUES_PER_RECORD) % 100;
}

/** Writes the id at `at`; returns where the next byte goes. */
export function putRecordId(bytes: Uint8Array, at: number): number {
  for (let index = 0; index < recordLength; index++) bytes[at + index] = recordDigits[index]!;
  return at + recordLength;
}

/** Writes the id of a value at `at`; returns where the next byte goes. */
export function putValueId(bytes: Uint8Array, at: number, ordinal: number): number {
  const isCarried = lastTwo + ordinal >= 100 || valueLength < 2;
  if (isCarried) return putWhole(bytes, at, id * VALUES_PER_RECORD + ordinal);
  for (let index = 0; index < valueLength - 2; index++) bytes[at + index] = valueDigits[index]!;
  putTwo(bytes, at + valueLength - 2, lastTwo + ordinal);
  return at + valueLength;
}
