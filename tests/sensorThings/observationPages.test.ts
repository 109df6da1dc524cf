import { expect, it } from '@jest/globals';
import { isRejection } from '../../server/domain/reading.ts';
import type { SeriesValue } from '../../server/sensorThings/entities.ts';
import { parseFilter } from '../../server/sensorThings/filterParser.ts';
import { ObservationPages } from '../../server/sensorThings/observationPages.ts';
import type { ValueRange } from '../../server/sensorThings/observations.ts';
import { PathValues } from '../../server/sensorThings/pathValues.ts';
import type { QueryOptions } from '../../server/sensorThings/queryOptions.ts';
import { stationOf } from '../support/stations.ts';

const T0 = Date.UTC(2026, 10, 26, 12);
const SERIES = { station: stationOf('station000'), sensor: 'sds011', quantity: 'pm25' } as const;
const ALL: QueryOptions = { orderBy: [], skip: 0, count: false, expand: [], given: {} };

/** Pages of these values, in the order of the list, newest first. */
function pagesOf(stored: SeriesValue[]): ObservationPages {
  const catalogue = { linked: () => undefined, seriesOf: async () => SERIES, publicStation: () => SERIES.station };
  const values = {
    async *read(_source: unknown, { from, to, isDescending }: ValueRange) {
      for (const value of isDescending ? [...stored] : stored.toReversed()) {
        if (value.measuredAt >= from && value.measuredAt < to) yield value;
      }
    },
  };
  return new ObservationPages({ catalogue, paths: new PathValues(catalogue), values, clock: () => T0 });
}

function valuesOf(count: number): SeriesValue[] {
  return Array.from({ length: count }, (_, at) => ({
    ...SERIES,
    measuredAt: T0 - at * 150_000,
    value: at,
    flags: [],
  }));
}

/** The value of a station at noon: all of an official network have the same time. */
function atNoon(name: string): SeriesValue {
  return { ...SERIES, station: stationOf(name), measuredAt: T0, value: 1, flags: [] };
}

function filterOf(text: string) {
  const filter = parseFilter(text);
  if (isRejection(filter)) throw new Error(filter.detail);
  return filter;
}

it.each<[string, Partial<QueryOptions>]>([
  ['in order of time', {}],
  ['counted', { top: 1, count: true }],
  ['sorted by something else', { orderBy: [{ steps: ['result'], isDescending: true }] }],
])('values %s are all taken off what the request may read', async (_text, options) => {
  const pages = pagesOf(valuesOf(20));
  const budget = { values: 40 };
  await pages.page({ type: 'Observation' }, { ...ALL, ...options }, budget);
  expect(budget.values).toBeLessThanOrEqual(20);
  const little = pages.page({ type: 'Observation' }, { ...ALL, ...options }, { values: 19 });
  await expect(little).rejects.toMatchObject({ status: 501 });
});

it('a filter of sixty conditions may look at fewer values than one of one', async () => {
  const looksWith = async (conditions: number) => {
    const filter = filterOf(Array(conditions).fill('year(resultTime) eq 2025').join(' or '));
    const budget = { values: 10_000 };
    const page = await pagesOf(valuesOf(20)).page({ type: 'Observation' }, { ...ALL, filter }, budget);
    expect(page.entities).toEqual([]);
    return 10_000 - budget.values;
  };
  expect(await looksWith(1)).toBe(20);
  expect(await looksWith(60)).toBeGreaterThan(60 * 10);
});

it('whatever else waits has its turns while a page is read', async () => {
  let turns = 0;
  let isReading = true;
  const turn = () => {
    turns++;
    if (isReading) setImmediate(turn);
  };
  setImmediate(turn);
  await pagesOf(valuesOf(20_000)).page({ type: 'Observation' }, { ...ALL, top: 0, count: true }, { values: 40_000 });
  isReading = false;
  expect(turns).toBeGreaterThanOrEqual(20);
});

it.each([true, false])(
  'a value that comes in between pages moves none to another page: newest first %s',
  async (newest) => {
    const stored = ['a', 'b', 'c', 'd', 'e'].map((letter) => atNoon(letter.repeat(10)));
    const options = { ...ALL, top: 2, orderBy: [{ steps: ['phenomenonTime'], isDescending: newest }] };
    const pages = pagesOf(stored);
    const seen: string[] = [];
    let next: Record<string, string> | undefined;
    do {
      const skipToken = next?.$skiptoken;
      const asked = { ...options, ...(skipToken !== undefined && { skipToken }) };
      const page = await pages.page({ type: 'Observation' }, asked, { values: 100 });
      seen.push(...page.entities.map(({ id }) => id.slice(0, 1)));
      if (next === undefined) stored.splice(newest ? 1 : 4, 0, atNoon('zzzzzzzzzz'));
      next = page.next;
    } while (next !== undefined);
    expect(seen.join('')).toBe(newest ? 'abcde' : 'edcba');
  },
);

it('goes on where the last value of a page has been deleted since', async () => {
  const stored = ['a', 'b', 'c', 'd', 'e'].map((letter) => atNoon(letter.repeat(10)));
  const { next } = await pagesOf(stored).page({ type: 'Observation' }, { ...ALL, top: 2 }, { values: 100 });
  const gone = { ...ALL, top: 9, skipToken: next!.$skiptoken! };
  const left = await pagesOf(stored.toSpliced(1, 1)).page({ type: 'Observation' }, gone, { values: 100 });
  expect(left.entities.map(({ id }) => id.slice(0, 1)).join('')).toBe('cde');
  const wrong = { ...ALL, skipToken: '1795776920084_1' };
  await expect(pagesOf(stored).page({ type: 'Observation' }, wrong, { values: 1 })).rejects.toMatchObject({
    status: 400,
  });
});
