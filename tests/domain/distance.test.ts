import { describe, expect, it } from '@jest/globals';
import { distanceMetres, isInBox } from '../../server/domain/distance.ts';

describe('the distance of two points', () => {
  it.each([
    ['none', { lat: 51, lon: 7 }, { lat: 51, lon: 7 }, 0],
    // A degree of a great circle: 2 pi R / 360.
    ['a degree of latitude', { lat: 50, lon: 7 }, { lat: 51, lon: 7 }, 111_195],
    ['a degree along the equator', { lat: 0, lon: 0 }, { lat: 0, lon: 1 }, 111_195],
    ['a degree of longitude at 60 north is about half of it', { lat: 60, lon: 7 }, { lat: 60, lon: 8 }, 55_597],
    ['across the 180th meridian', { lat: 0, lon: 179.5 }, { lat: 0, lon: -179.5 }, 111_195],
    ['to the other side of the earth', { lat: 90, lon: 0 }, { lat: -90, lon: 0 }, 20_015_115],
  ])('%s', (_name, a, b, metres) => {
    expect(Math.abs(distanceMetres(a, b) - metres)).toBeLessThan(2);
    expect(distanceMetres(b, a)).toBeCloseTo(distanceMetres(a, b), 6);
  });
});

describe('a box', () => {
  it('has its edges inside, and crosses the 180th meridian when west is above east', () => {
    const box = { west: 6, south: 50, east: 8, north: 52 };
    expect(isInBox({ lat: 50, lon: 6 }, box)).toBe(true);
    expect(isInBox({ lat: 52, lon: 8 }, box)).toBe(true);
    expect(isInBox({ lat: 52.1, lon: 7 }, box)).toBe(false);
    expect(isInBox({ lat: 51, lon: 8.1 }, box)).toBe(false);
    const pacific = { west: 170, south: -20, east: -170, north: 20 };
    expect([175, -175, 0].map((lon) => isInBox({ lat: 0, lon }, pacific))).toEqual([true, true, false]);
  });
});
