import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../../server/domain/assessment/flag.ts';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import type { Reading, Values } from '../../../server/domain/reading.ts';
import { CADENCE, find, NOW, readings, sound, together, week, wiggle } from './healthEvidence.ts';

/** The last of these readings with other values and flags. */
function lastOnes(count: number, values: Values, flags: number): Reading[] {
  return sound().map((reading, index, all) => (index < all.length - count ? reading : { ...reading, values, flags }));
}

/** Half a minute later: another instrument's. */
const later = (those: Reading[], byMs = 30_000) =>
  those.map((reading) => ({ ...reading, measuredAt: reading.measuredAt + byMs }));

describe('a blocked inlet', () => {
  const blocked = readings(48, (_, index) => ({ pm25: index % 2 === 0 ? 0.1 : 0.2, pm10: 0.3 }));
  const dayOf = { id: 'fan', sensor: 'sds011', highest: 0.2, readings: 576 } as const;

  it('is suspected only while the air around is not as clean', () => {
    const hours = week(0.1);
    expect(find('fan', { readings: blocked, hours, neighbours: 3 })).toStrictEqual({
      ...dayOf,
      state: 'problem',
      neighbours: 10,
    });
    expect(find('fan', { readings: blocked, hours: week(0.1, [0.3, 0.4, 0.2]) }).state).toBe('good');
    expect(find('fan', { readings: blocked, hours: week(0.1, [1, 1.9, 3]) }).state).toBe('good');
    expect(find('fan', { readings: blocked, hours: week(0.1, [1, 2, 3]) }).state).toBe('problem');
    expect(find('fan', { readings: blocked })).toStrictEqual({ ...dayOf, state: 'notice' });
  });

  it('is judged beside the neighbours of the same day: after rain theirs is as little', () => {
    const hours = week(0.1).map((hour) => (hour.start < NOW - 24 * HOUR_MS ? hour : { ...hour, others: [0.2] }));
    expect(find('fan', { readings: blocked, hours })).toMatchObject({ state: 'good', neighbours: 0.2 });
  });

  it.each([
    [0.3, 'notice'],
    [0.4, 'good'],
  ])('shows at most 0.3 µg/m³: %d', (pm25, state) => {
    expect(find('fan', { readings: readings(48, () => ({ pm25 })) })).toMatchObject({ state, highest: pm25 });
  });

  it('is not disproved by a few values, and by no invalid one', () => {
    const few = blocked.map((reading, index) => (index % 25 === 0 ? { ...reading, values: { pm25: 9 } } : reading));
    expect(find('fan', { readings: few })).toMatchObject({ state: 'notice', highest: 0.2 });
    const invalid = blocked.map((reading, index) =>
      index % 3 === 0
        ? { ...reading, values: { pm25: 1000 }, flags: flagBit('out-of-range', 'pm25') }
        : { ...reading, values: { pm25: 0.2 } },
    );
    expect(find('fan', { readings: invalid })).toMatchObject({ state: 'notice', highest: 0.2, readings: 384 });
  });

  it('is unknown with less than half a day of readings', () => {
    expect(find('fan', { readings: blocked.slice(-288) })).toMatchObject({ state: 'notice', readings: 288 });
    expect(find('fan', { readings: blocked.slice(-287) })).toStrictEqual({
      id: 'fan',
      state: 'unknown',
      readings: 287,
    });
    expect(find('fan', { readings: [] })).toStrictEqual({ id: 'fan', state: 'unknown', readings: 0 });
  });

  it('is looked for at the instrument that measured most', () => {
    const few = later(readings(1, (_, index) => ({ pm25: wiggle(index) }), 'sps30'));
    const early = few.map((reading) => ({ ...reading, measuredAt: reading.measuredAt - 23 * HOUR_MS }));
    const before = blocked.filter(({ measuredAt }) => measuredAt > early[0]!.measuredAt);
    expect(find('fan', { readings: together(early, before) })).toMatchObject({ state: 'notice', sensor: 'sds011' });
  });
});

describe('a value that hangs', () => {
  const stuckFor = (hours: number, until = 0) =>
    readings(48, (ago, index) => ({ pm25: ago <= hours && ago > until ? 17.3 : wiggle(index) }));

  it('is shown with since when, and when it is over', () => {
    const found = find('stuck', { readings: stuckFor(8) });
    const values = { sensor: 'sds011', quantity: 'pm25', value: 17.3, readings: 192 };
    const since = NOW - 192 * CADENCE + 60_000;
    expect(found).toStrictEqual({ id: 'stuck', state: 'problem', ...values, since });
    expect(find('stuck', { readings: stuckFor(12, 2) })).toMatchObject({ state: 'notice', value: 17.3, readings: 240 });
  });

  it('is that of one instrument: another goes on, before and after', () => {
    const lively = later(readings(48, (_, index) => ({ pm25: wiggle(index) }), 'sps30'));
    const since = NOW - 192 * CADENCE + 60_000;
    const found = find('stuck', { readings: together(stuckFor(8), lively) });
    expect(found).toMatchObject({ state: 'problem', sensor: 'sds011', readings: 192, since });
  });

  it('is that of one quantity: what else the instrument sends by itself is no other value', () => {
    const pm10 = later(
      readings(48, (_, index) => ({ pm10: 30 + wiggle(index) })),
      1,
    );
    const found = find('stuck', { readings: together(stuckFor(8), pm10) });
    expect(found).toMatchObject({ state: 'problem', quantity: 'pm25', readings: 192 });
  });

  it('is good to know of particulates only where some were measured today, alone or beside other quantities', () => {
    const climate = readings(48, (_, index) => ({ temperature: wiggle(index) }), 'dht22');
    expect(find('stuck', { readings: climate })).toStrictEqual({ id: 'stuck', state: 'unknown' });
    expect(find('stuck', { readings: [] })).toStrictEqual({ id: 'stuck', state: 'unknown' });
    const old = sound().filter(({ measuredAt }) => measuredAt < NOW - 25 * HOUR_MS);
    expect(find('stuck', { readings: together(old, climate) }).state).toBe('unknown');
    expect(find('stuck', { readings: together(sound(), later(climate)) })).toStrictEqual({
      id: 'stuck',
      state: 'good',
    });
    const both = readings(48, (_, index) => ({ temperature: 20, pm25: wiggle(index) }), 'sen5x');
    expect(find('stuck', { readings: both }).state).toBe('good');
  });
});

describe('full scale', () => {
  const flags = flagBit('saturated', 'pm25');
  const lastAt = NOW - CADENCE + 60_000;

  it.each([
    [1, 'notice'],
    [2, 'notice'],
    [3, 'problem'],
  ])('of %d readings in the last day is a %s', (count, state) => {
    expect(find('saturated', { readings: lastOnes(count, { pm25: 999.9 }, flags) })).toStrictEqual({
      ...{ id: 'saturated', state, sensor: 'sds011', count, lastAt, value: 999.9 },
    });
  });

  it('of two quantities at one moment is one reading', () => {
    const both = flags + flagBit('saturated', 'pm10');
    const found = find('saturated', { readings: lastOnes(2, { pm25: 999.9, pm10: 1999.9 }, both) });
    expect(found).toMatchObject({ state: 'notice', count: 2 });
  });

  it('is that of particulates: so may noise be', () => {
    const found = find('saturated', { readings: lastOnes(4, { noise: 140 }, flagBit('saturated', 'noise')) });
    expect(found).toStrictEqual({ id: 'saturated', state: 'good', count: 0 });
  });

  it('is unknown where nothing was measured', () => {
    expect(find('saturated', { readings: [] })).toStrictEqual({ id: 'saturated', state: 'unknown', count: 0 });
  });
});

describe('PM2.5 above PM10', () => {
  const inverted = { pm25: 30, pm10: 10 };
  const mixed = (every: number) =>
    readings(24, (_, index) => (index % every === 0 ? inverted : { pm25: wiggle(index), pm10: 20 }));

  it('is a fault in more than a twentieth of the readings', () => {
    expect(find('inverted', { readings: readings(24, () => inverted) })).toStrictEqual({
      ...{ id: 'inverted', state: 'notice', share: 1, readings: 576 },
    });
    expect(find('inverted', { readings: mixed(18) })).toMatchObject({ state: 'notice', share: 32 / 576 });
    const twentieth = mixed(20).slice(0, 560);
    expect(find('inverted', { readings: twentieth })).toMatchObject({ state: 'good', share: 0.05, readings: 560 });
  });

  it('is looked for where both are there and valid', () => {
    const odd: readonly [Values, number][] = [
      [{ pm25: 30 }, 0],
      [{ pm10: 10 }, 0],
      [inverted, flagBit('out-of-range', 'pm25')],
      [inverted, flagBit('out-of-range', 'pm10')],
    ];
    const all = readings(24, () => ({ pm25: 8, pm10: 12 }));
    const some = all.map((reading, index) => {
      const [values, flags] = odd[index % 5] ?? [reading.values, 0];
      return { ...reading, values, flags };
    });
    const found = find('inverted', { readings: some });
    expect(found).toStrictEqual({ id: 'inverted', state: 'good', share: 0, readings: 115 });
    const none = some.filter((_, index) => index % 5 !== 4);
    const unknown = { id: 'inverted', state: 'unknown', share: 0, readings: 0 };
    expect(find('inverted', { readings: none })).toStrictEqual(unknown);
  });
});

describe('a humidity sensor', () => {
  const humid = (humidity: (hoursAgo: number, index: number) => number, sensor = 'dht22') =>
    readings(30, (hoursAgo, index) => ({ humidity: humidity(hoursAgo, index) }), sensor);
  const fine = humid((_, index) => 60 + (index % 9));
  const flipping = humid((_, index) => (index % 4 === 0 ? 1 : 99.9));

  it('that flips between its ends is broken, also beside another that works', () => {
    const found = { id: 'humidity', state: 'problem', sensor: 'dht22', lowest: 1, highest: 99.9, readings: 720 };
    expect(find('humidity', { readings: flipping })).toStrictEqual({ ...found, flips: 359 });
    const working = later(
      humid((_, index) => 60 + (index % 9), 'bme280'),
      -30_000,
    );
    expect(find('humidity', { readings: together(working, flipping) })).toStrictEqual({ ...found, flips: 359 });
  });

  it('that works is good, by these numbers', () => {
    expect(find('humidity', { readings: fine })).toStrictEqual({
      ...{ id: 'humidity', state: 'good', sensor: 'dht22', lowest: 60, highest: 68, flips: 0, readings: 720 },
    });
  });

  it.each([
    [30, 0],
    [31, 1],
  ])('jumps once at more than 30 points: %d', (step, flips) => {
    const jump = humid((hoursAgo) => (hoursAgo > 10 ? 40 : 40 + step));
    expect(find('humidity', { readings: jump })).toMatchObject({ state: 'good', flips });
  });

  it.each([
    [99.9, 180, 'notice'],
    [99.9, 181, 'good'],
    [1, 180, 'problem'],
  ])('at %d %% in all but %d of 720 readings: %s', (end, others, state) => {
    // One part after the other: to and fro it would be broken.
    const readingsAtEnd = humid((_, index) => (index < others ? 50 + (index % 9) : end));
    expect(find('humidity', { readings: readingsAtEnd }).state).toBe(state);
  });

  it('is unknown where it sent nothing today, or nothing that is a value', () => {
    const unknown = { id: 'humidity', state: 'unknown', readings: 0 };
    const old = fine.filter(({ measuredAt }) => measuredAt < NOW - 25 * HOUR_MS);
    expect(find('humidity', { readings: old })).toStrictEqual(unknown);
    expect(find('humidity', { readings: together(old, sound(20)) })).toStrictEqual(unknown);
    const hung = fine.map((reading) => ({ ...reading, flags: flagBit('out-of-range', 'humidity') }));
    expect(find('humidity', { readings: hung })).toStrictEqual(unknown);
  });
});
