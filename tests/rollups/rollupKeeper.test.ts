import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { RollupRow } from '../../server/domain/means/rollup.ts';
import { rollupColumnsOf } from '../../server/domain/means/rollupGatherer.ts';
import { course, MIDNIGHT, message, RollupHouse, STATION } from './rollupHouse.ts';

const query = { stationIds: [STATION], quantity: 'pm25', from: MIDNIGHT, to: MIDNIGHT + 100 * DAY_MS } as const;
const revisions = (rows: readonly RollupRow[]) => rows.map(({ revision }) => revision);

describe('RollupKeeper', () => {
  it('makes an hour when it has ended, a day when it has', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    await house.at(MIDNIGHT + 90 * MINUTE_MS);
    await house.store.append(course(MIDNIGHT + HOUR_MS, 23));
    expect(await house.rollups.rows({ ...query, window: 'hour' })).toEqual([]);
    await house.at(MIDNIGHT + 2 * HOUR_MS);
    const hours = await house.rollups.rows({ ...query, window: 'hour' });
    expect(hours.map(({ mean, revision }) => [mean, revision])).toEqual([
      [null, 1],
      [10.5, 1],
    ]);
    await house.at(MIDNIGHT + DAY_MS - 1);
    expect(await house.rollups.rows({ ...query, window: 'day' })).toEqual([]);
    await house.at(MIDNIGHT + DAY_MS);
    const [day] = await house.rollups.rows({ ...query, window: 'day' });
    expect(day).toMatchObject({ mean: 10.5, revision: 1, parts: { valid: 23, of: 24 }, uncertainty: 8.8 });
    expect(revisions(await house.kept('hour'))).toEqual(Array(48).fill(1));
  });

  it('knows the first hour of a new, slow instrument once its day has ended', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    const slow = (at: number) => message(MIDNIGHT + at * 15 * MINUTE_MS, 'sds011', { pm25: 10 + (at % 2) });
    await house.store.append(Array.from({ length: 24 * 4 }, (_, at) => slow(at)));
    const hours = async () => (await house.kept('hour')).map(({ mean, revision }) => [mean, revision]);
    await house.at(MIDNIGHT + HOUR_MS);
    // Three gaps are too few to tell: four readings look like a sixth of an hour of a usual device.
    expect(await hours()).toEqual([[null, 1]]);
    for (let hour = 2; hour <= 24; hour++) await house.at(MIDNIGHT + hour * HOUR_MS);
    expect(await hours()).toEqual([[10.5, 2], ...Array(23).fill([10.5, 1])]);
    expect(await house.kept('day')).toMatchObject([{ mean: 10.5, revision: 1, parts: { valid: 24, of: 24 } }]);
  });

  it('gives the day of a swap as it is made from the readings', async () => {
    const house = await RollupHouse.open();
    const swapped = [...course(MIDNIGHT, 30), ...course(MIDNIGHT + 31 * HOUR_MS, 41, 'sds011-2')];
    await house.store.append(swapped);
    house.keeper.start();
    await house.at(MIDNIGHT + 3 * DAY_MS);
    const query = {
      stationIds: [STATION],
      quantity: 'pm25',
      window: 'day',
      from: MIDNIGHT,
      to: MIDNIGHT + 3 * DAY_MS,
    } as const;
    const days = await house.rollups.rows(query);
    expect(days.map(({ sensor, parts }) => [sensor, parts!.valid])).toEqual([
      ['sds011', 24],
      ['sds011-2', 23],
      ['sds011-2', 24],
    ]);
    expect(days).toEqual(await house.computed.rows(query));
    expect(await house.rollups.rows({ ...query, isBare: true })).toMatchObject(days.map(({ mean }) => ({ mean })));
  });

  it('makes what was there before it began', async () => {
    const house = await RollupHouse.open();
    await house.store.append(course(MIDNIGHT - 40 * DAY_MS, 30 * 24));
    house.now = MIDNIGHT;
    house.keeper.start();
    await house.settled();
    expect(await house.kept('day')).toHaveLength(2 * 30);
    expect(await house.store.rollups.marks()).toEqual([]);
  });

  it('has nothing to make in an instance of many stations where nothing was measured yet', async () => {
    const house = await RollupHouse.open();
    for (let n = 0; n < 20; n++) house.stations.push(`station${n}`);
    house.keeper.start();
    await house.settled();
    expect(house.logged).toEqual([]);
    expect(house.keeper.stats()).toMatchObject({ dirtyStations: 0, closedUntil: MIDNIGHT });
    await house.store.append(course(MIDNIGHT - 2 * HOUR_MS, 1));
    await house.settled();
    expect(await house.kept('hour')).not.toEqual([]);
  });

  it('raises the revision of exactly the rows that a late reading changes', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    const readings = course(MIDNIGHT, 24);
    const late = readings.splice(50, 3);
    await house.store.append(readings);
    await house.at(MIDNIGHT + DAY_MS);
    await house.store.append([readings[0]!]);
    await house.settled();
    expect(revisions(await house.kept('hour'))).toEqual(Array(48).fill(1));
    await house.store.append(late);
    await house.settled();
    const expected = Array.from({ length: 48 }, (_, at) => (at % 24 === 2 ? 2 : 1));
    expect(revisions(await house.kept('hour'))).toEqual(expected);
    expect((await house.kept('hour'))[2]).toMatchObject({ count: 24 });
    expect(revisions(await house.kept('day'))).toEqual([2, 2]);
  });

  it('tells of stations whose rows are to be made anew before it makes them', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    const [late, ...readings] = course(MIDNIGHT, 2);
    await house.store.append(readings);
    await house.at(MIDNIGHT + 2 * HOUR_MS);
    const told: string[] = [];
    house.keeper.onMark((stationIds) => told.push(...stationIds));
    await house.store.append([message(MIDNIGHT + 2 * HOUR_MS, 'sds011', { pm25: 10 })]);
    expect(told).toEqual([]);
    await house.store.append([late!]);
    expect(told).toEqual([STATION]);
    await house.settled();
  });

  it('goes on after a restart with what was marked and what was missed', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    const readings = course(MIDNIGHT, 24);
    const late = readings.splice(50, 3);
    await house.store.append(readings);
    await house.at(MIDNIGHT + 12 * HOUR_MS);
    await house.keeper.close();
    await house.store.append(late);
    expect(await house.store.rollups.marks()).toHaveLength(1);
    house.now = MIDNIGHT + DAY_MS;
    await house.restart();
    await house.settled();
    expect(await house.store.rollups.marks()).toEqual([]);
    expect((await house.kept('hour'))[2]).toMatchObject({ count: 24, revision: 2 });
    expect(await house.kept('day')).toMatchObject([{ count: 576 }, { count: 576 }]);
  });

  it('makes everything anew when the rules have changed', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    await house.store.append(course(MIDNIGHT, 24));
    await house.at(MIDNIGHT + DAY_MS);
    const before = await house.kept('hour');
    const older = before.map((row) => ({ ...row, method: 'older-rules' }));
    await house.store.rollups.write('hour', rollupColumnsOf(older));
    await house.store.rollups.setBasis({ rules: 'older-rules days 3600000', closedUntil: MIDNIGHT + DAY_MS });
    await house.restart();
    await house.settled();
    expect(await house.kept('hour')).toEqual(before.map((row) => ({ ...row, revision: 2 })));
    expect(revisions(await house.kept('day'))).toEqual([1, 1]);
  });

  it('revises the hours in which an instrument had been stuck before anybody could tell', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    const flat = Array.from({ length: 24 * 8 }, (_, at) =>
      message(MIDNIGHT + 4 * HOUR_MS + at * 150_000, 'sds011', { pm25: 12.3, pm10: 20 + (at % 5) }),
    );
    await house.store.append([...course(MIDNIGHT, 4), ...flat]);
    for (let hour = 1; hour <= 12; hour++) await house.at(MIDNIGHT + hour * HOUR_MS);
    const hours = await house.rollups.rows({ ...query, window: 'hour' });
    expect(hours.map(({ mean, shares, revision }) => [mean, shares.stuck ?? 0, revision])).toEqual([
      ...Array(4).fill([10.5, 0, 1]),
      ...Array(6).fill([null, 1, 2]),
      ...Array(2).fill([null, 1, 1]),
    ]);
  });

  it('keeps the days with a broken humidity sensor from being called humid, also those before its proof', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    const day = (start: number, humidity: (at: number) => number) =>
      Array.from({ length: 24 * 24 }, (_, at) => {
        const time = start + at * 150_000;
        return [
          message(time, 'sds011', { pm25: 10 + (at % 2) }),
          message(time + 1, 'dht22', { humidity: humidity(at) }),
        ];
      }).flat();
    await house.store.append(day(MIDNIGHT, (at) => 90 + (at % 3)));
    await house.at(MIDNIGHT + DAY_MS);
    const [before] = await house.rollups.rows({ ...query, window: 'day' });
    expect(before).toMatchObject({ isHumid: true });
    expect(before!.uncertainty).toBeGreaterThan(8.8);
    await house.store.append(day(MIDNIGHT + DAY_MS, (at) => (at % 10 === 0 ? 1 : 90)));
    await house.at(MIDNIGHT + 2 * DAY_MS);
    const after = await house.rollups.rows({ ...query, window: 'day' });
    expect(after).toMatchObject([
      { isHumid: false, revision: 2, uncertainty: 8.8 },
      { isHumid: false, uncertainty: 8.8 },
    ]);
  });

  it('tells how much of a mean was measured in a period the host has explained', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    await house.store.append(course(MIDNIGHT, 24));
    await house.at(MIDNIGHT + DAY_MS);
    house.annotations = [{ from: MIDNIGHT + 90 * MINUTE_MS, to: MIDNIGHT + 3 * HOUR_MS }];
    await house.rollups.markDirty(STATION, MIDNIGHT + 90 * MINUTE_MS, MIDNIGHT + 3 * HOUR_MS);
    const hours = await house.rollups.rows({ ...query, window: 'hour', to: MIDNIGHT + 4 * HOUR_MS });
    expect(hours.map(({ mean, shares, revision }) => [mean, shares.annotated ?? 0, revision])).toEqual([
      [10.5, 0, 1],
      [10.5, 0.5, 2],
      [10.5, 1, 2],
      [10.5, 0, 1],
    ]);
  });

  it('makes rows anew when told to, and gives the same ones the same revision', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    await house.store.append(course(MIDNIGHT, 24));
    await house.at(MIDNIGHT + DAY_MS);
    const before = await house.kept('hour');
    await house.rollups.markDirty(STATION, MIDNIGHT, MIDNIGHT + DAY_MS);
    expect(house.keeper.isBehind([STATION], MIDNIGHT)).toBe(true);
    await house.settled();
    expect(await house.kept('hour')).toEqual(before);
  });

  it('says whether rows are true: not while some are missing, of an hour that has just ended only to who asks that far', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    await house.at(MIDNIGHT + 3 * HOUR_MS);
    const ask = (to: number, patienceMs = 0) => house.keeper.upToDate([STATION], { patienceMs, to });
    expect(await ask(MIDNIGHT + 3 * HOUR_MS)).toBe(true);
    house.now = MIDNIGHT + 4 * HOUR_MS;
    expect(house.keeper.isBehind([STATION], MIDNIGHT + 3 * HOUR_MS)).toBe(false);
    expect(house.keeper.isBehind([STATION], MIDNIGHT + 4 * HOUR_MS)).toBe(true);
    expect(await ask(MIDNIGHT + 4 * HOUR_MS, 60_000)).toBe(true);
    await house.store.append(course(MIDNIGHT, 2));
    expect(house.keeper.isBehind([STATION], MIDNIGHT + HOUR_MS)).toBe(true);
    // Nothing can be made while the store is away: it is not waited for, and nobody takes old rows for true ones.
    const { store } = house;
    await store.close();
    expect(await ask(MIDNIGHT + 4 * HOUR_MS, 60_000)).toBe(false);
    await store.open();
    expect(await ask(MIDNIGHT + 4 * HOUR_MS, 60_000)).toBe(true);
    expect((await house.kept('hour')).filter(({ mean }) => mean !== null)).not.toEqual([]);
  });
});
