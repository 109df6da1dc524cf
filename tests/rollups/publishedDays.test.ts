import { expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { KeptRollups } from '../../server/rollups/keptRollups.ts';
import { stationOf } from '../support/stations.ts';
import { MIDNIGHT, message, RollupHouse, STATION } from './rollupHouse.ts';

it('days that an official network published are rows where hours make none', async () => {
  const house = await RollupHouse.open();
  const station = stationOf(STATION, { reference: { network: 'LANUV', type: 'background' } });
  const hours = Array.from({ length: 24 }, (_, at) => message(MIDNIGHT + at * HOUR_MS, 'official', { pm10: 20 }));
  const days = [0, 1, 3].map((at) => message(MIDNIGHT + at * DAY_MS, 'official24h', { pm10: 30 + at }));
  // A day of another network's calendar is none of ours.
  const elsewhere = message(MIDNIGHT + 4 * DAY_MS + HOUR_MS, 'official24h', { pm10: 99 });
  await house.store.append([...hours, ...days, elsewhere]);
  await house.at(MIDNIGHT + 6 * DAY_MS);
  const { store, keeper } = house;
  const rollups = new KeptRollups({ store, keeper, station: () => station, dayOffsetMs: HOUR_MS });
  const query = { stationIds: [STATION], quantity: 'pm10', window: 'day', from: MIDNIGHT, to: house.now } as const;
  const told = async (change: object) =>
    (await rollups.rows({ ...query, ...change })).map(({ start, sensor, mean }) => [
      (start - MIDNIGHT) / DAY_MS,
      sensor,
      mean,
    ]);
  const ofDays = [
    [1, 'official24h', 31],
    [3, 'official24h', 33],
  ];
  expect(await told({})).toEqual([[0, 'official', 20], ...ofDays]);
  expect(await told({ sensor: 'official' })).toEqual([[0, 'official', 20]]);
  expect(await told({ sensor: 'official24h' })).toEqual([[0, 'official24h', 30], ...ofDays]);
  expect(await told({ window: 'hour', sensor: 'official24h' })).toEqual([]);
});
