import { describe, expect, it } from '@jest/globals';
import { areaStatistics, type StationMean, windowMean } from '../../server/domain/areaStatistics.ts';

const station = (mean: number | undefined, rest: Partial<StationMean> = {}): StationMean => ({
  stationId: `s${mean}`,
  mean,
  isIndoor: false,
  sensorModel: 'sds011',
  ...rest,
});
const of = (...means: number[]) => areaStatistics(means.map((mean) => station(mean)));

describe('areaStatistics', () => {
  it('two stations are too few for a number, and are counted', () => {
    expect(of(10, 12)).toEqual({
      state: 'too-few',
      count: 2,
      tolerates: 0,
      leftOut: { indoor: 0, unknownIndoor: 0, excluded: 0, withoutValidMean: 0 },
      sensorModels: { sds011: 2 },
      sitings: { unknown: 2 },
    });
  });

  it('three give a median, no band', () => {
    const area = of(10, 12, 40);
    expect(area).toMatchObject({ state: 'number-only', count: 3, median: 12, tolerates: 1 });
    expect(area).not.toHaveProperty('lowerQuartile');
  });

  it('have the digits a ledger of days has, without the noise of binary halves', () => {
    // (5.66377221 + 5.663772212) / 2 is 5.6637722109999995 in binary.
    expect(of(1, 5.66377221, 5.663772212, 9).median).toBe(5.663772211);
    const { median, lowerQuartile, upperQuartile } = of(0.1, 0.2, 0.3, 0.4, 0.7, 0.8);
    expect([median, lowerQuartile, upperQuartile]).toEqual([0.35, 0.225, 0.625]);
  });

  it('five give quartiles too, and one mad station does not move the median', () => {
    expect(of(5, 9, 11, 14, 300)).toMatchObject({
      state: 'ok',
      median: 11,
      lowerQuartile: 9,
      upperQuartile: 14,
      min: 5,
      max: 300,
      tolerates: 2,
    });
  });

  it('indoor, unknown and invalid stations do not count, and are listed', () => {
    const area = areaStatistics([
      station(10, { siting: 'street' }),
      station(12, { siting: 'garden', sensorModel: 'sps30' }),
      station(14, { siting: 'garden' }),
      station(90, { isIndoor: true }),
      station(80, { isIndoor: undefined }),
      station(70, { isExcluded: true }),
      station(60, { isExcluded: true, isIndoor: true }),
      station(undefined),
      station(Number.NaN),
    ]);
    expect(area).toMatchObject({
      count: 3,
      median: 12,
      leftOut: { indoor: 1, unknownIndoor: 1, excluded: 2, withoutValidMean: 2 },
      sensorModels: { sds011: 2, sps30: 1 },
      sitings: { street: 1, garden: 2 },
    });
  });

  it('of no stations says so', () => {
    expect(areaStatistics([])).toMatchObject({ state: 'too-few', count: 0, tolerates: 0 });
  });
});

describe('windowMean', () => {
  it('is the mean of the valid hours from three quarters of the window on', () => {
    expect(windowMean(Array<number>(18).fill(9.1), 24)).toBe(9.1);
    expect(windowMean(Array<number>(17).fill(9.1), 24)).toBeUndefined();
    expect(windowMean([], 0)).toBeUndefined();
  });
});
