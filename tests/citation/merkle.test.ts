import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { leafHash, merkleRoot } from '../../server/citation/merkle.ts';

const sha256 = (...parts: (Buffer | string)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();
const salt = Buffer.alloc(16, 9);

/** RFC 6962's definition, word for word: split at the largest power of two below n. */
function treeHash(hashes: Buffer[]): Buffer {
  if (hashes.length === 1) return hashes[0]!;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return sha256(Buffer.from([1]), treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)));
}

describe('merkleRoot', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 31, 100])('of %i leaves is RFC 6962’s tree', (count) => {
    const hashes = Array.from({ length: count }, (_, at) => sha256(String(at)));
    expect(merkleRoot(hashes)).toEqual(treeHash(hashes));
  });

  it('of nothing is refused', () => {
    expect(() => merkleRoot([])).toThrow(RangeError);
  });
});

describe('leafHash', () => {
  it.each(['{}', 'Köln €', 'x'.repeat(20_000), '😀'.repeat(3_000)])('is SHA-256 of 0, salt and text', (text) => {
    expect(leafHash(salt, text)).toEqual(sha256(Buffer.from([0]), salt, text));
  });
});

describe('the vectors of docs/citation-format.md', () => {
  it('are what we compute', () => {
    const text = readFileSync(new URL('../../docs/citation-format.md', import.meta.url), 'utf8');
    expect(text).toContain(leafHash(salt, '{}').toString('hex'));
    expect(text).toContain(merkleRoot(['0', '1', '2'].map((leaf) => leafHash(salt, leaf))).toString('hex'));
  });
});
