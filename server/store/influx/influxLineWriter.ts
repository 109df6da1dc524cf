const FIRST_BYTES = 64 * 1024;
/** Most bytes a UTF-16 unit takes in UTF-8. */
const MOST_BYTES = 3;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/** Whole numbers below have at most 15 digits: as many as a double keeps of any decimal number. */
const EXACT_BELOW = 1e15;
const BILLION = 1e9;

/**
 * Writes lines into one block of bytes. Text that grows piece by piece costs four times as much, and as much again to be
 * collected: this runs for every message.
 */
export class InfluxLineWriter {
  /** Lines begun since the last `take`. */
  lines = 0;
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  #isAscii = true;

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#length;
  }

  /** Begins a line. */
  begin(measurement: string): void {
    if (this.lines > 0) this.ascii('\n');
    this.lines++;
    this.ascii(measurement);
  }

  /** ASCII that needs no escaping. */
  ascii(text: string): void {
    this.#makeRoom(text.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.#length = at;
  }

  /** Any text, in quotes. */
  quoted(text: string): void {
    const escaped = /["\\]/.test(text) ? text.replaceAll(/["\\]/g, '\\$&') : text;
    this.ascii('"');
    this.#makeRoom(escaped.length * MOST_BYTES);
    const written = this.#bytes.write(escaped, this.#length);
    if (written !== escaped.length) this.#isAscii = false;
    this.#length += written;
    this.ascii('"');
  }

  /** A number, digit for digit as `String` has it. Whole ones and those with two decimals, nearly all, are written here. */
  number(value: number): void {
    const size = Math.abs(value);
    const hundredths = Math.round(size * 100);
    if (!(hundredths < EXACT_BELOW) || hundredths / 100 !== size) {
      this.ascii(String(value));
      return;
    }
    this.#makeRoom(20);
    if (value < 0) this.#byte(MINUS);
    const whole = Math.floor(hundredths / 100);
    this.#whole(whole);
    this.#decimals(hundredths - whole * 100);
  }

  /** All lines as one text; begins anew. */
  take(): string {
    const text = this.#bytes.toString(this.#isAscii ? 'latin1' : 'utf8', 0, this.#length);
    this.clear();
    return text;
  }

  /** Begins anew. */
  clear(): void {
    this.#length = 0;
    this.#isAscii = true;
    this.lines = 0;
  }

  #decimals(hundredths: number): void {
    if (hundredths === 0) return;
    const last = hundredths % 10;
    this.#byte(POINT);
    this.#byte(ZERO + (hundredths - last) / 10);
    if (last > 0) this.#byte(ZERO + last);
  }

  #whole(value: number): void {
    if (value < BILLION) {
      this.#digits(value, digitsOf(value));
      return;
    }
    const billions = Math.floor(value / BILLION);
    this.#digits(billions, digitsOf(billions));
    this.#digits(value - billions * BILLION, 9);
  }

  /** The last `count` digits of a whole number below 2^31. */
  #digits(value: number, count: number): void {
    const bytes = this.#bytes;
    let rest = value | 0;
    this.#length += count;
    for (let at = this.#length - 1; at >= this.#length - count; at--) {
      const next = (rest / 10) | 0;
      bytes[at] = ZERO + rest - next * 10;
      rest = next;
    }
  }

  #byte(byte: number): void {
    this.#bytes[this.#length++] = byte;
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + bytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let limit = 10; limit <= value; limit *= 10) digits++;
  return digits;
}
