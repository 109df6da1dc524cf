import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../server/domain/assessment/flag.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import { dayRow, hourRow, type RollupRow } from '../../server/domain/means/rollup.ts';
import { rollupColumnsOf } from '../../server/domain/means/rollupGatherer.ts';
import type { DirtyMark, RollupWindow } from '../../server/store/rollupStore.ts';
import { flaggedHour } from '../support/flaggedHour.ts';
import type { StoreUnderTest } from './readingStoreContract.ts';
import { message, OTHER_STATION, STATION, T0 } from './storeMessages.ts';

const NOW = T0 + 100 * DAY_MS;
const ALL = { from: 0, to: NOW };

/** An hour of 24 readings, the first `humid` of them in humid air. */
function hour(start: number, value: number, { humid = 0, sensor = 'sds011', stationId = STATION } = {}): RollupRow {
  const values = Array.from({ length: 24 }, (_, at) => ({
    measuredAt: start + at * 150_000,
    value: value + (at % 3) / 10,
    flags: 0,
    derived: at < humid ? (['humid'] as const) : [],
  }));
  const series = { stationId, sensor, quantity: 'pm25' } as const;
  return hourRow(series, flaggedHour(values, 'pm25'), { start, end: start + HOUR_MS, cadenceMs: 150_000, now: NOW });
}

/** An hour without a reading. */
function emptyHour(start: number): RollupRow {
  const series = { stationId: STATION, sensor: 'sds011', quantity: 'pm25' } as const;
  return hourRow(series, flaggedHour([], 'pm25'), { start, end: start + HOUR_MS, cadenceMs: 150_000, now: NOW });
}

/** A day with `valid` hours. */
function day(start: number, valid: number): RollupRow {
  const hours = Array.from({ length: 24 }, (_, at) =>
    at < valid ? hour(start + at * HOUR_MS, at, { humid: 20 }) : emptyHour(start + at * HOUR_MS),
  );
  return dayRow({ stationId: STATION, sensor: 'sds011', quantity: 'pm25' }, hours, {
    start,
    end: start + DAY_MS,
    now: NOW,
  });
}

/** Rows of closed hours and days, and the marks of what is out of date. */
export function describeRollups(underTest: () => StoreUnderTest): void {
  const store = () => underTest().store;
  const rollups = () => store().rollups;
  const write = (window: RollupWindow, rows: readonly RollupRow[]) => rollups().write(window, rollupColumnsOf(rows));
  /** Gives the series a reading, so that the store knows them. */
  const known = (...sensors: string[]) =>
    store().append([
      ...(sensors.length > 0 ? sensors : ['sds011']).map((sensor) => message(T0, { sensor, values: { pm25: 1 } })),
      message(T0, { stationId: OTHER_STATION, values: { pm25: 1 } }),
    ]);
  const read = (change: object = {}) =>
    rollups().read({ stationIds: [STATION], quantity: 'pm25', window: 'hour', ...ALL, ...change });

  describe('rollups', () => {
    it('stay when the readings they were made from are pruned, also after a restart', async () => {
      await known();
      await write('hour', [hour(T0, 9.1, { humid: 7 })]);
      await store().prune(T0 + DAY_MS);
      await underTest().reopen();
      expect(await read()).toEqual([hour(T0, 9.1, { humid: 7 })]);
      expect(await rollups().marks()).toEqual([]);
    });

    it('come back as they were written, also after a restart', async () => {
      await known();
      const hours = [hour(T0, 9.1, { humid: 7 }), emptyHour(T0 + HOUR_MS), hour(T0 + 2 * HOUR_MS, 0)];
      const days = [day(T0 + HOUR_MS, 24), day(T0 + HOUR_MS + DAY_MS, 3), day(T0 + HOUR_MS + 2 * DAY_MS, 0)];
      await write('hour', hours);
      await write('day', days);
      expect(await read()).toEqual(hours);
      expect(await read({ window: 'day' })).toEqual(days);
      await underTest().reopen();
      expect(await read()).toEqual(hours);
      expect(await read({ window: 'day' })).toEqual(days);
    });

    it('give way to a row of the same key, however often it is written', async () => {
      await known();
      await write('hour', [hour(T0, 1), hour(T0 + HOUR_MS, 2)]);
      const next = { ...emptyHour(T0), revision: 2 };
      for (let times = 0; times < 3; times++) await write('hour', [next]);
      expect(await read()).toEqual([next, hour(T0 + HOUR_MS, 2)]);
    });

    it('are found by station, sensor, quantity and start, in order', async () => {
      await known('sds011', 'sps30');
      const rows = [
        hour(T0 + HOUR_MS, 1, { stationId: OTHER_STATION }),
        hour(T0, 2),
        hour(T0, 3, { sensor: 'sps30' }),
        { ...hour(T0, 4), quantity: 'pm10' as const },
        hour(T0 + HOUR_MS, 5),
      ];
      await write('hour', [rows[4]!, rows[3]!, rows[2]!, rows[1]!, rows[0]!]);
      const both = { stationIds: [OTHER_STATION, STATION] };
      expect(await read({ ...both, quantity: undefined })).toEqual([rows[0], rows[3], rows[1], rows[4], rows[2]]);
      expect(await read({ ...both, sensor: 'sps30' })).toEqual([rows[2]]);
      expect(await read({ ...both, from: T0 + HOUR_MS })).toEqual([rows[0], rows[4]]);
      expect(await read({ ...both, to: T0 + HOUR_MS, quantity: 'pm10' })).toEqual([rows[3]]);
      expect(await read({ stationIds: ['cccccccccc'] })).toEqual([]);
      expect(await read({ stationIds: [] })).toEqual([]);
    });

    it('of some among many stations are found, and no others', async () => {
      const ids = Array.from({ length: 40 }, (_, at) => `station${String(at).padStart(3, '0')}`);
      await store().append(ids.map((stationId) => message(T0, { stationId, values: { pm25: 1 } })));
      const rows = ids.map((stationId, at) => hour(T0, at, { stationId }));
      await write('hour', rows);
      const third = ids.filter((_, at) => at % 3 === 1).reverse();
      expect((await read({ stationIds: third })).map(({ stationId }) => stationId)).toEqual(third);
      expect(await read({ stationIds: [...third, 'unknown001'] })).toEqual(await read({ stationIds: third }));
      const middle = ids.slice(10, 20);
      expect(await read({ stationIds: middle })).toEqual(rows.slice(10, 20));
      expect(await read({ stationIds: [ids[39]!, ids[0]!] })).toEqual([rows[39], rows[0]]);
    });

    it('of ten thousand hours are all there', async () => {
      await known();
      const rows = Array.from({ length: 10_000 }, (_, at) => ({ ...emptyHour(at * HOUR_MS), expected: at }));
      await write('hour', rows);
      await write('hour', rows.slice(5_000));
      const found = await read();
      expect(found.map(({ start }) => start / HOUR_MS)).toEqual(rows.map((_, at) => at));
      expect(found.map(({ expected }) => expected)).toEqual(rows.map((_, at) => at));
    });

    it('can be removed by window, time and sensor', async () => {
      await known('sds011', 'sps30');
      const days = [day(T0, 24)];
      await write('day', days);
      await write('hour', [hour(T0, 1), hour(T0 + HOUR_MS, 2), hour(T0, 3, { sensor: 'sps30' })]);
      await rollups().remove({ stationId: STATION, window: 'hour', from: T0 + HOUR_MS });
      expect((await read()).map(({ sensor, start }) => [sensor, start])).toEqual([
        ['sds011', T0],
        ['sps30', T0],
      ]);
      await rollups().remove({ stationId: STATION, sensor: 'sps30' });
      expect((await read()).map(({ sensor }) => sensor)).toEqual(['sds011']);
      expect(await read({ window: 'day' })).toEqual(days);
    });

    it('keep what they were made by', async () => {
      expect(await rollups().basis()).toBeUndefined();
      await rollups().setBasis({ rules: 'clock-mean-1 +3600000', closedUntil: T0 });
      await rollups().setBasis({ rules: 'clock-mean-2 +3600000', closedUntil: T0 + HOUR_MS });
      await underTest().reopen();
      expect(await rollups().basis()).toEqual({ rules: 'clock-mean-2 +3600000', closedUntil: T0 + HOUR_MS });
    });
  });

  describe('marks of rollups', () => {
    const stretches = (marks: readonly DirtyMark[]) => marks.map(({ stationId, from, to }) => [stationId, from, to]);
    const day0 = Math.floor(T0 / DAY_MS) * DAY_MS;

    it('are made with readings and intervals of hours that are closed, and told once those are stored', async () => {
      const told: DirtyMark[] = [];
      rollups().onMark((marks) => told.push(...marks));
      await store().append([message(T0 - DAY_MS, { values: { pm25: 1 } })]);
      await rollups().closeUntil(T0);
      await store().append([message(T0, { values: { pm25: 2 } })]);
      expect(told).toEqual([]);
      await store().append([
        message(T0 - MINUTE_MS, { values: { pm25: 3 } }),
        message(T0 - 2 * MINUTE_MS, { values: { pm25: 3 } }),
        message(T0 - 5 * DAY_MS, { stationId: OTHER_STATION, values: { pm25: 3 } }),
      ]);
      expect(stretches(told)).toEqual([
        [STATION, day0, day0 + DAY_MS],
        [OTHER_STATION, day0 - 5 * DAY_MS, day0 - 4 * DAY_MS],
      ]);
      expect(await rollups().marks()).toEqual(told);
    });

    it('are not made by a repetition', async () => {
      await rollups().closeUntil(T0 + HOUR_MS);
      await store().append([message(T0, { values: { pm25: 1 } })]);
      const before = await rollups().marks();
      await store().append([message(T0, { values: { pm25: 1 } })]);
      expect(await rollups().marks()).toEqual(before);
    });

    it('stay over a restart until they are cleared, and so does what counts as closed', async () => {
      await rollups().setBasis({ rules: 'any', closedUntil: T0 });
      await rollups().markDirty([
        { stationId: STATION, from: T0 - DAY_MS, to: T0 },
        { stationId: STATION, from: T0 - 3 * DAY_MS, to: T0 - 2 * DAY_MS },
        { stationId: OTHER_STATION, from: T0 - DAY_MS, to: T0 },
      ]);
      await underTest().reopen();
      await store().append([message(T0 - HOUR_MS, { values: { pm25: 1 } })]);
      const marks = await rollups().marks();
      expect(marks).toHaveLength(4);
      await rollups().clearMarks(STATION, marks[0]!.mark);
      expect(await rollups().marks()).toEqual(marks.slice(1));
      await rollups().clearMarks(STATION, marks[3]!.mark);
      expect(stretches(await rollups().marks())).toEqual([[OTHER_STATION, T0 - DAY_MS, T0]]);
    });

    it('are told after the change they are about', async () => {
      const order: string[] = [];
      rollups().onMark(() => order.push('told'));
      await rollups().markDirty([{ stationId: STATION, from: 0, to: T0 }], async () => {
        order.push(`changed with ${(await rollups().marks()).length} stored`);
      });
      expect(order).toEqual(['changed with 1 stored', 'told']);
    });
  });

  describe('removing readings', () => {
    it('of a station takes its rows and marks', async () => {
      await known();
      await write('hour', [hour(T0, 1), hour(T0, 2, { stationId: OTHER_STATION })]);
      await write('day', [day(T0, 24)]);
      await rollups().markDirty([{ stationId: STATION, from: T0, to: T0 + DAY_MS }]);
      await store().remove({ stationId: STATION });
      expect(await rollups().marks()).toEqual([]);
      expect(await read({ window: 'day' })).toEqual([]);
      expect((await read({ stationIds: [STATION, OTHER_STATION] })).map(({ stationId }) => stationId)).toEqual([
        OTHER_STATION,
      ]);
    });

    it('of a stretch marks it', async () => {
      await known();
      await write('hour', [hour(T0, 1)]);
      await store().remove({ stationId: STATION, from: T0, to: T0 + HOUR_MS });
      expect(await rollups().marks()).toMatchObject([{ stationId: STATION, from: T0, to: T0 + HOUR_MS }]);
      expect(await read()).toHaveLength(1);
    });

    it('of a sensor takes its rows and marks the station, whose other flags may rest on it', async () => {
      await known('sds011', 'sps30');
      await write('hour', [hour(T0, 1), hour(T0, 3, { sensor: 'sps30' })]);
      await store().remove({ stationId: STATION, sensor: 'sds011' });
      expect((await read()).map(({ sensor }) => sensor)).toEqual(['sps30']);
      const [mark] = await rollups().marks();
      expect(mark!.from).toBeLessThan(0);
      expect(mark!.to).toBeGreaterThan(NOW);
    });
  });

  describe('courses', () => {
    it('are the merged readings of each instrument as columns, in order of time', async () => {
      await store().append([
        message(T0 + MINUTE_MS, { values: { pm25: 2 } }),
        message(T0, { values: { pm25: 1 } }),
        message(T0 + MINUTE_MS, { values: { pm10: 3 }, flags: 1 }),
        message(T0 + MINUTE_MS, { sensor: 'dht22', values: { humidity: 50 } }),
        message(T0 + MINUTE_MS, { stationId: OTHER_STATION, values: { pm25: 7 } }),
        message(T0 + DAY_MS, { values: { pm25: 9 } }),
      ]);
      const courses = await store().courses({ stationIds: [STATION, OTHER_STATION], from: T0, to: T0 + DAY_MS });
      const sorted = courses.toSorted((a, b) => (a.stationId + a.sensor < b.stationId + b.sensor ? -1 : 1));
      const plain = sorted.map(({ stationId, sensor, times, values }) => {
        const columns = Object.entries(values).map(([name, column]) => [name, [...column]]);
        return [stationId, sensor, [...times], Object.fromEntries(columns)];
      });
      expect(plain).toEqual([
        [STATION, 'dht22', [T0 + MINUTE_MS], { humidity: [50] }],
        [STATION, 'sds011', [T0, T0 + MINUTE_MS], { pm25: [1, 2], pm10: [Number.NaN, 3] }],
        [OTHER_STATION, 'sds011', [T0 + MINUTE_MS], { pm25: [7] }],
      ]);
      expect(await store().courses({ stationIds: [], from: T0, to: T0 + DAY_MS })).toEqual([]);
    });

    it('can be those of one quantity: its valid values alone', async () => {
      const broken = flagBit('out-of-range', 'humidity');
      await store().append([
        message(T0, { sensor: 'bme280', values: { humidity: 50, pressure: 1000 } }),
        message(T0 + MINUTE_MS, { sensor: 'bme280', values: { pressure: 1001 } }),
        message(T0 + 2 * MINUTE_MS, { sensor: 'bme280', values: { humidity: 250 }, flags: broken }),
        message(T0 + 3 * MINUTE_MS, { sensor: 'bme280', values: { humidity: 51 }, flags: 1 }),
        message(T0, { values: { pm25: 1 } }),
      ]);
      const courses = await store().courses({ stationIds: [STATION], from: T0, to: T0 + DAY_MS, only: 'humidity' });
      expect(courses.map(({ sensor, times, values }) => [sensor, [...times], [...(values.humidity ?? [])]])).toEqual([
        ['bme280', [T0, T0 + 3 * MINUTE_MS], [50, 51]],
      ]);
      expect(courses.map(({ flags, values }) => [[...flags], Object.keys(values)])).toEqual([[[0, 0], ['humidity']]]);
    });

    it('reach over years without readings', async () => {
      const first = T0 - 3 * 365 * DAY_MS;
      await store().append([message(first, { values: { pm25: 1 } }), message(T0, { values: { pm25: 2 } })]);
      const [course] = await store().courses({ stationIds: [STATION], from: 0, to: NOW });
      expect([...course!.times]).toEqual([first, T0]);
    });
  });
}
