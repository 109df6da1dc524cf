import { correlation } from '../assessment/robust.ts';

/** Version of the way sensors are compared with an official station. */
export const COMPARISON_VERSION = 'official-comparison-1';

/** One window in which both measured, µg/m³. */
export interface ComparedPair {
  /** Raw: never a correction that used the station. */
  sensor: number;
  reference: number;
}

/** How sensors stand to an official station over many windows. */
export interface Comparison {
  n: number;
  sensorMean: number;
  referenceMean: number;
  /** sensorMean - referenceMean, µg/m³. */
  bias: number;
  /** Least squares line sensor = intercept + slope * reference; absent when the reference does not vary. */
  slope?: number;
  intercept?: number;
  /** Pearson's; absent below three pairs or when one side does not vary. */
  correlation?: number;
  /** Its square. */
  r2?: number;
  /** Root of the mean squared difference, µg/m³. */
  rmse: number;
}

/** Compares pairs of the same windows; undefined without any. */
export function comparisonOf(pairs: readonly ComparedPair[]): Comparison | undefined {
  const n = pairs.length;
  if (n === 0) return undefined;
  const mean = (of: (pair: ComparedPair) => number) => pairs.reduce((sum, pair) => sum + of(pair), 0) / n;
  const sensorMean = mean(({ sensor }) => sensor);
  const referenceMean = mean(({ reference }) => reference);
  const rmse = Math.sqrt(mean(({ sensor, reference }) => (sensor - reference) ** 2));
  const spread = mean(({ reference }) => (reference - referenceMean) ** 2);
  const common = mean(({ sensor, reference }) => (sensor - sensorMean) * (reference - referenceMean));
  const found = correlation(pairs.map(({ sensor, reference }) => [sensor, reference] as const));
  return {
    ...{ n, sensorMean, referenceMean, bias: sensorMean - referenceMean, rmse },
    ...(spread > 0 && { slope: common / spread, intercept: sensorMean - (common / spread) * referenceMean }),
    ...(found !== undefined && { correlation: found, r2: found ** 2 }),
  };
}
