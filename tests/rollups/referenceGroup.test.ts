import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { emptyRow } from '../../server/domain/means/rollup.ts';
import type { Station } from '../../server/domain/station.ts';
import { groupHours, groupRows, stationsAround } from '../../server/rollups/referenceGroup.ts';
import type { UncertainRow } from '../../server/rollups/rollups.ts';
import { station } from './northernStation.ts';
import { MIDNIGHT } from './rollupHouse.ts';

/** A degree of latitude is 111.2 km. */
const KM = 1 / 111.2;
const HOURS = [0, 1, 2, 3];
const WINDOW = { start: MIDNIGHT, end: MIDNIGHT + 4 * HOUR_MS };

const reference = station('reference0', 0, { reference: { network: 'Test', type: 'background' } as never });

function hour(stationId: string, at: number, mean: number | null, sensor = 'sds011'): UncertainRow {
  const start = MIDNIGHT + at * HOUR_MS;
  const window = { start, end: start + HOUR_MS, cadenceMs: 150_000, now: MIDNIGHT + 100 * HOUR_MS };
  return { ...emptyRow({ stationId, sensor, quantity: 'pm25' }, window), mean, flags: [] };
}

const askedOf = (except?: string) => ({
  reference,
  query: { quantity: 'pm25', window: 'hour', from: WINDOW.start, to: WINDOW.end } as const,
  ...(except !== undefined && { except }),
});

/** Four hours of each station, or `rows`. */
const sourcesOf = (
  stations: readonly Station[],
  rows = stations.flatMap(({ id }) => HOURS.map((at) => hour(id, at, 10))),
) => ({
  stations: () => [...stations],
  rollups: {
    rows: async ({ stationIds }: { stationIds: readonly string[] }) =>
      rows.filter(({ stationId }) => stationIds.includes(stationId)),
  },
});

/** The hours of each station in the group. */
async function hoursOf(stations: readonly Station[], except?: string): Promise<Record<string, number[]>> {
  const hours: Record<string, number[]> = {};
  for (const { stationId, start } of await groupRows(sourcesOf(stations), askedOf(except))) {
    hours[stationId] ??= [];
    hours[stationId].push((start - MIDNIGHT) / HOUR_MS);
  }
  return hours;
}

describe('the group around an official station', () => {
  it('is of residents’ stations outdoors and at work within 5 km', async () => {
    const stations = [
      station('near', 4 * KM),
      station('far', 6 * KM),
      station('farther', 50 * KM),
      station('indoors', KM, { isIndoor: true }),
      station('pending', KM, { status: 'pending' }),
      station('excluded', KM, { status: 'excluded' }),
      station('asking', KM),
      reference,
    ];
    expect(await hoursOf(stations, 'asking')).toStrictEqual({ near: HOURS });
    expect(stationsAround(reference, stations, WINDOW).map(({ id }) => id)).toStrictEqual(['near', 'asking']);
  });

  it('is of the nearest 30 of them, in whatever order they come', async () => {
    const stations = Array.from({ length: 40 }, (_, n) => station(`at ${(n * 7) % 40}`, ((n * 7) % 40) * 0.11 * KM));
    const members = Object.keys(await hoursOf(stations)).sort();
    expect(members).toStrictEqual(Array.from({ length: 30 }, (_, n) => `at ${n}`).sort());
  });

  it('has each as long as it stood near, not in the hour of its move, and also before the window', async () => {
    const at = (hours: number) => MIDNIGHT + hours * HOUR_MS;
    const far = { lat: 53, lon: 10 };
    const near = { lat: 51 + KM, lon: 7 };
    const stations = [
      station('stays', KM),
      station('came', KM, { formerPlaces: [{ position: far, until: at(1.5) }] }),
      station('went', 0, { position: far, formerPlaces: [{ position: near, until: at(2.5) }] }),
      station('came before', KM, { formerPlaces: [{ position: far, until: at(-50) }] }),
      station('comes later', KM, { formerPlaces: [{ position: far, until: at(50) }] }),
      station('was here long ago', 0, { position: far, formerPlaces: [{ position: near, until: at(-50) }] }),
      station('on the hour', KM, { formerPlaces: [{ position: far, until: at(1) }] }),
    ];
    // The moves come in no order.
    for (const each of [stations, stations.toReversed()]) {
      expect(await hoursOf(each)).toEqual({
        ...{ stays: HOURS, came: [2, 3], went: [0, 1], 'came before': HOURS, 'on the hour': [1, 2, 3] },
      });
    }
  });

  it('has no hour without a mean', async () => {
    const rows = [hour('near', 0, 10), hour('near', 1, null), hour('near', 2, 0)];
    const kept = await groupRows(sourcesOf([station('near', KM)], rows), askedOf());
    expect(kept.map(({ mean }) => mean)).toStrictEqual([10, 0]);
  });
});

describe('the hours of the group', () => {
  const stations = [station('one', KM), station('two', KM)];
  const rows = [
    hour('one', 0, 10),
    hour('one', 0, 11, 'sds011-2'),
    hour('two', 0, 12),
    hour('two', 0, 90, 'sps30'),
    hour('two', 1, 13),
    hour('one', 1, 70, 'home'),
    hour('two', 1, 71, 'home-made'),
  ];
  const meansOf = async (sensor: string) =>
    Object.fromEntries(await groupHours(sourcesOf(stations, rows), sensor, askedOf()));

  it('are those of instruments like the one asked about, a second one of the model too', async () => {
    const [first, second] = [MIDNIGHT, MIDNIGHT + HOUR_MS];
    expect(await meansOf('sds011')).toStrictEqual({ [first]: [10, 11, 12], [second]: [13] });
    expect(await meansOf('sds011-3')).toStrictEqual({ [first]: [10, 11, 12], [second]: [13] });
    expect(await meansOf('sps30')).toStrictEqual({ [first]: [90] });
    // Of an instrument that nobody knows only those that call themselves the same.
    expect(await meansOf('home')).toStrictEqual({ [second]: [70] });
  });
});
