import type { RoundingRule } from '../limits/roundingRule.ts';
import type { Names } from '../names.ts';
import type { Sourced } from '../verification.ts';
import type { Hex } from './palettes.ts';

/** What an index judges. Our sensors measure the first two; the gases are here so that the tables are whole. */
export type IndexPollutant = 'pm25' | 'pm10' | 'no2' | 'o3' | 'so2';

/** Mean an index asks for: closed clock hours, running 24 h, a calendar day, or a day and, for now, NowCast. */
export type IndexAveraging = 'hour' | 'running-24h' | 'day' | 'day-or-nowcast';

/** One class of an index. Health texts are left out: those read are own words from memory. */
export interface IndexClass {
  names: Names;
  colour: Hex;
}

interface IndexHead extends Sourced {
  id: string;
  names: Names;
  /** For labels of a few words: `LQI`. */
  shortNames: Names;
  publisher: string;
  status: 'current' | 'superseded' | 'historical';
  /** ISO date, cut to what is known (`2025`). Absent: not known. */
  validFrom?: string;
  /** Last day, as `validFrom`. Absent: open. */
  validTo?: string;
  /** When somebody last looked at the sources. */
  checkedOn: string;
  /** Offered only where the operator turned it on. */
  isBehindSetting?: true;
  classes: readonly IndexClass[];
  colours: Sourced;
  /** How the German (for LQI: English) class names are founded. */
  translation: Sourced;
  notes?: Names;
}

/** Classes by upper bounds, worst pollutant decides. */
export interface BandIndex extends IndexHead {
  kind: 'bands';
  rounding: RoundingRule;
  /** Founding of the rounding rule: publishers print whole numbers and do not say what 5.4 is. */
  roundingSource: Sourced;
  /** Inclusive upper bounds in µg/m³, best class first; one fewer than classes when the last class is open. */
  bounds: Partial<Record<IndexPollutant, { averaging: IndexAveraging; upper: readonly number[] }>>;
}

/** `[low, high, index at low, index at high]`, µg/m³. */
export type Breakpoint = readonly [number, number, number, number];

/** A number by straight lines between breakpoints; the class follows from the breakpoint. */
export interface LinearIndex extends IndexHead {
  kind: 'linear';
  breakpoints: Partial<
    Record<IndexPollutant, { averaging: IndexAveraging; rounding: RoundingRule; rows: readonly Breakpoint[] }>
  >;
}

/** A number by straight lines through a common grid of index values. */
export interface GridIndex extends IndexHead {
  kind: 'grid';
  grid: readonly number[];
  hour: Partial<Record<IndexPollutant, readonly number[]>>;
  day: Partial<Record<IndexPollutant, readonly number[]>>;
}

/** Any index of the tables. */
export type IndexTable = BandIndex | LinearIndex | GridIndex;

/** Day the tables were last compared with their sources. */
export const INDICES_CHECKED_ON = '2026-11-23';

/** Class names and their colours, best first. */
export function classes(names: readonly Names[], colours: readonly Hex[]): IndexClass[] {
  return names.map((each, at) => ({ names: each, colour: colours[at]! }));
}
