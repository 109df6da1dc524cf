import { searchKey } from '../../server/domain/searchKey.ts';
import type { Appearance, MapStation } from './station.ts';

/** Columns the table can be sorted by. */
const SORT_KEYS = ['name', 'value', 'coverage', 'age', 'state'] as const;
/** One of `SORT_KEYS`. */
export type SortKey = (typeof SORT_KEYS)[number];

/** Order of a table. */
export interface Sorting {
  key: SortKey;
  isDescending: boolean;
}

const APPEARANCE_ORDER: readonly Appearance[] = ['ok', 'sparse', 'doubtful', 'stale', 'none'];

/** Stations whose name contains `filter`, in the order asked for. Stations without a value come last either way. */
export function orderStations(
  stations: readonly MapStation[],
  options: {
    filter: string;
    sorting: Sorting;
    appearance: (station: MapStation) => Appearance;
    collator: Intl.Collator;
  },
): MapStation[] {
  const { filter, sorting, appearance, collator } = options;
  const wanted = searchKey(filter.trim());
  const found = wanted ? stations.filter(({ name }) => searchKey(name).includes(wanted)) : [...stations];
  const sign = sorting.isDescending ? -1 : 1;
  const byName = (a: MapStation, b: MapStation) => collator.compare(a.name, b.name);
  if (sorting.key === 'name') return found.sort((a, b) => sign * byName(a, b));
  const rank = rankOf(sorting.key, appearance);
  return found.sort((a, b) => compareRanks(rank(a), rank(b), sign) || byName(a, b));
}

function rankOf(key: Exclude<SortKey, 'name'>, appearance: (station: MapStation) => Appearance) {
  return (station: MapStation): number | null => {
    switch (key) {
      case 'value':
        return station.value;
      case 'coverage':
        return station.coverage;
      case 'age':
        return station.lastSeenAt === null ? null : -station.lastSeenAt;
      case 'state':
        return APPEARANCE_ORDER.indexOf(appearance(station));
    }
  };
}

function compareRanks(a: number | null, b: number | null, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return sign * (a - b);
}
