import { MIN_FOR_BAND } from '../areaStatistics.ts';
import { median, quartiles } from '../assessment/robust.ts';
import { expandedUncertainty, type UncertainMean, uncertaintyOrigin } from '../correction/uncertainty.ts';
import { meanOfMeans, withoutNoise } from '../decimal.ts';
import type { ReportFigure } from './figureTypes.ts';
import type { Choices } from './question.ts';

/** Median or mean of the stations' means, as the question chose; of at least one. */
export function middleOf(means: readonly number[], { statistic }: Pick<Choices, 'statistic'>): number {
  return statistic === 'median' ? withoutNoise(median(means)!) : meanOfMeans(means)!;
}

/** Quartiles and extremes; none of fewer than five, or without a number. */
export function bandOf(
  means: readonly number[],
  hasNumber: boolean,
): Pick<ReportFigure, 'lower' | 'upper' | 'min' | 'max'> {
  if (!hasNumber || means.length < MIN_FOR_BAND) return { lower: null, upper: null, min: null, max: null };
  const { lower, upper } = quartiles(means)!;
  return { lower: withoutNoise(lower), upper: withoutNoise(upper), min: Math.min(...means), max: Math.max(...means) };
}

/** U of a value that may be none; with `isNamed` also what made it. */
export function uncertaintyOf(
  mean: number | null,
  rest: Omit<UncertainMean, 'mean'>,
  isNamed: boolean,
): Pick<ReportFigure, 'uncertainty' | 'uncertaintyFrom'> {
  const uncertain = mean === null ? undefined : { ...rest, mean };
  const uncertainty = uncertain && expandedUncertainty(uncertain);
  if (uncertain === undefined || uncertainty === undefined) return { uncertainty: null };
  const uncertaintyFrom = isNamed ? uncertaintyOrigin(uncertain) : undefined;
  return { uncertainty: withoutNoise(uncertainty), ...(uncertaintyFrom && { uncertaintyFrom }) };
}
