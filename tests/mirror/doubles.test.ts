import { describe, expect, it } from '@jest/globals';
import { DoubleFinder } from '../../server/mirror/doubles.ts';

describe('two series of values', () => {
  const sighting = (measuredAt: number, pm25: number, pm10 = 20) => ({ measuredAt, pm25, pm10 });

  it('are one device after three readings that agree, counted once each', () => {
    const finder = new DoubleFinder();
    const seen = [1, 2, 3].map((step) =>
      finder.compare('a/1', sighting(step * 149_000, step), [sighting(step * 149_000 + 4_000, step)]),
    );
    expect(seen).toEqual([false, false, true]);
    expect(finder.compare('a/1', sighting(4 * 149_000, 3), [sighting(4 * 149_000, 3)])).toBe(true);
    const other = new DoubleFinder();
    for (let i = 0; i < 5; i++) expect(other.compare('a/1', sighting(1000, 5), [sighting(1000, 5)])).toBe(false);
  });

  it('are two after one that does not, and nothing is said where only one spoke', () => {
    const finder = new DoubleFinder();
    const at = (step: number, value: number) =>
      finder.compare('a/1', sighting(step * 149_000, step), [sighting(step * 149_000, value)]);
    expect([at(1, 1), at(2, 2), at(3, 99), at(4, 4), at(5, 5)]).toEqual([false, false, false, false, false]);
    expect(finder.compare('a/1', sighting(900_000, 1), [])).toBe(false);
    expect(at(6, 6)).toBe(true);
  });

  it('are two while they say one and the same all the time, as at full scale, or when nothing comes through the fan', () => {
    const finder = new DoubleFinder();
    const at = (step: number, value: number) =>
      finder.compare('a/1', sighting(step * 149_000, value, value), [sighting(step * 149_000 + 4_000, value, value)]);
    for (let step = 0; step < 50; step++) expect(at(step, 0)).toBe(false);
    expect([at(50, 0.1), at(51, 0.2)]).toEqual([false, true]);
  });
});
