import { describe, expect, it } from '@jest/globals';
import { createFormat, markerText } from '../../server/domain/format.ts';

const format = createFormat('de', 'Europe/Berlin');

describe('numbers as people read them', () => {
  it.each([
    [-0.04, '0,0\u202f°C'],
    [0, '0,0\u202f°C'],
    [-0.05, '-0,1\u202f°C'],
    [-3.25, '-3,3\u202f°C'],
  ])('%p is %s: what rounds to zero has no sign', (value, text) => {
    expect(format.value('temperature', value)).toBe(text);
  });

  it('nor has a marker on the map', () => {
    expect(markerText(format, 'temperature', -0.4)).toBe('0');
    expect(markerText(format, 'temperature', -0.5)).toBe('-1');
  });
});
