import { decimalOf, roundHalfUp, toNumber, truncate, withoutNoise } from '../decimal.ts';

/**
 * How a statistic is brought to a table's accuracy before it is compared. `half-up`: commercial, 50.5 is 51 (the tie
 * rule is from memory; EEA criteria page and e-reporting guidance say only "at the accuracy of the limit").
 * `truncate`: US EPA.
 */
export interface RoundingRule {
  kind: 'half-up' | 'truncate';
  /** Digits after the point. */
  places: number;
}

/** Round half up to whole µg/m³. */
export const WHOLE_HALF_UP: RoundingRule = { kind: 'half-up', places: 0 };

/**
 * `value` at the rule's accuracy, decided on its decimal text after `withoutNoise`, so that a mean of 24 x 9.1 that
 * came out as 9.099999999999996 is 9.1; undefined for NaN and the infinities.
 */
export function rounded(rule: RoundingRule, value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const clean = withoutNoise(value);
  if (rule.kind === 'half-up' && rule.places === 0) return wholeHalfUp(clean);
  if (hasPlaces(clean, rule.places)) return clean;
  const decimal = decimalOf(clean)!;
  return toNumber(rule.kind === 'half-up' ? roundHalfUp(decimal, rule.places) : truncate(decimal, rule.places));
}

/** Most digits after the point that a value is shown with. */
const MOST_SHOWN = 4;

/**
 * Digits to show a value with, at least `least`: those with which a reader who rounds what is shown comes to what was
 * compared. 5.49 is 5, but shown as 5.5 it would seem to be 6.
 */
export function placesShowing(rule: RoundingRule, value: number, least: number): number {
  for (let places = least; places < MOST_SHOWN; places++) {
    const shown = rounded({ kind: 'half-up', places }, value);
    if (shown === undefined || rounded(rule, shown) === rounded(rule, value)) return places;
  }
  return MOST_SHOWN;
}

/** Halves are exact in binary and `value - floor` has no rounding error, so the common case needs no big integers. */
function wholeHalfUp(value: number): number {
  const floor = Math.floor(value);
  return value - floor >= 0.5 ? floor + 1 : floor;
}

/**
 * True when the shortest text of `value` has at most `places` digits after the point; may miss some, never claims too
 * much.
 */
function hasPlaces(value: number, places: number): boolean {
  const factor = 10 ** places;
  const scaled = Math.round(value * factor);
  return Number.isSafeInteger(scaled) && scaled / factor === value;
}
