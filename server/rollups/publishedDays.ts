import { OFFICIAL_SENSORS, OFFICIAL_SPAN_MS } from '../domain/correction/referenceMeans.ts';
import { type ClockMean, officialDayMean } from '../domain/means/clockMean.ts';
import { ROLLUP_METHOD, type RollupRow } from '../domain/means/rollup.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { RollupsQuery } from './rollups.ts';

const DAY_MS = OFFICIAL_SPAN_MS['24h'];

/** Where published days are read from, and where days of rows begin, ms east of UTC. */
export interface PublishedDaysSources {
  store: Pick<ReadingStore, 'raw'>;
  dayOffsetMs: number;
}

/**
 * Daily means that an official network published, as rows: as they are, since nobody here knows the hours they are made of.
 * None of networks whose days begin otherwise.
 */
export async function publishedDays(
  { store, dayOffsetMs }: PublishedDaysSources,
  stationId: string,
  { quantity, from, to, sensor = OFFICIAL_SENSORS['24h'] }: RollupsQuery,
): Promise<RollupRow[]> {
  if (sensor !== OFFICIAL_SENSORS['24h']) return [];
  const values = await store.raw({ stationId, sensor, quantity, from, to });
  return values
    .filter(({ measuredAt }) => (measuredAt + dayOffsetMs) % DAY_MS === 0)
    .map(({ measuredAt: start, value }) => ({
      ...officialDayMean(value, { start, end: start + DAY_MS }),
      ...{
        stationId,
        sensor,
        quantity,
        cadenceMs: DAY_MS,
        readings: 1,
        shares: {},
        method: ROLLUP_METHOD,
        revision: 1,
      },
    }));
}

/** The rows with published days where hours make no mean of the day: as `officialMean` has it. In order of time. */
export function withPublishedDays<Row extends ClockMean>(rows: readonly Row[], published: readonly Row[]): Row[] {
  if (published.length === 0) return [...rows];
  const rowByStart = new Map(rows.map((row) => [row.start, row]));
  for (const day of published) if ((rowByStart.get(day.start)?.mean ?? null) === null) rowByStart.set(day.start, day);
  return [...rowByStart.values()].sort((one, other) => one.start - other.start);
}
