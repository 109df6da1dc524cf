import { indicativeObjective } from '../correction/uncertainty.ts';
import { type DerivedFlag, THRESHOLDS } from './assessment.ts';
import { correlation, MAD_TO_SIGMA, mad, median } from './robust.ts';
import type { OwnPast } from './spikeWindow.ts';

/** One station's valid mean of one hour, µg/m³. */
export interface StationHour {
  stationId: string;
  mean: number;
}

/** How a station agrees with its neighbourhood in one hour. Agreement, not correctness: all may be wrong alike. */
export interface Agreement {
  stationId: string;
  /** Robust z of log(1 + mean): distance from the median of all, in scaled MADs. */
  z: number;
  isAgreeing: boolean;
}

/**
 * Agreement of each station with all of them, itself included. Undefined below `agreementStations`. On a log scale
 * the tails are symmetric, as factors: twice and half the median are equally far.
 */
export function agreementOfHour(stations: readonly StationHour[]): Agreement[] | undefined {
  if (stations.length < THRESHOLDS.agreementStations) return undefined;
  const logs = stations.map(({ mean }) => Math.log1p(mean));
  const middle = median(logs)!;
  const spread = Math.max(MAD_TO_SIGMA * mad(logs)!, THRESHOLDS.agreementMinSpread);
  return stations.map(({ stationId }, at) => {
    const z = (logs[at]! - middle) / spread;
    return { stationId, z, isAgreeing: Math.abs(z) <= THRESHOLDS.agreementZ };
  });
}

/** What an hour far off a station's own past is, given how the others stand to theirs. */
export function judgeSpike(own: OwnPast, others: readonly OwnPast[]): DerivedFlag | undefined {
  if (!own.isFarOff) return undefined;
  if (others.length < THRESHOLDS.movedStations) return 'unusual';
  const moved = median(others.map(({ ratio }) => ratio))!;
  const hasMoved = own.ratio > 1 ? moved >= THRESHOLDS.movedRatio : moved <= 1 / THRESHOLDS.movedRatio;
  return hasMoved ? 'shared-event' : 'spike';
}

/** A station's month beside its district's. */
export interface MonthAgreement {
  /** Pearson's correlation of log(1 + x), -1 to 1. */
  correlation: number;
  hours: number;
  isAgreeing: boolean;
}

/**
 * Correlation of a station's hourly means with the district's median over a month; `district` should not hold the
 * station itself. Undefined below `correlationHours` common hours, or when one side does not vary.
 */
export function agreementOfMonth(pairs: readonly { station: number; district: number }[]): MonthAgreement | undefined {
  if (pairs.length < THRESHOLDS.correlationHours) return undefined;
  const found = correlation(pairs.map(({ station, district }) => [Math.log1p(station), Math.log1p(district)] as const));
  if (found === undefined) return undefined;
  return { correlation: found, hours: pairs.length, isAgreeing: found >= THRESHOLDS.correlation };
}

/**
 * How a district's sensors as a whole stand to the official station: `agrees`, `deviates`, or `unknown` without
 * enough common hours. A state of its own: a network in perfect agreement with itself can deviate as one, in fog
 * above all.
 */
export type NetworkState = 'agrees' | 'deviates' | 'unknown';

/** Common hours that a comparison of a day needs: 75 %. */
const NETWORK_HOURS = 18;

/** State of a network over the hours given, with its mean bias, µg/m³ (network minus official). */
export interface NetworkComparison {
  state: NetworkState;
  bias?: number;
  hours: number;
}

/**
 * Compares the network's hourly medians with the official hourly values on the same hours. It deviates when the means
 * differ by more than the directive allows an indicative measurement around the official mean.
 */
export function compareNetwork(
  quantity: 'pm25' | 'pm10',
  pairs: readonly { network: number; official: number }[],
): NetworkComparison {
  const hours = pairs.length;
  if (hours < NETWORK_HOURS) return { state: 'unknown', hours };
  const official = pairs.reduce((sum, pair) => sum + pair.official, 0) / hours;
  const bias = pairs.reduce((sum, pair) => sum + pair.network, 0) / hours - official;
  const { absolute, percent } = indicativeObjective(quantity, false);
  const allowed = Math.max(absolute, (official * percent) / 100);
  return { state: Math.abs(bias) > allowed ? 'deviates' : 'agrees', bias, hours };
}
