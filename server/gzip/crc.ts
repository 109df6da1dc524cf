/** The polynomial of gzip's check sum, reflected (RFC 1952 section 8). */
const POLYNOMIAL = 0xedb88320;
/** x^0 and x^1 as such polynomials. */
const [ONE, X] = [2 ** 31, 2 ** 30];

/** x^(2^n) modulo the polynomial, by n. */
const POWERS = new Uint32Array(32);
POWERS[0] = X;
for (let n = 1; n < POWERS.length; n++) POWERS[n] = multiply(POWERS[n - 1]!, POWERS[n - 1]!);

/** CRC-32 of bytes that come in pieces whose own are known, without looking at the bytes again. */
export class Crc {
  /** Of all pieces so far. */
  value = 0;
  /** Bytes of all pieces so far. */
  length = 0;

  /** Adds a piece of `length` bytes whose own CRC-32 is `crc`. */
  append(crc: number, length: number): void {
    // What came before is moved up by the bits of the piece: multiplied by x^(8 length).
    this.value = (multiply(powerOfX(8 * length), this.value) ^ crc) >>> 0;
    this.length += length;
  }
}

/** x^n modulo the polynomial; `n` below 2^32. */
function powerOfX(n: number): number {
  let power = ONE;
  for (let bit = 0; bit < POWERS.length; bit++) {
    if (Math.floor(n / 2 ** bit) % 2 === 1) power = multiply(POWERS[bit]!, power);
  }
  return power;
}

/** The product of two polynomials over the field of two, modulo the polynomial. */
function multiply(one: number, other: number): number {
  let product = 0;
  let shifted = other;
  for (let bit = 31; bit >= 0; bit--) {
    if ((one >>> bit) & 1) product ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
  }
  return product >>> 0;
}
