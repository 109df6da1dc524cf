import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { RollupRow } from '../../server/domain/means/rollup.ts';
import { rollupColumnsOf } from '../../server/domain/means/rollupGatherer.ts';
import { randomNumbers } from '../support/randomNumbers.ts';
import { course, MIDNIGHT, message, RollupHouse, STATION } from './rollupHouse.ts';

const query = { stationIds: [STATION], quantity: 'pm25', from: MIDNIGHT, to: MIDNIGHT + 100 * DAY_MS } as const;
const withoutRevision = (rows: readonly RollupRow[]) => rows.map((row) => ({ ...row, revision: 0 }));

/** Calls `work` whenever rows of hours were made and are about to be written. */
function beforeRowsAreWritten(house: RollupHouse, work: () => Promise<void>): void {
  const { rollups } = house.store;
  const write = rollups.write.bind(rollups);
  rollups.write = async (window, rows) => {
    if (window === 'hour') await work();
    return write(window, rows);
  };
}

describe('rows of readings that are gone', () => {
  it('leaves no row of a station that is erased while its hour is closed', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    await house.settled();
    await house.store.append(course(MIDNIGHT, 1));
    let erasing: Promise<void> | undefined;
    const erase = async () => {
      house.stations.length = 0;
      await house.keeper.forget(STATION);
      await house.store.remove({ stationId: STATION });
    };
    beforeRowsAreWritten(house, async () => {
      erasing ??= erase();
      await Promise.race([erasing, wait(300)]);
    });
    await house.at(MIDNIGHT + HOUR_MS);
    await erasing;
    expect(erasing).toBeInstanceOf(Promise);
    expect([...(await house.kept('hour')), ...(await house.kept('day'))]).toEqual([]);
  });

  it('makes no row of a station that was erased while the hours of others were closed', async () => {
    const house = await RollupHouse.open();
    const others = Array.from({ length: 100 }, (_, at) => `other${String(at).padStart(5, '0')}`);
    house.stations.unshift(...others);
    house.keeper.start();
    await house.settled();
    const ofOther = message(MIDNIGHT + MINUTE_MS, 'sds011', { pm25: 5 }, { stationId: others[0]! });
    await house.store.append([...course(MIDNIGHT, 1), ofOther]);
    let times = 0;
    beforeRowsAreWritten(house, async () => {
      if (times++ === 0) {
        house.stations.pop();
        await house.keeper.forget(STATION);
      } else await house.store.remove({ stationId: STATION });
    });
    await house.at(MIDNIGHT + HOUR_MS);
    expect(times).toBeGreaterThan(0);
    expect(await house.kept('hour')).toEqual([]);
    expect(await house.kept('hour', others[0])).not.toEqual([]);
  });

  it('an hour becomes invalid when readings are deleted, and stays as a row', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    await house.store.append(course(MIDNIGHT, 24));
    await house.at(MIDNIGHT + DAY_MS);
    await house.store.remove({ stationId: STATION, from: MIDNIGHT + HOUR_MS, to: MIDNIGHT + 2 * HOUR_MS });
    await house.settled();
    const hours = (await house.kept('hour')).filter(({ quantity }) => quantity === 'pm25');
    expect(hours[1]).toMatchObject({ mean: null, count: 0, revision: 2, flags: ['below-coverage'] });
    await house.store.remove({ stationId: STATION, from: MIDNIGHT, to: MIDNIGHT + DAY_MS });
    await house.settled();
    const gone = await house.kept('day');
    expect(gone.map(({ mean, count, revision }) => [mean, count, revision])).toEqual([
      [null, 0, 3],
      [null, 0, 3],
    ]);
  });

  it('removes the rows of days that began elsewhere', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    await house.store.append(course(MIDNIGHT, 24));
    await house.at(MIDNIGHT + DAY_MS);
    const [day] = await house.kept('day');
    await house.store.rollups.write(
      'day',
      rollupColumnsOf([{ ...day!, start: day!.start + HOUR_MS, end: day!.end + HOUR_MS }]),
    );
    await house.store.rollups.setBasis({ rules: 'rules days 0', closedUntil: MIDNIGHT + DAY_MS });
    await house.restart();
    await house.settled();
    expect((await house.kept('day')).map(({ start }) => start)).toEqual([MIDNIGHT, MIDNIGHT]);
  });

  it('leaves the rows of readings that are gone for good', async () => {
    const house = await RollupHouse.open();
    house.keeper.start();
    await house.store.append(course(MIDNIGHT, 24));
    await house.at(MIDNIGHT + DAY_MS);
    const before = await house.kept('day');
    await house.store.prune(MIDNIGHT + DAY_MS);
    await house.settled();
    expect(await house.kept('day')).toEqual(before);
  });

  it.each([1, 2, 3])('keeps what would be computed, whatever comes in whatever order, course %i', async (seed) => {
    const house = await RollupHouse.open();
    house.keeper.start();
    const random = randomNumbers(seed);
    let [isStuck, isBroken] = [false, false];
    const late: ReturnType<typeof message>[] = [];
    for (let day = 0; day < 12; day++) {
      for (let part = 0; part < 4; part++) {
        const start = MIDNIGHT + day * DAY_MS + part * 6 * HOUR_MS;
        if (random() < 0.3) isStuck = !isStuck;
        if (random() < 0.1) isBroken = !isBroken;
        // Every other station says its interval with each message, as airRohr does: less is read of it.
        const health = seed % 2 === 0 || random() < 0.5 ? { interval: 145_000 } : {};
        const messages = Array.from({ length: 72 }, (_, at) => {
          const time = start + at * 5 * MINUTE_MS;
          const wet = isBroken && random() < 0.2 ? 1 : 70 + random() * 25;
          const pm = isStuck ? 7 : Math.round(random() * 300) / 10;
          return [
            message(time, 'sds011', { pm25: pm }, { health }),
            message(time, 'sds011', { pm10: pm + 1 }),
            message(time, 'dht22', { humidity: wet, temperature: 4 }),
          ].filter(() => random() < 0.98);
        }).flat();
        const isHeld = () => random() < 0.05;
        const held = messages.filter(isHeld);
        late.push(...held);
        await house.store.append(messages.filter((one) => !held.includes(one)));
        await house.at(start + 6 * HOUR_MS + random() * HOUR_MS);
        if (random() < 0.4) await house.store.append(late.splice(0, 40));
        if (random() < 0.1) {
          const from = MIDNIGHT + Math.floor(random() * (day + 1)) * DAY_MS + 3 * HOUR_MS;
          await house.store.remove({ stationId: STATION, from, to: from + 2 * HOUR_MS });
        }
        if (random() < 0.2) await house.restart();
        await house.settled();
      }
    }
    for (const quantity of ['pm25', 'pm10', 'humidity', 'temperature'] as const) {
      for (const window of ['hour', 'day'] as const) {
        const asked = { ...query, quantity, window };
        const [kept, computed] = [await house.rollups.rows(asked), await house.computed.rows(asked)];
        expect(withoutRevision(kept)).toEqual(withoutRevision(computed));
      }
    }
  });
});
