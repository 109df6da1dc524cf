import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** Source of randomness: `randomBytes` of `node:crypto`, or a fixed one in a test. */
export type RandomBytes = (size: number) => Uint8Array;

/** Crockford base32: no I, L, O, U, so that a key can be read out on the telephone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 26 characters of 5 bits: 130 bits. */
const KEY_LENGTH = 26;
const KEY_FORM = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A new device token, owner key or admin token: 26 characters of Crockford base32. */
export function newKey(randomBytes: RandomBytes): string {
  // One byte a character: 256 is a multiple of 32, so the low five bits are uniform.
  return Array.from(randomBytes(KEY_LENGTH), (byte) => ALPHABET[byte & 31]).join('');
}

/** A new station id: 10 characters of `[a-z0-9]`, uniform by rejection. */
export function newStationId(randomBytes: RandomBytes): string {
  let id = '';
  while (id.length < 10) {
    const usable = Array.from(randomBytes(16)).filter((byte) => byte < 252); // 252 = 7 * 36
    id += usable.map((byte) => ID_ALPHABET[byte % 36]).join('');
  }
  return id.slice(0, 10);
}

/** The key a person typed: any case, spaces and hyphens, O for 0, I or L for 1. Undefined when it can be none. */
export function normaliseKey(typed: string): string | undefined {
  if (typed.length > 64) return undefined;
  const key = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return KEY_FORM.test(key) ? key : undefined;
}

/** What we keep of a key to look it up by: SHA-256, hex. A key has 130 random bits, so no salt is needed. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Compares two hashes of `keyHash` in a time that does not depend on where they differ. */
export function isSameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Iterations Mosquitto 2.0 uses by default; the key's 130 random bits carry the strength, not these. */
const MOSQUITTO_ITERATIONS = 101;
const pbkdf2Async = promisify(pbkdf2);

/** PBKDF2-SHA512 of a device token as Mosquitto's password file holds it: `$7$iterations$salt$hash`, base64. */
export async function mosquittoHash(key: string, randomBytes: RandomBytes): Promise<string> {
  const salt = Buffer.from(randomBytes(12));
  const hash = await pbkdf2Async(key, salt, MOSQUITTO_ITERATIONS, 64, 'sha512');
  return `$7$${MOSQUITTO_ITERATIONS}$${salt.toString('base64')}$${hash.toString('base64')}`;
}
