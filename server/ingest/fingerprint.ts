/** A 64-bit fingerprint as two unsigned 32-bit halves. */
export interface Fingerprint {
  hi: number;
  lo: number;
}

/** Seeds of the two lanes: 0 and the one of the algorithm's own test programs. */
const SEED_HI = 0x9747b28c;
const SEED_LO = 0;

/**
 * Fingerprint of a message's bytes: the same bytes give the same result everywhere and for ever (it is stored).
 * MurmurHash3_x86_32 (Austin Appleby, public domain) in two lanes with different seeds, in one pass. Not a secret and
 * not a defence: a sender can only make its own messages look alike.
 *
 * @param salt tells equal bytes with different meaning apart, such as the number `7.3` on two ESPHome topics.
 */
export function fingerprint(bytes: Uint8Array, salt = ''): Fingerprint {
  let hi = SEED_HI;
  let lo = SEED_LO;
  for (let i = 0; i < salt.length; i++) {
    const k = scramble(salt.charCodeAt(i));
    hi = step(hi ^ k);
    lo = step(lo ^ k);
  }
  const length = bytes.length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    // Loop bounds make every index valid; `!` is for the compiler.
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    const k = scramble(word);
    hi = step(hi ^ k);
    lo = step(lo ^ k);
  }
  const tail = scramble(lastBytes(bytes, whole));
  return { hi: finish(hi ^ tail ^ length), lo: finish(lo ^ tail ^ length) };
}

/** The 0 to 3 bytes after the last whole word, little-endian. */
function lastBytes(bytes: Uint8Array, from: number): number {
  let word = 0;
  for (let i = bytes.length - 1; i >= from; i--) word = (word << 8) | bytes[i]!;
  return word;
}

function scramble(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

function step(h: number): number {
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(h: number): number {
  let mixed = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
