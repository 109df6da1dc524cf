import type { TimeWindow } from '../domain/calendarWindows.ts';
import { distanceMetres } from '../domain/distance.ts';
import type { Quantity } from '../domain/quantity.ts';
import { modelOf } from '../domain/sensorModel.ts';
import { publicPosition, type Station } from '../domain/station.ts';
import { placeAt, placesIn, wasMovedIn } from '../domain/stationHistory.ts';
import { isCompared } from '../live/neighbourIndex.ts';
import type { CorrectionSources } from './corrections.ts';

/** Like sensors this near to it make its group, the nearest first. Our choice. */
const GROUP_METRES = 5_000;
const MAX_GROUP = 30;

/** What is asked of the group around a reference station. */
export interface GroupAsked {
  reference: Station;
  /** The one to be corrected: it shall not correct itself. */
  station: Station;
  sensor: string;
  window: { quantity: Quantity; from: number; to: number };
}

/** Means of the residents' like sensors that stood near the reference, by hour. */
export async function groupHours(
  { rollups, stations }: Pick<CorrectionSources, 'rollups' | 'stations'>,
  { reference, station, sensor, window }: GroupAsked,
): Promise<Map<number, number[]>> {
  const near = stations().filter((other) => {
    const isOther = other.id !== station.id && isCompared(other);
    return isOther && placesIn(other, { start: window.from, end: window.to }).some((place) => isNear(place, reference));
  });
  const groups = groupsOf(reference, near, { start: window.from, end: window.to });
  const rows = await rollups.rows({ stationIds: near.map(({ id }) => id), window: 'hour', ...window });
  const moved = new Map(near.filter(({ formerPlaces }) => formerPlaces !== undefined).map((each) => [each.id, each]));
  const meansByStart = new Map<number, number[]>();
  for (const row of rows) {
    const { mean, start, stationId } = row;
    if (mean === null || modelName(row.sensor) !== modelName(sensor)) continue;
    const group = groups.findLast(({ from }) => from <= start);
    const isMixed = wasMovedIn(moved.get(stationId) ?? {}, row);
    if (isMixed || !group?.ids.has(stationId)) continue;
    const known = meansByStart.get(start);
    if (known === undefined) meansByStart.set(start, [mean]);
    else known.push(mean);
  }
  return meansByStart;
}

/** Who is in the group from when on: another one after each move. */
function groupsOf(
  reference: Station,
  near: readonly Station[],
  window: TimeWindow,
): { from: number; ids: ReadonlySet<string> }[] {
  const moves = near.flatMap(({ formerPlaces = [] }) => formerPlaces.map(({ until }) => until));
  const within = moves.filter((at) => at > window.start && at < window.end).sort((a, b) => a - b);
  return [window.start, ...within].map((from) => ({ from, ids: groupAt(reference, near, from) }));
}

function groupAt(reference: Station, stations: readonly Station[], at: number): ReadonlySet<string> {
  const nearest = stations
    .map(({ id, ...other }) => ({ id, metres: metresBetween(placeAt(other, at), reference) }))
    .filter(({ metres }) => metres <= GROUP_METRES)
    .sort((a, b) => a.metres - b.metres);
  return new Set(nearest.slice(0, MAX_GROUP).map(({ id }) => id));
}

type Place = Pick<Station, 'position' | 'positionGridMetres'>;

function isNear(place: Place, reference: Station): boolean {
  return metresBetween(place, reference) <= GROUP_METRES;
}

function metresBetween(place: Place, other: Place): number {
  return distanceMetres(publicPosition(place), publicPosition(other));
}

function modelName(sensor: string): string {
  return modelOf(sensor)?.id ?? sensor;
}
