import { describe, expect, it } from '@jest/globals';
import { renderCourse } from '../../../server/api/pages/courseSvg.ts';
import { dateText } from '../../../server/api/pages/report/sentences.ts';
import { DAY_MS } from '../../../server/domain/durations.ts';
import { createFormat } from '../../../server/domain/format.ts';

/** From the far west of the date line to its far east, with zones a half and a quarter of an hour beside UTC. */
const ZONES = [
  'Pacific/Pago_Pago',
  'America/Guayaquil',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
];

/** The marks under a course, as they are read. */
function marksOf({ from, days, timeZone }: { from: string; days: number; timeZone: string }): string[] {
  const start = Date.parse(from);
  const picture = renderCourse({
    ...{ points: [{ start, mean: 10 }], from: start, to: start + days * DAY_MS, bands: [], summary: '' },
    format: createFormat('en', timeZone),
  });
  return [...picture.html.matchAll(/<text[^>]*>([^<]*)<\/text>/g)]
    .map(([, text]) => text!)
    .filter((text) => /[A-Z:]/.test(text));
}

describe('dates and times far from Europe', () => {
  it('names the days of a report the same in every zone', () => {
    for (const zone of ZONES) {
      const format = createFormat('en', zone);
      expect(dateText('2026-11-01', { format })).toBe('01/11/2026');
      expect([format.ofDate.month('2026-11-01'), format.ofDate.monthOfYear('2026-12-31')]).toEqual([
        'Nov',
        'December 2026',
      ]);
    }
  });

  it('says which day it is in the zone', () => {
    const days = ZONES.map((zone) => createFormat('de', zone).isoDate(Date.parse('2026-12-31T10:30:00Z')));
    expect(days).toEqual([
      ...['2026-12-30', '2026-12-31', '2026-12-31', '2026-12-31'],
      ...['2026-12-31', '2027-01-01', '2027-01-01'],
    ]);
  });

  it('marks every sixth hour of clocks that run three quarters of an hour beside UTC', () => {
    expect(marksOf({ from: '2026-11-26T12:15:00Z', days: 1, timeZone: 'Asia/Kathmandu' })).toEqual([
      '18:00',
      '00:00',
      '06:00',
      '12:00',
      '18:00',
    ]);
  });

  it('marks midnights across a change of clocks by half an hour', () => {
    // Lord Howe goes from +10:30 to +11:00 on 4 October 2026.
    expect(marksOf({ from: '2026-10-02T13:30:00Z', days: 4, timeZone: 'Australia/Lord_Howe' })).toEqual([
      'Sat 3',
      'Sun 4',
      'Mon 5',
      'Tue 6',
      'Wed 7',
    ]);
  });

  it('marks Mondays and firsts of months of the place', () => {
    const days = { from: '2026-10-31T11:15:00Z', timeZone: 'Pacific/Chatham' };
    expect(marksOf({ ...days, days: 21 })).toEqual(['Mon 2', 'Mon 9', 'Mon 16']);
    expect(marksOf({ ...days, days: 122 })).toEqual(['Nov', 'Dec', 'Jan', 'Feb', 'Mar']);
  });
});
