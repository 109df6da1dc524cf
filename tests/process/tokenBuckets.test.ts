import { describe, expect, it } from '@jest/globals';
import { addressKey, TokenBuckets } from '../../server/process/tokenBuckets.ts';

describe('token buckets', () => {
  it('let a burst through, then so many a second, each key for itself', () => {
    const buckets = new TokenBuckets({ burst: 3, perSecond: 2 });
    expect([1, 2, 3, 4].map(() => buckets.take('a', 0))).toEqual([0, 0, 0, 500]);
    expect(buckets.take('b', 0)).toBe(0);
    expect(buckets.take('a', 400)).toBeGreaterThan(0);
    expect(buckets.take('a', 510)).toBe(0);
    expect(buckets.take('a', 510)).toBeGreaterThan(400);
  });

  it('never hold more than the burst, and bear a clock that jumps back', () => {
    const buckets = new TokenBuckets({ burst: 2, perSecond: 1 });
    buckets.take('a', 1_000_000);
    expect([1, 2, 3].map(() => buckets.take('a', 2_000_000) === 0)).toEqual([true, true, false]);
    expect(buckets.take('a', 0)).toBe(1000);
  });

  it('forget the key unused longest when there are too many', () => {
    const buckets = new TokenBuckets({ burst: 1, perSecond: 0.001 });
    buckets.take('first', 0);
    expect(buckets.take('first', 0)).toBeGreaterThan(0);
    for (let index = 0; index < 20_000; index++) buckets.take(`key ${index}`, 0);
    expect(buckets.take('first', 0)).toBe(0);
    expect(buckets.take('key 19999', 0)).toBeGreaterThan(0);
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    [undefined, 'local'],
  ])('%s counts as %s', (ip, key) => {
    expect(addressKey(ip)).toBe(key);
  });
});
