import { expect, it } from '@jest/globals';
import { ObservationPages } from '../../server/sensorThings/observationPages.ts';
import { PathValues } from '../../server/sensorThings/pathValues.ts';
import type { QueryOptions } from '../../server/sensorThings/queryOptions.ts';
import { stationOf } from '../support/stations.ts';

const T0 = Date.UTC(2026, 10, 26, 12);
const SERIES = { station: stationOf('station000'), sensor: 'sds011', quantity: 'pm25' } as const;
const ALL: QueryOptions = { orderBy: [], skip: 0, count: false, expand: [], given: {} };

/** Pages of 20 values. */
function pagesOfTwenty(): ObservationPages {
  const catalogue = { linked: () => undefined, seriesOf: async () => SERIES, publicStation: () => SERIES.station };
  const values = {
    async *read() {
      for (let at = 0; at < 20; at++) yield { ...SERIES, measuredAt: T0 - at * 150_000, value: at, flags: [] };
    },
  };
  return new ObservationPages({ catalogue, paths: new PathValues(catalogue), values, clock: () => T0 });
}

it.each<[string, Partial<QueryOptions>]>([
  ['in order of time', {}],
  ['counted', { top: 1, count: true }],
  ['sorted by something else', { orderBy: [{ steps: ['result'], isDescending: true }] }],
])('values %s are all taken off what the request may read', async (_text, options) => {
  const budget = { values: 40 };
  await pagesOfTwenty().page({ type: 'Observation' }, { ...ALL, ...options }, budget);
  expect(budget.values).toBeLessThanOrEqual(20);
  const little = pagesOfTwenty().page({ type: 'Observation' }, { ...ALL, ...options }, { values: 19 });
  await expect(little).rejects.toMatchObject({ status: 501 });
});
