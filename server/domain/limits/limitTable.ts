import { decimalOf } from '../decimal.ts';
import type { Names } from '../names.ts';
import type { Sourced } from '../verification.ts';
import type { RoundingRule } from './roundingRule.ts';

/** A calendar date, `2026-12-12`. Compares as text. */
export type IsoDate = string;

/** Day the tables were last compared with their sources. */
export const LIMITS_CHECKED_ON: IsoDate = '2026-11-23';

/** Whose law or advice it is. `WHO` is a recommendation, never law. */
export const JURISDICTIONS = ['EU', 'DE', 'AT', 'CH', 'WHO'] as const;
/** One of `JURISDICTIONS`. */
export type Jurisdiction = (typeof JURISDICTIONS)[number];

/**
 * What a value is called in its text. Only `limit` binds; "the limit" is never said without year and averaging time.
 */
export type LimitKind =
  | 'limit'
  | 'target'
  | 'indicative-limit'
  | 'exposure-obligation'
  | 'alert'
  | 'information'
  | 'guideline'
  | 'interim-target-1'
  | 'interim-target-2'
  | 'interim-target-3'
  | 'interim-target-4';

/** The mean a value is compared with. */
export type LimitAveraging =
  | 'half-hour'
  | 'hour'
  | 'three-hours'
  | 'day'
  | 'three-days'
  | 'year'
  | 'three-year-exposure';

/** What is limited. Our sensors measure the particulates; NO2 is here for official stations. */
export type LimitPollutant = 'pm25' | 'pm10' | 'no2';

/** One value with its place in law. A statistic is above it when, rounded by `rounding`, it is strictly greater. */
export interface Limit extends Sourced {
  /** Names text, pollutant and mean, e.g. `eu2008.pm10.day`. Stable: citations carry it. */
  id: string;
  jurisdiction: Jurisdiction;
  instrument: Names;
  pollutant: LimitPollutant;
  averaging: LimitAveraging;
  kind: LimitKind;
  /** µg/m³. */
  value: number;
  rounding: RoundingRule;
  /** Calendar-year days or hours that may lie above before the rule is broken. */
  permittedExceedances?: number;
  /** How `permittedExceedances` follows when the text gives a percentile instead. */
  permittedSource?: Sourced;
  /** Statistic other than the plain mean: 99th percentile of the days (WHO), 95th of the half hours (Switzerland). */
  percentile?: number;
  /** Constant addition in practice (Austria, NO2 year), µg/m³. */
  marginOfTolerance?: number;
  /** First day. Absent: always, as far as this project looks back. */
  validFrom?: IsoDate;
  /** Last day. Absent: open. */
  validTo?: IsoDate;
  checkedOn: IsoDate;
  notes?: Names;
}

/** Fields that all values of one text share. */
export type LimitHead = Pick<Limit, 'jurisdiction' | 'instrument'> &
  Partial<Pick<Limit, 'validFrom' | 'validTo' | 'notes'>>;

/** What differs from row to row. */
export type LimitRow = Partial<
  Omit<Limit, 'id' | 'pollutant' | 'averaging' | 'value' | 'rounding' | 'checkedOn' | keyof Sourced>
>;

/** Builds rows of one text: `row('de39.pm10.day', 'pm10', 'day', 50, { kind: 'limit' }, verifiedIn('bimschv39'))`. */
export function limitRows(head: LimitHead) {
  return (
    id: string,
    pollutant: LimitPollutant,
    averaging: LimitAveraging,
    value: number,
    row: LimitRow & Pick<Limit, 'kind'>,
    source: Sourced,
  ): Limit => {
    const rounding = accuracyOf(value);
    return { ...head, ...row, ...source, id, pollutant, averaging, value, rounding, checkedOn: LIMITS_CHECKED_ON };
  };
}

/** Half up at the digits in which the value is printed: 50 to whole µg/m³, 37.5 to tenths. */
function accuracyOf(value: number): RoundingRule {
  return { kind: 'half-up', places: decimalOf(value)!.places };
}
