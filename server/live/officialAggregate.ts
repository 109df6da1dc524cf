import type { Aggregate, Average } from '../domain/aggregate.ts';
import { OFFICIAL_SENSORS, OFFICIAL_STALE_AFTER_MS } from '../domain/correction/referenceMeans.ts';
import { HOUR_MS } from '../domain/durations.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Station } from '../domain/station.ts';
import type { Aggregator } from './aggregator.ts';

/**
 * What the map shows of a station: a citizen's sliding mean or snapshot; of an official station, in place of the mean of
 * 60 minutes, the last hour it published. It has neither snapshots nor sliding means of a day.
 */
export function aggregateOf(
  aggregator: Pick<Aggregator, 'aggregate'>,
  station: Pick<Station, 'id' | 'reference'>,
  { quantity, average }: { quantity: Quantity; average: Average },
  now: number,
): Aggregate | undefined {
  if (station.reference === undefined) return aggregator.aggregate(station.id, quantity, average, now);
  if (average !== '1h') return undefined;
  const last = aggregator.aggregate(station.id, quantity, 'latest', now);
  if (last?.value === undefined || last.sensor !== OFFICIAL_SENSORS['1h']) return undefined;
  const end = last.lastMeasuredAt + HOUR_MS;
  const state = now - end > OFFICIAL_STALE_AFTER_MS ? 'stale' : 'ok';
  return { ...last, average, count: 1, expected: 1, coverage: 1, state, at: end, lastMeasuredAt: end };
}
