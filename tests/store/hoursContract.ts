import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../server/domain/assessment/flag.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { StoreUnderTest } from './readingStoreContract.ts';
import { message, OTHER_STATION, STATION, T0 } from './storeMessages.ts';

const PM25 = { stationId: STATION, sensor: 'sds011', quantity: 'pm25' } as const;

/** What means by the clock are made of: hours with their thirds, and the evidence of the cadence. */
export function describeHours(underTest: () => StoreUnderTest): void {
  const at = (time: number, pm25: number, flags = 0) => message(time, { values: { pm25 }, flags });

  describe('hours', () => {
    it('hold the statistics of buckets and how many values lie in each third', async () => {
      await underTest().store.append([
        at(T0, 4),
        at(T0 + 20 * MINUTE_MS - 1, 1),
        at(T0 + 20 * MINUTE_MS, 10),
        at(T0 + 40 * MINUTE_MS, 2),
        at(T0 + HOUR_MS - 1, 3),
        at(T0 + 3 * HOUR_MS + 30 * MINUTE_MS, 7),
      ]);
      expect(await underTest().store.hours({ ...PM25, from: T0, to: T0 + DAY_MS })).toEqual([
        { start: T0, count: 5, mean: 4, min: 1, max: 10, sum: 20, median: 3, thirds: [2, 1, 2] },
        { start: T0 + 3 * HOUR_MS, count: 1, mean: 7, min: 7, max: 7, sum: 7, median: 7, thirds: [0, 1, 0] },
      ]);
    });

    it('leave out invalid values, other series and what lies outside the window', async () => {
      await underTest().store.append([
        at(T0 - 1, 1),
        at(T0 + 1, 2),
        at(T0 + 2, 999.9, flagBit('saturated', 'pm25')),
        message(T0 + 3, { sensor: 'pms5003', values: { pm25: 3 } }),
        message(T0 + 4, { stationId: OTHER_STATION, values: { pm25: 4 } }),
        at(T0 + HOUR_MS, 5),
      ]);
      const hours = await underTest().store.hours({ ...PM25, from: T0, to: T0 + HOUR_MS });
      expect(hours).toEqual([{ start: T0, count: 1, mean: 2, min: 2, max: 2, sum: 2, median: 2, thirds: [1, 0, 0] }]);
    });

    it('begin earlier by the offset', async () => {
      await underTest().store.append([at(T0 + 15 * MINUTE_MS, 1), at(T0 + 35 * MINUTE_MS, 2)]);
      const query = { ...PM25, from: T0 - HOUR_MS, to: T0 + 2 * HOUR_MS, offsetMs: 30 * MINUTE_MS };
      const hours = await underTest().store.hours(query);
      expect(hours.map(({ start, thirds }) => ({ start, thirds }))).toEqual([
        { start: T0 - 30 * MINUTE_MS, thirds: [0, 0, 1] },
        { start: T0 + 30 * MINUTE_MS, thirds: [1, 0, 0] },
      ]);
    });
  });

  describe('intervals', () => {
    it('are medians by hour of what the devices sent', async () => {
      const sent = (time: number, interval?: number) =>
        message(time, { values: { pm25: 1 }, health: interval === undefined ? {} : { interval } });
      await underTest().store.append([
        sent(T0, 145_000),
        sent(T0 + MINUTE_MS, 145_000),
        sent(T0 + 2 * MINUTE_MS, 60_000),
        sent(T0 + HOUR_MS),
        sent(T0 + 2 * HOUR_MS, 30_000),
        sent(T0 + 3 * HOUR_MS, 99_000),
      ]);
      expect(await underTest().store.intervals({ stationId: STATION, from: T0, to: T0 + 3 * HOUR_MS })).toEqual([
        { start: T0, intervalMs: 145_000 },
        { start: T0 + 2 * HOUR_MS, intervalMs: 30_000 },
      ]);
      expect(await underTest().store.intervals({ stationId: OTHER_STATION, from: 0, to: T0 + DAY_MS })).toEqual([]);
    });
  });

  describe('hours and gaps', () => {
    it('are those of one window', async () => {
      const saturated = flagBit('saturated', 'pm25');
      await underTest().store.append([
        ...[0, 1, 2, 3, 5, 60].map((minutes) => at(T0 + minutes * MINUTE_MS, minutes)),
        at(T0 + 61 * MINUTE_MS, 999.9, saturated),
        message(T0 + 62 * MINUTE_MS, { values: { pm10: 7 } }),
      ]);
      const query = { ...PM25, from: T0, to: T0 + DAY_MS, offsetMs: 30 * MINUTE_MS };
      const [hours, gaps] = [
        await underTest().store.hours(query),
        await underTest().store.gaps({ ...query, offsetMs: 2 * HOUR_MS }),
      ];
      expect(gaps).toEqual([{ start: T0, medianMs: MINUTE_MS }]);
      expect(hours.map(({ count }) => count)).toEqual([5, 1]);
      expect(await underTest().store.hoursAndGaps({ ...query, gapsOffsetMs: 2 * HOUR_MS })).toEqual({ hours, gaps });
    });
  });

  describe('gaps', () => {
    const gaps = (offsetMs = 0) =>
      underTest().store.gaps({ stationId: STATION, sensor: 'sds011', from: T0 - DAY_MS, to: T0 + DAY_MS, offsetMs });
    // T0 is 22:00 UTC.
    const midnight = T0 + 2 * HOUR_MS;

    it('are medians by day, of days with enough of them', async () => {
      const times = [0, 1, 2, 3, 5, 60].map((minutes) => T0 + minutes * MINUTE_MS);
      const nextDay = [0, 2, 4, 6].map((minutes) => midnight + minutes * MINUTE_MS);
      await underTest().store.append([...times, ...nextDay].map((time) => at(time, 1)));
      expect(await gaps()).toEqual([{ start: midnight - DAY_MS, medianMs: MINUTE_MS }]);
      // In UTC+2 all of it is one day: 1 1 1 2 55 60 2 2 2 minutes.
      expect(await gaps(2 * HOUR_MS)).toEqual([{ start: T0, medianMs: 2 * MINUTE_MS }]);
    });

    it('do not arise within a reading that came in parts', async () => {
      const times = [0, 1, 2, 3, 4, 5].map((minutes) => T0 + minutes * MINUTE_MS);
      await underTest().store.append(times.map((time) => at(time, 1)));
      await underTest().store.append(times.map((time) => message(time, { values: { pm10: 2 } })));
      expect(await gaps()).toEqual([{ start: midnight - DAY_MS, medianMs: MINUTE_MS }]);
    });
  });
}
