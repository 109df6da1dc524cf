/**
 * Texts that come again and again, found in a larger text without cutting them out: a message has a dozen names, and a
 * new text for each is what keeps the garbage collector busy.
 */
export class KnownTexts {
  readonly #byHash = new Map<number, string>();

  /** Of two with one hash, the first is known. */
  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const hash = hashOf(text, 0, text.length);
      if (!this.#byHash.has(hash)) this.#byHash.set(hash, text);
    }
  }

  /** The characters of `text` from `from` up to `to`, as `slice`. */
  at(text: string, from: number, to: number): string {
    const known = this.#byHash.get(hashOf(text, from, to));
    return known?.length === to - from && text.startsWith(known, from) ? known : text.slice(from, to);
  }
}

/** FNV-1a, cut to 30 bits: what the engine keeps without allocating. */
function hashOf(text: string, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash & 0x3fffffff;
}
