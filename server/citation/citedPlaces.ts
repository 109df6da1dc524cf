import type { StationNumbers } from '../domain/report/evaluators.ts';
import type { StationFacts, StationPlace } from '../domain/report/evidence.ts';
import { isPublic, type Station } from '../domain/station.ts';
import type { WithheldLeaf } from './bundle.ts';
import { withheldPlace } from './seal.ts';

/** Grid of citations that do not say theirs, metres: the finest there is. */
const FINEST_GRID_METRES = 100;

/** What is still said of a place that was taken out. */
export type NamedPlace = Pick<StationPlace, 'stationId' | 'name'>;

/** A station's leaves but its hours, as anybody may read them. */
export interface CitedStation {
  /** Without a position when its owner made it coarser since; null when the station is not public any more. */
  place: StationPlace | NamedPlace | null;
  facts: StationFacts;
  numbers: StationNumbers;
}

/** The same as it is kept. */
export interface KeptLeaves extends Omit<CitedStation, 'place'> {
  place: StationPlace | (WithheldLeaf & Partial<NamedPlace>);
  /** Grid the position was snapped to when it was cited. Stands in no bundle. */
  gridMetres?: number;
}

/**
 * What may be kept of a station as it is shown now; undefined when nothing has to go. Asked by the grid, not by the
 * position: a place that happens to lie on both grids would tell by staying.
 */
export function withoutPlace(kept: KeptLeaves, secret: Uint8Array, station: Station): KeptLeaves | undefined {
  const { place, facts, numbers, gridMetres = FINEST_GRID_METRES } = kept;
  const isWithheld = 'withheld' in place;
  const hash = () => (isWithheld ? { withheld: place.withheld } : withheldPlace(place, secret));
  if (!isPublic(station)) return isWithheld && !('name' in place) ? undefined : { place: hash(), facts, numbers };
  if (isWithheld || station.positionGridMetres <= gridMetres) return undefined;
  const { stationId, name } = place;
  return { place: { stationId, name, ...hash() }, facts, numbers };
}

/** True for a station no citation can tell too much of. */
export function showsEverything(station: Station): boolean {
  return isPublic(station) && station.positionGridMetres <= FINEST_GRID_METRES;
}

/** Kept leaves as they may be read. */
export function openedLeaves(text: string): CitedStation {
  const { place, facts, numbers } = JSON.parse(text) as KeptLeaves;
  if (!('withheld' in place)) return { place, facts, numbers };
  const { stationId, name } = place;
  return { place: stationId === undefined || name === undefined ? null : { stationId, name }, facts, numbers };
}

/** True when the position was taken out. */
export function isWithoutPosition({ place }: CitedStation): boolean {
  return place === null || !('position' in place);
}
