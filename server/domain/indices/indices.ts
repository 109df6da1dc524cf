import { type RoundingRule, rounded } from '../limits/roundingRule.ts';
import { type Names, QUANTITY_NAMES } from '../names.ts';
import type {
  BandIndex,
  Breakpoint,
  GridIndex,
  IndexClass,
  IndexPollutant,
  IndexTable,
  LinearIndex,
} from './indexTable.ts';
import { INDICES } from './indexTables.ts';

/** A value's place in an index. */
export interface IndexResult {
  /** 1 is the best class. */
  level: number;
  class: IndexClass;
  /** Number on the index's own scale, where it has one (US AQI, CAQI). */
  number?: number;
}

/** Indices to offer: those in force; the US and UK ones where the operator turned further indices on. */
export function offeredIndices(isFurtherOn: boolean): IndexTable[] {
  return INDICES.filter((index) => index.status === 'current' && (isFurtherOn || index.isBehindSetting !== true));
}

/**
 * Class (and number) of one pollutant's mean in µg/m³. The caller sees to the averaging the table names. Undefined
 * for an unknown, negative or infinite value and a pollutant the index does not judge: unknown is never good.
 */
export function judge(
  index: BandIndex | LinearIndex,
  pollutant: IndexPollutant,
  mean: number | undefined,
): IndexResult | undefined {
  if (mean === undefined || !Number.isFinite(mean) || mean < 0) return undefined;
  return index.kind === 'bands' ? bandResult(index, pollutant, mean) : linearResult(index, pollutant, mean);
}

/** How a pollutant's mean is rounded before it is classed; undefined where the index does not judge it. */
export function roundingOf(index: BandIndex | LinearIndex, pollutant: IndexPollutant): RoundingRule | undefined {
  return index.kind === 'bands' ? index.rounding : index.breakpoints[pollutant]?.rounding;
}

/** Heading of a class that rests on particulates alone. */
export function particulateTitle(index: IndexTable, measured: readonly ('pm25' | 'pm10')[]): Names {
  const list = (language: keyof Names, and: string) => measured.map((each) => QUANTITY_NAMES[each][language]).join(and);
  return {
    de: `${index.shortNames.de}-Klasse, nur ${list('de', ' und ')}`,
    en: `${index.shortNames.en} class, ${list('en', ' and ')} only`,
  };
}

/**
 * CAQI sub-index of one pollutant, 0 to 100; undefined above the grid (there only "> 100" is defined) and for no
 * value.
 */
export function caqi(
  index: GridIndex,
  averaging: 'hour' | 'day',
  pollutant: IndexPollutant,
  mean: number,
): number | undefined {
  const bounds = index[averaging][pollutant];
  if (bounds === undefined || !(mean >= 0)) return undefined;
  const upper = bounds.findIndex((bound, at) => at > 0 && mean <= bound);
  if (upper === -1) return undefined;
  const [low, high] = [bounds[upper - 1]!, bounds[upper]!];
  const [from, to] = [index.grid[upper - 1]!, index.grid[upper]!];
  return from + ((to - from) * (mean - low)) / (high - low);
}

function bandResult(index: BandIndex, pollutant: IndexPollutant, mean: number): IndexResult | undefined {
  const upper = index.bounds[pollutant]?.upper;
  if (upper === undefined) return undefined;
  const compared = rounded(index.rounding, mean)!;
  const at = upper.findIndex((bound) => compared <= bound);
  const found = index.classes[at === -1 ? upper.length : at];
  return found && { level: index.classes.indexOf(found) + 1, class: found };
}

function linearResult(index: LinearIndex, pollutant: IndexPollutant, mean: number): IndexResult | undefined {
  const table = index.breakpoints[pollutant];
  if (table === undefined) return undefined;
  const concentration = rounded(table.rounding, mean)!;
  const found = table.rows.findIndex((row) => concentration <= row[1]);
  const at = found === -1 ? table.rows.length - 1 : found;
  return { level: at + 1, class: index.classes[at]!, number: interpolated(table.rows[at]!, concentration) };
}

/** Concentrations are whole tenths at most, so in tenths the line and its rounding (half up) are exact integers. */
function interpolated([low, high, indexLow, indexHigh]: Breakpoint, concentration: number): number {
  const [from, to, value] = [low, high, concentration].map((each) => Math.round(each * 10)) as [number, number, number];
  const [span, numerator] = [to - from, (indexHigh - indexLow) * (value - from) + indexLow * (to - from)];
  return Math.floor((2 * numerator + span) / (2 * span));
}
