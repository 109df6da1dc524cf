import { describe, expect, it } from '@jest/globals';
import { CELL_MS } from '../../server/domain/aggregate.ts';
import { flagBit } from '../../server/domain/assessment/flag.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import { QUANTITIES, type Quantity } from '../../server/domain/quantity.ts';
import type { Reading } from '../../server/domain/reading.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { randomNumbers } from '../support/randomNumbers.ts';

const CADENCE = 149_000;
/** A time on a full hour. */
const T0 = Date.UTC(2026, 0, 5, 12);

function aggregatorAt(start: number, sensorModels: string[] = []) {
  const clock = { now: start };
  return { clock, aggregator: new Aggregator({ clock: () => clock.now, sensorModels: () => sensorModels }) };
}

function reading(measuredAt: number, change: Partial<Reading> = {}): Reading {
  return { stationId: 'aaaaaaaaa1', sensor: 'sds011', measuredAt, values: { pm25: 10 }, flags: 0, ...change };
}

/** Folds a reading each cadence in `[from, to)`. */
function foldEvery(aggregator: Aggregator, from: number, to: number, change: Partial<Reading> = {}): void {
  for (let at = from; at < to; at += CADENCE) aggregator.fold([reading(at, change)], { interval: 145_000 });
}

describe('a sliding mean of the aggregator', () => {
  it('agrees with a recomputation from all readings, whatever their order', () => {
    const random = randomNumbers(7);
    const { aggregator, clock } = aggregatorAt(T0);
    const readings: Reading[] = [];
    for (let at = T0 - 26 * HOUR_MS; at < T0 + HOUR_MS; at += 20_000 + random() * 400_000) {
      const flags = random() < 0.1 ? flagBit('saturated', 'pm25') : 0;
      readings.push(reading(Math.floor(at), { values: { pm25: Math.round(random() * 5_000) / 100 }, flags }));
    }
    // Half come in time, half up to six hours late.
    const inOrder = readings.map((one) => ({
      one,
      at: one.measuredAt + (random() < 0.5 ? 0 : random() * 6 * HOUR_MS),
    }));
    inOrder.sort((a, b) => a.at - b.at);
    let folded = 0;
    for (let now = T0 - 2 * HOUR_MS; now <= T0 + 7 * HOUR_MS; now += 7 * MINUTE_MS) {
      clock.now = now;
      while (folded < inOrder.length && inOrder[folded]!.at <= now) aggregator.fold([inOrder[folded++]!.one]);
      const known = inOrder.slice(0, folded).map(({ one }) => one);
      for (const [average, cells] of [
        ['1h', 12],
        ['24h', 288],
      ] as const) {
        const end = Math.floor(now / CELL_MS) * CELL_MS;
        const inWindow = known.filter(
          (one) => one.flags === 0 && one.measuredAt >= end - cells * CELL_MS && one.measuredAt < end,
        );
        const values = inWindow.map((one) => one.values.pm25!);
        const aggregate = aggregator.aggregate('aaaaaaaaa1', 'pm25', average)!;
        expect(aggregate.count).toBe(values.length);
        if (values.length === 0) continue;
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(Math.abs(aggregate.value! - mean)).toBeLessThan(1e-9);
        expect([aggregate.min, aggregate.max]).toEqual([Math.min(...values), Math.max(...values)]);
      }
    }
    expect(folded).toBe(inOrder.length);
  });

  it('leaves the running cell out', () => {
    const { aggregator, clock } = aggregatorAt(T0 + MINUTE_MS);
    aggregator.fold([reading(T0 + MINUTE_MS)]);
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({ state: 'none', count: 0 });
    clock.now = T0 + 5 * MINUTE_MS;
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({
      state: 'sparse',
      count: 1,
      value: 10,
      at: T0 + 5 * MINUTE_MS,
      lastMeasuredAt: T0 + MINUTE_MS,
    });
  });

  it('begins anew when the station is moved, and says that it rests on too little', () => {
    const moved: { at?: number } = {};
    const clock = { now: T0 };
    const aggregator = new Aggregator({
      ...{ clock: () => clock.now, sensorModels: () => [], standsSince: () => moved.at },
    });
    foldEvery(aggregator, T0 - DAY_MS, T0, { values: { pm25: 100 } });
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({ state: 'ok', value: 100 });
    // Within a cell: that cell holds readings of both places.
    moved.at = T0 + 2 * MINUTE_MS;
    clock.now = T0 + 3 * MINUTE_MS;
    foldEvery(aggregator, T0, moved.at, { values: { pm25: 100 } });
    for (const average of ['1h', '24h', 'latest'] as const) {
      expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', average)).toMatchObject({ state: 'none', count: 0 });
    }
    expect(aggregator.latest('aaaaaaaaa1')).toEqual({});
    expect(aggregator.facts('aaaaaaaaa1')).toMatchObject({ healthClass: 'ok', coverage24h: 1 });
    foldEvery(aggregator, moved.at, T0 + 20 * MINUTE_MS, { values: { pm25: 4 } });
    clock.now = T0 + 20 * MINUTE_MS;
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({ state: 'sparse', value: 4, max: 4 });
    expect(aggregator.latest('aaaaaaaaa1').pm25).toMatchObject({ value: 4 });
    const told: (string | number)[][] = [];
    aggregator.eachInstrumentMeans(['1h'], clock.now, ({ stationId, rows }) => told.push([stationId, ...rows[0]!]));
    expect(told).toEqual([['aaaaaaaaa1', ...QUANTITIES.map(() => Number.NaN)]]);
    clock.now = T0 + 60 * MINUTE_MS;
    foldEvery(aggregator, T0 + 20 * MINUTE_MS, clock.now, { values: { pm25: 4 } });
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({ state: 'ok', value: 4 });
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '24h')).toMatchObject({ state: 'sparse', value: 4 });
  });

  it('goes stale, loses its coverage and disappears by the clock alone', () => {
    const { aggregator, clock } = aggregatorAt(T0);
    foldEvery(aggregator, T0 - 2 * HOUR_MS, T0);
    const stateAfter = (ms: number) => {
      clock.now = T0 + ms;
      return aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')!.state;
    };
    expect([0, 9, 11, 40, 66].map((minutes) => stateAfter(minutes * MINUTE_MS))).toEqual([
      'ok',
      'ok',
      'stale',
      'stale',
      'none',
    ]);
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '24h')!.state).toBe('stale');
  });

  it('loses its coverage when every second reading fails, though it is never stale', () => {
    const { aggregator, clock } = aggregatorAt(T0);
    foldEvery(aggregator, T0 - 2 * HOUR_MS, T0);
    clock.now = T0 + HOUR_MS;
    for (let at = T0; at < T0 + HOUR_MS; at += 2 * CADENCE) aggregator.fold([reading(at)], { interval: 145_000 });
    const mean = aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')!;
    expect(mean.state).toBe('sparse');
    expect(mean.coverage).toBeLessThan(0.6);
  });

  it('is sparse while the history is short, however regular', () => {
    const { aggregator, clock } = aggregatorAt(T0);
    clock.now = T0 + 20 * MINUTE_MS;
    foldEvery(aggregator, T0, T0 + 20 * MINUTE_MS);
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')!.state).toBe('sparse');
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', 'latest')!.state).toBe('ok');
  });

  it('expects what the device did the day before when it sends no interval', () => {
    const { aggregator, clock } = aggregatorAt(T0);
    for (let at = T0 - DAY_MS; at < T0; at += 5 * MINUTE_MS) aggregator.fold([reading(at)]);
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({ expected: 12, count: 12, state: 'ok' });
    // The next day it speeds up: judged by the day before until that is over.
    clock.now = T0 + 3 * HOUR_MS;
    for (let at = T0; at < T0 + 3 * HOUR_MS; at += MINUTE_MS) aggregator.fold([reading(at)]);
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({ expected: 12, count: 60 });
  });

  it('does not take one long gap for the cadence', () => {
    const { aggregator, clock } = aggregatorAt(T0);
    aggregator.fold([reading(T0 - 50 * MINUTE_MS)]);
    aggregator.fold([reading(T0 - MINUTE_MS)]);
    clock.now = T0;
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({ expected: 24, count: 2, state: 'sparse' });
  });

  it('counts the fields of one cycle that come one by one as one reading each, and as no gap', () => {
    const { aggregator } = aggregatorAt(T0);
    for (let at = T0 - HOUR_MS; at < T0; at += MINUTE_MS) {
      aggregator.fold([reading(at, { values: { pm25: 10 } })]);
      aggregator.fold([reading(at, { values: { pm10: 20 } })]);
    }
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm10', '1h')).toMatchObject({ expected: 60, count: 60, value: 20 });
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({ expected: 60, count: 60, value: 10 });
  });
});

describe('folding', () => {
  it('is not upset by a reading far ahead of the clock', () => {
    const { aggregator } = aggregatorAt(T0);
    foldEvery(aggregator, T0 - HOUR_MS, T0);
    aggregator.fold([reading(T0 + 30 * DAY_MS)]);
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')!.state).toBe('ok');
    expect(aggregator.stats().refused).toBe(1);
  });

  it('takes a late reading into its cell but not for the latest', () => {
    const { aggregator } = aggregatorAt(T0);
    aggregator.fold([reading(T0 - MINUTE_MS, { values: { pm25: 1 } })]);
    aggregator.fold([reading(T0 - 30 * MINUTE_MS, { values: { pm25: 3 } })]);
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', 'latest')).toMatchObject({ value: 1 });
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({ value: 2, count: 2 });
  });

  it('does not count a reading older than a day', () => {
    const { aggregator } = aggregatorAt(T0);
    foldEvery(aggregator, T0 - HOUR_MS, T0);
    const before = aggregator.aggregate('aaaaaaaaa1', 'pm25', '24h')!;
    aggregator.fold([reading(T0 - 40 * HOUR_MS, { values: { pm25: 9_999 } })], { interval: 145_000 });
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '24h')).toEqual(before);
  });

  it('keeps an invalid value out of every mean, and shows it as the latest with its flag', () => {
    const { aggregator } = aggregatorAt(T0);
    foldEvery(aggregator, T0 - HOUR_MS, T0 - MINUTE_MS);
    const flags = flagBit('saturated', 'pm25');
    aggregator.fold([reading(T0 - MINUTE_MS, { values: { pm25: 999.9, pm10: 12 }, flags })], { interval: 145_000 });
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toMatchObject({ value: 10, flags: ['saturated'] });
    expect(aggregator.latest('aaaaaaaaa1')).toEqual({
      pm25: {
        value: 999.9,
        measuredAt: new Date(T0 - MINUTE_MS).toISOString(),
        flags: ['saturated'],
        sensor: 'sds011',
      },
      pm10: { value: 12, measuredAt: new Date(T0 - MINUTE_MS).toISOString(), flags: [], sensor: 'sds011' },
    });
    expect(aggregator.facts('aaaaaaaaa1').healthClass).toBe('doubtful');
  });

  it('remembers each touched station once', () => {
    const { aggregator } = aggregatorAt(T0);
    aggregator.fold([reading(T0), reading(T0, { sensor: 'bme280', values: { temperature: 4 } })]);
    aggregator.fold([reading(T0, { stationId: 'bbbbbbbbb2' })]);
    expect(aggregator.takeTouched()).toEqual(['aaaaaaaaa1', 'bbbbbbbbb2']);
    expect(aggregator.takeTouched()).toEqual([]);
  });

  it('does not grow with the names a device invents', () => {
    const { aggregator } = aggregatorAt(T0);
    for (let i = 0; i < 1_000; i++) aggregator.fold([reading(T0, { sensor: `sds011-${i}` })]);
    expect(aggregator.stats()).toMatchObject({ series: 16, refused: 984 });
  });
});

describe('the instrument that speaks', () => {
  const sensorOf = (aggregator: Aggregator, quantity: Quantity) => aggregator.latest('aaaaaaaaa1')[quantity]?.sensor;

  it('is the declared one for particulates and the BME280 for humidity', () => {
    const { aggregator } = aggregatorAt(T0, ['sds011', 'sps30', 'dht22', 'bme280']);
    aggregator.fold([
      reading(T0, { sensor: 'sps30', values: { pm25: 5 } }),
      reading(T0, { sensor: 'sds011', values: { pm25: 6 } }),
      reading(T0, { sensor: 'dht22', values: { humidity: 50 } }),
      reading(T0, { sensor: 'bme280', values: { humidity: 60 } }),
    ]);
    expect(sensorOf(aggregator, 'pm25')).toBe('sds011');
    expect(sensorOf(aggregator, 'humidity')).toBe('bme280');
    expect(aggregator.primarySensor('aaaaaaaaa1', 'pm25')).toBe('sds011');
  });
});

describe('facts about a station', () => {
  it.each([
    ['unknown before its first reading', [], 0, 'unknown'],
    ['sparse on its first day', [T0 - HOUR_MS, T0], 0, 'sparse'],
    ['ok after a day', [T0 - DAY_MS, T0], 0, 'ok'],
    ['silent when it stops', [T0 - DAY_MS, T0], 11 * MINUTE_MS, 'silent'],
  ])('say %s', (_text, [from, to], later, healthClass) => {
    const { aggregator, clock } = aggregatorAt(T0);
    if (from !== undefined && to !== undefined) foldEvery(aggregator, from, to);
    clock.now = T0 + later;
    expect(aggregator.facts('aaaaaaaaa1').healthClass).toBe(healthClass);
  });
});

describe('a removed station', () => {
  it('leaves nothing behind, and its room is used again, empty', () => {
    const { aggregator } = aggregatorAt(T0);
    foldEvery(aggregator, T0 - DAY_MS, T0);
    const { bytes } = aggregator.stats();
    aggregator.removeStation('aaaaaaaaa1');
    expect(aggregator.aggregate('aaaaaaaaa1', 'pm25', '1h')).toBeUndefined();
    expect(aggregator.latest('aaaaaaaaa1')).toEqual({});
    aggregator.fold([reading(T0 - 6 * MINUTE_MS, { stationId: 'bbbbbbbbb2', values: { pm25: 3 } })]);
    expect(aggregator.aggregate('bbbbbbbbb2', 'pm25', '24h')).toMatchObject({ value: 3, count: 1 });
    expect(aggregator.stats()).toMatchObject({ stations: 1, series: 1, bytes });
  });
});
