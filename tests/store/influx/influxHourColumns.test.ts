import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import { columnsOf, type HourColumns } from '../../../server/domain/means/hourColumns.ts';
import type { RollupRow } from '../../../server/domain/means/rollup.ts';
import { rollupColumnsOf } from '../../../server/domain/means/rollupGatherer.ts';
import { InfluxReadingStore } from '../../../server/store/influx/influxReadingStore.ts';
import { closeAfterTest } from '../../support/closing.ts';
import { type Influxd, startInfluxd } from '../../support/influxd.ts';
import { startFailingInflux } from '../../support/influxStub.ts';

const START = Date.UTC(2025, 0, 1);
const QUERY = {
  stationIds: ['aaaaaaaaaa', 'bbbbbbbbbb'],
  quantity: 'pm10' as const,
  from: START,
  to: START + 48 * HOUR_MS,
};

function hour(at: number, change: Partial<RollupRow> = {}): RollupRow {
  return {
    ...{
      stationId: 'aaaaaaaaaa',
      sensor: 'sds011',
      quantity: 'pm10',
      start: START + at * HOUR_MS,
      end: START + (at + 1) * HOUR_MS,
    },
    ...{
      mean: 20 + at,
      min: 1,
      max: 90,
      median: 19,
      count: 24,
      expected: 25,
      coverage: 0.96,
      flags: [],
      cadenceMs: 145_000,
    },
    ...{ readings: 24, shares: {}, method: 'test', revision: 1 },
    ...change,
  } as RollupRow;
}

const plain = (columns: readonly HourColumns[]) =>
  columns
    .map(({ start, mean, count, expected, readings, revision, ...rest }) => ({
      ...rest,
      ...Object.fromEntries(
        Object.entries({ start, mean, count, expected, readings, revision }).map(([name, values]) => [
          name,
          [...values],
        ]),
      ),
    }))
    .sort((one, other) => (`${one.stationId}${one.sensor}` < `${other.stationId}${other.sensor}` ? -1 : 1));

describe('hours as columns from InfluxDB', () => {
  let influxd: Influxd;
  beforeAll(async () => {
    influxd = await startInfluxd();
  });
  afterAll(() => influxd.destroy());

  it('say what its rows say: gaps, hours that are not valid, flags, several stations and instruments', async () => {
    const store = new InfluxReadingStore({ url: influxd.url, bucket: 'columns', clock: () => START + 72 * HOUR_MS });
    await store.open();
    await store.rollups.write(
      'hour',
      rollupColumnsOf([
        ...[0, 1, 2, 7].map((at) => hour(at)),
        hour(3, { count: 3, coverage: 0.12, flags: ['below-coverage'], mean: null }),
        hour(4, { shares: { humid: 0.5, spike: 0.25 }, revision: 3 }),
        hour(5, { shares: { humid: 0.5, spike: 0.25 } }),
        hour(6, { sensor: 'sps30' }),
        hour(0, { stationId: 'bbbbbbbbbb', mean: 0 }),
        hour(0, { quantity: 'humidity', sensor: 'bme280' }),
      ]),
    );
    const rows = await store.rollups.read({ ...QUERY, window: 'hour' });
    expect(rows).toHaveLength(9);
    expect(plain(await store.rollups.hours(QUERY))).toEqual(plain(columnsOf(rows)));
    expect(await store.rollups.hours({ ...QUERY, from: START + 20 * HOUR_MS })).toEqual([]);
    await store.close();
  });
});

it('rows of many series go to InfluxDB in one request', async () => {
  const stub = await startFailingInflux(204, undefined);
  closeAfterTest(() => stub.close());
  const store = new InfluxReadingStore({ url: stub.url, bucket: 'columns', clock: () => START + 72 * HOUR_MS });
  await store.open();
  const ids = Array.from({ length: 100 }, (_, at) => `aaaaaaaa${10 + at}`.slice(-10));
  const rows = ids.map((stationId) => hour(0, { stationId }));
  const before = stub.requests.length;
  await store.rollups.write('hour', rollupColumnsOf(rows));
  expect(stub.requests.slice(before).map(({ path }) => path.split('?')[0])).toEqual(['/write']);
  await store.close();
});
