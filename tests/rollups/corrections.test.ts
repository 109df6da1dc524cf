import { describe, expect, it } from '@jest/globals';
import { growthFactor } from '../../server/domain/correction/humidityGrowth.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { emptyRow, type RollupRow } from '../../server/domain/means/rollup.ts';
import type { Station } from '../../server/domain/station.ts';
import { type CorrectionSources, correctionOf, fits, withParts } from '../../server/rollups/corrections.ts';
import type { UncertainRow } from '../../server/rollups/rollups.ts';
import { station } from './northernStation.ts';
import { MIDNIGHT } from './rollupHouse.ts';

const NOW = MIDNIGHT + 100 * HOUR_MS;

function hour(stationId: string, at: number, mean: number | null, change: Partial<RollupRow> = {}): UncertainRow {
  const start = MIDNIGHT + at * HOUR_MS;
  const series = { stationId, sensor: 'sds011', quantity: 'pm25' } as const;
  const row = emptyRow(series, { start, end: start + HOUR_MS, cadenceMs: 150_000, now: NOW });
  return { ...row, mean, flags: mean === null ? ['below-coverage'] : [], ...change };
}

/** Sources of these rows; the reference station measures `official` in the first hours. */
function sourcesOf(rows: readonly UncertainRow[], stations: Station[], official: number[] = []): CorrectionSources {
  return {
    stations: () => stations,
    rollups: {
      rows: async ({ stationIds, quantity, from, to }) =>
        rows.filter(
          (row) =>
            stationIds.includes(row.stationId) && row.quantity === quantity && row.start >= from && row.start < to,
        ),
    },
    store: {
      raw: async () => official.map((value, at) => ({ measuredAt: MIDNIGHT + at * HOUR_MS, value, flags: 0 })),
    },
    dayOffsetMs: HOUR_MS,
  };
}

const reference = station('reference0', 0.01, { reference: { network: 'Test', type: 'background' } as never });
const [own, ...group] = ['ownownown0', 'groupgroup', 'groupgrou2', 'groupgrou3'].map((id) => station(id));

describe('a correction', () => {
  it('is offered for the instruments and quantities it was made for', () => {
    expect(fits('raw', 'bme280', 'temperature')).toBe(true);
    expect(fits('gamma-de', 'sds011', 'pm10')).toBe(true);
    expect(fits('reference-ratio', 'sds011-2', 'pm25')).toBe(true);
    for (const id of ['barkjohn-2021', 'epa-piecewise', 'kappa-0.4', 'laulainen', 'hackair'] as const) {
      expect(fits(id, 'sds011', 'pm25')).toBe(false);
    }
    expect(fits('reference-ratio', 'sds011', 'humidity')).toBe(false);
  });
});

describe('a formula of humidity', () => {
  const humidity = (at: number, mean: number, shares = {}) =>
    hour(own!.id, at, mean, { sensor: 'dht22', quantity: 'humidity', shares });

  it('corrects hours with a sound humidity sensor, beside the raw mean', async () => {
    const sources = sourcesOf([humidity(0, 80), humidity(1, 90, { 'humidity-broken': 1 })], []);
    const correct = correctionOf('gamma-de', own!, sources)!;
    const [first, second, third] = await correct([
      hour(own!.id, 0, 20),
      { ...hour(own!.id, 1, 20), uncertainty: 8.8 },
      hour(own!.id, 2, null),
    ]);
    expect(first).toMatchObject({
      mean: Math.round((20 / growthFactor('gamma-de', 80)) * 1e9) / 1e9,
      raw: 20,
      min: null,
      flags: [],
    });
    expect(second).toMatchObject({ mean: null, raw: 20, flags: ['not-corrected'] });
    expect(second).not.toHaveProperty('uncertainty');
    expect(third).toMatchObject({ mean: null, raw: null, flags: ['below-coverage'] });
  });
});

describe('the ratio to a reference station', () => {
  it('takes like sensors near it, without the one to be corrected', async () => {
    const rows = [
      ...group.map(({ id }, at) => hour(id, 0, 10 + at)),
      hour(own!.id, 0, 1000),
      ...group.map(({ id }) => hour(id, 1, 10, { sensor: 'sps30' })),
    ];
    const correct = correctionOf('reference-ratio', own!, sourcesOf(rows, [own!, ...group, reference], [5.5, 5.5]))!;
    const [first, second] = await correct([hour(own!.id, 0, 30), hour(own!.id, 1, 30)]);
    expect(first).toMatchObject({ mean: 15, raw: 30, shareFromOthers: 0.5 });
    expect(second).toMatchObject({ mean: null, raw: 30 });
  });

  it('is not made in fog, nor without a reference near', async () => {
    const rows = group.map(({ id }) => hour(id, 0, 10));
    const fog = hour(own!.id, 0, 98, { sensor: 'dht22', quantity: 'humidity' });
    const foggy = correctionOf('reference-ratio', own!, sourcesOf([...rows, fog], [own!, ...group, reference], [5]))!;
    expect((await foggy([hour(own!.id, 0, 30)]))[0]).toMatchObject({ mean: null, raw: 30 });
    const alone = correctionOf('reference-ratio', own!, sourcesOf(rows, [own!, ...group], [5]))!;
    expect((await alone([hour(own!.id, 0, 30)]))[0]).toMatchObject({ mean: null, raw: 30 });
    const excluded = { ...reference, status: 'excluded' as const };
    const left = correctionOf('reference-ratio', own!, sourcesOf(rows, [own!, ...group, excluded], [5]))!;
    expect((await left([hour(own!.id, 0, 30)]))[0]).toMatchObject({ mean: null, raw: 30 });
  });

  it('takes the place of each hour: the reference and the sensors that were near then', async () => {
    const rows = [0, 1, 2].flatMap((at) => group.map(({ id }) => hour(id, at, 10)));
    const far = { lat: 53, lon: 10 };
    const until = MIDNIGHT + 1.5 * HOUR_MS;
    const hours = [0, 1, 2].map((at) => hour(own!.id, at, 30));
    const valuesWith = async (mine: Station, others: Station[]) => {
      const sources = sourcesOf(rows, [mine, ...others, reference], [5, 5, 5]);
      return (await correctionOf('reference-ratio', mine, sources)!(hours)).map(({ mean }) => mean);
    };
    // Brought near during the second hour, or taken away then.
    const came = { ...own!, formerPlaces: [{ position: far, until }] };
    expect(await valuesWith(came, group)).toEqual([null, null, 15]);
    const went = { ...own!, position: far, formerPlaces: [{ position: own!.position, until }] };
    expect(await valuesWith(went, group)).toEqual([15, null, null]);
    // One of the group of three was brought near then: before, two are too few.
    const [first, ...others] = group.map((each) => each);
    const joined = { ...first!, formerPlaces: [{ position: far, until }] };
    expect(await valuesWith(own!, [joined, ...others])).toEqual([null, null, 15]);
  });

  it('takes in each month the nearest reference with hours of the quantity', async () => {
    const nearer = { ...reference, id: 'reference1', position: own!.position };
    const nextMonth = Date.UTC(2026, 1, 1) - HOUR_MS;
    const starts = [nextMonth - HOUR_MS, nextMonth, nextMonth + HOUR_MS];
    const at = (id: string, start: number, mean: number) => ({ ...hour(id, 0, mean), start, end: start + HOUR_MS });
    const rows = starts.flatMap((start) => group.map(({ id }) => at(id, start, 10)));
    const sources: CorrectionSources = {
      ...sourcesOf(rows, [own!, ...group, nearer, reference]),
      store: {
        raw: async ({ stationId, from, to }) => {
          // The nearer one begins with the second hour of the month: the first has nobody else's value then.
          const values = stationId === nearer.id ? starts.slice(2) : starts;
          const value = stationId === nearer.id ? 20 : 5;
          const within = values.filter((start) => start >= from && start < to);
          return within.map((measuredAt) => ({ measuredAt, value, flags: 0 }));
        },
      },
    };
    const correct = correctionOf('reference-ratio', own!, sources)!;
    const hours = starts.map((start) => at(own!.id, start, 30));
    expect((await correct(hours)).map(({ mean }) => mean)).toEqual([15, null, 60]);
    // The same of the one hour alone: what is asked besides changes nothing.
    expect((await correct(hours.slice(1, 2))).map(({ mean }) => mean)).toEqual([null]);
  });

  it('passes by a nearer reference with a stray hour in the month', async () => {
    const nearer = { ...reference, id: 'reference1', position: own!.position };
    const rows = [0, 1].flatMap((at) => group.map(({ id }) => hour(id, at, 10)));
    const meansWith = async (hours: number) => {
      const sources: CorrectionSources = {
        ...sourcesOf(rows, [own!, ...group, nearer, reference]),
        store: {
          raw: async ({ stationId, from, to }) => {
            const [count, value] = stationId === nearer.id ? [hours, 20] : [240, 5];
            const starts = Array.from({ length: count }, (_, at) => MIDNIGHT + at * HOUR_MS);
            const within = starts.filter((start) => start >= from && start < to);
            return within.map((measuredAt) => ({ measuredAt, value, flags: 0 }));
          },
        },
      };
      const correct = correctionOf('reference-ratio', own!, sources)!;
      return (await correct([hour(own!.id, 0, 30), hour(own!.id, 1, 30)])).map(({ mean }) => mean);
    };
    expect(await meansWith(1)).toEqual([15, 15]);
    expect(await meansWith(119)).toEqual([15, 15]);
    expect(await meansWith(120)).toEqual([60, 60]);
  });

  it('is not made of an official station itself', async () => {
    const rows = group.map(({ id }) => hour(id, 0, 10));
    const correct = correctionOf('reference-ratio', reference, sourcesOf(rows, [...group, reference], [5]))!;
    expect((await correct([hour(reference.id, 0, 5)]))[0]).toMatchObject({ mean: null, raw: 5 });
  });

  it('tells of a longer window what stems from others, of the same hours', () => {
    const parts = [
      { ...hour(own!.id, 0, 15), raw: 30, shareFromOthers: 0.5 },
      { ...hour(own!.id, 1, 10), raw: 10, shareFromOthers: 0 },
      { ...hour(own!.id, 2, null), raw: 50 },
    ];
    expect(withParts(hour(own!.id, 0, 12.5), parts)).toMatchObject({ raw: 20, shareFromOthers: 0.375 });
  });

  it('says of a day whether the readings or the correction lack', () => {
    const lacking = { raw: 20, flags: ['not-corrected' as const] };
    const partsOf = (uncorrected: number) => [
      ...Array.from({ length: uncorrected }, (_, at) => ({ ...hour(own!.id, at, null), ...lacking })),
      ...Array.from({ length: 24 - uncorrected }, (_, at) => hour(own!.id, at + uncorrected, null)),
    ];
    const flagsOf = (uncorrected: number) => withParts(hour(own!.id, 0, null), partsOf(uncorrected)).flags;
    expect([flagsOf(24), flagsOf(18), flagsOf(17), flagsOf(0)]).toEqual([
      ['not-corrected'],
      ['not-corrected'],
      ['below-coverage'],
      ['below-coverage'],
    ]);
  });
});
