import { describe, expect, it } from '@jest/globals';
import { dayOffsetHint, standardOffset, utcText } from '../../../server/domain/means/dayOffset.ts';

describe('where days begin', () => {
  it.each([
    ['Europe/Berlin', '+01:00'],
    ['Europe/London', '+00:00'],
    ['Europe/Dublin', '+00:00'],
    ['Atlantic/Reykjavik', '+00:00'],
    ['America/Guayaquil', '-05:00'],
    ['America/St_Johns', '-03:30'],
    ['Asia/Kathmandu', '+05:45'],
    ['Australia/Lord_Howe', '+10:30'],
    ['Pacific/Auckland', '+12:00'],
    ['Pacific/Chatham', '+12:45'],
  ])('%s without summer time is %s', (zone, offset) => {
    expect(standardOffset(zone)).toBe(offset);
  });

  it('is worth a word to the operator only where it is midnight neither in summer nor in winter', () => {
    expect(dayOffsetHint({ DAY_OFFSET: '+01:00', TIME_ZONE: 'Europe/Berlin' })).toBeUndefined();
    expect(dayOffsetHint({ DAY_OFFSET: '+01:00', TIME_ZONE: 'Europe/London' })).toBeUndefined();
    expect(dayOffsetHint({ DAY_OFFSET: '+01:00', TIME_ZONE: 'America/Guayaquil' })).toContain('DAY_OFFSET=-05:00');
  });

  it('stands in words without zeros', () => {
    const hours = [1, 0, -5, 5.75, -3.5, 12.75];
    expect(hours.map((each) => utcText(each * 3_600_000))).toEqual([
      ...['UTC+1', 'UTC', 'UTC-5', 'UTC+5:45', 'UTC-3:30', 'UTC+12:45'],
    ]);
  });
});
