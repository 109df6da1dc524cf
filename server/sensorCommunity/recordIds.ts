import { type Ascii, putAscii, type Writable, writable } from './ascii.ts';
import { putTwo, putWhole } from './recordDigits.ts';

/** Values are numbered within their record; their ids leave room for this many. */
export const VALUES_PER_RECORD = 16;
/** Digits of 2^53. */
const LONGEST = 16;

let id = Number.NaN;
let lastTwo = 0;
const [recordDigits, valueDigits] = [writable(new Uint8Array(LONGEST)), writable(new Uint8Array(LONGEST))];
const recordId: Ascii = { view: recordDigits.view, from: 0, length: 0 };
const valueId: Ascii = { view: valueDigits.view, from: 0, length: 0 };

/**
 * The record that is written next has this id; ids of its values are told by its id and their ordinal. Records come in
 * twos with one id, a reading and its mean or two means: the digits, the most laborious of a record, are made once.
 */
export function prepareIds(nextId: number): void {
  if (nextId === id) return;
  id = nextId;
  recordId.length = putWhole(recordDigits.bytes, 0, id);
  valueId.length = putWhole(valueDigits.bytes, 0, id * VALUES_PER_RECORD);
  lastTwo = (id * VALUES_PER_RECORD) % 100;
}

/** Writes the id at `at`; returns where the next byte goes. */
export function putRecordId(to: DataView, at: number): number {
  return putAscii(to, at, recordId);
}

/** Writes the id of a value at `at`; returns where the next byte goes. */
export function putValueId({ bytes, view }: Writable, at: number, ordinal: number): number {
  const isCarried = lastTwo + ordinal >= 100 || valueId.length < 2;
  if (isCarried) return putWhole(bytes, at, id * VALUES_PER_RECORD + ordinal);
  const end = putAscii(view, at, valueId);
  putTwo(bytes, end - 2, lastTwo + ordinal);
  return end;
}
