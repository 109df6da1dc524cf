import type { IsoDate } from './limits/limitTable.ts';
import type { Names } from './names.ts';

/** A version of a method that another followed: figures of its time and citations go on naming it. */
export interface EarlierVersion {
  version: string;
  validFrom: IsoDate;
  /** Its last day. */
  validTo: IsoDate;
  /** What it did otherwise. */
  note: Names;
}

/** What tells the version of a method. */
export interface Versioned {
  /** What a figure carries: `clock-mean-1`. */
  version: string;
  /** First day on which figures were made by it. */
  validFrom: IsoDate;
  /** The latest first; absent where there were none. */
  earlier?: readonly EarlierVersion[];
}

/** The day of the first versions. */
export const FIRST_METHODS: IsoDate = '2026-11-23';
