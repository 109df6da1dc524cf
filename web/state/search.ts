import { hasWords, searchKey, searchWords } from '../../server/domain/searchKey.ts';

/** Most results shown. */
const MAX_RESULTS = 8;

/** Those whose name contains every word of `query`, at most `most`; those that begin with it first, then by name. */
export function findByName<T extends { name: string }>(all: readonly T[], query: string, most = MAX_RESULTS): T[] {
  const words = searchWords(query);
  const [first] = words;
  if (!first) return [];
  const matches: { named: T; key: string }[] = [];
  for (const named of all) {
    const key = searchKey(named.name);
    if (hasWords(key, words)) matches.push({ named, key });
  }
  const isBehind = (key: string) => (key.startsWith(first) ? 0 : 1);
  matches.sort((a, b) => isBehind(a.key) - isBehind(b.key) || (a.key < b.key ? -1 : 1));
  return matches.slice(0, most).map(({ named }) => named);
}
