import { describe, expect, it } from '@jest/globals';
import { contradictsIdentity } from '../../../server/ingest/decoders/claimedDevice.ts';
import { parseDecimal, parsePlainDecimal, toNumber } from '../../../server/ingest/decoders/number.ts';
import { parseUtcTimestamp } from '../../../server/ingest/decoders/timestamp.ts';

describe('a number in a text', () => {
  it.each([
    '0',
    '-0',
    '7',
    '12.43',
    '-147.00',
    '99655.97',
    '0.1',
    '4294850',
    '-0.01',
    '123456789012345',
    '1.23456789012345',
    '1e3',
    '-1.5E-3',
  ])('%s reads like JavaScript reads it', (text) => {
    expect(Object.is(parseDecimal(text), Number(text))).toBe(true);
  });

  it('may be a part of a line, read by itself', () => {
    const line = 'sds011;'.repeat(6);
    for (const text of ['7', '-12.43', '1e3', '12345678901234567', '12:30', '']) {
      const at = line.length;
      expect(parseDecimal(`${line}${text};8`, at, at + text.length)).toBe(parseDecimal(text));
    }
  });

  it('may have up to 32 characters', () => {
    expect(parseDecimal('1'.repeat(32))).toBe(Number('1'.repeat(32)));
  });

  it('is rounded correctly whatever its digits', () => {
    let state = 1;
    for (let n = 0; n < 20_000; n++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const digits = String(state * 3_000_001).slice(0, 1 + (state % 17));
      const text = `${digits}.${String(state).slice(0, 1 + (n % 9))}`;
      if (parseDecimal(text) !== Number(text)) throw new Error(text);
    }
  });

  it('as bytes reads the same, or not in the quick way', () => {
    let read = 0;
    const texts = [
      '0',
      '-0',
      '7.',
      '.7',
      '-.7',
      '-',
      '',
      '1.2.3',
      '12.43',
      '-147.00',
      '1e3',
      '12:30',
      '123456789012345',
      '1.23456789012345',
      '1'.repeat(15),
      '1'.repeat(16),
      '9007199254740993',
      '0.123456789012345678',
      '-1234567.1234567890123',
    ];
    for (let n = 0; n < 5_000; n++) texts.push((((n * 7_919) % 20_011) / 10 ** (n % 5) - 500).toFixed(n % 8));
    for (const text of texts) {
      const bytes = Buffer.from(`"${text}"`);
      const value = parsePlainDecimal(bytes, 1, bytes.length - 1);
      if (value === undefined) continue;
      read++;
      if (!Object.is(value, parseDecimal(text))) throw new Error(text);
    }
    expect(read).toBeGreaterThan(4_900);
  });

  it.each([
    '',
    '-',
    '.',
    '.5',
    '5.',
    '-.5',
    '+5',
    '1.2.3',
    '1 ',
    ' 1',
    '12:30',
    '1e',
    '1e999',
    '0x1',
    '١',
    '1'.repeat(33),
    `0.${'1'.repeat(31)}`,
    'nan',
  ])('%p is none', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [true], [null], [undefined], [{}], [['1']]])(
    '%p is none',
    (raw) => {
      expect(toNumber(raw)).toBeUndefined();
    },
  );
});

describe('a time in a text', () => {
  it.each([
    ['2018-11-05T18:30:00Z', 1_541_442_600_000],
    ['2018-11-05T18:30:00.25Z', 1_541_442_600_250],
    ['2018-11-05T18:30:00.123456789Z', 1_541_442_600_123],
    ['2018-11-05T18:30:00+00:00', 1_541_442_600_000],
    ['2024-02-29T23:59:59Z', 1_709_251_199_000],
  ])('%s is %d', (text, expected) => {
    expect(parseUtcTimestamp(text)).toBe(expected);
  });

  it.each([
    '2023-02-29T00:00:00Z',
    '2018-13-01T00:00:00Z',
    '2018-11-05T24:00:00Z',
    '2018-11-05T18:30:60Z',
    '2018-11-05',
    '2018-11-05T18:30:00+01:00',
  ])('%s is none', (text) => {
    expect(parseUtcTimestamp(text)).toBeUndefined();
  });
});

describe('the id in a body', () => {
  it.each([
    [undefined, 'esp8266-15303512', false],
    ['15303512', 'esp8266-15303512', false],
    ['esp8266-15303512', 'esp8266-15303512', false],
    ['D88039AED8A4', 'esp32-d88039aed8a4', false],
    ['airgradient-ecda3b1eaaaf', 'airgradient-ECDA3B1EAAAF', false],
    ['15303513', 'esp8266-15303512', true],
    ['5303512', 'esp8266-15303512', true],
    ['esp32-15303512', 'esp8266-15303512', true],
    ['esp8266', 'esp8266-15303512', true],
    ['', 'esp8266-15303512', true],
  ])('%p contradicts %s: %p', (claimed, deviceId, expected) => {
    expect(contradictsIdentity(claimed, deviceId)).toBe(expected);
  });
});
