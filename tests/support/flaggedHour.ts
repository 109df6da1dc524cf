import { type DerivedFlag, isCounted } from '../../server/domain/assessment/assessment.ts';
import { flagsOf, isValid } from '../../server/domain/assessment/flag.ts';
import { sortedQuantile } from '../../server/domain/assessment/robust.ts';
import { exactMean } from '../../server/domain/decimal.ts';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import type { HourStatistics } from '../../server/domain/means/clockMean.ts';
import type { AnyFlag, FlaggedHour } from '../../server/domain/means/rollup.ts';
import type { Quantity } from '../../server/domain/quantity.ts';

const THIRD_MS = 20 * MINUTE_MS;

/** One reading's value with its raw mask and derived flags. */
export interface FlaggedValue {
  measuredAt: number;
  value: number;
  flags: number;
  derived: readonly DerivedFlag[];
}

/**
 * Sums up one hour reading by reading, in any order: what `flaggedWindows` must make of the same readings as columns.
 * Raw-invalid and stuck values count in no mean; humid ones do.
 */
export function flaggedHour(values: readonly FlaggedValue[], quantity: Quantity): FlaggedHour {
  const flagged: Partial<Record<AnyFlag, number>> = {};
  const counted: FlaggedValue[] = [];
  for (const value of values) {
    for (const flag of flagsOf(value.flags, quantity)) flagged[flag] = (flagged[flag] ?? 0) + 1;
    for (const flag of value.derived) flagged[flag] = (flagged[flag] ?? 0) + 1;
    if (isValid(value.flags, quantity) && isCounted(value.derived)) counted.push(value);
  }
  const statistics = statisticsOf(counted);
  return { readings: values.length, flagged, ...(statistics && { statistics }) };
}

function statisticsOf(counted: readonly FlaggedValue[]): HourStatistics | undefined {
  const values = counted.map(({ value }) => value);
  const mean = exactMean(values);
  if (mean === undefined) return undefined;
  const ascending = Float64Array.from(values).sort();
  const thirds: [number, number, number] = [0, 0, 0];
  for (const { measuredAt } of counted) thirds[(Math.floor(measuredAt / THIRD_MS) % 3) as 0 | 1 | 2] += 1;
  const [min, max] = [ascending[0]!, ascending[ascending.length - 1]!];
  return { count: values.length, mean, min, max, median: sortedQuantile(ascending, 0.5), thirds };
}
