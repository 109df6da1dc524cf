import { describe, expect, it } from '@jest/globals';
import { newStationSchema } from '../../../server/api/stations/stationRequests.ts';

const named = (name: string) =>
  newStationSchema.safeParse({ name, position: { lat: 51, lon: 7 }, isIndoor: false }).success;

describe('the name of a station', () => {
  it.each(['Łódź 東京 🌬️', 'می\u200cخواهم', 'क्\u200dष', '👩\u200d👩\u200d👧 Balkon'])('may be %j', (name) => {
    expect(named(name)).toBe(true);
  });

  it.each([
    '',
    ' ',
    'a\nb',
    '\u202Egnp',
    '\u200d',
    '\u200dab',
    'ab\u200c',
    'a\u200c\u200cb',
    'a\u200b\u200db',
    'a\u0000',
  ])('may not be %j', (name) => {
    expect(named(name)).toBe(false);
  });
});
