import { lastingUncertainty, officialsOf } from '../domain/correction/monthComparison.ts';
import { isOfficialSensor } from '../domain/correction/referenceMeans.ts';
import { expandedUncertainty, type UncertainMean, uncertaintyOrigin } from '../domain/correction/uncertainty.ts';
import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import type { RollupRow } from '../domain/means/rollup.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { UncertainRow } from './rollups.ts';

/** Expanded uncertainty of a mean, µg/m³, and what made it; empty without a mean, and for what it is not defined for. */
export function uncertaintyOf({
  quantity,
  mean,
  ...rest
}: Omit<UncertainMean, 'quantity' | 'mean'> & { quantity: Quantity; mean: number | null }): MadeUncertainty {
  if (mean === null || (quantity !== 'pm25' && quantity !== 'pm10')) return {};
  const uncertain = { ...rest, quantity, mean };
  const [uncertainty, uncertaintyFrom] = [expandedUncertainty(uncertain), uncertaintyOrigin(uncertain)];
  if (uncertainty === undefined || uncertaintyFrom === undefined) return {};
  return { uncertainty: Math.round(uncertainty * 1000) / 1000, uncertaintyFrom };
}

/**
 * The row with the uncertainty of its mean: the directive's figure or what a comparison showed, widened by humid
 * readings. That of an official mean its network knows.
 */
export function withUncertainty<Row extends RollupRow & Pick<UncertainRow, 'comparison'>>(
  row: Row,
  isYear = false,
): Row & MadeUncertainty {
  const { comparison, start, end } = row;
  if (isOfficialSensor(row.sensor)) return row;
  const isLong = end - start > MAX_DAY_MS;
  const comparisonU = comparison && (isLong ? lastingUncertainty([comparison.bias]) : comparison.u);
  const { quantity, mean, shares } = row;
  // Named one by one: a row has twenty fields, and fifteen thousand of them are spread out for each hour of the map.
  const uncertain = { quantity, mean, isYear, humidShare: shares.humid ?? 0 };
  const made = uncertaintyOf(comparisonU === undefined ? uncertain : { ...uncertain, comparisonU });
  return made.uncertainty === undefined ? row : Object.assign({}, row, made);
}

type MadeUncertainty = Pick<UncertainRow, 'uncertainty' | 'uncertaintyFrom'>;

/** The longest day: 25 hours, when the clocks go back. */
const MAX_DAY_MS = DAY_MS + HOUR_MS;

/** What comparisons of a window's valid parts come to; undefined when none has one. */
export function comparisonOfParts(parts: readonly UncertainRow[]): UncertainRow['comparison'] {
  const known = parts.flatMap(({ mean, comparison }) => (mean === null || !comparison ? [] : [comparison]));
  if (known.length === 0) return undefined;
  const bias = known.reduce((sum, each) => sum + each.bias, 0) / known.length;
  return { u: Math.max(...known.map(({ u }) => u)), bias, official: officialsOf(known) };
}
