import { HOUR_MS } from '../durations.ts';
import type { Names } from '../names.ts';
import { type IsoDate, type Jurisdiction, LIMITS_CHECKED_ON, type Limit, type LimitPollutant } from './limitTable.ts';
import { CAPTURE_RULES, type CaptureRule, LIMITS } from './limitTables.ts';
import { rounded } from './roundingRule.ts';

/** Which values are wanted; absent: all. */
export interface LimitFilter {
  jurisdictions?: readonly Jurisdiction[];
  pollutants?: readonly LimitPollutant[];
}

/** Values in force on a calendar date. On 11 December 2026 both European texts stand, with the same numbers. */
export function limitsInForce(on: IsoDate, filter: LimitFilter = {}): Limit[] {
  return matching(filter).filter(
    (limit) => (limit.validFrom ?? '') <= on && (limit.validTo === undefined || on <= limit.validTo),
  );
}

/** Values known on `on` that begin to apply later, soonest first. */
export function limitsComing(on: IsoDate, filter: LimitFilter = {}): Limit[] {
  return matching(filter)
    .filter((limit) => limit.validFrom !== undefined && limit.validFrom > on)
    .sort((one, other) => one.validFrom!.localeCompare(other.validFrom!));
}

/** A value by its id. */
export function limitById(id: string): Limit | undefined {
  return LIMITS.find((limit) => limit.id === id);
}

/** The calendar date of an instant at a fixed offset (UTC+1 by default: official practice all year). */
export function isoDate(epochMs: number, offsetMs = HOUR_MS): IsoDate {
  return new Date(epochMs + offsetMs).toISOString().slice(0, 10);
}

/**
 * What is known of the law. 2008/50/EC ends with 11 December 2026 (2024/2881 Art. 31); whoever has checked the texts
 * in force after that day sets `confirmedOn` to the date of the check.
 */
export interface LawState {
  checkedOn: IsoDate;
  nextChange: IsoDate;
  confirmedOn?: IsoDate;
}

/** State of the tables in this release. */
export const LAW_STATE: LawState = { checkedOn: LIMITS_CHECKED_ON, nextChange: '2026-12-12' };

/**
 * True when a known change of law has passed and nobody has confirmed the tables since: every page with limits says
 * so.
 */
export function needsConfirmation(on: IsoDate, law: LawState = LAW_STATE): boolean {
  if (on < law.nextChange) return false;
  return law.confirmedOn === undefined || law.confirmedOn < law.nextChange;
}

/** The sentence that goes with `needsConfirmation`; undefined while none is needed. */
export function confirmationNote(on: IsoDate, law: LawState = LAW_STATE): Names | undefined {
  if (!needsConfirmation(on, law)) return undefined;
  return {
    de: `Am ${germanDate(law.nextChange)} hat sich das Recht geändert; diese Werte wurden zuletzt am ${germanDate(law.checkedOn)} geprüft und seither nicht bestätigt.`,
    en: `The law changed on ${law.nextChange}; these values were last checked on ${law.checkedOn} and have not been confirmed since.`,
  };
}

/**
 * True when a statistic lies above the value, at the value's accuracy: 50.49 does not exceed 50, 50.5 does. Undefined
 * for no number.
 */
export function isAbove(limit: Pick<Limit, 'value' | 'rounding'>, statistic: number): boolean | undefined {
  const compared = rounded(limit.rounding, statistic);
  return compared === undefined ? undefined : compared > limit.value;
}

/** True when more days (hours) lie above than the rule permits; a rule without a count permits none. */
export function isBeyondPermitted(limit: Pick<Limit, 'permittedExceedances'>, exceedances: number): boolean {
  return exceedances > (limit.permittedExceedances ?? 0);
}

/** Place from the top whose value decides a rule of days in a complete year: 36 for 35 permitted days. */
export function decidingRank(limit: Limit): number {
  return (limit.permittedExceedances ?? 0) + 1;
}

/** Percentile of a 365-day year that `decidingRank` is, in percent to one digit: 36 is 90.4. */
export function equivalentPercentile(limit: Limit): number {
  return rounded({ kind: 'half-up', places: 1 }, ((365 - (limit.permittedExceedances ?? 0)) / 365) * 100)!;
}

/**
 * True when `valid` of `total` values reach a capture rule; exact at the border. False when there is nothing to
 * reach.
 */
export function isCaptureReached(ruleId: CaptureRule['id'], valid: number, total: number): boolean {
  const rule = CAPTURE_RULES.find((each) => each.id === ruleId)!;
  return total > 0 && valid * 100 >= rule.percent * total;
}

function matching({ jurisdictions, pollutants }: LimitFilter): Limit[] {
  return LIMITS.filter(
    (limit) =>
      (jurisdictions === undefined || jurisdictions.includes(limit.jurisdiction)) &&
      (pollutants === undefined || pollutants.includes(limit.pollutant)),
  );
}

function germanDate(date: IsoDate): string {
  const [year, month, day] = date.split('-');
  return `${Number(day)}.${Number(month)}.${year}`;
}
