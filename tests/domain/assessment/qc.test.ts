import { expect, it } from '@jest/globals';
import { areaStatistics } from '../../../server/domain/areaStatistics.ts';
import { THRESHOLDS } from '../../../server/domain/assessment/assessment.ts';
import { MAD_TO_SIGMA, mad, median, toleratedOutliers } from '../../../server/domain/assessment/robust.ts';
import { hourRow } from '../../../server/domain/means/rollup.ts';
import { flaggedHour } from '../../support/flaggedHour.ts';
import { goldenTable, runVectors } from '../../support/goldenVectors.ts';

interface GoldenInput {
  values?: number[];
  minutes?: number[];
  station_means?: number[];
  n: number;
}

it('every golden vector of qc.json holds', () => {
  const { golden } = goldenTable('qc');
  const { ran, wrong } = runVectors(golden, ({ input }) => compute(input as unknown as GoldenInput));
  expect(wrong).toEqual([]);
  expect(ran).toBe(golden.length);
  expect(ran).toBe(12);
});

function compute({ values, minutes, station_means, n }: GoldenInput): Record<string, unknown> {
  if (values !== undefined) return madVector(values);
  if (minutes !== undefined) return thirdsVector(minutes);
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

/** An hour of a device that reports every 20 minutes, the slowest whose hours can be valid: only the thirds decide. */
function thirdsVector(minutes: number[]): Record<string, unknown> {
  const values = minutes.map((minute) => ({ measuredAt: minute * 60_000, value: 8, flags: 0, derived: [] }));
  const hour = flaggedHour(values, 'pm25');
  const series = { stationId: 'aaaaaaaaaa', sensor: 'sds011', quantity: 'pm25' } as const;
  const row = hourRow(series, hour, { start: 0, end: 3_600_000, cadenceMs: 20 * 60_000, now: 3_600_000 });
  return { spread: hour.statistics!.thirds.filter((count) => count > 0).length, valid: row.mean !== null };
}
