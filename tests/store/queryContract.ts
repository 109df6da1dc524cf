import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../server/domain/assessment/flag.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { StoreUnderTest } from './readingStoreContract.ts';
import { message, OTHER_STATION, STATION, T0 } from './storeMessages.ts';

const PM25 = { stationId: STATION, sensor: 'sds011', quantity: 'pm25' } as const;
const SATURATED = flagBit('saturated', 'pm25');

/** Questions about one series. */
export function describeQueries(underTest: () => StoreUnderTest): void {
  const raw = (from: number, to: number) => underTest().store.raw({ ...PM25, from, to });
  const hours = (from: number, to: number) => underTest().store.buckets({ ...PM25, from, to, bucketMs: 3_600_000 });
  const appendValues = (values: [number, number][]) => {
    return underTest().store.append(values.map(([time, pm25]) => message(time, { values: { pm25 } })));
  };

  describe('raw', () => {
    it('covers a half-open window', async () => {
      await appendValues([
        [T0 - 1, 1],
        [T0, 2],
        [T0 + HOUR_MS - 1, 3],
        [T0 + HOUR_MS, 4],
      ]);
      expect((await raw(T0, T0 + HOUR_MS)).map((value) => value.value)).toEqual([2, 3]);
    });

    it('gives the first values when limited', async () => {
      await appendValues([
        [T0 + 2, 3],
        [T0, 1],
        [T0 + 1, 2],
      ]);
      const limited = await underTest().store.raw({ ...PM25, from: T0, to: T0 + HOUR_MS, limit: 2 });
      expect(limited.map((value) => value.value)).toEqual([1, 2]);
    });

    it('holds only the station, sensor and quantity asked for', async () => {
      await underTest().store.append([
        message(T0, { values: { pm25: 1, pm10: 2 } }),
        message(T0, { sensor: 'pms5003', values: { pm25: 3 } }),
        message(T0, { stationId: OTHER_STATION, values: { pm25: 4 } }),
      ]);
      expect(await raw(T0, T0 + 1)).toEqual([{ measuredAt: T0, value: 1, flags: 0 }]);
    });

    it('gives flagged values with the flags that concern them', async () => {
      const flags = SATURATED + flagBit('claimed');
      await underTest().store.append([message(T0, { values: { pm25: 999.9, pm10: 4 }, flags })]);
      expect(await raw(T0, T0 + 1)).toEqual([{ measuredAt: T0, value: 999.9, flags }]);
      const pm10 = await underTest().store.raw({ ...PM25, quantity: 'pm10', from: T0, to: T0 + 1 });
      expect(pm10).toEqual([{ measuredAt: T0, value: 4, flags: flagBit('claimed') }]);
    });

    it('is empty for what was never stored', async () => {
      await appendValues([[T0, 1]]);
      expect(await raw(T0 + 1, T0 + HOUR_MS)).toEqual([]);
      expect(await underTest().store.raw({ ...PM25, stationId: 'zzzzzzzzz9', from: 0, to: T0 + 1 })).toEqual([]);
      expect(await underTest().store.raw({ ...PM25, quantity: 'noise', from: 0, to: T0 + 1 })).toEqual([]);
    });
  });

  describe('buckets', () => {
    it('hold mean, min, max, sum, count and median, and empty ones are omitted', async () => {
      await appendValues([
        [T0, 4],
        [T0 + MINUTE_MS, 1],
        [T0 + 2 * MINUTE_MS, 10],
        [T0 + 2 * HOUR_MS, 7],
      ]);
      expect(await hours(T0, T0 + DAY_MS)).toEqual([
        { start: T0, count: 3, mean: 5, min: 1, max: 10, sum: 15, median: 4 },
        { start: T0 + 2 * HOUR_MS, count: 1, mean: 7, min: 7, max: 7, sum: 7, median: 7 },
      ]);
    });

    it('interpolate the median of an even count', async () => {
      await appendValues([
        [T0, 4],
        [T0 + 1, 1],
        [T0 + 2, 10],
        [T0 + 3, 5],
      ]);
      expect((await hours(T0, T0 + HOUR_MS))[0]?.median).toBe(4.5);
    });

    it('hold only what lies in the window', async () => {
      await appendValues([
        [T0, 100],
        [T0 + 20 * MINUTE_MS, 1],
        [T0 + 40 * MINUTE_MS, 3],
        [T0 + HOUR_MS, 5],
      ]);
      expect(await hours(T0 + MINUTE_MS, T0 + HOUR_MS)).toMatchObject([{ start: T0, count: 2, mean: 2 }]);
    });

    it('leave out invalid values and keep those only marked', async () => {
      await underTest().store.append([
        message(T0, { values: { pm25: 10 } }),
        message(T0 + 1, { values: { pm25: 999.9 }, flags: SATURATED }),
        message(T0 + 2, { values: { pm25: 20 }, flags: flagBit('claimed') }),
        message(T0 + 3, { values: { pm25: 30, pm10: 999.9 }, flags: flagBit('saturated', 'pm10') }),
      ]);
      expect(await hours(T0, T0 + HOUR_MS)).toMatchObject([{ count: 3, mean: 20, max: 30 }]);
    });

    it.each([
      ['UTC', 0, [Date.UTC(2023, 10, 13), Date.UTC(2023, 10, 14)]],
      ['UTC+1', HOUR_MS, [Date.UTC(2023, 10, 13, 23), Date.UTC(2023, 10, 14, 23)]],
      ['UTC-5', -5 * HOUR_MS, [Date.UTC(2023, 10, 13, 5), Date.UTC(2023, 10, 14, 5)]],
    ])('begin days at midnight %s', async (_zone, offsetMs, starts) => {
      const [first = 0, second = 0] = starts;
      await appendValues([
        [first, 1],
        [second - 1, 3],
        [second, 5],
      ]);
      const days = await underTest().store.buckets({
        ...PM25,
        from: first,
        to: second + DAY_MS,
        bucketMs: 86_400_000,
        offsetMs,
      });
      expect(days.map(({ start, count, mean }) => ({ start, count, mean }))).toEqual([
        { start: first, count: 2, mean: 2 },
        { start: second, count: 1, mean: 5 },
      ]);
    });

    it('of every width begin at whole multiples of it', async () => {
      await appendValues([[T0 + 17 * MINUTE_MS, 1]]);
      const window = { ...PM25, from: T0 - DAY_MS, to: T0 + DAY_MS };
      const starts = [300_000, 900_000, 3_600_000, 86_400_000] as const;
      const found = starts.map(
        async (bucketMs) => (await underTest().store.buckets({ ...window, bucketMs }))[0]?.start,
      );
      expect(await Promise.all(found)).toEqual([T0 + 15 * MINUTE_MS, T0 + 15 * MINUTE_MS, T0, T0 - 22 * HOUR_MS]);
    });

    it('of two years come back whole and in order', async () => {
      const days = Array.from({ length: 730 }, (_, day) => T0 - day * DAY_MS);
      await appendValues(days.map((time, day) => [time, day]));
      const found = await underTest().store.buckets({
        ...PM25,
        from: T0 - 730 * DAY_MS,
        to: T0 + 1,
        bucketMs: 86_400_000,
      });
      expect(found.map((bucket) => bucket.sum)).toEqual(days.map((_, day) => 729 - day));
    });
  });

  it('lastTimes tells when each station measured last, whatever it was', async () => {
    expect((await underTest().store.lastTimes()).size).toBe(0);
    await underTest().store.append([
      message(T0 - 400 * DAY_MS, { values: { pm25: 1 } }),
      message(T0 - 401 * DAY_MS, { sensor: 'bme280-2', values: { humidity: 50 } }),
      message(T0, { stationId: OTHER_STATION, values: { noise: 50 } }),
      message(T0 - HOUR_MS, { stationId: OTHER_STATION, values: { pm25: 999.9 }, flags: SATURATED }),
    ]);
    const times = await underTest().store.lastTimes();
    expect(Object.fromEntries(times)).toEqual({ [STATION]: T0 - 400 * DAY_MS, [OTHER_STATION]: T0 });
  });

  describe('seriesOf', () => {
    it('lists every sensor and quantity with first and last time, flagged ones too', async () => {
      await underTest().store.append([
        message(T0, { values: { pm25: 1 } }),
        message(T0 + HOUR_MS, { values: { pm25: 999.9, pm10: 2 }, flags: SATURATED }),
        message(T0 - 400 * DAY_MS, { sensor: 'bme280-2', values: { humidity: 50 } }),
        message(T0, { stationId: OTHER_STATION, values: { noise: 50 } }),
      ]);
      const found = await underTest().store.seriesOf(STATION);
      expect(found.toSorted((a, b) => a.quantity.localeCompare(b.quantity))).toEqual([
        { sensor: 'bme280-2', quantity: 'humidity', first: T0 - 400 * DAY_MS, last: T0 - 400 * DAY_MS },
        { sensor: 'sds011', quantity: 'pm10', first: T0 + HOUR_MS, last: T0 + HOUR_MS },
        { sensor: 'sds011', quantity: 'pm25', first: T0, last: T0 + HOUR_MS },
      ]);
      expect(await underTest().store.seriesOf('zzzzzzzzz9')).toEqual([]);
    });

    it('follows what is stored and removed after it was asked', async () => {
      const listed = async () =>
        (await underTest().store.seriesOf(STATION)).map(({ first, last }) => [first - T0, last - T0]);
      await appendValues([[T0, 1]]);
      expect(await listed()).toEqual([[0, 0]]);
      await appendValues([
        [T0 + HOUR_MS, 2],
        [T0 - HOUR_MS, 3],
      ]);
      expect(await listed()).toEqual([[-HOUR_MS, HOUR_MS]]);
      await underTest().store.remove({ stationId: STATION, from: T0 });
      expect(await listed()).toEqual([[-HOUR_MS, -HOUR_MS]]);
      await underTest().store.prune(T0);
      expect(await listed()).toEqual([]);
    });
  });
}
