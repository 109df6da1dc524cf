import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { FingerprintIndex } from '../../server/ingest/fingerprintIndex.ts';

const START = Date.UTC(2026, 0, 1);

describe('fingerprint index', () => {
  it('knows the newest time of every key through growth', () => {
    const index = new FingerprintIndex({ spanMs: DAY_MS, maxEntries: 1_000_000 });
    for (let n = 0; n < 50_000; n++) index.add({ hi: n, lo: n * 7 }, START + n * 1000, START);
    for (let n = 0; n < 50_000; n += 997) expect(index.timeOf(n, n * 7)).toBe(START + n * 1000);
    expect(index.timeOf(1, 8)).toBeUndefined();
    expect(index.size).toBe(50_000);
  });

  it('keeps the zero key apart from an empty slot', () => {
    const index = new FingerprintIndex({ spanMs: DAY_MS, maxEntries: 100 });
    expect(index.timeOf(0, 0)).toBeUndefined();
    index.add({ hi: 0, lo: 0 }, START, START);
    expect(index.timeOf(0, 0)).toBe(START);
  });

  it('tells keys apart by either half, also where they would go into one slot', () => {
    const index = new FingerprintIndex({ spanMs: DAY_MS, maxEntries: 100 });
    const keys = [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => ({ hi: a << 20, lo: 5 + (b << 20) })));
    for (const [n, key] of keys.entries()) index.add(key, START + n * 1000, START);
    expect(keys.map(({ hi, lo }) => index.timeOf(hi, lo))).toStrictEqual(keys.map((_, n) => START + n * 1000));
    expect(index.timeOf(0, 5 + (3 << 20))).toBeUndefined();
    expect(index.timeOf(3 << 20, 5)).toBeUndefined();
    // The same key again is no further entry.
    index.add(keys[0]!, START + HOUR_MS, START);
    expect([index.timeOf(0, 5), index.size]).toStrictEqual([START + HOUR_MS, 9]);
  });

  it('does not bring back what was taken when it grows', () => {
    const index = new FingerprintIndex({ spanMs: DAY_MS, maxEntries: 1_000_000 });
    index.add({ hi: 7, lo: 7 }, START, START);
    index.remove(7, 7);
    for (let n = 0; n < 5_000; n++) index.add({ hi: n, lo: n }, START, START + 1);
    expect(index.timeOf(7, 7)).toBe(START);
    index.remove(7, 7);
    for (let n = 5_000; n < 50_000; n++) index.add({ hi: n, lo: n }, START, START + 1);
    expect(index.timeOf(7, 7)).toBeUndefined();
    expect(index.size).toBe(49_999);
  });

  it('takes a key back, also past others in its way', () => {
    const index = new FingerprintIndex({ spanMs: DAY_MS, maxEntries: 100 });
    // Equal low bits: the three probe the same slots.
    for (const hi of [0, 1 << 20, 2 << 20]) index.add({ hi, lo: 5 }, START, START);
    index.remove(1 << 20, 5);
    expect(index.timeOf(1 << 20, 5)).toBeUndefined();
    expect(index.timeOf(2 << 20, 5)).toBe(START);
    index.add({ hi: 1 << 20, lo: 5 }, START + 5000, START);
    expect(index.timeOf(1 << 20, 5)).toBe(START + 5000);
  });

  it('forgets after the span and not before', () => {
    const index = new FingerprintIndex({ spanMs: DAY_MS, maxEntries: 1_000_000 });
    index.add({ hi: 1, lo: 1 }, START, START);
    for (let hour = 1; hour <= 24; hour++)
      index.add({ hi: 2, lo: hour }, START + hour * HOUR_MS, START + hour * HOUR_MS);
    expect(index.timeOf(1, 1)).toBe(START);
    for (let hour = 25; hour <= 37; hour++)
      index.add({ hi: 2, lo: hour }, START + hour * HOUR_MS, START + hour * HOUR_MS);
    expect(index.timeOf(1, 1)).toBeUndefined();
  });

  it('stays within its bound and counts what it forgot early', () => {
    const index = new FingerprintIndex({ spanMs: DAY_MS, maxEntries: 4_000 });
    for (let n = 0; n < 20_000; n++) index.add({ hi: 3, lo: n }, START, START);
    expect(index.size).toBeLessThanOrEqual(5_000);
    expect(index.forgottenEarly + index.size).toBe(20_000);
    expect(index.timeOf(3, 19_999)).toBe(START);
  });
});
