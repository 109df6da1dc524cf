import { describe, expect, it } from '@jest/globals';
import { closedPeriodFrom, closedPeriods } from '../../server/domain/letterPeriods.ts';
import { hourlyRow, reportStation, startReportHouse } from '../support/reportHouse.ts';

const HOUR = 3_600_000;
const START = Date.parse('2025-02-03T00:00:00+01:00');
/** A Wednesday. */
const NOW = Date.parse('2025-03-12T13:00:00+01:00');

/** So many stations in Ehrenfeld at 20, 30, 40, from 3 February to 9 March. */
function house(stations: number, days = 35) {
  const ids = ['a', 'b', 'c'].slice(0, stations).map((letter) => letter.repeat(10));
  return startReportHouse({
    stations: ids.map((id) => reportStation(id)),
    rollups: () => ({
      rows: async ({ stationIds, quantity, window, from, to }) =>
        quantity === 'humidity' || window === 'day'
          ? []
          : stationIds.flatMap((id) =>
              Array.from({ length: days * 24 }, (_, hour) =>
                hourlyRow(id, START + hour * HOUR, 20 + 10 * ids.indexOf(id)),
              ).filter(({ start }) => start >= from && start < to),
            ),
      markDirty: async () => undefined,
    }),
    now: NOW,
  });
}

describe('the periods of letters', () => {
  it('are weeks from Monday and months of the calendar, only those that are over', () => {
    const at = { now: NOW, offsetMs: HOUR };
    expect(closedPeriods('week', { ...at, count: 2 })).toMatchObject([
      { from: '2025-03-03', to: '2025-03-09', end: Date.parse('2025-03-10T00:00:00+01:00') },
      { from: '2025-02-24', to: '2025-03-02' },
    ]);
    expect(closedPeriods('month', { ...at, count: 3 }).map(({ from, to }) => [from, to])).toEqual([
      ['2025-02-01', '2025-02-28'],
      ['2025-01-01', '2025-01-31'],
      ['2024-12-01', '2024-12-31'],
    ]);
    // To the millisecond.
    const midnight = Date.parse('2025-03-17T00:00:00+01:00');
    expect(closedPeriods('week', { now: midnight - 1, offsetMs: HOUR, count: 1 })[0]?.to).toBe('2025-03-09');
    expect(closedPeriods('week', { now: midnight, offsetMs: HOUR, count: 1 })[0]?.to).toBe('2025-03-16');
  });

  it('begin on their first day only', () => {
    const at = { now: NOW, offsetMs: HOUR };
    expect(closedPeriodFrom('week', '2025-03-03', at)).toMatchObject({ to: '2025-03-09' });
    expect(closedPeriodFrom('month', '2025-02-01', at)).toMatchObject({ to: '2025-02-28' });
    for (const from of ['2025-03-04', '2025-03-10', '2025-13-01', '2031-01-06']) {
      expect([from, closedPeriodFrom('week', from, at)]).toEqual([from, undefined]);
    }
  });
});

describe('the letter of an area', () => {
  it('tells the last whole week with n and coverage, says that it is generated, and shows one chart', async () => {
    const { send } = await house(3);
    const { status, text } = await send('GET', '/area/ehrenfeld/letter?lang=de');
    expect(status).toBe(200);
    expect(text).toContain('Wochenbrief: Feinstaub in Ehrenfeld, 3.3.2025 bis 9.3.2025');
    expect(text).toContain('Aus den Messwerten erzeugter Text.');
    expect(text).toContain('Median der 3 Stationen in Ehrenfeld: 30,0\u202fµg/m³ PM2,5');
    expect(text).toMatch(/3 Bürgersensoren mit 100\s%/);
    expect(text.match(/class="report-chart"/g)).toHaveLength(1);
    const month = (await send('GET', '/area/ehrenfeld/letter?lang=en&kind=month')).text;
    expect(month).toContain('Monthly letter: particulates in Ehrenfeld, 01/02/2025 to 28/02/2025');
    expect(month).toContain('Text generated from the measurements.');
  });

  it.each([
    [2, 35, 'only 2 of 2 stations'],
    [3, 7, 'no valid hour'],
  ])('of %d stations over %d days is honest', async (stations, days, said) => {
    const { send } = await house(stations, days);
    const { status, text } = await send('GET', '/area/ehrenfeld/letter?lang=en');
    expect(status).toBe(200);
    expect(text).toContain(said);
    expect(text).not.toMatch(/Median of the/);
  });

  it('that is none is an honest page', async () => {
    const { send } = await house(3);
    const none = ['mars/letter', 'ehrenfeld/letter?kind=year', 'ehrenfeld/letter?from=2025-03-10', 'mars/feed.xml'];
    for (const path of none) expect([path, (await send('GET', `/area/${path}`)).status]).toEqual([path, 404]);
  });

  it('comes as a feed of whole weeks and months with data, linked from the area', async () => {
    const { send } = await house(3);
    const { status, headers, text } = await send('GET', '/area/ehrenfeld/feed.xml?lang=de');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/atom+xml; charset=utf-8']);
    expect(text.match(/<entry>/g)).toHaveLength(5);
    expect(text).toContain('<updated>2025-03-09T23:00:00.000Z</updated>');
    expect(text).toContain('&lt;p&gt;Median der 3 Stationen in Ehrenfeld');
    expect(text).toContain('Aus den Messwerten erzeugter Text.');
    const area = (await send('GET', '/area/ehrenfeld?lang=de')).text;
    expect(area).toContain('<link rel="alternate" type="application/atom+xml"');
    expect(area).toContain('href="/area/ehrenfeld/letter?lang=de"');
  });
});
