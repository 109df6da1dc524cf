import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../../server/domain/assessment/flag.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../server/domain/durations.ts';
import { NOON, regular, serverWith } from './seriesHouse.ts';

describe('hourly means', () => {
  it('carry what they rest on, and are null where too little is there', async () => {
    const { append, points } = await serverWith();
    await append([
      ...regular(NOON - 4 * HOUR_MS, NOON - 3 * HOUR_MS, () => 10),
      // 18 of 24: three quarters.
      ...regular(NOON - 3 * HOUR_MS, NOON - 2 * HOUR_MS, (at) => (at < NOON - 2.5 * HOUR_MS ? 20 : 40)).filter(
        (_, i) => i % 4 !== 3,
      ),
      // The last third is missing.
      ...regular(NOON - 2 * HOUR_MS, NOON - HOUR_MS - 20 * MINUTE_MS, () => 30, 120_000),
      ...regular(NOON - HOUR_MS + 30 * MINUTE_MS, NOON, () => 50),
    ]);
    const hours = await points('quantity=pm25&from=2026-01-05T08:30:00Z&to=2026-01-05T12:00:00Z');
    expect(
      hours.map(({ start, mean, count, expected, coverage, flags }) => ({
        start,
        mean,
        count,
        expected,
        coverage,
        flags,
      })),
    ).toEqual([
      { start: '2026-01-05T08:00:00.000Z', mean: 10, count: 24, expected: 24, coverage: 1, flags: [] },
      { start: '2026-01-05T09:00:00.000Z', mean: 30, count: 18, expected: 24, coverage: 0.75, flags: [] },
      {
        start: '2026-01-05T10:00:00.000Z',
        mean: null,
        count: 20,
        expected: 30,
        coverage: 0.6666,
        flags: ['below-coverage'],
      },
      {
        start: '2026-01-05T11:00:00.000Z',
        mean: null,
        count: 12,
        expected: 24,
        coverage: 0.5,
        flags: ['below-coverage'],
      },
    ]);
    expect(hours[1]).toMatchObject({ min: 20, max: 40, median: 30, revision: 1 });
  });

  it('keep invalid values out, and count them as missing', async () => {
    const { append, points } = await serverWith();
    const rows = regular(NOON - HOUR_MS, NOON, () => 10);
    await append(
      rows.map((row, i) => (i % 2 ? { ...row, values: { pm25: 999.9 }, flags: flagBit('saturated', 'pm25') } : row)),
    );
    expect((await points('quantity=pm25')).at(-1)).toMatchObject({ mean: null, max: 10, count: 12, expected: 24 });
  });

  it('mark the running hour as open, and give no hour that has not begun', async () => {
    const { append, points } = await serverWith({ now: NOON + 30 * MINUTE_MS });
    await append(regular(NOON - HOUR_MS, NOON + 30 * MINUTE_MS, () => 10));
    const hours = await points('quantity=pm25&to=2026-01-06T00:00:00Z');
    expect(hours.at(-1)).toMatchObject({
      start: '2026-01-05T12:00:00.000Z',
      mean: null,
      flags: ['open', 'below-coverage'],
    });
    expect(hours.at(-2)).toMatchObject({ start: '2026-01-05T11:00:00.000Z', mean: 10 });
  });

  it('show a gap as empty hours, but nothing from before the station', async () => {
    const { append, points } = await serverWith();
    await append([
      ...regular(NOON - 6 * HOUR_MS, NOON - 5 * HOUR_MS, () => 10),
      ...regular(NOON - HOUR_MS, NOON, () => 20),
    ]);
    const hours = await points('quantity=pm25&from=2026-01-01T00:00:00Z&to=2026-01-05T12:00:00Z');
    expect(hours.map(({ mean }) => mean)).toEqual([10, null, null, null, null, 20]);
    expect(hours[1]).toMatchObject({ min: null, max: null, median: null, count: 0, expected: 24, coverage: 0 });
  });

  it('expect what the device did the day before when it sends no interval', async () => {
    const { append, points } = await serverWith();
    const bare = (rows: ReturnType<typeof regular>) => rows.map(({ at, values }) => ({ at, values }));
    await append(bare(regular(NOON - 2 * DAY_MS, NOON - HOUR_MS, (at) => 10 + ((at / MINUTE_MS) % 2), 300_000)));
    await append(bare(regular(NOON - HOUR_MS, NOON, () => 10, 60_000)));
    const hours = await points('quantity=pm25&from=2026-01-05T08:00:00Z');
    expect(hours.map(({ count, expected }) => [count, expected])).toEqual(
      [
        [12, 12],
        [12, 12],
        [12, 12],
        [60, 12],
        [0, 12],
      ].slice(0, hours.length),
    );
  });

  it('never count for a device slower than one reading in 20 minutes', async () => {
    const { append, points } = await serverWith();
    await append(regular(NOON - DAY_MS, NOON, (at) => 10 + (at % HOUR_MS) / HOUR_MS, 30 * MINUTE_MS));
    expect((await points('quantity=pm25'))[5]).toMatchObject({
      mean: null,
      coverage: 1,
      flags: ['below-coverage', 'cadence-too-slow'],
    });
  });
});

describe('daily means', () => {
  const twoDays = regular(NOON - 3 * DAY_MS, NOON, (at) => new Date(at).getUTCHours());

  it('are means of valid hours from 23:00 UTC to 23:00 UTC', async () => {
    const { append, points, get } = await serverWith();
    await append(twoDays.filter(({ at }) => at < NOON - 6 * HOUR_MS || at >= NOON - 5 * HOUR_MS));
    const days = await points('quantity=pm25&window=1d&from=2026-01-02T23:00:00Z');
    expect(days.map(({ start, mean, parts, flags }) => ({ start, mean, parts, flags }))).toEqual([
      { start: '2026-01-02T23:00:00.000Z', mean: 11.5, parts: { valid: 24, of: 24 }, flags: [] },
      { start: '2026-01-03T23:00:00.000Z', mean: 11.5, parts: { valid: 24, of: 24 }, flags: [] },
      {
        start: '2026-01-04T23:00:00.000Z',
        mean: null,
        parts: { valid: 12, of: 24 },
        flags: ['open', 'below-coverage'],
      },
    ]);
    expect((await get('quantity=pm25&window=1d')).body.day).toBe('+01:00');
  });

  it('of 17 valid hours are null, of 18 they are given', async () => {
    const { append, points } = await serverWith();
    const dayStart = Date.parse('2026-01-03T23:00:00Z');
    const about10 = (at: number) => 10 + ((at / 150_000) % 2 === 0 ? 1 : -1);
    await append(regular(dayStart - DAY_MS, dayStart - DAY_MS + 17 * HOUR_MS, about10));
    await append(regular(dayStart, dayStart + 18 * HOUR_MS, about10));
    const days = await points('quantity=pm25&window=1d&from=2026-01-02T23:00:00Z&to=2026-01-04T23:00:00Z');
    expect(days.map(({ mean, parts }) => [mean, parts?.valid])).toEqual([
      [null, 17],
      [10, 18],
    ]);
  });

  it.each([
    ['2026-03-29', 23, '2026-03-28T23:00:00.000Z'],
    ['2026-10-25', 25, '2026-10-24T22:00:00.000Z'],
    ['2026-01-03', 24, '2026-01-02T23:00:00.000Z'],
  ])('of the local day %s have %d hours', async (day, hours, start) => {
    const noon = Date.parse(`${day}T12:00:00Z`);
    const { append, get } = await serverWith({ now: noon + 3 * DAY_MS });
    await append(regular(noon - DAY_MS, noon + DAY_MS, (at) => (at - noon) / HOUR_MS + 24));
    const query = `quantity=pm25&window=1d&day=local&from=${day}T12:00:00Z&to=${day}T13:00:00Z`;
    const { body } = await get(query);
    expect(body.day).toBe('local');
    expect(body.points).toMatchObject([{ start, parts: { valid: hours, of: hours }, expected: hours * 24 }]);
  });
});

describe('longer means', () => {
  it('are means of valid days; weeks begin on Monday', async () => {
    const monday = Date.parse('2025-12-21T23:00:00Z');
    const { append, points } = await serverWith();
    // The day's number with an hour of 0 for one of 24, so that nobody takes the instrument for stuck.
    const dayNumber = (at: number) => {
      const [day, hour] = [Math.floor((at - monday) / DAY_MS) + 1, Math.floor((at - monday) / HOUR_MS) % 24];
      return hour % 4 === 1 ? 0 : hour % 4 === 3 ? 2 * day : day;
    };
    // One reading an hour would not count: six full days, the seventh is missing.
    await append(regular(monday, monday + 6 * DAY_MS, dayNumber));
    const query = 'quantity=pm25&from=2025-12-22T00:00:00Z&to=2025-12-28T00:00:00Z';
    expect(await points(`${query}&window=1w`)).toMatchObject([
      { start: '2025-12-21T23:00:00.000Z', mean: 3.5, median: 3.5, min: 0, max: 12, parts: { valid: 6, of: 7 } },
    ]);
    expect(await points(`${query}&window=1mo`)).toMatchObject([
      { start: '2025-11-30T23:00:00.000Z', mean: null, parts: { valid: 6, of: 31 }, flags: ['below-coverage'] },
    ]);
    expect(await points(`${query}&window=1y&day=local`)).toMatchObject([
      { start: '2024-12-31T23:00:00.000Z', mean: null, parts: { valid: 6, of: 365 } },
    ]);
  });
});

describe('short means', () => {
  it.each([
    ['5m', 5 * MINUTE_MS, 2],
    ['15m', 15 * MINUTE_MS, 6],
  ])('of %s are given from one reading on', async (window, width, expected) => {
    const { append, points } = await serverWith({ now: NOON + MINUTE_MS });
    await append([...regular(NOON - HOUR_MS, NOON - HOUR_MS / 2, () => 10), { at: NOON - 1, values: { pm25: 8 } }]);
    const means = await points(`quantity=pm25&window=${window}&from=2026-01-05T11:00:00Z`);
    expect(means.length).toBe(HOUR_MS / width + 1);
    expect(means[0]).toMatchObject({
      start: '2026-01-05T11:00:00.000Z',
      mean: 10,
      count: expected,
      expected,
      flags: [],
    });
    expect(means.at(-2)).toMatchObject({ mean: 8, count: 1, flags: ['below-coverage'] });
    expect(means.at(-1)).toMatchObject({ mean: null, flags: ['open', 'below-coverage'] });
  });
});

describe('an instrument that says the same for hours', () => {
  it.each(['15m', '1h&day=%2B05:30'])('has no mean in windows made of its readings either: %s', async (window) => {
    const { append, points } = await serverWith();
    const from = NOON - 10 * HOUR_MS;
    await append([
      ...regular(from - HOUR_MS, from + HOUR_MS, (at) => (at % 300_000 ? 10 : 12)),
      ...regular(from + HOUR_MS, from + 8 * HOUR_MS, () => 30),
      ...regular(from + 8 * HOUR_MS, NOON, (at) => (at % 300_000 ? 20 : 22)),
    ]);
    // Asked for the middle of it alone, where nothing else tells.
    const middle = await points(`quantity=pm25&window=${window}&from=2026-01-05T05:30:00Z&to=2026-01-05T07:30:00Z`);
    expect(new Set(middle.map(({ mean, flags }) => `${mean} ${flags}`))).toEqual(
      new Set(['null below-coverage,stuck']),
    );
    const all = await points(`quantity=pm25&window=${window}&from=2026-01-05T01:00:00Z&to=2026-01-05T12:00:00Z`);
    expect(all.filter(({ flags }) => flags.includes('stuck')).every(({ mean }) => mean !== 30)).toBe(true);
    const means = all.flatMap(({ mean }) => mean ?? []);
    expect([means[0], means.at(-1)].map((mean) => Math.round(mean!))).toEqual([11, 21]);
  });
});
