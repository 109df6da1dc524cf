import type { UncertaintyOrigin } from '../correction/uncertainty.ts';
import type { IsoDate, Limit } from '../limits/limitTable.ts';

/** The value a report compares with, as it stood when the report was made: a later table changes no citation. */
export type FrozenLimit = Pick<
  Limit,
  'id' | 'value' | 'rounding' | 'averaging' | 'instrument' | 'kind' | 'checkedOn'
> & {
  permittedExceedances: number | null;
  validFrom: IsoDate | null;
  validTo: IsoDate | null;
  /** Only where it is: shown with `unconfirmedMark`. */
  isUnconfirmed?: true;
};

/** One day of the report's place. */
export interface ReportDay {
  date: IsoDate;
  /** Median (mean) of the stations valid that day; one station's own mean. Null: not counted. */
  value: number | null;
  /** Expanded uncertainty, µg/m³; null without a value. */
  uncertainty: number | null;
  /** What made it; from `report-2` on. */
  uncertaintyFrom?: UncertaintyOrigin;
  /** Quartiles from five stations on. */
  lower: number | null;
  upper: number | null;
  /** Stations valid that day. */
  n: number;
  isHumid: boolean;
  isFlagged: boolean;
  isAnnotated: boolean;
}

/** Days above the value, counted. */
export interface ReportLedger {
  above: number;
  aboveAtLeast: number;
  aboveAtMost: number;
  aboveHumid: number;
  validDays: number;
  notCounted: number;
  days: number;
  permitted: number;
  /** In a calendar year; until `report-2` in the whole period. */
  isBeyondPermitted: boolean;
  isComplete: boolean;
  /** The daily mean that decides (36th highest of a complete year, its share with gaps); null for none. */
  decidingMean: number | null;
}

/**
 * What the comparison comes to. `beyond`: more days than the rule permits, or the year's mean above the value.
 * `within`: not so, and the data suffices to say it. `open`: the data does not suffice. `none`: nothing to compare.
 */
export type Finding = 'beyond' | 'within' | 'open' | 'none';

/** The report's one figure with what it rests on. */
export interface ReportFigure {
  /** `too-few`: n is shown, no number. */
  state: 'ok' | 'number-only' | 'too-few' | 'no-data';
  /** µg/m³. */
  value: number | null;
  uncertainty: number | null;
  /** What made it, and the official stations of the comparison where that did; from `report-2` on, which named the first. */
  uncertaintyFrom?: UncertaintyOrigin;
  comparedWith?: string;
  lower: number | null;
  upper: number | null;
  min: number | null;
  max: number | null;
  /** Stations that count, and stations of the place. */
  n: number;
  of: number;
  /** Valid hours of the stations that count, and how many there could be. */
  validHours: number;
  possibleHours: number;
  days: ReportDay[];
  ledger: ReportLedger | null;
  finding: Finding;
}
