import { describe, expect, it } from '@jest/globals';
import { localToTime, timeToLocal } from '../../web/state/host/localTime.ts';

const BERLIN = 'Europe/Berlin';

describe('a time typed in', () => {
  it.each([
    ['2026-01-05T12:00', BERLIN, '2026-01-05T11:00:00.000Z'],
    ['2026-07-05T12:00', BERLIN, '2026-07-05T10:00:00.000Z'],
    ['2026-07-05 12:00', BERLIN, '2026-07-05T10:00:00.000Z'],
    // The hour that comes twice: the first.
    ['2026-10-25T02:30', BERLIN, '2026-10-25T00:30:00.000Z'],
    ['2026-01-05T12:00', 'Asia/Ho_Chi_Minh', '2026-01-05T05:00:00.000Z'],
    ['2026-01-05T12:00', 'Asia/Kathmandu', '2026-01-05T06:15:00.000Z'],
  ])('is of the instance’s zone: %s in %s', (text, zone, time) => {
    expect(new Date(localToTime(text, zone) ?? 0).toISOString()).toBe(time);
    expect(timeToLocal(Date.parse(time), zone)).toBe(text.replace(' ', 'T'));
  });

  it.each(['', 'yesterday', '2026-13-01T00:00', '2026-03-29T02:30'])('is none: "%s"', (text) => {
    expect(localToTime(text, BERLIN)).toBeUndefined();
  });
});
