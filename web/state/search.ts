import { searchKey } from '../../server/domain/searchKey.ts';

/** Most results shown. */
const MAX_RESULTS = 8;

/** Stations whose name contains every word of `query`; those that begin with it first, then by name. */
export function findStations<T extends { name: string }>(stations: readonly T[], query: string): T[] {
  const words = searchKey(query).split(/\s+/).filter(Boolean);
  const [first] = words;
  if (!first) return [];
  const matches: { station: T; key: string }[] = [];
  for (const station of stations) {
    const key = searchKey(station.name);
    const bare = key.replace(/([aou])e/g, '$1');
    if (words.every((word) => key.includes(word) || bare.includes(word))) matches.push({ station, key });
  }
  const isBehind = (key: string) => (key.startsWith(first) ? 0 : 1);
  matches.sort((a, b) => isBehind(a.key) - isBehind(b.key) || (a.key < b.key ? -1 : 1));
  return matches.slice(0, MAX_RESULTS).map(({ station }) => station);
}
