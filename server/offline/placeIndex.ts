import { bareSearchKey, searchKey } from '../domain/searchKey.ts';

/** What a place is, as the search shows it. */
export const PLACE_KINDS = ['place', 'postcode', 'street', 'other'] as const;
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
const MAX_LOOKED_AT = 20_000;
const encoder = new TextEncoder();

/**
 * Places in memory, found by the beginnings of words: the folded lines lie in one buffer, and the places where a word
 * of a name or a postcode begins are sorted by what follows there. 100,000 streets take about 20 MB.
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
  readonly #text: Uint8Array;
  readonly #lines: string[] = [];
  readonly #nameLengths: number[] = [];
  readonly #placeOfLine: number[] = [];
  readonly #lineStarts: number[] = [];
  /** Byte offsets of words, sorted by the bytes from there to the end of the line. */
  readonly #words: Uint32Array;

  constructor(places: readonly Place[]) {
    this.#places = places;
    const parts: Uint8Array[] = [];
    const words: number[] = [];
    let offset = 0;
    places.forEach((place, index) => {
      for (const { names, line } of linesOf(place)) {
        for (const at of wordStarts(names)) words.push(offset + byteLength(names.slice(0, at)));
        this.#lines.push(line);
        this.#nameLengths.push(names.length);
        this.#placeOfLine.push(index);
        this.#lineStarts.push(offset);
        const bytes = encoder.encode(`${line}\n`);
        parts.push(bytes);
        offset += bytes.length;
      }
    });
    this.#text = Buffer.concat(parts);
    this.#words = Uint32Array.from(words).sort((a, b) => this.#compare(a, b));
  }

  search([first = '', ...others]: readonly string[], limit: number): Place[] {
    if (limit <= 0) return [];
    const prefix = encoder.encode(first);
    const from = this.#firstFrom(prefix);
    const hits = new Map<number, number>();
    for (let i = from; i < Math.min(this.#words.length, from + MAX_LOOKED_AT); i += 1) {
      const at = this.#words[i]!;
      if (!this.#beginsWith(at, prefix)) break;
      const number = this.#lineAt(at);
      const line = this.#lines[number]!;
      if (!others.every((word) => ` ${line}`.includes(` ${word}`))) continue;
      const place = this.#placeOfLine[number]!;
      const name = line.slice(0, this.#nameLengths[number]);
      const rank = rankOf(name, [first, ...others].join(' '), at === this.#lineStarts[number]);
      if (rank < (hits.get(place) ?? Number.POSITIVE_INFINITY)) hits.set(place, rank);
    }
    const ranked = [...hits].sort(([a, rankA], [b, rankB]) => rankA - rankB || a - b);
    return ranked.slice(0, limit).map(([place]) => this.#places[place]!);
  }

  #compare(a: number, b: number): number {
    for (let i = 0; ; i += 1) {
      const [left, right] = [this.#text[a + i]!, this.#text[b + i]!];
      if (left !== right) return left - right;
      if (left === NEWLINE) return a - b;
    }
  }

  #beginsWith(at: number, prefix: Uint8Array): boolean {
    return prefix.every((byte, i) => this.#text[at + i] === byte);
  }

  /** Index of the first word that is not before the prefix. */
  #firstFrom(prefix: Uint8Array): number {
    const isBefore = (at: number) => {
      for (let i = 0; i < prefix.length; i += 1) {
        const byte = this.#text[at + i] ?? 0;
        if (byte !== prefix[i]) return byte < prefix[i]!;
      }
      return false;
    };
    return firstIndex(this.#words.length, (i) => !isBefore(this.#words[i]!));
  }

  #lineAt(offset: number): number {
    return firstIndex(this.#lineStarts.length, (i) => this.#lineStarts[i]! > offset) - 1;
  }
}

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

function wordStarts(names: string): number[] {
  return [...names.matchAll(/(?:^| )(?=\S)/g)].map(({ index, 0: gap }) => index + gap.length);
}

/** The name itself first, then names that begin with what was asked, then any; shorter before longer. */
function rankOf(name: string, asked: string, isAtStart: boolean): number {
  const group = name === asked ? 0 : name.startsWith(asked) ? 1 : isAtStart ? 2 : 3;
  return group + name.length / 1000;
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
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
