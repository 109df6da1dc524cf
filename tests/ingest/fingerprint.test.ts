import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '../../server/ingest/fingerprint.ts';
import { bodiesOf, loggedPushes } from './decoders/wireCases.ts';

/** Published values of MurmurHash3_x86_32 for seed 0 and for seed 0x9747b28c. */
const PUBLISHED = [
  ['', 0x00000000, 0xebb6c228],
  ['a', 0x3c2569b2, 0x7fa09ea6],
  ['abc', 0xb3dd93fa, 0xc84a62dd],
  ['Hello, world!', 0xc0363e43, 0x24884cba],
  ['The quick brown fox jumps over the lazy dog', 0x2e4ff723, 0x2fa826cd],
] as const;

describe('the fingerprint of a message', () => {
  it.each(PUBLISHED)('of %p is the published hash in both lanes', (text, lo, hi) => {
    expect(fingerprint(Buffer.from(text))).toEqual({ hi, lo });
  });

  it.each([
    ['aa', 0x5d211726],
    ['aaaa', 0x5a97808a],
    ['abcd', 0xf0478627],
  ])('of %p is the published hash in the upper lane', (text, hi) => {
    expect(fingerprint(Buffer.from(text)).hi).toBe(hi);
  });

  it('differs between all 2,225 logged pushes, in each lane', () => {
    const bodies = loggedPushes().flatMap(({ text }) => bodiesOf(text));
    const prints = bodies.map((body) => fingerprint(body));
    const distinct = new Set(bodies.map((body) => body.toString('latin1'))).size;
    expect(new Set(prints.map(({ hi, lo }) => `${hi}:${lo}`)).size).toBe(distinct);
    expect(new Set(prints.map(({ lo }) => lo)).size).toBe(distinct);
    expect(new Set(prints.map(({ hi }) => hi)).size).toBe(distinct);
  });

  it('changes half of its bits with any bit of the message', () => {
    const message = Buffer.from('{"value_type":"SDS_P1","value":"12.43"}');
    const before = fingerprint(message);
    let changed = 0;
    for (let bit = 0; bit < message.length * 8; bit++) {
      const flipped = Buffer.from(message);
      flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7));
      const after = fingerprint(flipped);
      changed += bitsIn(before.hi ^ after.hi) + bitsIn(before.lo ^ after.lo);
    }
    expect(changed / (message.length * 8 * 64)).toBeCloseTo(0.5, 1);
  });

  it('tells equal bytes with another salt apart, and each length of zeros', () => {
    const bytes = Buffer.from('7.3');
    const prints = ['', 'pm_2_5', 'pm_10', 'pm_25'].map((salt) => fingerprint(bytes, salt).lo);
    expect(new Set(prints).size).toBe(4);
    expect(fingerprint(bytes, 'pm_10')).toEqual(fingerprint(Buffer.from('7.3'), 'pm_10'));
    expect(new Set(Array.from({ length: 9 }, (_, n) => fingerprint(new Uint8Array(n)).lo)).size).toBe(9);
  });
});

function bitsIn(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest !== 0; rest &= rest - 1) count++;
  return count;
}
