import type { MonthComparison } from '../correction/monthComparison.ts';
import type { HeightClass, Position, Siting } from '../station.ts';

/** Names of an hour's fields, in the order of `HourEntry`; stands in every bundle. */
export const HOUR_FIELDS = ['start', 'sensor', 'mean', 'count', 'expected', 'flags', 'humidity', 'revision'] as const;

/** Share of an hour's readings with each flag, 0 to 1; a flag that none has is absent. */
export type FlagShares = Readonly<Record<string, number>>;

/**
 * One closed clock hour of a station as a figure rests on it: start (epoch ms), instrument, mean (µg/m³; null when the
 * hour is not valid), readings that count, readings expected, flags, mean humidity (%; null when unknown or broken),
 * revision. A tuple, because a year of 50 stations has 438,000 of them.
 */
export type HourEntry = readonly [
  start: number,
  sensor: string,
  mean: number | null,
  count: number,
  expected: number,
  flags: FlagShares,
  humidity: number | null,
  revision: number,
];

/** What is public of a station and tells where it stands. Withheld when the owner makes the position coarser. */
export interface StationPlace {
  stationId: string;
  name: string;
  /** Snapped to the public grid. */
  position: Position;
}

/** What is public of a station and bears on its values. */
export interface StationFacts {
  sensorModels: string[];
  isIndoor: boolean;
  heightClass: HeightClass | null;
  siting: Siting | null;
  licence: string;
  source: string;
  /** Left out of figures by the operator: a word of `EXCLUSION_REASONS`, empty for another reason; early citations hold a text. */
  excludedFor: string | null;
  /** Valid in the same period a year before; null: not looked up. */
  validLastYear: boolean | null;
  /**
   * Months of the period in which sensors of its kind were compared with the official station near them, in order. From
   * `report-2` on; absent without any.
   */
  comparisons?: readonly MonthComparison[];
}

/** One station's part of the evidence. */
export interface StationEvidence {
  place: StationPlace;
  facts: StationFacts;
  /** In order of time, at most one entry an hour. */
  hours: readonly HourEntry[];
}
