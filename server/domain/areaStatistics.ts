import { median, quartiles, toleratedOutliers } from './assessment/robust.ts';
import { meanOfMeans, withoutNoise } from './decimal.ts';
import type { Siting } from './station.ts';

/** Version of the way area figures are computed. */
export const AREA_VERSION = 'area-median-1';

/** From this number of stations on a district gets a number: a median of three survives one bad sensor. Our choice. */
export const MIN_FOR_NUMBER = 3;
/** From this number on it gets a band (quartiles): CrowdQC+'s least number of buddies. */
export const MIN_FOR_BAND = 5;
/** Least share of a window's hours for a station's mean to count (EEA's share for years, the directive's for days). */
const MIN_WINDOW_SHARE = 0.75;

/** One station's part in an area's figure. */
export interface StationMean {
  stationId: string;
  /** The station's own mean over the whole window; undefined when it has none that is valid. */
  mean: number | undefined;
  /** undefined: not known, does not count. */
  isIndoor: boolean | undefined;
  /** The operator left the station out of figures, with a public reason. */
  isExcluded?: boolean;
  sensorModel: string;
  siting?: Siting | undefined;
}

/** What several stations say together. `too-few`: n is shown, no number; `number-only`: a median, no band. */
export interface StationsFigure {
  state: 'ok' | 'number-only' | 'too-few';
  /** Stations that count. */
  count: number;
  median?: number;
  lowerQuartile?: number;
  upperQuartile?: number;
  min?: number;
  max?: number;
  /** Stations that may be arbitrarily wrong without the median being so. */
  tolerates: number;
}

/** Figure of a district for a window, with what it rests on. */
export interface AreaStatistics extends StationsFigure {
  /** Stations left out, by reason. */
  leftOut: { indoor: number; unknownIndoor: number; excluded: number; withoutValidMean: number };
  /** How many stations of each model and siting; `unknown` where the host said nothing. */
  sensorModels: Record<string, number>;
  sitings: Record<string, number>;
}

/**
 * Median over the stations of each station's own mean, never the pooled mean of readings: a station that reports more
 * often must not weigh more. Indoor stations and those of unknown state are left out.
 */
export function areaStatistics(stations: readonly StationMean[]): AreaStatistics {
  const included = stations.filter(({ isExcluded }) => isExcluded !== true);
  const outdoor = included.filter(({ isIndoor }) => isIndoor === false);
  const counted = outdoor.filter(({ mean }) => mean !== undefined && Number.isFinite(mean));
  return {
    ...stationsFigure(counted.map(({ mean }) => mean!)),
    leftOut: {
      indoor: included.filter(({ isIndoor }) => isIndoor === true).length,
      unknownIndoor: included.filter(({ isIndoor }) => isIndoor === undefined).length,
      excluded: stations.length - included.length,
      withoutValidMean: outdoor.length - counted.length,
    },
    sensorModels: tally(counted.map(({ sensorModel }) => sensorModel)),
    sitings: tally(counted.map(({ siting }) => siting ?? 'unknown')),
  };
}

/** Median, from five stations on with quartiles, of one finite value a station; the caller sees to it that all may count. */
export function stationsFigure(means: readonly number[]): StationsFigure {
  const head = { count: means.length, tolerates: toleratedOutliers(means.length) };
  if (means.length < MIN_FOR_NUMBER) return { state: 'too-few', ...head };
  if (means.length < MIN_FOR_BAND) return { state: 'number-only', ...head, median: withoutNoise(median(means)!) };
  const { lower, median: middle, upper } = quartiles(means)!;
  return {
    ...{ state: 'ok', ...head, median: withoutNoise(middle) },
    ...{ lowerQuartile: withoutNoise(lower), upperQuartile: withoutNoise(upper) },
    ...{ min: Math.min(...means), max: Math.max(...means) },
  };
}

/**
 * A station's own mean over a window of whole hours or days: the mean of its valid hourly or daily means when at least
 * `MIN_WINDOW_SHARE` of the window's are valid; as `composedMean` has it, so that a station says the same alone.
 * `valid` holds only valid means, `parts` is how many there could be.
 */
export function windowMean(valid: readonly number[], parts: number): number | undefined {
  if (valid.length === 0 || valid.length < MIN_WINDOW_SHARE * parts) return undefined;
  return meanOfMeans(valid);
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
