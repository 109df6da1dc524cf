/** No device can mean a number beyond this, in either direction. */
export const LARGEST_NUMBER = 1e9;

/** Longest text that is taken for a number. */
const MAX_LENGTH = 32;
/** Up to here every integer is a double, so mantissa / power of ten is rounded once and therefore correctly (Clinger 1990). */
const MAX_EXACT_DIGITS = 15;
const POWERS_OF_TEN: readonly number[] = Array.from({ length: MAX_EXACT_DIGITS + 1 }, (_, n) => Number(`1e${n}`));
const EXPONENT_FORM = /^-?\d+(\.\d+)?[eE][+-]?\d+$/;

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;

/**
 * The number a device wrote as text, or undefined. Exactly what firmware prints is taken: digits, a point, an exponent;
 * not `nan`, `inf`, an empty text, hexadecimal or surrounding blanks, which `Number` would accept. `from` and `to` choose
 * a part of the text, such as a field of a line, without cutting it out.
 */
export function parseDecimal(text: string, from = 0, to = text.length): number | undefined {
  const length = to - from;
  if (length === 0 || length > MAX_LENGTH) return undefined;
  const isNegative = text.charCodeAt(from) === MINUS;
  let mantissa = 0;
  let digits = 0;
  let point = -1;
  for (let i = isNegative ? from + 1 : from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code >= ZERO && code <= NINE) {
      mantissa = mantissa * 10 + (code - ZERO);
      digits++;
    } else if (code === POINT && point < 0 && digits > 0) {
      point = digits;
    } else {
      return parseRareForm(text.slice(from, to));
    }
  }
  if (digits === 0 || digits === point) return undefined;
  if (digits > MAX_EXACT_DIGITS) return Number(text.slice(from, to));
  const value = point < 0 ? mantissa : mantissa / POWERS_OF_TEN[digits - point]!;
  return isNegative ? -value : value;
}

/**
 * As `parseDecimal` for digits with or without a sign and a point, as bytes; undefined for every other form, of which
 * some are numbers too.
 */
export function parsePlainDecimal(bytes: Uint8Array, from: number, to: number): number | undefined {
  const isNegative = bytes[from] === MINUS;
  const first = isNegative ? from + 1 : from;
  let mantissa = 0;
  let point = -1;
  for (let i = first; i < to; i++) {
    const byte = bytes[i]!;
    if (byte >= ZERO && byte <= NINE) mantissa = mantissa * 10 + (byte - ZERO);
    else if (byte === POINT && point < 0 && i > first) point = i;
    else return undefined;
  }
  const digits = point < 0 ? to - first : to - first - 1;
  if (digits < 1 || digits > MAX_EXACT_DIGITS || point === to - 1) return undefined;
  const value = point < 0 ? mantissa : mantissa / POWERS_OF_TEN[to - point - 1]!;
  return isNegative ? -value : value;
}

/** The number in a JSON value: a finite number, or text as `parseDecimal` takes it. */
export function toNumber(raw: unknown): number | undefined {
  if (typeof raw === 'string') return parseDecimal(raw);
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined;
}

function parseRareForm(text: string): number | undefined {
  if (!EXPONENT_FORM.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
