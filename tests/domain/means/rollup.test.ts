import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../../server/domain/assessment/flag.ts';
import { assessStation } from '../../../server/domain/assessment/stationAssessment.ts';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';
import { dayRow, hourRow, ROLLUP_METHOD, type RollupRow } from '../../../server/domain/means/rollup.ts';
import type { Reading } from '../../../server/domain/reading.ts';
import { archiveReadings } from '../../support/archiveReadings.ts';
import { type FlaggedValue, flaggedHour } from '../../support/flaggedHour.ts';

const CADENCE = 150_000;
const START = Date.UTC(2025, 0, 1, 7);
const SERIES = { stationId: 'aaaaaaaaaa', sensor: 'sds011', quantity: 'pm25' } as const;
const NOW = START + 1000 * HOUR_MS;

/** An hour of 24 readings at `value`, the first `flagged` of them with derived flags. */
function hourOf(value: number, derived: FlaggedValue['derived'] = [], flagged = 24): FlaggedValue[] {
  return Array.from({ length: 24 }, (_, at) => ({
    measuredAt: START + at * CADENCE,
    value,
    flags: 0,
    derived: at < flagged ? derived : [],
  }));
}

function rowOf(values: readonly FlaggedValue[], start = START): RollupRow {
  return hourRow(SERIES, flaggedHour(values, 'pm25'), { start, end: start + HOUR_MS, cadenceMs: CADENCE, now: NOW });
}

describe('hourRow', () => {
  it('of 24 readings at 9.1 is 9.1, with everything it rests on', () => {
    expect(rowOf(hourOf(9.1))).toMatchObject({
      ...SERIES,
      start: START,
      mean: 9.1,
      median: 9.1,
      min: 9.1,
      max: 9.1,
      count: 24,
      expected: 24,
      coverage: 1,
      readings: 24,
      cadenceMs: CADENCE,
      shares: {},
      flags: [],
      method: ROLLUP_METHOD,
      revision: 1,
    });
  });

  it('humid readings count, and their share is kept', () => {
    expect(rowOf(hourOf(9.1, ['humid'], 12))).toMatchObject({ mean: 9.1, count: 24, shares: { humid: 0.5 } });
  });

  it('stuck and raw-invalid readings do not count', () => {
    expect(rowOf(hourOf(9.1, ['stuck']))).toMatchObject({
      mean: null,
      min: null,
      count: 0,
      readings: 24,
      shares: { stuck: 1 },
    });
    const saturated = hourOf(9.1).map((value, at) =>
      at < 12 ? { ...value, value: 999.9, flags: flagBit('saturated', 'pm25') } : value,
    );
    expect(rowOf(saturated)).toMatchObject({ mean: null, max: 9.1, count: 12, shares: { saturated: 0.5 } });
  });

  it('of no readings says so', () => {
    expect(rowOf([])).toMatchObject({ mean: null, count: 0, coverage: 0, readings: 0, shares: {} });
  });
});

describe('dayRow', () => {
  const window = { start: START, end: START + DAY_MS, now: NOW };
  const hours = (of: (hour: number) => FlaggedValue[]) =>
    Array.from({ length: 24 }, (_, hour) => rowOf(of(hour), START + hour * HOUR_MS));

  it('is the mean of its valid hours, from 18 on', () => {
    expect(
      dayRow(
        SERIES,
        hours(() => hourOf(9.1)),
        window,
      ),
    ).toMatchObject({ mean: 9.1, parts: { valid: 24, of: 24 }, count: 576, readings: 576, cadenceMs: CADENCE });
    expect(
      dayRow(
        SERIES,
        hours((hour) => (hour < 18 ? hourOf(50.5) : [])),
        window,
      ).mean,
    ).toBe(50.5);
    expect(
      dayRow(
        SERIES,
        hours((hour) => (hour < 17 ? hourOf(50.5) : [])),
        window,
      ).mean,
    ).toBeNull();
  });

  it('keeps shares over its readings, and is humid from six humid hours on', () => {
    const humid = (count: number) =>
      dayRow(
        SERIES,
        hours((hour) => hourOf(9.1, hour < count ? ['humid'] : [])),
        window,
      );
    expect(humid(6)).toMatchObject({ mean: 9.1, isHumid: true, shares: { humid: 0.25 } });
    expect(humid(5)).toMatchObject({ mean: 9.1, isHumid: false });
  });

  it('of no hours says so', () => {
    expect(dayRow(SERIES, [], window)).toMatchObject({ mean: null, readings: 0, shares: {} });
  });
});

it('a real day of Bochum: every valid hour is there, none is humid, New Year’s Eve stays', () => {
  const readings = archiveReadings('2022-12-31_sds011_sensor_3659.csv.gz', '2022-12-31_dht22_sensor_3660.csv.gz');
  const flags = assessStation(readings, 152_000);
  const values = readings.flatMap((reading, at) => pm25Of(reading, flags[at]!.pm25 ?? []));
  const start = Date.UTC(2022, 11, 31);
  const rows = Array.from({ length: 24 }, (_, hour) => {
    const from = start + hour * HOUR_MS;
    const within = values.filter(({ measuredAt }) => measuredAt >= from && measuredAt < from + HOUR_MS);
    return hourRow(SERIES, flaggedHour(within, 'pm25'), {
      start: from,
      end: from + HOUR_MS,
      cadenceMs: 152_000,
      now: NOW,
    });
  });
  const day = dayRow(SERIES, rows, { start, end: start + DAY_MS, now: NOW });
  expect(day.isHumid).toBe(false);
  expect(day.parts!.valid).toBeGreaterThanOrEqual(18);
  expect(rows[23]!.max).toBe(
    Math.max(...values.filter(({ measuredAt }) => measuredAt >= start + 23 * HOUR_MS).map(({ value }) => value)),
  );
  expect(rows[23]!.mean).not.toBeNull();
});

function pm25Of({ measuredAt, values, flags }: Reading, derived: FlaggedValue['derived']): FlaggedValue[] {
  return values.pm25 === undefined ? [] : [{ measuredAt, value: values.pm25, flags, derived }];
}
