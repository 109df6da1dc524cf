import type { RecordWriter } from './recordWriter.ts';

/** So far into a piece differences are looked for before all of it is compared, bytes. */
const BEGINNING = 32;

/**
 * Records of one kind of many stations as one run of bytes, a piece a station, each ending in a comma. Never changed while
 * somebody reads it; afterwards its bytes are used for a later one, since new memory for a file of 20 MB every minute
 * would cost more than writing it.
 */
export class RecordStrip {
  readonly #bytes: Uint8Array;
  /** Where the piece of each place ends. */
  readonly #ends: Uint32Array;
  readonly #onFree: (bytes: Uint8Array) => void;
  #readers = 0;
  #isRetired = false;
  #isFreed = false;

  /** `onFree` is told once nobody needs the bytes any more. */
  constructor(bytes: Uint8Array, ends: Uint32Array, onFree: (bytes: Uint8Array) => void) {
    this.#bytes = bytes;
    this.#ends = ends;
    this.#onFree = onFree;
  }

  /** Bytes of all pieces, their commas counted. */
  get length(): number {
    return this.#ends.at(-1) ?? 0;
  }

  /** The whole strip but its last comma. Valid while it is held or not retired. */
  get view(): Buffer {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, Math.max(0, this.length - 1));
  }

  /** Where the piece of a place ends; 0 for the place before the first. */
  endAt(place: number): number {
    return place < 0 ? 0 : this.#ends[place]!;
  }

  /** Where the piece of a place lies. */
  piece(place: number): { bytes: Uint8Array; start: number } {
    return { bytes: this.#bytes, start: this.endAt(place - 1) };
  }

  /** Copies the pieces of the places `[first, end)`. */
  copyTo(writer: RecordWriter, first: number, end: number): void {
    writer.copy(this.#bytes, this.endAt(first - 1), this.endAt(end - 1));
  }

  /** True when what was written from `start` on is the piece at a place. */
  isPiece(place: number, writer: RecordWriter, start: number): boolean {
    const from = this.endAt(place - 1);
    const length = this.endAt(place) - from;
    if (writer.at - start !== length) return false;
    // The ids differ where a reading is new: found here, most of the time.
    for (let at = 0; at < Math.min(length, BEGINNING); at++) {
      if (this.#bytes[from + at] !== writer.bytes[start + at]) return false;
    }
    const piece = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + from, length);
    return piece.equals(writer.bytes.subarray(start, writer.at));
  }

  /** Keeps the bytes as they are until the answer is called. */
  hold(): () => void {
    this.#readers++;
    let isHeld = true;
    return () => {
      if (isHeld) this.#readers--;
      isHeld = false;
      this.#freeIfUnused();
    };
  }

  /** The strip has been replaced. */
  retire(): void {
    this.#isRetired = true;
    this.#freeIfUnused();
  }

  #freeIfUnused(): void {
    if (!this.#isRetired || this.#readers > 0 || this.#isFreed) return;
    this.#isFreed = true;
    this.#onFree(this.#bytes);
  }
}
