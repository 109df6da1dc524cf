import { HOUR_MS } from '../domain/durations.ts';

/** Late keys further apart than this are read by separate queries, so that none spans the empty time between them. */
const CLUSTER_GAP_MS = HOUR_MS;

/** The keys in time order, split where they are more than an hour apart. */
export function clustersOf<K extends { measuredAt: number }>(keys: readonly K[]): K[][] {
  const clusters: K[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const key of keys.toSorted((a, b) => a.measuredAt - b.measuredAt)) {
    if (key.measuredAt - last > CLUSTER_GAP_MS) clusters.push([]);
    clusters.at(-1)?.push(key);
    last = key.measuredAt;
  }
  return clusters;
}
