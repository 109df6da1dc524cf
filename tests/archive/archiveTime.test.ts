import { describe, expect, it } from '@jest/globals';
import { ArchiveTimes } from '../../server/archive/archiveTime.ts';

describe('times of archives', () => {
  const times = new ArchiveTimes();
  const parse = (text: string) => times.parse(`;${text};`, 1, text.length + 1);

  it.each([
    ['2018-12-01T00:00:18', '2018-12-01T00:00:18.000Z'],
    ['2015-10-01T19:41:50.266431+00:00', '2015-10-01T19:41:50.266Z'],
    ['2016-07-14T13:02:46.949036+00:00', '2016-07-14T13:02:46.949Z'],
    ['2016-07-14T13:02:46.1+02:00', '2016-07-14T11:02:46.100Z'],
    ['2016-07-14T13:02:46-05:30', '2016-07-14T18:32:46.000Z'],
    ['2016-02-29T23:59:59Z', '2016-02-29T23:59:59.000Z'],
    ['2018/10/08 09:21:52', '2018-10-08T09:21:52.000Z'],
    ['2018-10-08 09:21:52', '2018-10-08T09:21:52.000Z'],
  ])('reads %s', (text, iso) => {
    expect(new Date(parse(text) ?? Number.NaN).toISOString()).toBe(iso);
  });

  it.each([
    '',
    'timestamp',
    '2018-12-01',
    '2018-12-01T00:00',
    '2018-02-29T00:00:00',
    '2018-13-01T00:00:00',
    '2018-00-10T00:00:00',
    '2018-12-01T24:00:00',
    '2018-12-01T00:60:00',
    '2018-12-01T00:00:6O',
    '01.12.2018 00:00:18',
    '2018-12/01T00:00:18',
    '2018-12-01T00:00:18.',
    '2018-12-01T00:00:18+0200',
    '2018-12-01T00:00:18+99:00',
    '2018-12-01T00:00:18 CET',
  ])('refuses %p', (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it('reads every second of a day as Date does', () => {
    for (let second = 0; second < 86_400; second += 7) {
      const iso = new Date(Date.UTC(2020, 1, 29) + second * 1000).toISOString();
      expect(parse(iso.slice(0, 19))).toBe(Date.parse(iso));
    }
  });
});
