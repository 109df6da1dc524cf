import { meanOfMeans } from './decimal.ts';
import { median, quartiles, toleratedOutliers } from './robust.ts';
import type { Siting } from './station.ts';

/** Version of the way area figures are computed. */
export const AREA_VERSION = 'area-median-1';

/** From this number of stations on a district gets a number: a median of three survives one bad sensor. Our choice. */
export const MIN_FOR_NUMBER = 3;
/** From this number on it gets a band (quartiles): CrowdQC+'s least number of buddies. */
export const MIN_FOR_BAND = 5;
/** Least share of a window's hours for a station's mean to count (EEA's share for years, the directive's for days). */
export const MIN_WINDOW_SHARE = 0.75;

/** One station's part in an area's figure. */
export interface StationMean {
  stationId: string;
  /** The station's own mean over the whole window; undefined when it has none that is valid. */
  mean: number | undefined;
  /** undefined: not known, does not count. */
  isIndoor: boolean | undefined;
  sensorModel: string;
  siting?: Siting | undefined;
}

/** Figure of a district or hexagon for a window. `too-few`: n is shown, no number. */
export interface AreaStatistics {
  state: 'ok' | 'number-only' | 'too-few';
  /** Stations valid in the window and outdoors. */
  count: number;
  median?: number;
  lowerQuartile?: number;
  upperQuartile?: number;
  min?: number;
  max?: number;
  /** Stations that may be arbitrarily wrong without the median being so. */
  tolerates: number;
  /** Stations left out, by reason. */
  leftOut: { indoor: number; unknownIndoor: number; withoutValidMean: number };
  /** How many stations of each model and siting; `unknown` where the host said nothing. */
  sensorModels: Record<string, number>;
  sitings: Record<string, number>;
}

/**
 * Median over the stations of each station's own mean, never the pooled mean of readings: a station that reports more
 * often must not weigh more. Indoor stations and those of unknown state are left out.
 */
export function areaStatistics(stations: readonly StationMean[]): AreaStatistics {
  const outdoor = stations.filter(({ isIndoor }) => isIndoor === false);
  const counted = outdoor.filter(({ mean }) => mean !== undefined && Number.isFinite(mean));
  const count = counted.length;
  const head = {
    count,
    tolerates: toleratedOutliers(count),
    leftOut: {
      indoor: stations.filter(({ isIndoor }) => isIndoor === true).length,
      unknownIndoor: stations.filter(({ isIndoor }) => isIndoor === undefined).length,
      withoutValidMean: outdoor.length - count,
    },
    sensorModels: tally(counted.map(({ sensorModel }) => sensorModel)),
    sitings: tally(counted.map(({ siting }) => siting ?? 'unknown')),
  };
  if (count < MIN_FOR_NUMBER) return { state: 'too-few', ...head };
  const means = counted.map(({ mean }) => mean!);
  if (count < MIN_FOR_BAND) return { state: 'number-only', ...head, median: median(means)! };
  const { lower, median: middle, upper } = quartiles(means)!;
  const [min, max] = [Math.min(...means), Math.max(...means)];
  return { state: 'ok', ...head, median: middle, lowerQuartile: lower, upperQuartile: upper, min, max };
}

/**
 * A station's own mean over a window of whole hours: the mean of its valid hourly means when at least
 * `MIN_WINDOW_SHARE` of the window's hours are valid. `hourly` holds only valid means.
 */
export function windowMean(hourly: readonly number[], hoursInWindow: number): number | undefined {
  if (hourly.length === 0 || hourly.length < MIN_WINDOW_SHARE * hoursInWindow) return undefined;
  return meanOfMeans(hourly);
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
