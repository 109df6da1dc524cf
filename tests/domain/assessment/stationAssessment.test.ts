import { describe, expect, it } from '@jest/globals';
import {
  DERIVED_FLAGS,
  type DerivedFlag,
  isCounted,
  METHOD_VERSION,
} from '../../../server/domain/assessment/assessment.ts';
import { flagBit } from '../../../server/domain/assessment/flag.ts';
import { assessStation } from '../../../server/domain/assessment/stationAssessment.ts';
import {
  isPm25AbovePm10,
  isSilent,
  type ReadingFlags,
  StationAssessor,
  silences,
} from '../../../server/domain/assessment/stationAssessor.ts';
import { HOUR_MS, MINUTE_MS } from '../../../server/domain/durations.ts';
import type { Reading, Values } from '../../../server/domain/reading.ts';
import { archiveReadings } from '../../support/archiveReadings.ts';

const START = Date.UTC(2025, 0, 1);

const reading = (measuredAt: number, values: Values, sensor = 'sds011'): Reading => ({
  stationId: 'aaaaaaaaaa',
  sensor,
  measuredAt: START + measuredAt,
  values,
  flags: 0,
});

/** Readings every five minutes over `hours`, with values by time in ms. */
function every5Minutes(hours: number, values: (at: number) => Values, sensor?: string, from = 0): Reading[] {
  return Array.from({ length: hours * 12 }, (_, at) =>
    reading(from + at * 5 * MINUTE_MS, values(from + at * 5 * MINUTE_MS), sensor),
  );
}

/** How many readings carry each `quantity flag`. */
function tally(flags: readonly ReadingFlags[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of flags) {
    for (const [quantity, words] of Object.entries(each)) {
      for (const word of words) counts[`${quantity} ${word}`] = (counts[`${quantity} ${word}`] ?? 0) + 1;
    }
  }
  return counts;
}

const byTime = (...series: Reading[][]) => series.flat().sort((one, other) => one.measuredAt - other.measuredAt);
const wobble = (at: number) => 10 + Math.sin(at / HOUR_MS) + ((at / MINUTE_MS) % 7) / 10;

describe('stuck', () => {
  it('the same value for six hours is marked from its first reading', () => {
    const flags = assessStation([
      ...every5Minutes(2, (at) => ({ pm25: wobble(at) })),
      ...every5Minutes(7, () => ({ pm25: 12.3 }), 'sds011', 2 * HOUR_MS),
      ...every5Minutes(1, (at) => ({ pm25: wobble(at) }), 'sds011', 9 * HOUR_MS),
    ]);
    expect(tally(flags)).toEqual({ 'pm25 stuck': 7 * 12 });
    expect(flags.slice(24, 108).every((each) => each.pm25?.[0] === 'stuck')).toBe(true);
  });

  it('below 2 µg/m³ twelve hours are needed, live says so from then on', () => {
    const flat = (hours: number) => every5Minutes(hours, () => ({ pm25: 0.5 }));
    expect(tally(assessStation(flat(12)))).toEqual({});
    expect(tally(assessStation(flat(13)))).toEqual({ 'pm25 stuck': 13 * 12 });
    const assessor = new StationAssessor();
    const live = flat(13).flatMap((each) => assessor.assess([each]));
    expect(tally(live)).toEqual({ 'pm25 stuck': 12 });
    expect(tally(assessStation(every5Minutes(7, () => ({ pm25: 2 }))))).toEqual({ 'pm25 stuck': 7 * 12 });
  });

  it.each([
    [6, 0],
    [7, 7],
  ])('of %d equal values that only every fourth reading carries, after another one, %d are stuck', (equal, stuck) => {
    const readings = Array.from({ length: 4 * equal + 1 }, (_, at) => {
      const time = at * 30 * MINUTE_MS;
      return reading(time, { pm25: wobble(time), ...(at % 4 === 0 && { pm10: at === 0 ? 29 : 30.5 }) });
    });
    const flags = assessStation(readings, 30 * MINUTE_MS);
    expect(flags.filter(({ pm10 }) => pm10?.includes('stuck'))).toHaveLength(stuck);
  });

  it('a pause ends a run', () => {
    const paused = [
      ...every5Minutes(4, () => ({ pm25: 12.3 })),
      ...every5Minutes(4, () => ({ pm25: 12.3 }), 'sds011', 5 * HOUR_MS),
      ...every5Minutes(7, () => ({ pm25: 12.3 }), 'sds011', 10 * HOUR_MS),
    ];
    expect(tally(assessStation(paused))).toEqual({ 'pm25 stuck': 7 * 12, 'pm25 restart': 2 });
  });

  it('is judged for each quantity and sensor by itself', () => {
    const flags = assessStation(
      byTime(
        every5Minutes(7, (at) => ({ pm25: 12.3, pm10: wobble(at) + 5 })),
        every5Minutes(7, (at) => ({ pm25: wobble(at) }), 'sps30'),
      ),
    );
    expect(tally(flags)).toEqual({ 'pm25 stuck': 84 });
  });

  it('takes a value out of means; no other derived flag does', () => {
    expect(isCounted([])).toBe(true);
    expect(isCounted(['humid', 'stuck'])).toBe(false);
    const invalid = (Object.keys(DERIVED_FLAGS) as DerivedFlag[]).filter((flag) => !isCounted([flag]));
    expect(invalid).toEqual(['stuck']);
  });
});

describe('PM2.5 above PM10', () => {
  it.each([
    [10, 10, false],
    [12, 10, false],
    [12.1, 10, true],
    [110, 100, false],
    [110.1, 100, true],
    [undefined, 10, false],
    [10, undefined, false],
  ])('%p over %p: %p', (pm25, pm10, expected) => {
    expect(isPm25AbovePm10(pm25, pm10)).toBe(expected);
  });

  it('marks both, and no other quantity', () => {
    expect(assessStation([reading(0, { pm1: 5, pm25: 30, pm10: 10 })])).toEqual([
      { pm25: ['pm25-above-pm10'], pm10: ['pm25-above-pm10'] },
    ]);
  });

  it.each([
    [{ pm25: 30 }, { pm10: 10 }, { pm10: ['pm25-above-pm10'] }],
    [{ pm10: 10 }, { pm25: 30 }, { pm25: ['pm25-above-pm10'] }],
  ])('is seen where %j comes first and %j of the same time in another message', (first, second, flags) => {
    const assessor = new StationAssessor();
    expect(assessor.assess([reading(0, first)])).toEqual([{}]);
    expect(assessor.assess([reading(0, second)])).toEqual([flags]);
    expect(assessor.assess([reading(MINUTE_MS, second)])).toEqual([{}]);
  });
});

it('what a second message adds to a reading is judged with its history', () => {
  const assessor = new StationAssessor();
  const parts = every5Minutes(7, () => ({})).flatMap(({ measuredAt }) => [
    reading(measuredAt - START, { pm25: wobble(measuredAt) }),
    reading(measuredAt - START, { pm10: 30.5 }),
  ]);
  const live = parts.flatMap((part) => assessor.assess([part]));
  expect(tally(live)).toEqual({ 'pm10 stuck': 12 });
});

describe('humid', () => {
  const message = (measuredAt: number, humidity: number) => [
    reading(measuredAt, { pm25: 8, pm10: 12 }),
    reading(measuredAt, { humidity }, 'bme280'),
  ];

  it('concerns every particulate, also one that stands alone', () => {
    const [, air] = message(0, 95);
    for (const quantity of ['pm1', 'pm25', 'pm4', 'pm10'] as const) {
      expect(assessStation([air!, reading(0, { [quantity]: 8 })])[1]).toEqual({ [quantity]: ['humid'] });
    }
  });

  it('from 85 %, whichever reading of the message comes first', () => {
    expect(assessStation(message(0, 85))).toEqual([{ pm25: ['humid'], pm10: ['humid'] }, {}]);
    expect(assessStation(message(0, 85).reverse())).toEqual([{}, { pm25: ['humid'], pm10: ['humid'] }]);
    expect(assessStation(message(0, 84.9))).toEqual([{}, {}]);
  });

  it('not from a reading older than ten minutes, nor from one flagged invalid', () => {
    expect(assessStation([message(0, 95)[1]!, reading(10 * MINUTE_MS, { pm25: 8 })])[1]).toEqual({ pm25: ['humid'] });
    expect(assessStation([message(0, 95)[1]!, reading(10 * MINUTE_MS + 1, { pm25: 8 })])[1]).toEqual({});
    const [particulates, air] = message(0, 95);
    expect(assessStation([particulates!, { ...air!, flags: flagBit('out-of-range', 'humidity') }])[0]).toEqual({});
  });

  it('from the sensor heard last', () => {
    const flags = assessStation([
      reading(0, { humidity: 95 }, 'dht22'),
      reading(MINUTE_MS, { humidity: 60 }, 'bme280'),
      reading(2 * MINUTE_MS, { pm25: 8 }),
    ]);
    expect(flags[2]).toEqual({});
  });

  it('is not judged where the humidity sensor flips, as in Bochum, not even before it is found out', () => {
    const bochum = archiveReadings(
      ...['2022-12-30', '2022-12-31', '2023-01-01'].flatMap((day) => [
        `${day}_sds011_sensor_3659.csv.gz`,
        `${day}_dht22_sensor_3660.csv.gz`,
      ]),
    );
    const counts = tally(assessStation(bochum, 152_000));
    expect(counts['humidity humidity-broken']).toBe(bochum.filter(({ sensor }) => sensor === 'dht22').length);
    expect(counts).not.toHaveProperty('pm25 humid');
    expect(counts).not.toHaveProperty('pm25 stuck');
  });

  it.each([
    '2021-04-09_bme280_sensor_1954.csv.gz',
    '2022-02-01_dht22_sensor_3705.csv.gz',
    '2024-07-12_bme280_sensor_82313.csv.gz',
    '2025-09-26_bme280_sensor_82313.csv.gz',
  ])('a sound sensor stays sound: %s', (file) => {
    expect(tally(assessStation(archiveReadings(file)))).toEqual({});
  });
});

describe('a humidity sensor', () => {
  const broken = (humidity: (at: number) => number, hours: number) =>
    tally(assessStation(every5Minutes(hours, (at) => ({ humidity: humidity(at) }), 'dht22')))[
      'humidity humidity-broken'
    ] ?? 0;

  it('a day at its wet end is fog, two days are a defect', () => {
    expect(broken(() => 100, 24)).toBe(0);
    expect(broken((at) => (at === 0 ? 98 : 99.9 + ((at / MINUTE_MS) % 2) / 100), 40)).toBe(0);
    expect(broken((at) => 99.9 + ((at / (5 * MINUTE_MS)) % 2) / 100, 40)).toBeGreaterThan(0);
  });

  it('one value for two days is a defect', () => {
    expect(broken(() => 63, 47)).toBe(0);
    expect(broken(() => 63, 49)).toBe(49 * 12);
  });

  it('is trusted again after two weeks without a proof', () => {
    const hours = 24 * 20;
    const count = broken((at) => (at < HOUR_MS && at > 0 ? 1 : 60 + Math.sin(at / HOUR_MS)), hours);
    expect(count).toBeGreaterThan(14 * 24 * 12);
    expect(count).toBeLessThan(17 * 24 * 12);
  });
});

describe('silence and restart', () => {
  it('the first value after a pause is marked, not the very first one', () => {
    const flags = assessStation([
      reading(0, { pm25: 8 }),
      reading(10 * MINUTE_MS, { pm25: 9 }),
      reading(21 * MINUTE_MS, { pm25: 7 }),
    ]);
    expect(flags).toEqual([{}, {}, { pm25: ['restart'] }]);
  });

  it('a late reading from within the pause is not marked, a second part of the first value is', () => {
    const assessor = new StationAssessor();
    assessor.assess([reading(0, { pm25: 8 })]);
    expect(assessor.assess([reading(HOUR_MS, { pm25: 7 })])).toEqual([{ pm25: ['restart'] }]);
    expect(assessor.assess([reading(HOUR_MS, { pm10: 9 })])).toEqual([{ pm10: ['restart'] }]);
    expect(assessor.assess([reading(MINUTE_MS, { pm25: 9 })])).toEqual([{}]);
  });

  it('a slow device may take twice its cadence', () => {
    expect(isSilent(0, 149_000, 10 * MINUTE_MS)).toBe(false);
    expect(isSilent(0, 149_000, 10 * MINUTE_MS + 1)).toBe(true);
    expect(isSilent(0, 28 * MINUTE_MS, 56 * MINUTE_MS)).toBe(false);
    expect(silences([0, MINUTE_MS, 20 * MINUTE_MS], 149_000)).toEqual([[MINUTE_MS, 20 * MINUTE_MS]]);
  });
});

it('a late reading is judged without history and does not disturb it', () => {
  const assessor = new StationAssessor();
  const flat = every5Minutes(7, () => ({ pm25: 12.3 }));
  for (const each of flat.slice(0, -1)) assessor.assess([each]);
  expect(assessor.assess([reading(HOUR_MS, { pm25: 99, pm10: 10 })])).toEqual([
    { pm25: ['pm25-above-pm10'], pm10: ['pm25-above-pm10'] },
  ]);
  expect(assessor.assess([reading(HOUR_MS, { humidity: 50 }, 'bme280')])).toEqual([{}]);
  expect(assessor.assess([reading(2 * HOUR_MS, { humidity: 50 }, 'bme280')])).toEqual([{}]);
  expect(assessor.assess([reading(HOUR_MS, { humidity: 99 }, 'bme280')])).toEqual([{}]);
  expect(assessor.assess([flat.at(-1)!])).toEqual([{ pm25: ['stuck'] }]);
});

it('New Year’s Eve in Stuttgart stays', () => {
  const flags = assessStation(archiveReadings('2019-12-31_sds011_sensor_553.csv.gz'));
  expect(flags.every((each) => isCounted(each.pm10 ?? []) && isCounted(each.pm25 ?? []))).toBe(true);
});

it('recomputing gives the same flags, under a named version', () => {
  const readings = archiveReadings('2022-12-30_sds011_sensor_3659.csv.gz', '2022-12-30_dht22_sensor_3660.csv.gz');
  expect(assessStation(readings)).toEqual(assessStation(readings));
  expect(METHOD_VERSION).toBe('assessment-2');
});
