/** Most columns a file may have; Madavi's 24 are the most that exist. */
export const MAX_COLUMNS = 64;

/**
 * Where the fields of a line begin: fills `starts[0..n]`, so that field `i` is `text.slice(starts[i], starts[i + 1] - 1)`,
 * and returns n. No pattern and no list of texts: most fields of an archive line are never looked at.
 */
export function splitFields(text: string, from: number, to: number, delimiter: number, starts: Int32Array): number {
  let count = 0;
  starts[0] = from;
  for (let i = from; i < to; i++) {
    if (text.charCodeAt(i) !== delimiter) continue;
    if (++count > MAX_COLUMNS) return count;
    starts[count] = i + 1;
  }
  starts[++count] = to + 1;
  return count;
}

/** Room for `splitFields`. */
export function fieldStarts(): Int32Array {
  return new Int32Array(MAX_COLUMNS + 2);
}

/** One field as text. */
export function fieldAt(text: string, starts: Int32Array, index: number): string {
  return text.slice(starts[index], (starts[index + 1] ?? 0) - 1);
}

/** True when a field has no character. */
export function isFieldEmpty(starts: Int32Array, index: number): boolean {
  return (starts[index + 1] ?? 0) - (starts[index] ?? 0) === 1;
}
