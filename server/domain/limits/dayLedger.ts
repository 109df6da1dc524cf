import { isAbove, isBeyondPermitted, isCaptureReached } from './limits.ts';
import type { IsoDate, Limit } from './limitTable.ts';

/** What counting days needs of a value. */
export type DayRuleValue = Pick<Limit, 'id' | 'value' | 'rounding' | 'permittedExceedances'>;

/** Version of the way days are counted. */
export const LEDGER_VERSION = 'day-ledger-1';

/** One day's mean as the ledger takes it. */
export interface LedgerDay {
  date: IsoDate;
  /** Mean of the day's valid hours, µg/m³; undefined when the day is not valid. */
  mean: number | undefined;
  /** Expanded uncertainty of the mean, µg/m³. */
  uncertainty?: number | undefined;
  /** Six hours or more at or above 85 % humidity. */
  isHumid?: boolean | undefined;
}

/** `no-coverage`: the day is not counted either way. */
export type DayState = 'above' | 'not-above' | 'no-coverage';

/** One line of the ledger. `lowest` and `highest`: where the day stands with mean minus and plus U. */
export interface LedgerLine extends LedgerDay {
  state: DayState;
  lowest: DayState;
  highest: DayState;
}

/** Days above a value, day by day and counted: an indicative comparison, never the finding of a breach. */
export interface DayLedger {
  limitId: string;
  lines: LedgerLine[];
  /** Days above, as measured. */
  above: number;
  /** Days above with U subtracted and added: the count lies between. */
  aboveAtLeast: number;
  aboveAtMost: number;
  /** Days with a valid mean, days asked for, days not counted. */
  validDays: number;
  days: number;
  notCounted: number;
  /** Days above that are humid. */
  aboveHumid: number;
  /** True when `above` is more than the rule permits. Gaps can only hide days, so true holds with gaps too. */
  isBeyondPermitted: boolean;
  /** True when 85 % of the days are valid ((EU) 2024/2881): only then is "not beyond" a statement. */
  isComplete: boolean;
  /**
   * The daily mean that decides: the 36th highest of a complete year, its share of the valid days with gaps; absent
   * for none.
   */
  decidingMean?: number;
}

/**
 * Builds the ledger of consecutive days (a calendar year for a rule's count). Means are compared half up at the
 * value's own accuracy; days without coverage count neither way.
 */
export function dayLedger(limit: DayRuleValue, days: readonly LedgerDay[]): DayLedger {
  const lines = days.map((day) => lineOf(limit, day));
  const valid = lines.flatMap(({ mean }) => (mean === undefined ? [] : [mean]));
  const above = lines.filter(({ state }) => state === 'above');
  const decidingMean = decidingValue(limit, valid);
  return {
    limitId: limit.id,
    lines,
    above: above.length,
    aboveAtLeast: lines.filter(({ lowest }) => lowest === 'above').length,
    aboveAtMost: lines.filter(({ highest }) => highest === 'above').length,
    validDays: valid.length,
    days: days.length,
    notCounted: days.length - valid.length,
    aboveHumid: above.filter(({ isHumid }) => isHumid === true).length,
    isBeyondPermitted: isBeyondPermitted(limit, above.length),
    isComplete: isCaptureReached('year.2024', valid.length, days.length),
    ...(decidingMean !== undefined && { decidingMean }),
  };
}

/** The ledger of each calendar year that the days lie in, the first first: what a rule permits, it permits a year. */
export function yearLedgers(limit: DayRuleValue, days: readonly LedgerDay[]): { year: string; ledger: DayLedger }[] {
  const years = new Map<string, LedgerDay[]>();
  for (const day of days) {
    const year = day.date.slice(0, 4);
    const known = years.get(year);
    if (known === undefined) years.set(year, [day]);
    else known.push(day);
  }
  return [...years].map(([year, ofYear]) => ({ year, ledger: dayLedger(limit, ofYear) }));
}

/**
 * True when "not more than permitted" is a statement about a whole year: enough of its days are valid, not more lie above
 * than the rule permits, and with gaps neither does the daily mean that then decides (39. BImSchV Anl. 1).
 */
export function isWithinPermitted(
  limit: DayRuleValue,
  { isBeyondPermitted: isBeyond, isComplete, decidingMean }: DayLedger,
): boolean {
  return !isBeyond && isComplete && (decidingMean === undefined || isAbove(limit, decidingMean) !== true);
}

/**
 * Place from the top of the value that decides among `validDays` days: 36 of 365 for 35 permitted days,
 * proportionally less with gaps (nearest rank; the 90.4 percentile of 39. BImSchV Anl. 1 and EEA's 90.41 give the
 * same place in whole years).
 */
export function decidingRankOf(limit: DayRuleValue, validDays: number): number {
  return Math.floor((validDays * (limit.permittedExceedances ?? 0)) / 365) + 1;
}

function decidingValue(limit: DayRuleValue, means: readonly number[]): number | undefined {
  return [...means].sort((one, other) => other - one)[decidingRankOf(limit, means.length) - 1];
}

function lineOf(limit: DayRuleValue, day: LedgerDay): LedgerLine {
  const { mean, uncertainty = 0 } = day;
  if (mean === undefined) return { ...day, state: 'no-coverage', lowest: 'no-coverage', highest: 'no-coverage' };
  const [state, lowest, highest] = [mean, mean - uncertainty, mean + uncertainty].map((value) => stateOf(limit, value));
  return { ...day, state: state!, lowest: lowest!, highest: highest! };
}

function stateOf(limit: DayRuleValue, value: number): DayState {
  return isAbove(limit, value) === true ? 'above' : 'not-above';
}
