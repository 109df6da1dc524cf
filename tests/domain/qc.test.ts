import { describe, expect, it } from '@jest/globals';
import { areaStatistics } from '../../server/domain/areaStatistics.ts';
import { THRESHOLDS } from '../../server/domain/assessment.ts';
import { thirdsCovered } from '../../server/domain/hourThirds.ts';
import { channelsAgree, relativeDifference } from '../../server/domain/purpleAir.ts';
import { MAD_TO_SIGMA, mad, median, toleratedOutliers } from '../../server/domain/robust.ts';
import { goldenTable, runVectors } from '../support/goldenVectors.ts';

interface GoldenInput {
  values?: number[];
  minutes?: number[];
  A?: number;
  B?: number;
  station_means?: number[];
  n: number;
}

it('every golden vector of qc.json holds', () => {
  const { golden } = goldenTable('qc');
  const { ran, wrong } = runVectors(golden, ({ input }) => compute(input as unknown as GoldenInput));
  expect(wrong).toEqual([]);
  expect(ran).toBe(golden.length);
  expect(ran).toBe(15);
});

function compute({ values, minutes, A, B, station_means, n }: GoldenInput): Record<string, unknown> {
  if (values !== undefined) return madVector(values);
  if (minutes !== undefined) {
    const spread = thirdsCovered(minutes.map((minute) => minute * 60_000));
    return { spread, valid: spread === 3 };
  }
  if (A !== undefined) {
    const channels = { a: A, b: B! };
    return {
      abs_diff: Math.abs(A - B!),
      rel_diff: digits(relativeDifference(channels)),
      keep: channelsAgree(channels),
    };
  }
  if (station_means !== undefined) {
    const stations = station_means.map((mean, at) => ({
      stationId: `s${at}`,
      mean,
      isIndoor: false,
      sensorModel: 'sds011',
    }));
    const area = areaStatistics(stations);
    return { median: area.median, n: area.count, ...(area.state === 'too-few' && { reason: 'fewer than 3 stations' }) };
  }
  return { tolerates: toleratedOutliers(n) };
}

function madVector(values: number[]): Record<string, unknown> {
  const [middle, raw] = [median(values)!, mad(values)!];
  const scaled = MAD_TO_SIGMA * raw;
  const farthest = Math.max(...values);
  const [inRaw, inScaled] = [(farthest - middle) / raw, (farthest - middle) / scaled];
  return {
    median: middle,
    mad_raw: raw,
    mad_scaled: digits(scaled),
    [`distance_of_${farthest}_in_raw_mad`]: inRaw,
    [`distance_of_${farthest}_in_scaled_mad`]: Number(inScaled.toFixed(3)),
    flag_10_mad: inScaled > THRESHOLDS.spikeMads,
    flag_raw: inRaw > THRESHOLDS.spikeMads,
    flag_scaled: inScaled > THRESHOLDS.spikeMads,
  };
}

function digits(value: number): number {
  return Number(value.toFixed(4));
}

describe('thirdsCovered', () => {
  it('takes instants as well as minutes of an hour', () => {
    const hour = Date.UTC(2025, 0, 1, 7);
    expect(thirdsCovered([hour, hour + 20 * 60_000, hour + 3_599_999])).toBe(3);
    expect(thirdsCovered([])).toBe(0);
  });
});
