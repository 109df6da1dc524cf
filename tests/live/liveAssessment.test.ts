import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { Reading, Values } from '../../server/domain/reading.ts';
import { LiveAssessment } from '../../server/live/liveAssessment.ts';

const START = Date.UTC(2026, 0, 5);
const STATION = 'aaaaaaaaaa';

function reading(measuredAt: number, values: Values, sensor = 'sds011'): Reading {
  return { stationId: STATION, sensor, measuredAt, values, flags: 0 };
}

/** A store that holds these readings. */
function storeWith(readings: readonly Reading[], before: () => void = () => undefined) {
  return {
    async *scan({ from, to }: { from: number; to: number }) {
      before();
      yield readings.filter(({ measuredAt }) => measuredAt >= from && measuredAt < to);
    },
  };
}

const flat = (hours: number) =>
  Array.from({ length: hours * 12 }, (_, at) =>
    reading(START + at * 5 * MINUTE_MS, { pm25: 12.3, pm10: 20 + (at % 3) }),
  );
const cadenceMs = 5 * MINUTE_MS;

describe('LiveAssessment', () => {
  it('flags a reading by what came before it', () => {
    const assessment = new LiveAssessment();
    const flags = flat(7).map((one) => assessment.assess([one], cadenceMs)[0]!);
    expect(flags[71]).toEqual({});
    expect(flags[72]).toEqual({ pm25: ['stuck'] });
    expect(assessment.flagsOf(STATION, 'sds011', 'pm25', START + 7 * HOUR_MS - 5 * MINUTE_MS)).toEqual(['stuck']);
    expect(assessment.flagsOf(STATION, 'sds011', 'pm25', START)).toEqual([]);
    expect(assessment.flagsOf(STATION, 'sds011', 'pm10', START + 7 * HOUR_MS - 5 * MINUTE_MS)).toEqual([]);
  });

  it('goes by humidity that comes in the same message, whatever its place in it', () => {
    const assessment = new LiveAssessment();
    const flags = assessment.assess(
      [reading(START, { pm25: 9 }), reading(START, { humidity: 91 }, 'dht22')],
      cadenceMs,
    );
    expect(flags).toEqual([{ pm25: ['humid'] }, {}]);
  });

  it('compares the parts of a reading that come one by one', () => {
    const assessment = new LiveAssessment();
    expect(assessment.assess([reading(START, { pm10: 10 })], cadenceMs)).toEqual([{}]);
    expect(assessment.assess([reading(START, { pm25: 30 })], cadenceMs)).toEqual([{ pm25: ['pm25-above-pm10'] }]);
  });

  it('forgets nothing over a restart, nor what comes while it reads', async () => {
    const assessment = new LiveAssessment();
    const readings = flat(7);
    const [stored, meanwhile, after] = [readings.slice(0, 60), readings.slice(60, 78), readings.slice(78)];
    const store = storeWith(stored, () => {
      for (const one of meanwhile) assessment.assess([one], cadenceMs);
    });
    await assessment.warm(store, START + 5 * HOUR_MS);
    expect(after.map((one) => assessment.assess([one], cadenceMs)[0])).toEqual(after.map(() => ({ pm25: ['stuck'] })));
  });

  it('keeps on judging when history cannot be read', async () => {
    const assessment = new LiveAssessment();
    const store = storeWith([], () => {
      throw new Error('away');
    });
    await expect(assessment.warm(store, START)).rejects.toThrow('away');
    expect(assessment.assess([reading(START, { pm25: 30, pm10: 10 })], cadenceMs)[0]).toMatchObject({
      pm10: ['pm25-above-pm10'],
    });
  });

  it('does not bring back a station that is removed while it reads', async () => {
    const assessment = new LiveAssessment();
    const store = storeWith([], () => {
      assessment.assess([reading(START, { pm25: 1 })], cadenceMs);
      assessment.removeStation(STATION);
    });
    await assessment.warm(store, START);
    expect(assessment.size).toBe(0);
  });

  it('believes a humidity sensor no more that its longer past shows to be broken', () => {
    const assessment = new LiveAssessment();
    const wet = (at: number) => assessment.assess([reading(START + at, { humidity: 91 }, 'dht22')], cadenceMs)[0];
    expect(wet(0)).toEqual({});
    assessment.noteProof(STATION, 'dht22', START - 5 * DAY_MS);
    expect(wet(MINUTE_MS)).toEqual({ humidity: ['humidity-broken'] });
    expect(assessment.assess([reading(START + MINUTE_MS, { pm25: 9 })], cadenceMs)).toEqual([{}]);
  });
});
