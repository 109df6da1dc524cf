import { MINUTE_MS } from '../domain/durations.ts';
import { asciiOf, putAscii, type Writable } from './ascii.ts';

/**
 * Numbers and times as bytes of records. Fifty thousand records a minute are written in a large town, each with five long
 * numbers: as text they cost several times as much, and leave garbage.
 *
 * Every `put…` writes at `at` and returns where the next byte goes.
 */

const ZERO = 48;
/** Digits of the numbers below 100: looked up in pairs, they need half the divisions. */
const TENS = Uint8Array.from({ length: 100 }, (_, number) => ZERO + Math.floor(number / 10));
const ONES = Uint8Array.from({ length: 100 }, (_, number) => ZERO + (number % 10));
const [MINUS, POINT] = [45, 46];
/** Long whole numbers are written in pieces that fit 32 bits. */
const PIECE = 1e8;
const PIECE_DIGITS = 8;
/** Records of one file lie minutes apart at most. */
const MINUTES_KEPT = 64;
/** Hundredths up to here fit 32 bits. */
const MAX_CENTS = 2 ** 31 - 1;

/** ASCII text. */
export function putText(bytes: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
  return at + text.length;
}

/** A whole number from 0 to 2^53. */
export function putWhole(bytes: Uint8Array, at: number, number: number): number {
  if (number < PIECE) return putSmall(bytes, at, number);
  const high = Math.floor(number / PIECE);
  const end = high < PIECE ? putSmall(bytes, at, high) : putWhole(bytes, at, high);
  const low = number - high * PIECE;
  const upper = Math.floor(low / 10_000);
  putFour(bytes, end, upper);
  putFour(bytes, end + 4, low - upper * 10_000);
  return end + PIECE_DIGITS;
}

/** Two decimals, rounded; the sign of what is below zero stays (`-0.00`), as `toFixed` has it. */
export function putTwoDecimals(bytes: Uint8Array, at: number, value: number): number {
  const cents = Math.round(Math.abs(value) * 100);
  if (!(cents <= MAX_CENTS)) return putText(bytes, at, value.toFixed(2));
  let start = at;
  if (value < 0) bytes[start++] = MINUS;
  const whole = Math.floor(cents / 100);
  const point = putSmall(bytes, start, whole);
  bytes[point] = POINT;
  putTwo(bytes, point + 1, cents - whole * 100);
  return point + 3;
}

/** Two decimals, or as many as the number has where it has more. */
export function putFullDecimals(bytes: Uint8Array, at: number, value: number): number {
  if (Math.round(value * 100) / 100 === value) return putTwoDecimals(bytes, at, value);
  const text = value.toFixed(2);
  return putText(bytes, at, Number(text) === value ? text : String(value));
}

const minutes = Array.from({ length: MINUTES_KEPT }, () => ({ minute: Number.NaN, text: asciiOf('') }));

/** Bytes of a time. */
export const TIME_LENGTH = 19;

/** `2020-10-18 15:16:17`, UTC, of epoch ms. */
export function putTime({ bytes, view }: Writable, at: number, time: number): number {
  const minute = Math.floor(time / MINUTE_MS);
  const kept = minutes[Math.abs(minute) % MINUTES_KEPT]!;
  if (kept.minute !== minute) {
    kept.minute = minute;
    kept.text = asciiOf(new Date(minute * MINUTE_MS).toISOString().slice(0, 17).replace('T', ' '));
  }
  const end = putAscii(view, at, kept.text);
  putTwo(bytes, end, Math.floor((time - minute * MINUTE_MS) / 1000));
  return at + TIME_LENGTH;
}

/** A whole number below 2^31 without leading zeros. */
function putSmall(bytes: Uint8Array, at: number, number: number): number {
  let end = at + 1;
  for (let bound = 10; bound <= number && bound < 1e10; bound *= 10) end++;
  let place = end;
  let left = number;
  for (; left >= 100; place -= 2) {
    const next = Math.floor(left / 100);
    putTwo(bytes, place - 2, left - next * 100);
    left = next;
  }
  if (left >= 10) putTwo(bytes, place - 2, left);
  else bytes[place - 1] = ZERO + left;
  return end;
}

/** Four digits of a number below 10,000. */
function putFour(bytes: Uint8Array, at: number, number: number): void {
  const upper = Math.floor(number / 100);
  putTwo(bytes, at, upper);
  putTwo(bytes, at + 2, number - upper * 100);
}

/** Two digits of a number below 100. */
export function putTwo(bytes: Uint8Array, at: number, number: number): void {
  bytes[at] = TENS[number]!;
  bytes[at + 1] = ONES[number]!;
}
