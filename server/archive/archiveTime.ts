import { DAY_MS, MINUTE_MS } from '../domain/durations.ts';

const ZERO = 48;
const DASH = 45;
const SLASH = 47;
const COLON = 58;
const POINT = 46;
const PLUS = 43;
const BLANK = 32;
const UPPER_T = 84;
const UPPER_Z = 90;

/**
 * Reads times of archives: `2018-12-01T00:00:18`, `2015-10-01T19:41:50.266431+00:00`, and `2018/10/08 09:21:52` of Madavi.
 * UTC where no zone is stated. Keeps the last day, as the next row is nearly always of the same one.
 */
export class ArchiveTimes {
  #day = -1;
  #dayStart = 0;

  /** Epoch ms of the time at `text[from, to)`, parts of a millisecond cut off; undefined for what is none. */
  parse(text: string, from: number, to: number): number | undefined {
    if (to - from < 19 || !hasForm(text, from)) return undefined;
    const date = digits(text, from, 4) * 10_000 + digits(text, from + 5, 2) * 100 + digits(text, from + 8, 2);
    const [hour, minute, second] = [digits(text, from + 11, 2), digits(text, from + 14, 2), digits(text, from + 17, 2)];
    // A wrong digit makes a part NaN, which no comparison lets through.
    if (!(date > 0 && hour < 24 && minute < 60 && second < 60)) return undefined;
    const start = this.#startOf(date);
    const rest = to - from === 19 ? 0 : restOfTime(text, from + 19, to);
    if (start === undefined || rest === undefined) return undefined;
    return start + ((hour * 60 + minute) * 60 + second) * 1000 + rest;
  }

  /** Epoch ms of a day given as 20181201; undefined for one that is in no calendar. */
  #startOf(date: number): number | undefined {
    if (date === this.#day) return this.#dayStart;
    const [year, month, day] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100];
    const start = Date.UTC(year, month - 1, day);
    // Date.UTC rolls 30 February over, and takes the year 18 for 1918.
    if (year < 100 || new Date(start).getUTCDate() !== day || month < 1 || month > 12) return undefined;
    this.#day = date;
    this.#dayStart = start;
    return start;
  }
}

function hasForm(text: string, from: number): boolean {
  const between = text.charCodeAt(from + 10);
  const dash = text.charCodeAt(from + 4);
  return (
    (dash === DASH || dash === SLASH) &&
    text.charCodeAt(from + 7) === dash &&
    (between === UPPER_T || between === BLANK) &&
    text.charCodeAt(from + 13) === COLON &&
    text.charCodeAt(from + 16) === COLON
  );
}

/** The number in `count` digits; NaN when another character is among them. */
function digits(text: string, from: number, count: number): number {
  let number = 0;
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Milliseconds of a fraction, less the offset from UTC, as in `.266431+00:00`; undefined for anything else. */
function restOfTime(text: string, from: number, to: number): number | undefined {
  let at = from;
  let millis = 0;
  if (text.charCodeAt(at) === POINT) {
    let weight = 100;
    const first = ++at;
    for (; at < to && digits(text, at, 1) >= 0; at++, weight /= 10) millis += digits(text, at, 1) * weight;
    if (at === first) return undefined;
  }
  const offset = offsetOf(text, at, to);
  return offset === undefined ? undefined : Math.floor(millis + 1e-6) - offset;
}

function offsetOf(text: string, at: number, to: number): number | undefined {
  if (at === to) return 0;
  const sign = text.charCodeAt(at);
  if (sign === UPPER_Z) return at + 1 === to ? 0 : undefined;
  if ((sign !== PLUS && sign !== DASH) || to - at !== 6 || text.charCodeAt(at + 3) !== COLON) return undefined;
  const offset = (digits(text, at + 1, 2) * 60 + digits(text, at + 4, 2)) * MINUTE_MS;
  if (!(offset < DAY_MS)) return undefined;
  return sign === PLUS ? offset : -offset;
}
