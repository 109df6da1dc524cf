import { MAD_TO_SIGMA, mad, median } from '../assessment/robust.ts';

/**
 * The correction `reference-ratio`: RIVM's hourly factor, reference / mean of like sensors near it. Interpolation
 * between several stations is not part of it: the caller takes the nearest.
 */

/**
 * Least sensors of one model for a factor: their median survives one bad one. RIVM's group size was not read; our
 * choice.
 */
export const MIN_GROUP = 3;
/** Below this mean of the group a ratio is noise, µg/m³. Our choice. */
export const MIN_GROUP_MEAN = 1;
/**
 * Members farther than this from the group's median, in robust deviations of log(1 + x), are left out before the
 * mean.
 */
export const GROUP_OUTLIER = 3.5;
/** From this number on outliers can be told. */
export const MIN_FOR_OUTLIERS = 5;

/** One hour near a reference station. */
export interface ReferenceHour {
  /** Hourly value of the station, µg/m³. */
  reference: number;
  /**
   * Raw hourly means of sensors of one model near it, µg/m³; without the sensor to be corrected when it shall be
   * compared.
   */
  group: readonly number[];
  /** No factor in fog. */
  isFog?: boolean;
}

/** Factor of one hour with what it rests on. */
export interface ReferenceFactor {
  factor: number;
  /** Mean of the group after outliers, µg/m³. */
  groupMean: number;
  /** Sensors used, and how many were left out. */
  count: number;
  leftOut: number;
}

/**
 * The hour's factor; undefined in fog, with too few sensors, a group mean near zero or a reference that is no
 * positive number.
 */
export function referenceFactor({ reference, group, isFog }: ReferenceHour): ReferenceFactor | undefined {
  if (isFog === true || !(reference > 0) || !Number.isFinite(reference)) return undefined;
  const kept = withoutOutliers(group.filter((value) => Number.isFinite(value) && value >= 0));
  if (kept.length < MIN_GROUP) return undefined;
  const groupMean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  if (groupMean < MIN_GROUP_MEAN) return undefined;
  return { factor: reference / groupMean, groupMean, count: kept.length, leftOut: group.length - kept.length };
}

/** A corrected value beside its raw one. */
export interface Corrected {
  raw: number;
  value: number;
  /** Share of the value that stems from others, 0 to 1: what the factor added or took, of the larger of the two. */
  shareFromOthers: number;
}

/** Applies a factor to a raw value, µg/m³. */
export function applyFactor(raw: number, { factor }: Pick<ReferenceFactor, 'factor'>): Corrected {
  return { raw, value: raw * factor, shareFromOthers: 1 - Math.min(factor, 1 / factor) };
}

/** Share from others over a window: the same ratio of sums; undefined for none. */
export function shareFromOthers(values: readonly Corrected[]): number | undefined {
  const larger = values.reduce((sum, { raw, value }) => sum + Math.max(raw, value), 0);
  const moved = values.reduce((sum, { raw, value }) => sum + Math.abs(value - raw), 0);
  return larger === 0 ? undefined : moved / larger;
}

function withoutOutliers(group: readonly number[]): number[] {
  if (group.length < MIN_FOR_OUTLIERS) return [...group];
  const logs = group.map((value) => Math.log1p(value));
  const [middle, spread] = [median(logs)!, MAD_TO_SIGMA * mad(logs)!];
  if (spread === 0) return [...group];
  return group.filter((_, at) => Math.abs(logs[at]! - middle) <= GROUP_OUTLIER * spread);
}
