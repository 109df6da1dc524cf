import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../server/domain/assessment/flag.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { StoreUnderTest } from './readingStoreContract.ts';
import { cellsIn, collect, latestIn, message, messageOf, OTHER_STATION, STATION, T0 } from './storeMessages.ts';

const SATURATED = flagBit('saturated', 'pm25');

/** Questions across stations. */
export function describeWholeStore(underTest: () => StoreUnderTest): void {
  describe('cells', () => {
    it('are 5-minute sums of valid values of every series', async () => {
      await underTest().store.append([
        message(T0, { values: { pm25: 1, pm10: 8 } }),
        message(T0 + 2 * MINUTE_MS, { values: { pm25: 4 } }),
        message(T0 + 4 * MINUTE_MS, { values: { pm25: 999.9 }, flags: SATURATED }),
        message(T0 + 5 * MINUTE_MS, { stationId: OTHER_STATION, values: { pm25: 9 } }),
        message(T0 + 3 * HOUR_MS, { values: { pm25: 5 } }),
      ]);
      const cells = await cellsIn(underTest().store.cells(T0, T0 + 3 * HOUR_MS));
      const order = (cell: (typeof cells)[number]) => `${cell.start}${cell.quantity}`;
      expect(cells.toSorted((a, b) => order(a).localeCompare(order(b)))).toEqual([
        { stationId: STATION, sensor: 'sds011', quantity: 'pm10', start: T0, sum: 8, count: 1, min: 8, max: 8 },
        { stationId: STATION, sensor: 'sds011', quantity: 'pm25', start: T0, sum: 5, count: 2, min: 1, max: 4 },
        {
          stationId: OTHER_STATION,
          sensor: 'sds011',
          quantity: 'pm25',
          start: T0 + 5 * MINUTE_MS,
          sum: 9,
          count: 1,
          min: 9,
          max: 9,
        },
      ]);
    });

    it('hold only values of the window, also within a cell', async () => {
      await underTest().store.append(
        [T0, T0 + MINUTE_MS, T0 + 2 * MINUTE_MS].map((time) => message(time, { values: { pm25: 1 } })),
      );
      expect(await cellsIn(underTest().store.cells(T0 + 1, T0 + 2 * MINUTE_MS))).toMatchObject([
        { start: T0, count: 1 },
      ]);
      expect(await cellsIn(underTest().store.cells(T0 - DAY_MS, T0))).toEqual([]);
    });
  });

  describe('newest values beside the cells', () => {
    it('are the newest raw one per series and quantity in the window, flagged or not', async () => {
      await underTest().store.append([
        message(T0 - HOUR_MS, { values: { pm25: 1, pm10: 2 } }),
        message(T0, { values: { pm25: 999.9 }, flags: SATURATED }),
        message(T0, { stationId: OTHER_STATION, sensor: 'bme280', values: { humidity: 55 } }),
        message(T0 + HOUR_MS, { values: { pm25: 7 } }),
      ]);
      const found = await latestIn(underTest().store.cells(T0 - HOUR_MS, T0 + HOUR_MS));
      expect(found.toSorted((a, b) => a.quantity.localeCompare(b.quantity))).toEqual([
        { stationId: OTHER_STATION, sensor: 'bme280', quantity: 'humidity', measuredAt: T0, value: 55, flags: 0 },
        { stationId: STATION, sensor: 'sds011', quantity: 'pm10', measuredAt: T0 - HOUR_MS, value: 2, flags: 0 },
        { stationId: STATION, sensor: 'sds011', quantity: 'pm25', measuredAt: T0, value: 999.9, flags: SATURATED },
      ]);
      expect(await latestIn(underTest().store.cells(T0 + DAY_MS, T0 + 2 * DAY_MS))).toEqual([]);
    });
  });

  describe('scan', () => {
    it('gives merged readings in time order', async () => {
      await underTest().store.append([
        message(T0 + MINUTE_MS, { values: { pm25: 3 }, flags: flagBit('claimed') }),
        message(T0, { values: { pm25: 1 } }),
        message(T0, { values: { pm10: 2 }, extra: { n05: 9 } }),
        messageOf(T0 - DAY_MS, { bme280: { temperature: 20, humidity: 50, pressure: 1013.25 } }),
      ]);
      expect(await collect(underTest().store.scan({ from: T0 - DAY_MS, to: T0 + HOUR_MS }))).toEqual([
        {
          stationId: STATION,
          sensor: 'bme280',
          measuredAt: T0 - DAY_MS,
          values: { temperature: 20, humidity: 50, pressure: 1013.25 },
          flags: 0,
        },
        {
          stationId: STATION,
          sensor: 'sds011',
          measuredAt: T0,
          values: { pm25: 1, pm10: 2 },
          extra: { n05: 9 },
          flags: 0,
        },
        {
          stationId: STATION,
          sensor: 'sds011',
          measuredAt: T0 + MINUTE_MS,
          values: { pm25: 3 },
          flags: flagBit('claimed'),
        },
      ]);
    });

    it('keeps to one station and a half-open window when asked', async () => {
      await underTest().store.append([
        ...[T0, T0 + MINUTE_MS, T0 + HOUR_MS].map((time) => message(time, { values: { pm25: 1 } })),
        message(T0, { stationId: OTHER_STATION, values: { pm25: 1 } }),
      ]);
      const found = await collect(underTest().store.scan({ stationId: STATION, from: T0, to: T0 + HOUR_MS }));
      expect(found.map((reading) => reading.measuredAt)).toEqual([T0, T0 + MINUTE_MS]);
      expect(await collect(underTest().store.scan({ stationId: 'zzzzzzzzz9', from: 0, to: T0 + DAY_MS }))).toEqual([]);
    });

    it('comes in pages when there is much, no reading twice and none cut in two', async () => {
      const messages = Array.from({ length: 15_000 }, (_, index) => {
        return messageOf(T0 + index * 1000, {
          sds011: { pm25: index, pm10: index },
          bme280: { humidity: index % 100 },
        });
      });
      await underTest().store.append(messages);
      const pages: number[][] = [];
      for await (const page of underTest().store.scan({ from: T0, to: T0 + DAY_MS })) {
        pages.push(page.map((reading) => reading.measuredAt));
      }
      expect(pages.length).toBeGreaterThan(1);
      expect(pages.flat()).toEqual(messages.flatMap(({ measuredAt }) => [measuredAt, measuredAt]));
    });
  });

  it('counts its readings', async () => {
    await underTest().store.append([T0, T0 + 1].map((time) => message(time, { values: { pm25: 1 } })));
    expect((await underTest().store.stats()).readings).toBe(2);
  });

  it('answers a ping', async () => {
    await expect(underTest().store.ping()).resolves.toBeUndefined();
  });
}
