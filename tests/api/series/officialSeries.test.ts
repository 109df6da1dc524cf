import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';
import { NOON, serverWith } from './seriesHouse.ts';

describe('means of an official network', () => {
  /** Midnights at UTC+1, a Monday first. */
  const day = (at: number) => Date.parse('2025-12-31T23:00:00Z') + (4 + at) * DAY_MS;
  const period = 'from=2026-01-05T00:00:00%2B01:00&to=2026-01-12T00:00:00%2B01:00';

  async function withDays(values: readonly (number | undefined)[]) {
    const reference = { network: 'LANUV', type: 'background' } as const;
    const house = await serverWith({ now: day(9), station: { reference } });
    const published = values.flatMap((pm10, at) => (pm10 === undefined ? [] : [{ at: day(at), values: { pm10 } }]));
    await house.append(published.map((each) => ({ ...each, sensor: 'official24h' })));
    return house;
  }

  it('that publishes days are its days as they are, and longer windows of them', async () => {
    const { points } = await withDays([10, 20, undefined, 40, 50, 60, 70]);
    const days = await points(`quantity=pm10&window=1d&${period}`);
    expect(days.map(({ mean }) => mean)).toEqual([10, 20, null, 40, 50, 60, 70]);
    expect(days[0]).toEqual({
      ...{ start: '2026-01-04T23:00:00.000Z', mean: 10, min: 10, max: 10, median: 10, count: 1, expected: 1 },
      ...{ coverage: 1, flags: [], revision: 1 },
    });
    expect(days[2]).toMatchObject({ count: 0, coverage: 0, flags: ['below-coverage'] });
    const [week] = await points(`quantity=pm10&window=1w&${period}`);
    expect(week).toMatchObject({ mean: 41.666666667, parts: { valid: 6, of: 7 } });
    expect(await points(`quantity=pm10&window=1h&${period}`)).toEqual([]);
    expect(await points(`quantity=pm10&window=1d&method=reference-ratio&${period}`)).toEqual([]);
  });

  it('carry no uncertainty of ours, in windows of any width', async () => {
    const { append, points } = await serverWith({ station: { reference: { network: 'LANUV', type: 'background' } } });
    await append([{ at: NOON - 3 * HOUR_MS, values: { pm10: 20 }, sensor: 'official' }]);
    for (const window of ['5m', '15m', '1h']) {
      const means = await points(`quantity=pm10&window=${window}&from=2026-01-05T09:00:00Z&to=2026-01-05T10:00:00Z`);
      expect(means[0]).toMatchObject({ mean: 20 });
      expect(means[0]).not.toHaveProperty('uncertainty');
    }
  });

  it('that publishes days are none of days that begin otherwise, and the file says what they are', async () => {
    const { points, get } = await withDays([10, 20]);
    const others = await points(`quantity=pm10&window=1d&day=%2B00:00&${period}`);
    expect(others.every(({ mean }) => mean === null)).toBe(true);
    const { text } = await get(`quantity=pm10&window=1d&format=csv&${period}`);
    expect(text).toContain('# Days are the daily means that the network published');
    expect(text).toContain('2026-01-04T23:00:00.000Z,10,10,10,10,1,1,1,,1,');
    expect((await get(`quantity=pm10&window=raw&format=csv&${period}`)).text).toContain(
      '# Daily means as their network published them, by their start.',
    );
  });
});
