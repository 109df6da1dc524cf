import { describe, expect, it } from '@jest/globals';
import { flagBit, flagsOf, RAW_FLAGS, type RawFlag } from '../../../server/domain/assessment/flag.ts';
import { QUANTITIES } from '../../../server/domain/quantity.ts';

describe('the bits of stored flags', () => {
  // Masks are on disk: whoever needs another number here makes old readings say something else.
  it('mean what they meant in the first version', () => {
    expect(flagBit('claimed')).toBe(1);
    expect(flagsOf(2 ** 4, 'pm10')).toEqual(['out-of-range']);
    expect(flagsOf(2 ** 8, 'noise')).toEqual(['out-of-range']);
    expect(flagsOf(2 ** 9, 'pm1')).toEqual(['saturated']);
    expect(flagsOf(2 ** 12, 'pm10')).toEqual(['saturated']);
    expect(flagsOf(2 ** 17, 'humidity')).toEqual(['humidity-end-stop']);
  });

  it('are one a flag and quantity, at most 52', () => {
    const flags = Object.keys(RAW_FLAGS) as RawFlag[];
    const bits = flags.flatMap((flag) =>
      RAW_FLAGS[flag].perQuantity ? QUANTITIES.map((quantity) => flagBit(flag, quantity)) : flagBit(flag),
    );
    expect(new Set(bits).size).toBe(bits.length);
    expect(Math.max(...bits)).toBeLessThan(2 ** 52);
  });
});
