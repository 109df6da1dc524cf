/** Lower case without accents and with plain umlauts, so that `koeln` and `köln` are the same. */
export function searchKey(text: string): string {
  return text
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
}

/** The same for those who type no umlauts at all: `koln`. */
export function bareSearchKey(text: string): string {
  return searchKey(text.toLowerCase().replace(/ä/g, 'a').replace(/ö/g, 'o').replace(/ü/g, 'u'));
}

/** The words of what somebody looks for, as keys. */
export function searchWords(text: string): string[] {
  return searchKey(text).split(/\s+/).filter(Boolean);
}

/** True when a name's key has every word in it, typed with umlauts or without. */
export function hasWords(key: string, words: readonly string[]): boolean {
  const bare = key.replace(/([aou])e/g, '$1');
  return words.every((word) => key.includes(word) || bare.includes(word));
}
