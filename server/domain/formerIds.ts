import { isPublic, type Station } from './station.ts';

const idsByFormer = new WeakMap<readonly Station[], ReadonlyMap<string, string>>();

/**
 * Ids of stations that were joined with another, and the id each leads to; to none that is not public, which must not be given
 * away. Made once for each array of stations.
 */
export function presentIds(stations: readonly Station[]): ReadonlyMap<string, string> {
  const known = idsByFormer.get(stations);
  if (known !== undefined) return known;
  const shown = stations.filter(isPublic);
  const made = new Map(shown.flatMap(({ id, formerIds = [] }) => formerIds.map((former) => [former, id] as const)));
  idsByFormer.set(stations, made);
  return made;
}
