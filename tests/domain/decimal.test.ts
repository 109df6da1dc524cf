import { describe, expect, it } from '@jest/globals';
import {
  add,
  decimalOf,
  exactMean,
  exactSum,
  meanOfMeans,
  parseDecimal,
  roundHalfUp,
  toNumber,
  toText,
  truncate,
} from '../../server/domain/decimal.ts';
import { placesShowing, rounded } from '../../server/domain/limits/roundingRule.ts';
import { randomNumbers } from '../support/randomNumbers.ts';

const decimal = (text: string) => parseDecimal(text)!;

describe('parseDecimal', () => {
  it.each([
    ['9.1', '9.1'],
    ['-0.05', '-0.05'],
    ['+7', '7'],
    ['9.10', '9.10'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e-7', '0.0000001'],
    ['1.25e+3', '1250'],
    ['1.25e1', '12.5'],
    ['1e21', '1000000000000000000000'],
  ])('reads %s as %s', (text, expected) => {
    expect(toText(decimal(text))).toBe(expected);
  });

  it.each(['', '.', '-', 'e5', '1,5', '0x10', ' 1', 'NaN', '1e999'])('refuses %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  it('takes the shortest text of a number, and none of NaN or infinity', () => {
    expect(toText(decimalOf(0.1)!)).toBe('0.1');
    expect(toText(decimalOf(1e-7)!)).toBe('0.0000001');
    expect(toNumber(decimalOf(123.456)!)).toBe(123.456);
    expect(decimalOf(Number.NaN)).toBeUndefined();
    expect(decimalOf(Number.POSITIVE_INFINITY)).toBeUndefined();
  });
});

describe('exact arithmetic', () => {
  it('adds without binary error', () => {
    expect(toText(add(decimal('0.1'), decimal('0.2')))).toBe('0.3');
    expect(toText(exactSum([0.1, 0.2, -0.3]))).toBe('0.0');
    expect(() => exactSum([1, Number.NaN])).toThrow(RangeError);
  });

  it.each([
    ['50.5', 0, '51'],
    ['50.49', 0, '50'],
    ['37.45', 1, '37.5'],
    ['-0.5', 0, '0'],
    ['-0.51', 0, '-1'],
    ['-1.5', 0, '-1'],
    ['7', 2, '7.00'],
  ])('rounds %s half up to %i places: %s', (text, places, expected) => {
    expect(toText(roundHalfUp(decimal(text), places))).toBe(expected);
  });

  it.each([
    ['9.09', 1, '9.0'],
    ['-9.09', 1, '-9.0'],
    ['9', 1, '9.0'],
  ])('truncates %s to %i places: %s', (text, places, expected) => {
    expect(toText(truncate(decimal(text), places))).toBe(expected);
  });
});

describe('exactMean', () => {
  it.each([9.1, 4.3, 16.7])('of 24 equal values %d is that value', (value) => {
    expect(exactMean(Array<number>(24).fill(value))).toBe(value);
  });

  it('of nothing is nothing', () => {
    expect(exactMean([])).toBeUndefined();
  });

  it('rounds once: many digits, negative and repeating means are the nearest numbers', () => {
    expect(exactMean([1, 1, 2])).toBe(4 / 3);
    expect(exactMean([-1.1, -1.1])).toBe(-1.1);
    expect(exactMean([0.12345, 0.12345, 0.12345])).toBe(0.12345);
    expect(exactMean([1e-7, 3e-7])).toBe(2e-7);
    expect(exactMean([1, 0.12345, 1])).toBe(Number('0.70781666666666666666666'));
    expect(() => exactMean([1, Number.NaN])).toThrow(RangeError);
  });

  it('is the quotient to forty digits, rounded once, for values of up to six decimals', () => {
    const random = randomNumbers(5);
    for (let round = 0; round < 300; round++) {
      const [places, count] = [round % 7, 1 + Math.floor(random() * 30)];
      const whole = Array.from({ length: count }, () => Math.floor(random() * 1_100 * 10 ** places) - 50);
      const quotient = (whole.reduce((sum, each) => sum + BigInt(each), 0n) * 10n ** 40n) / BigInt(count);
      const values = whole.map((each) => Number(`${each}e-${places}`));
      expect(exactMean(values)).toBe(Number(`${quotient}e-${40 + places}`));
    }
  });

  it('takes the digits when thousandths outgrow the safe integers', () => {
    expect(exactMean([8e12, 8e12, 8e12])).toBe(8e12);
  });
});

describe('meanOfMeans', () => {
  it('keeps binary noise from moving a class border', () => {
    const third = 50.5 + 1 / 3;
    expect(meanOfMeans([third, third, 50.5 - 2 / 3])).toBe(50.5);
    expect(meanOfMeans(Array<number>(24).fill(9.1))).toBe(9.1);
    expect(meanOfMeans([])).toBeUndefined();
  });
});

describe('rounded', () => {
  it.each([
    [0, 50.5, 51],
    [0, 50.49999, 50],
    [0, 5.499999999999999, 6],
    [0, 5.499999998, 5],
    [0, -0.3, -0],
    [1, 37.45, 37.5],
    [1, 0.05, 0.1],
    [1, 12.3, 12.3],
  ])('half up to %i places: %d is %d', (places, value, expected) => {
    expect(rounded({ kind: 'half-up', places }, value)).toBeCloseTo(expected, 12);
  });

  it('truncates for the US index', () => {
    expect(rounded({ kind: 'truncate', places: 1 }, 9.09)).toBe(9);
    expect(rounded({ kind: 'truncate', places: 0 }, 54.9)).toBe(54);
    expect(rounded({ kind: 'truncate', places: 0 }, 55)).toBe(55);
  });

  it.each([
    [12.4, 1],
    [50.49, 2],
    [50.5, 1],
    [50.496, 3],
    [50.45, 2],
    [50.44, 1],
  ])('%d is shown with %i digits, so that who rounds what is shown comes to the same', (value, places) => {
    expect(placesShowing({ kind: 'half-up', places: 0 }, value, 1)).toBe(places);
  });

  it('of no number is nothing', () => {
    expect(rounded({ kind: 'half-up', places: 0 }, Number.NaN)).toBeUndefined();
    expect(rounded({ kind: 'half-up', places: 1 }, Number.POSITIVE_INFINITY)).toBeUndefined();
  });
});
