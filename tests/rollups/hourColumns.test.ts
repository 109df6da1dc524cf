import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import type { HourColumns } from '../../server/domain/means/hourColumns.ts';
import { columnsOf } from '../../server/domain/means/hourColumns.ts';
import { course, MIDNIGHT, message, RollupHouse, STATION } from './rollupHouse.ts';

const OTHER = 'bbbbbbbbbb';
const WINDOW = { stationIds: [OTHER, STATION], from: MIDNIGHT, to: MIDNIGHT + 3 * DAY_MS };

/** Columns as rows, in order of station, instrument and time; a missing mean as null. */
function plain(columns: readonly HourColumns[]) {
  return columns
    .flatMap(({ stationId, sensor, start, mean, count, expected, readings, revision, shares }) =>
      Array.from(start, (time, at) => ({
        ...{ stationId, sensor, start: time, mean: Number.isNaN(mean[at]) ? null : mean[at], count: count[at] },
        ...{ expected: expected[at], readings: readings[at], revision: revision[at], shares: shares[at] },
      })),
    )
    .sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

function key({ stationId, sensor, start }: { stationId: string; sensor: string; start: number }): string {
  return `${stationId} ${sensor} ${start}`;
}

describe('hours as columns', () => {
  it('say what the rows say: gaps, flags, late readings, and one instrument an hour', async () => {
    const house = await RollupHouse.open();
    house.stations.push(OTHER);
    const humid = Array.from({ length: 30 * 24 }, (_, at) =>
      message(MIDNIGHT + at * 150_000, 'bme280', { humidity: at < 300 ? 95 + (at % 3) : 60 + (at % 5) }),
    );
    const others = course(MIDNIGHT, 40).map(({ measuredAt, readings }) =>
      message(measuredAt, 'sds011', readings[0]!.values, { stationId: OTHER }),
    );
    await house.store.append([...course(MIDNIGHT, 9), ...course(MIDNIGHT + 12 * HOUR_MS, 30), ...humid, ...others]);
    // A second particle sensor for some hours of the second day.
    await house.store.append(course(MIDNIGHT + 30 * HOUR_MS, 6, 'sps30'));
    await house.at(MIDNIGHT + 2 * DAY_MS);
    // Late readings for an hour of the gap.
    await house.store.append(course(MIDNIGHT + 10 * HOUR_MS, 1));
    await house.at(MIDNIGHT + 2 * DAY_MS + HOUR_MS);
    for (const quantity of ['pm25', 'pm10', 'humidity'] as const) {
      const query = { ...WINDOW, quantity };
      const rows = await house.rollups.rows({ ...query, window: 'hour' });
      expect(rows.length).toBeGreaterThan(30);
      expect(plain((await house.rollups.hours?.(query)) ?? [])).toEqual(plain(columnsOf(rows)));
    }
    const pm25 = await house.rollups.rows({ ...WINDOW, window: 'hour', quantity: 'pm25' });
    expect(pm25.some(({ mean }) => mean === null)).toBe(true);
    expect(pm25.some(({ shares }) => Object.keys(shares).length > 0)).toBe(true);
    expect(new Set(pm25.map(({ sensor }) => sensor)).size).toBe(2);
  });
});
