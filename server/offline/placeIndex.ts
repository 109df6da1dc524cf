import { bareSearchKey, searchKey } from '../domain/searchKey.ts';

/** What a place is, as the search shows it. */
export const PLACE_KINDS = ['place', 'postcode', 'street', 'other'] as const;
/** One of `PLACE_KINDS`. */
export type PlaceKind = (typeof PLACE_KINDS)[number];

/** One place of the operator's file. */
export interface Place {
  name: string;
  kind: PlaceKind;
  lat: number;
  lon: number;
  /** Where it lies, for people: `Ehrenfeld, Köln`. */
  context?: string;
  postcode?: string;
}

/** Shortest text that is searched for, characters. */
const MIN_QUERY = 2;
/** Entries looked at for one query; a longer range is a query too short to rank well anyway. */
const MAX_LOOKED_AT = 10_000;

/**
 * Places in memory, found by the beginnings of words: the folded lines lie in one buffer, and the places where a word
 * of a name or a postcode begins are sorted by what follows there. 100,000 places take about 80 MB and a second at the start.
 */
export class PlaceIndex {
  readonly #groups: readonly IndexGroup[];

  /** Towns and postcodes are asked before streets: of those there are so many that they would drown the rest. */
  constructor(places: readonly Place[]) {
    const isStreet = ({ kind }: Place) => kind === 'street' || kind === 'other';
    this.#groups = [places.filter((place) => !isStreet(place)), places.filter(isStreet)].map(
      (group) => new IndexGroup(group),
    );
  }

  /** Places whose name or postcode has a word that begins as the first of `query` does, and all its other words. */
  search(query: string, limit: number): Place[] {
    const words = searchKey(query)
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean);
    if (words.join('').length < MIN_QUERY) return [];
    const found: Place[] = [];
    for (const group of this.#groups) found.push(...group.search(words, limit - found.length));
    return found;
  }
}

class IndexGroup {
  readonly #places: readonly Place[];
  /** Folded names, postcodes and contexts, a line a place, then once more without umlauts where that differs. */
  readonly #text: Buffer;
  readonly #placeOfLine: Uint32Array;
  readonly #lineStarts: Uint32Array;
  /** Bytes of each line that are name and postcode. */
  readonly #nameLengths: Uint16Array;
  /** Byte offsets of words, sorted by the bytes from there to the end of the line. */
  readonly #words: Uint32Array;

  constructor(places: readonly Place[]) {
    this.#places = places;
    const lines: { bytes: Buffer; place: number; nameLength: number }[] = [];
    const words: number[] = [];
    let offset = 0;
    places.forEach((folding, place) => {
      for (const { names, line } of linesOf(folding)) {
        const bytes = Buffer.from(`${line}\n`);
        for (const at of wordStarts(names)) words.push(offset + bytesBefore(names, at));
        lines.push({ bytes, place, nameLength: bytesBefore(names, names.length) });
        offset += bytes.length;
      }
    });
    this.#text = Buffer.concat(lines.map(({ bytes }) => bytes));
    this.#placeOfLine = Uint32Array.from(lines, ({ place }) => place);
    this.#nameLengths = Uint16Array.from(lines, ({ nameLength }) => nameLength);
    let start = 0;
    this.#lineStarts = Uint32Array.from(lines, ({ bytes }) => {
      start += bytes.length;
      return start - bytes.length;
    });
    this.#words = sortedWords(words, this.#text);
  }

  search([first = '', ...others]: readonly string[], limit: number): Place[] {
    if (limit <= 0) return [];
    const prefix = Buffer.from(first);
    const asked = [first, ...others].join(' ');
    const from = this.#firstFrom(prefix);
    const hits = new Map<number, number>();
    for (let i = from; i < Math.min(this.#words.length, from + MAX_LOOKED_AT); i += 1) {
      const at = this.#words[i]!;
      if (this.#compareWith(at, prefix) !== 0) break;
      const number = this.#lineAt(at);
      const line = this.#line(number);
      if (!others.every((word) => ` ${line.all}`.includes(` ${word}`))) continue;
      const place = this.#placeOfLine[number]!;
      const rank = rankOf(line.name, asked, at === this.#lineStarts[number]);
      if (rank < (hits.get(place) ?? Number.POSITIVE_INFINITY)) hits.set(place, rank);
    }
    const ranked = [...hits].sort(([a, rankA], [b, rankB]) => rankA - rankB || a - b);
    return ranked.slice(0, limit).map(([place]) => this.#places[place]!);
  }

  #line(number: number): { all: string; name: string } {
    const start = this.#lineStarts[number]!;
    const end = (this.#lineStarts[number + 1] ?? this.#text.length) - 1;
    return {
      all: this.#text.toString('utf8', start, end),
      name: this.#text.toString('utf8', start, start + this.#nameLengths[number]!),
    };
  }

  /** Below 0 when the text there comes before the prefix, 0 when it begins with it, above 0 after it. */
  #compareWith(at: number, prefix: Buffer): number {
    return this.#text.compare(prefix, 0, prefix.length, at, Math.min(at + prefix.length, this.#text.length));
  }

  /** Index of the first word that is not before the prefix. */
  #firstFrom(prefix: Buffer): number {
    return firstIndex(this.#words.length, (i) => this.#compareWith(this.#words[i]!, prefix) >= 0);
  }

  #lineAt(offset: number): number {
    return firstIndex(this.#lineStarts.length, (i) => this.#lineStarts[i]! > offset) - 1;
  }
}

/** Bytes of a word that are compared as one number: six fit exactly into a double. */
const KEY_BYTES = 6;

/** Offsets in the order of the text there. Most comparisons end with the first six bytes. */
function sortedWords(words: readonly number[], text: Buffer): Uint32Array {
  const keys = Float64Array.from(words, (at) =>
    at + KEY_BYTES <= text.length
      ? text.readUIntBE(at, KEY_BYTES)
      : Buffer.from(text.toString('latin1', at).padEnd(KEY_BYTES, '\0'), 'latin1').readUIntBE(0, KEY_BYTES),
  );
  const order = Uint32Array.from(words, (_, i) => i);
  order.sort((a, b) => keys[a]! - keys[b]! || compareFrom(text, words[a]! + KEY_BYTES, words[b]! + KEY_BYTES));
  return order.map((i) => words[i]!);
}

/** Order of what follows, to the end of the shorter line; equal ones stay as they are in the file. */
function compareFrom(text: Buffer, a: number, b: number): number {
  for (let i = 0; i < MAX_COMPARED; i += 1) {
    const left = text[a + i] ?? 0;
    const right = text[b + i] ?? 0;
    if (left !== right) return left - right;
    if (left === NEWLINE) break;
  }
  return a - b;
}

/** Beyond this the order of two words makes no difference to any search. */
const MAX_COMPARED = 40;
const NEWLINE = 10;

/** A place as it is searched: names whose words count as beginnings, and the whole line. */
function linesOf({ name, context = '', postcode = '' }: Place): { names: string; line: string }[] {
  const folded = [searchKey, bareSearchKey].map((fold) => {
    const names = [fold(name), postcode.toLowerCase()]
      .filter(Boolean)
      .join(' ')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
    return { names, line: `${names} ${fold(context).replace(/[^\p{L}\p{N}]+/gu, ' ')}`.trim() };
  });
  return folded[0]!.line === folded[1]!.line ? folded.slice(0, 1) : folded;
}

/** Words so common in names of streets that nobody begins with them; as a name's first word they count. */
const COMMON = new Set([
  'strasse',
  'str',
  'weg',
  'platz',
  'allee',
  'gasse',
  'am',
  'an',
  'im',
  'in',
  'der',
  'des',
  'de',
  'la',
]);

function wordStarts(names: string): number[] {
  const starts: number[] = [];
  let at = 0;
  for (const word of names.split(' ')) {
    if (at === 0 || !COMMON.has(word)) starts.push(at);
    at += word.length + 1;
  }
  return starts;
}

/** The name itself first, then names that begin with what was asked, then any; shorter before longer. */
function rankOf(name: string, asked: string, isAtStart: boolean): number {
  const group = name === asked ? 0 : name.startsWith(asked) ? 1 : isAtStart ? 2 : 3;
  return group + name.length / 1000;
}

/** Bytes before a position. Folded names are mostly plain ASCII, where both are the same. */
function bytesBefore(text: string, at: number): number {
  return Buffer.byteLength(at === text.length ? text : text.slice(0, at));
}

/** The first index for which `isThere` holds, of ascending ones; `count` when there is none. */
function firstIndex(count: number, isThere: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isThere(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
