import { describe, expect, it } from '@jest/globals';
import { exactMean } from '../../../server/domain/decimal.ts';
import { EAQI_2017, EAQI_2024, LQI_2025 } from '../../../server/domain/indices/europeanIndices.ts';
import { CAQI, US_AQI_2024 } from '../../../server/domain/indices/furtherIndices.ts';
import type { BandIndex, IndexPollutant, LinearIndex } from '../../../server/domain/indices/indexTable.ts';
import { INDICES } from '../../../server/domain/indices/indexTables.ts';
import { caqi, judge, offeredIndices, particulateTitle } from '../../../server/domain/indices/indices.ts';
import { nowCast } from '../../../server/domain/indices/nowcast.ts';
import { type GoldenVector, goldenTable, runVectors } from '../../support/goldenVectors.ts';

/** Ids of the fixture and ours. */
const OUR_ID: Record<string, string> = {
  eaqi2024: 'eaqi-2024',
  'eaqi-classic': 'eaqi-classic',
  eaqi2017: 'eaqi-2017',
  'uba-lqi-2025': 'lqi-2025',
  'uba-lqi-old': 'lqi-old',
  'epa-aqi-2024': 'us-aqi-2024',
  'uk-daqi': 'uk-daqi',
  caqi: 'caqi',
};
const POLLUTANT: Record<string, IndexPollutant> = { 'PM2.5': 'pm25', PM10: 'pm10', NO2: 'no2', O3: 'o3', SO2: 'so2' };

interface FixtureIndex {
  id: string;
  name_en: string;
  name_de: string;
  source: string[];
  bands: { name_en: string; name_de: string; hex: string }[];
  pollutants?: Record<
    string,
    { upper_bounds_inclusive?: (number | null)[]; breakpoints?: [string, string, number, number][] }
  >;
  colour_source?: { verification: string };
  german_names?: { verification: string };
}
const fixture = goldenTable('indices') as unknown as { indices: FixtureIndex[]; golden: GoldenVector[] };
const indexById = (id: string | undefined) => INDICES.find((index) => index.id === id);
const known = fixture.indices.filter(({ id }) => OUR_ID[id] !== undefined);

describe('the index tables', () => {
  it('hold every index of the fixture but the US table of 2012', () => {
    expect(INDICES.map(({ id }) => id).sort()).toEqual(known.map(({ id }) => OUR_ID[id]!).sort());
    expect(fixture.indices.length - known.length).toBe(1);
  });

  it.each(known)('$id agrees with the fixture', (row) => {
    const index = indexById(OUR_ID[row.id]!)!;
    expect(index.classes.map(({ names, colour }) => ({ name_en: names.en, name_de: names.de, hex: colour }))).toEqual(
      row.bands.map(({ name_en, name_de, hex }) => ({ name_en, name_de, hex })),
    );
    expect([...index.sources].sort()).toEqual([...row.source].sort());
    if (row.german_names)
      expect(index.translation.isUnconfirmed).toBe(row.german_names.verification.includes('memory'));
    if (row.colour_source) expect(index.colours.isUnconfirmed).toBe(row.colour_source.verification.includes('memory'));
    for (const [name, bounds] of Object.entries(row.pollutants ?? {})) {
      const pollutant = POLLUTANT[name]!;
      if (index.kind === 'bands')
        expect(index.bounds[pollutant]!.upper).toEqual(
          bounds.upper_bounds_inclusive!.filter((bound) => bound !== null),
        );
      if (index.kind === 'linear')
        expect(index.breakpoints[pollutant]!.rows).toEqual(
          bounds.breakpoints!.map(([low, high, ...rest]) => [Number(low), Number(high), ...rest]),
        );
    }
  });

  it('are offered when in force, the US and UK ones only when turned on', () => {
    expect(offeredIndices(false).map(({ id }) => id)).toEqual(['lqi-2025', 'eaqi-2024']);
    expect(offeredIndices(true).map(({ id }) => id)).toEqual(['lqi-2025', 'eaqi-2024', 'us-aqi-2024', 'uk-daqi']);
  });
});

describe('judge', () => {
  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, -1])('unknown is never good: %p', (value) => {
    expect(judge(LQI_2025, 'pm25', value)).toBeUndefined();
    expect(judge(US_AQI_2024, 'pm25', value)).toBeUndefined();
  });

  it('a pollutant the index lacks has no class', () => {
    expect(judge(indexById('lqi-old') as BandIndex, 'so2', 3)).toBeUndefined();
    expect(judge(US_AQI_2024, 'no2', 3)).toBeUndefined();
  });

  it('beyond a table that ends there is no class', () => {
    expect(judge(EAQI_2017, 'pm25', 800)?.level).toBe(5);
    expect(judge(EAQI_2017, 'pm25', 801)).toBeUndefined();
  });
});

it('binary noise of a mean does not move it into another class', () => {
  const noisy =
    Array<number>(24)
      .fill(9.1)
      .reduce((sum, hour) => sum + hour, 0) / 24;
  expect(noisy).toBeLessThan(9.1);
  expect(judge(US_AQI_2024, 'pm25', noisy)?.number).toBe(51);
  expect(judge(LQI_2025, 'pm25', 5.499999999999999)?.level).toBe(2);
});

it('a class that rests on particulates alone is named so', () => {
  const title = { de: 'LQI-Klasse, nur PM2,5 und PM10', en: 'LQI class, PM2.5 and PM10 only' };
  expect(particulateTitle(LQI_2025, ['pm25', 'pm10'])).toEqual(title);
  expect(particulateTitle(EAQI_2024, ['pm10']).en).toBe('EAQI class, PM10 only');
});

describe('caqi', () => {
  it('has no number above its grid, below zero or for what it lacks', () => {
    expect(caqi(CAQI, 'hour', 'pm25', 111)).toBeUndefined();
    expect(caqi(CAQI, 'hour', 'pm25', -1)).toBeUndefined();
    expect(caqi(CAQI, 'hour', 'pm25', Number.NaN)).toBeUndefined();
    expect(caqi(CAQI, 'day', 'no2', 10)).toBeUndefined();
    expect(caqi(CAQI, 'hour', 'no2', 0)).toBe(0);
  });
});

describe('nowCast', () => {
  it('looks at twelve hours and truncates PM10 to a whole number', () => {
    expect(nowCast('pm10', [54.9, 54.9])).toEqual({ weight: 1, raw: 54.9, value: 54 });
    expect(nowCast('pm25', [...Array<number>(12).fill(9.1), 500])).toEqual({ weight: 1, raw: 9.1, value: 9.1 });
    expect(nowCast('pm25', [])).toBeUndefined();
  });
});

interface GoldenInput {
  index: string;
  pollutant: string;
  value: number | string;
  averaging?: '1 h' | '24 h';
  hours_latest_first?: (number | null)[];
  hours?: number[];
}

it('every golden vector of indices.json holds', () => {
  const { ran, wrong } = runVectors(fixture.golden, (vector) =>
    compute(vector.input as unknown as GoldenInput, vector.expected),
  );
  expect(wrong).toEqual([]);
  expect(ran).toBe(fixture.golden.length);
  expect(ran).toBe(154);
});

function compute(input: GoldenInput, expected: Record<string, unknown>): Record<string, unknown> {
  if (input.hours_latest_first) return nowCastVector(input.hours_latest_first);
  if (input.hours) {
    const naive = input.hours.reduce((sum, hour) => sum + hour, 0) / input.hours.length;
    return {
      mean: String(exactMean(input.hours)),
      aqi: judge(US_AQI_2024, 'pm25', exactMean(input.hours))?.number,
      // What truncating the float mean gives; `judge` itself does not fall into the trap.
      wrong_naive_float_aqi: judge(US_AQI_2024, 'pm25', Math.trunc(naive * 10) / 10)?.number,
    };
  }
  const pollutant = POLLUTANT[input.pollutant]!;
  if (input.index === 'caqi') {
    return { index_value: caqi(CAQI, input.averaging === '1 h' ? 'hour' : 'day', pollutant, Number(input.value)) };
  }
  const result = judge(indexById(OUR_ID[input.index]!) as BandIndex | LinearIndex, pollutant, Number(input.value))!;
  return 'aqi' in expected ? { aqi: result.number } : { level: result.level, name_en: result.class.names.en };
}

function nowCastVector(hours: (number | null)[]): Record<string, unknown> {
  const result = nowCast(
    'pm25',
    hours.map((hour) => hour ?? undefined),
  );
  if (result === undefined) return {};
  return {
    w: Number(result.weight.toFixed(6)),
    nowcast_raw: Number(result.raw.toFixed(6)),
    nowcast: result.value.toFixed(1),
    aqi: judge(US_AQI_2024, 'pm25', result.value)!.number,
  };
}
