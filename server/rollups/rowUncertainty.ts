import type { Quantity } from '../domain/quantity.ts';
import { isOfficialSensor } from '../domain/referenceMeans.ts';
import type { RollupRow } from '../domain/rollup.ts';
import { expandedUncertainty } from '../domain/uncertainty.ts';
import type { UncertainRow } from './rollups.ts';

/** Expanded uncertainty of a mean, µg/m³; undefined without a mean, and for quantities it is not defined for. */
export function uncertaintyOf(
  { quantity, mean }: { quantity: Quantity; mean: number | null },
  { humidShare = 0, isYear = false }: { humidShare?: number; isYear?: boolean } = {},
): number | undefined {
  if (mean === null || (quantity !== 'pm25' && quantity !== 'pm10')) return undefined;
  const uncertainty = expandedUncertainty({ quantity, mean, isYear, humidShare });
  return uncertainty === undefined ? undefined : Math.round(uncertainty * 1000) / 1000;
}

/** The row with the uncertainty of its mean; humid readings widen it. That of an official mean its network knows. */
export function withUncertainty(row: RollupRow, isYear = false): UncertainRow {
  if (isOfficialSensor(row.sensor)) return row;
  const uncertainty = uncertaintyOf(row, { humidShare: row.shares.humid ?? 0, isYear });
  return uncertainty === undefined ? row : { ...row, uncertainty };
}
