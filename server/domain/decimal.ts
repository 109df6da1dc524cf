/**
 * Exact decimal arithmetic for class borders and limits. Measured values are decimals (9.1), binary floats are not: the
 * float mean of 24 x 9.1 is 9.099999999999996 and would fall into the class below. A number stands for its shortest
 * decimal text; sums are exact, a mean is divided once, at the end.
 */
export interface Decimal {
  /** The digits, signed. */
  readonly mantissa: bigint;
  /** Digits after the point: value = mantissa / 10^places. Never negative. */
  readonly places: number;
}

const DECIMAL_TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
/** Beyond any measured number; keeps a hostile exponent from building a huge integer. */
const MAX_EXPONENT = 400;

/** Reads decimal text such as `-9.10` or `1.5e-7`; undefined when it is none. Trailing zeros are kept. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL_TEXT.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (whole + fraction === '' || Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const magnitude = BigInt(whole + fraction);
  const mantissa = sign === '-' ? -magnitude : magnitude;
  const places = fraction.length - exponent;
  return places >= 0 ? { mantissa, places } : { mantissa: mantissa * 10n ** BigInt(-places), places: 0 };
}

/** The decimal a number's shortest text names; undefined for NaN and the infinities. */
export function decimalOf(value: number): Decimal | undefined {
  return Number.isFinite(value) ? parseDecimal(String(value)) : undefined;
}

/** The nearest number. */
export function toNumber(value: Decimal): number {
  return Number(toText(value));
}

/** Plain text with exactly `places` digits after the point: `9.10`. */
export function toText({ mantissa, places }: Decimal): string {
  const digits = (mantissa < 0n ? -mantissa : mantissa).toString().padStart(places + 1, '0');
  const sign = mantissa < 0n ? '-' : '';
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Exact sum. */
export function add(one: Decimal, other: Decimal): Decimal {
  const places = Math.max(one.places, other.places);
  return { mantissa: rescaled(one, places) + rescaled(other, places), places };
}

/**
 * Commercial rounding to `places` digits: ties go away from zero for positive values (50.5 is 51), up for negative
 * (-0.5 is 0).
 */
export function roundHalfUp(value: Decimal, places: number): Decimal {
  if (value.places <= places) return { mantissa: rescaled(value, places), places };
  const unit = 10n ** BigInt(value.places - places);
  return { mantissa: floorDivide(2n * value.mantissa + unit, 2n * unit), places };
}

/** Cut off after `places` digits, towards zero. */
export function truncate(value: Decimal, places: number): Decimal {
  if (value.places <= places) return { mantissa: rescaled(value, places), places };
  return { mantissa: value.mantissa / 10n ** BigInt(value.places - places), places };
}

/** Exact sum of the decimals that `values` name. Throws a RangeError on NaN and infinities: callers filter first. */
export function exactSum(values: readonly number[]): Decimal {
  return values.reduce((sum, value) => add(sum, finite(value)), { mantissa: 0n, places: 0 } as Decimal);
}

/** Particulates have two decimals, pressure read in Pa and told in hPa has four, a mean of few readings six. */
const SCALES = [1e3, 1e6] as const;

/**
 * The number nearest to the exact mean of the decimals that the first `length` values name; undefined for no values.
 * 24 x 9.1 is 9.1. Values with at most six decimals (all our sensors) add up as integers, and one IEEE division of two
 * exact integers rounds correctly. Throws a RangeError on NaN and infinities.
 */
export function exactMean(values: ArrayLike<number>, length = values.length): number | undefined {
  if (length === 0) return undefined;
  for (const scale of SCALES) {
    const mean = meanAtScale(values, length, scale);
    if (mean !== undefined) return mean;
  }
  return meanByDigits(Array.from(values).slice(0, length));
}

/** The mean of whole numbers of 1 / `scale`; undefined when a value is none, or the sum may not be exact. */
function meanAtScale(values: ArrayLike<number>, length: number, scale: number): number | undefined {
  let sum = 0;
  for (let at = 0; at < length; at++) {
    const value = values[at]!;
    const scaled = Math.round(value * scale);
    sum += scaled;
    if (scaled / scale !== value || !Number.isSafeInteger(scaled) || !Number.isSafeInteger(sum)) return undefined;
  }
  return Number.isSafeInteger(scale * length) ? sum / (scale * length) : undefined;
}

/**
 * `value` to 9 decimals. Means made in binary (a database's average, a mean of means) carry noise of some 1e-14,
 * which must not move them over a class border: 5.499999999999999 is 5.5. Rounds off nothing that a sensor could
 * tell.
 */
export function withoutNoise(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

/** Mean of values that are means themselves, `withoutNoise`; undefined for no values. */
export function meanOfMeans(means: readonly number[]): number | undefined {
  if (means.length === 0) return undefined;
  return withoutNoise(means.reduce((sum, each) => sum + each, 0) / means.length);
}

/** Digits of the quotient: more than a double holds, so that the last rounding is the only one. */
const MEAN_DIGITS = 40;

function meanByDigits(values: readonly number[]): number {
  const sum = exactSum(values);
  const scaled = rescaled(sum, sum.places + MEAN_DIGITS);
  return toNumber({ mantissa: scaled / BigInt(values.length), places: sum.places + MEAN_DIGITS });
}

function finite(value: number): Decimal {
  const decimal = decimalOf(value);
  if (decimal === undefined) throw new RangeError(`not a finite number: ${value}`);
  return decimal;
}

function rescaled(value: Decimal, places: number): bigint {
  return value.mantissa * 10n ** BigInt(places - value.places);
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
