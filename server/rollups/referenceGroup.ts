import { isCompared } from '../domain/assessment/neighbourIndex.ts';
import { distanceMetres } from '../domain/distance.ts';
import type { TimeWindow } from '../domain/means/calendarWindows.ts';
import type { RollupRow } from '../domain/means/rollup.ts';
import { modelOf } from '../domain/sensorModel.ts';
import { publicPosition, type Station } from '../domain/station.ts';
import { placeAt, placesIn, wasMovedIn } from '../domain/stationHistory.ts';
import type { CorrectionSources } from './corrections.ts';
import type { RollupsQuery } from './rollups.ts';

/** Like sensors this near to it make its group, the nearest first. Our choice. */
export const GROUP_METRES = 5_000;
/** Sensors of one group at most. Our choice. */
export const MAX_GROUP = 30;

/** What is asked of the group around a reference station. */
export interface GroupAsked {
  reference: Station;
  /** A station that does not belong to it: one to be corrected shall not correct itself. */
  except?: string;
  query: Pick<RollupsQuery, 'quantity' | 'window' | 'from' | 'to' | 'waited'>;
}

/** So many degrees of latitude are beyond `GROUP_METRES`, whatever grid public positions are on. */
const BEYOND_DEGREES = 0.1;

/** The residents' stations that stood near the reference at some time of the window: its group is of these. */
export function stationsAround(reference: Station, stations: readonly Station[], window: TimeWindow): Station[] {
  const { lat } = reference.position;
  return stations.filter((other) => {
    // Most stations of a region are told apart by this alone.
    if (other.formerPlaces === undefined && Math.abs(other.position.lat - lat) > BEYOND_DEGREES) return false;
    return isCompared(other) && placesIn(other, window).some((place) => isNear(place, reference));
  });
}

/** Rows with a mean of the residents' stations near the reference, each as long as it stood there. */
export async function groupRows(
  { rollups, stations }: Pick<CorrectionSources, 'rollups' | 'stations'>,
  { reference, except, query }: GroupAsked,
): Promise<RollupRow[]> {
  const window = { start: query.from, end: query.to };
  const near = stationsAround(reference, stations(), window).filter(({ id }) => id !== except);
  const groups = groupsOf(reference, near, window);
  const rows = await rollups.rows({ stationIds: near.map(({ id }) => id), ...query });
  const moved = new Map(near.filter(({ formerPlaces }) => formerPlaces !== undefined).map((each) => [each.id, each]));
  return rows.filter((row) => {
    const isMixed = wasMovedIn(moved.get(row.stationId) ?? {}, row);
    const group = groups.findLast(({ from }) => from <= row.start);
    return row.mean !== null && !isMixed && group?.ids.has(row.stationId) === true;
  });
}

/** Means of sensors like one, near the reference, by the start of the hour. */
export async function groupHours(
  sources: Pick<CorrectionSources, 'rollups' | 'stations'>,
  sensor: string,
  asked: GroupAsked,
): Promise<Map<number, number[]>> {
  const meansByStart = new Map<number, number[]>();
  for (const row of await groupRows(sources, asked)) {
    if (modelName(row.sensor) !== modelName(sensor)) continue;
    const known = meansByStart.get(row.start);
    if (known === undefined) meansByStart.set(row.start, [row.mean!]);
    else known.push(row.mean!);
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

/** Model of an instrument, `sds011` for `sds011-2`; as it calls itself when unknown. */
export function modelName(sensor: string): string {
  return modelOf(sensor)?.id ?? sensor;
}
