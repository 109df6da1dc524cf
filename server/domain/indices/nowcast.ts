import { type Decimal, decimalOf, toNumber, truncate } from '../decimal.ts';

/** NowCast of particulates: what stands for "now" in the US index. */
export interface NowCast {
  /** Weight factor, 0.5 to 1. */
  weight: number;
  /** Before truncation, µg/m³. */
  raw: number;
  /** Truncated to 0.1 (PM2.5) or to a whole number (PM10), µg/m³: what the index is computed from. */
  value: number;
}

/** Hours that NowCast looks at. */
const HOURS = 12;
/** At least two of the three latest must be there. */
const [LATEST, NEEDED] = [3, 2];

/**
 * NowCast of the last 12 closed hourly means, latest first; a missing hour is skipped but keeps its place. Undefined
 * when fewer than two of the three latest are there. Rules: AirMonitor's source, AirNow's FAQ, EPA's sheet; "all
 * zero: weight 1" is our own. Computed in whole numbers, so that truncation never falls a class short.
 */
export function nowCast(pollutant: 'pm25' | 'pm10', latestFirst: readonly (number | undefined)[]): NowCast | undefined {
  const hours = latestFirst.slice(0, HOURS);
  if (hours.slice(0, LATEST).filter((hour) => hour !== undefined).length < NEEDED) return undefined;
  const { mantissas, places } = onCommonPlaces(hours);
  const [weightUp, weightDown] = weightOf(mantissas.filter((each) => each !== undefined));
  let [numerator, denominator] = [0n, 0n];
  mantissas.forEach((mantissa, age) => {
    if (mantissa === undefined) return;
    const weight = weightUp ** BigInt(age) * weightDown ** BigInt(HOURS - age);
    numerator += weight * mantissa;
    denominator += weight;
  });
  const raw = quotient(numerator, denominator, places);
  const value = toNumber(truncate(raw, pollutant === 'pm25' ? 1 : 0));
  return { weight: Number(weightUp) / Number(weightDown), raw: toNumber(raw), value };
}

/** Digits kept of the quotient before it is truncated to at most one. */
const QUOTIENT_PLACES = 20;

function quotient(numerator: bigint, denominator: bigint, places: number): Decimal {
  return { mantissa: (numerator * 10n ** BigInt(QUOTIENT_PLACES)) / denominator, places: places + QUOTIENT_PLACES };
}

/** min / max of the hours present, not below one half, as a fraction. */
function weightOf(mantissas: readonly bigint[]): [bigint, bigint] {
  const sorted = [...mantissas].sort((one, other) => Number(one - other));
  const [min, max] = [sorted[0]!, sorted.at(-1)!];
  if (max === 0n) return [1n, 1n];
  return 2n * min < max ? [1n, 2n] : [min, max];
}

function onCommonPlaces(hours: readonly (number | undefined)[]) {
  const decimals = hours.map((hour) => (hour === undefined ? undefined : decimalOf(hour)));
  const places = Math.max(...decimals.map((each) => each?.places ?? 0));
  const mantissas = decimals.map((each) => each && each.mantissa * 10n ** BigInt(places - each.places));
  return { mantissas, places };
}
