import { describe, expect, it } from '@jest/globals';
import { type DaysAbove, daysAboveSchema } from '../../../server/api/areas/daysAboveViews.ts';
import { hourlyRollups, reportStation, startReportHouse } from '../../support/reportHouse.ts';

const ID = 'station001';
const at = (text: string) => Date.parse(`${text}T00:00:00+01:00`);

/** Ten days at 60, then twenty at 20, from 1 January 2025; the eleventh has only 17 hours. */
const house = (change = {}, now = at('2025-02-01')) =>
  startReportHouse({
    stations: [reportStation(ID, change)],
    rollups: () =>
      hourlyRollups(ID, at('2025-01-01'), 30, (hour) => (hour >= 240 && hour < 247 ? null : hour < 240 ? 60 : 20)),
    now,
  });

describe('GET /days-above', () => {
  it('counts the days as measured and as a range, and says what is not counted', async () => {
    const { send } = await house();
    const { status, body, headers } = await send('GET', `/api/v1/days-above?station=${ID}&quantity=pm10&year=2025`);
    expect(status).toBe(200);
    expect(daysAboveSchema.safeParse(body).error).toBeUndefined();
    expect(headers.get('cache-control')).toBe('public, max-age=60');
    // U is the larger of 22.5 and half the value: 60 - 30 is not above 50, 20 + 22.5 is not either.
    expect(body).toMatchObject({
      ...{ stationId: ID, quantity: 'pm10', year: 2025, day: '+01:00', above: 10, aboveAtLeast: 0, aboveAtMost: 10 },
      ...{ permitted: 35, isBeyondPermitted: null, isComplete: false },
      ...{ days: 365, validDays: 29, notCounted: 2, openDays: 334, licences: ['ODbL-1.0'] },
      limit: { id: 'eu2008.pm10.day', value: 50, permitted: 35 },
      // 29 valid days of 365: place 3 from the top.
      percentile: { percent: 90.4, rank: 3, value: 60 },
    });
    const { lines } = body as unknown as DaysAbove;
    expect(lines[0]).toEqual({
      ...{ date: '2025-01-01', state: 'above', lowest: 'not-above', highest: 'above', mean: 60, uncertainty: 30 },
      ...{ stations: 1, marks: [], uncertaintyFrom: 'directive' },
    });
    expect(lines[10]).toMatchObject({ date: '2025-01-11', state: 'no-coverage', mean: null });
    expect(lines.at(-1)).toMatchObject({ date: '2025-12-31', state: 'open' });
  });

  it.each([
    ['2026-11-28', 2026, 'eu2008.pm10.day'],
    ['2026-11-28', 2027, 'eu2024.t2.pm10.day'],
    ['2030-01-01', 2030, 'eu2024.t1.pm10.day'],
    ['2030-01-01', 2029, 'eu2024.t2.pm10.day'],
  ])('on %s compares %i with the law of that year', async (today, year, limitId) => {
    const { send } = await house({}, at(today));
    const { body } = await send('GET', `/api/v1/days-above?station=${ID}&year=${year}`);
    expect(body).toMatchObject({ year, limit: { id: limitId } });
  });

  it('marks days with annotated hours', async () => {
    const { send } = await house({
      annotations: [
        { id: 'a', kind: 'barbecue', from: at('2025-01-03'), to: at('2025-01-03') + 7_200_000, createdAt: 0 },
      ],
    });
    const { body } = await send('GET', `/api/v1/days-above?station=${ID}&year=2025`);
    expect(body).toMatchObject({ above: 10, aboveAnnotated: 1, aboveHumid: 0 });
    expect((body as unknown as DaysAbove).lines[2]).toMatchObject({ marks: ['annotated'] });
  });

  it('counts the days of a district by where each station stood on them', async () => {
    const [until, porz] = [at('2025-01-06'), { lat: 51.48, lon: 8.22 }];
    const ids = ['a', 'b', 'c'].map((letter) => `station00${letter}`);
    const { send } = await startReportHouse({
      stations: ids.map((id) =>
        reportStation(id, { position: porz, formerPlaces: [{ position: { lat: 51.48, lon: 7.22 }, until }] }),
      ),
      rollups: () => ({
        rows: async (query) => {
          const all = ids.map((id) => hourlyRollups(id, at('2025-01-01'), 10, () => 60).rows(query));
          return (await Promise.all(all)).flat();
        },
        upToDate: async () => true,
        markDirty: async () => undefined,
      }),
      now: at('2025-02-01'),
    });
    const validDays = async (area: string) => {
      const { body } = await send('GET', `/api/v1/days-above?area=${area}&quantity=pm10&year=2025`);
      const { lines } = body as unknown as DaysAbove;
      return lines.filter(({ state }) => state === 'above').map(({ date, stations }) => `${date.slice(8)}:${stations}`);
    };
    expect(await validDays('ehrenfeld')).toEqual(['01:3', '02:3', '03:3', '04:3', '05:3']);
    expect(await validDays('porz')).toEqual(['06:3', '07:3', '08:3', '09:3', '10:3']);
  });

  it('never makes a zero of nothing', async () => {
    const { send } = await house();
    for (const year of [2014, 2031]) {
      const { body } = await send('GET', `/api/v1/days-above?station=${ID}&rule=who&year=${year}`);
      expect(body).toMatchObject({
        above: null,
        aboveAtMost: null,
        isBeyondPermitted: null,
        percentile: { value: null },
      });
    }
    expect((await send('GET', '/api/v1/days-above?area=porz&year=2025')).body).toMatchObject({
      above: null,
      stations: 0,
    });
    expect((await send('GET', '/api/v1/days-above?area=ehrenfeld&year=2025')).body).toMatchObject({
      above: null,
      stations: 1,
    });
  });

  it.each([
    ['no place', ''],
    ['two places', `station=${ID}&area=porz`],
    ['a strange quantity', `station=${ID}&quantity=no2`],
    ['a year that is none', `station=${ID}&year=20x5`],
    ['a year before any sensor', `station=${ID}&year=1066`],
    ['a rule that is none', `station=${ID}&rule=mine`],
    ['a yearly value', `station=${ID}&rule=de39.pm10.year`],
    ['a rule without a daily value', `station=${ID}&quantity=pm25&rule=eu`],
    ['another quantity’s value', `station=${ID}&quantity=pm25&rule=de39.pm10.day`],
    ['an absurd length', `station=${'x'.repeat(3000)}`],
  ])('%s: 400', async (_, query) => {
    const { send } = await house();
    expect((await send('GET', `/api/v1/days-above?${query}`)).status).toBe(400);
  });

  it.each([
    ['an unknown station', {}, 'station=aaaaaaaaaa'],
    ['an unknown area', {}, 'area=mars'],
    ['a hidden station', { status: 'hidden' }, `station=${ID}`],
    ['a private indoor station', { isIndoor: true }, `station=${ID}`],
  ])('%s: 404', async (_, change, query) => {
    const { send } = await house(change);
    expect((await send('GET', `/api/v1/days-above?${query}`)).status).toBe(404);
  });

  it('comes as CSV that says what it is, and in a form that German Excel opens', async () => {
    const { send } = await house();
    const { text } = await send('GET', `/api/v1/days-above?station=${ID}&year=2025&format=csv`);
    expect(text).toMatch(/^# Bürgermessung, kein amtlicher Messwert\./);
    expect(text).toContain('UTC+01:00');
    expect(text).toContain('\n2025-01-01,60,30,above,not-above,above,1,,directive\n');
    expect(text).toContain('\n2025-01-11,,,no-coverage,no-coverage,no-coverage,0,,\n');
    const excel = await fetch(`${(await house()).url}/api/v1/days-above?station=${ID}&year=2025&format=csv-excel`);
    const bytes = Buffer.from(await excel.arrayBuffer());
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(excel.headers.get('content-disposition')).toContain(`${ID}-eu2008.pm10.day-2025.csv`);
    expect(bytes.toString()).toContain('\r\n2025-01-01;60;30;above;');
  });

  it('says neither “Überschreitung” nor “certain” of a citizen sensor', async () => {
    const { send } = await house();
    const { text } = await send('GET', `/api/v1/days-above?station=${ID}&year=2025`);
    expect(text).not.toMatch(/überschreit|\bcertain\b|exceed/i);
  });
});
