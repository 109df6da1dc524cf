/** Lines in one request. */
export interface LineBlock {
  text: string;
  /** How many there are. */
  count: number;
  /** Each by itself: needed only when the server refuses some. */
  lines: () => readonly string[];
}

/**
 * Lines and characters in one request at most, well below the 25 MB any server takes. The more lines, the more values of
 * one series come together, which costs the server less than as many writes.
 */
const LINES_PER_REQUEST = 20_000;
const CHARACTERS_PER_REQUEST = 5_000_000;

/** True when lines of so many characters are enough for one request. */
export function isFullRequest(lines: number, characters: number): boolean {
  return lines >= LINES_PER_REQUEST || characters >= CHARACTERS_PER_REQUEST;
}

/** These lines as one request. */
export function blockOf(lines: readonly string[]): LineBlock {
  return { text: lines.join('\n'), count: lines.length, lines: () => lines };
}

/** Any number of lines, as requests. */
export function* blocksOf(lines: readonly string[]): Generator<LineBlock> {
  let first = 0;
  let characters = 0;
  for (const [at, line] of lines.entries()) {
    characters += line.length + 1;
    if (at + 1 < lines.length && !isFullRequest(at + 1 - first, characters)) continue;
    yield blockOf(lines.slice(first, at + 1));
    first = at + 1;
    characters = 0;
  }
}
