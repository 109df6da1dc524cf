import { hash } from 'node:crypto';

/** Bytes of every leaf's own salt: 128 bits, so that a leaf whose salt is gone cannot be guessed from its hash. */
export const SALT_BYTES = 16;
/** Bytes of a hash, SHA-256. */
const HASH_BYTES = 32;

/** One buffer for all leaves, since a year of 50 stations has 438,000: the byte, the salt, the text. */
let scratch = Buffer.alloc(4096);
const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** Hash of a leaf: SHA-256 of a zero byte, the salt and the leaf's canonical JSON in UTF-8. */
export function leafHash(salt: Uint8Array, text: string): Buffer {
  const start = 1 + SALT_BYTES;
  const most = start + 3 * text.length;
  if (scratch.length < most) scratch = Buffer.alloc(2 * most);
  scratch[0] = 0;
  scratch.set(salt, 1);
  const length = scratch.write(text, start);
  return hash('sha256', scratch.subarray(0, start + length), 'buffer');
}

/**
 * Root over hashes, at least one: pairs from the left, an odd last one is passed up as it is. This is RFC 6962's tree; a
 * node is SHA-256 of a byte 1, left, right. The byte in front keeps a node from being taken for a leaf.
 */
export function merkleRoot(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) throw new RangeError('a tree needs a leaf');
  let level: readonly Buffer[] = hashes;
  while (level.length > 1) level = levelAbove(level);
  return level[0]!;
}

function levelAbove(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const right = level[at + 1];
    above.push(right === undefined ? level[at]! : nodeHash(level[at]!, right));
  }
  return above;
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return hash('sha256', pair, 'buffer');
}
