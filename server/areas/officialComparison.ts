import { compareNetwork, type NetworkComparison } from '../domain/assessment/neighbourhood.ts';
import { type Comparison, comparisonOf } from '../domain/correction/comparison.ts';
import { OFFICIAL_SENSORS, type OfficialMeans, officialMean } from '../domain/correction/referenceMeans.ts';
import { distanceMetres } from '../domain/distance.ts';
import { DAY_MS } from '../domain/durations.ts';
import type { TimeWindow } from '../domain/means/calendarWindows.ts';
import { isComparedWith, publicPosition, type Station } from '../domain/station.ts';
import { placesIn } from '../domain/stationHistory.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { AreaFigure } from './areaFigures.ts';

/** An official station farther from every sensor than this breathes other air, metres. Our choice. */
const MAX_DISTANCE_M = 15_000;
/** Stations shown at most, the nearest first: those with values of the quantity before others. */
const MAX_STATIONS = 3;

/** An official station beside an area's citizens. */
export interface OfficialNeighbour {
  station: Station & Required<Pick<Station, 'reference'>>;
  /** From its public position to the nearest and the farthest station that counts, to 100 m. */
  distance: { nearest: number; farthest: number };
  /** Its means in the windows of the course; without those it has none of. */
  means: { start: number; value: number }[];
  /** Of the area's medians and its means in the same windows; absent without common ones. */
  comparison?: Comparison;
  /** Whether the network as a whole deviates. */
  network: NetworkComparison;
}

/** What it is asked of. */
export interface OfficialQuery {
  quantity: 'pm25' | 'pm10';
  /** Citizen stations of the area. */
  stations: readonly Station[];
  /** Every station there is. */
  all: readonly Station[];
  /** Windows in order, with the area's medians from raw values. */
  course: readonly (TimeWindow & Pick<AreaFigure, 'median'>)[];
}

/**
 * The official stations near an area and how its medians stand to them, window by window on the same hours or days.
 * Raw values only: a correction that used the station would agree with it by construction.
 */
export async function officialNeighbours(
  store: Pick<ReadingStore, 'raw'>,
  query: OfficialQuery,
): Promise<OfficialNeighbour[]> {
  const measuring: OfficialNeighbour[] = [];
  const silent: OfficialNeighbour[] = [];
  for (const neighbour of nearest(query)) {
    const made = await compared(store, neighbour, query);
    (made.means.length > 0 ? measuring : silent).push(made);
    if (measuring.length === MAX_STATIONS) break;
  }
  const shown = [...measuring, ...silent].slice(0, MAX_STATIONS);
  return shown.sort((a, b) => a.distance.nearest - b.distance.nearest);
}

type Placed = Pick<OfficialNeighbour, 'station' | 'distance'>;

function nearest({ all, stations, course }: OfficialQuery): Placed[] {
  const whole = { start: course[0]?.start ?? 0, end: course.at(-1)?.end ?? 0 };
  const outdoors = stations.filter(({ isIndoor }) => !isIndoor);
  const places = outdoors.flatMap((station) => placesIn(station, whole)).map(publicPosition);
  if (places.length === 0) return [];
  return all
    .filter(isComparedWith)
    .map((station) => {
      const here = publicPosition(station);
      const metres = places.map((place) => Math.round(distanceMetres(here, place) / 100) * 100);
      return { station, distance: { nearest: Math.min(...metres), farthest: Math.max(...metres) } };
    })
    .filter(({ distance }) => distance.nearest <= MAX_DISTANCE_M)
    .sort((a, b) => a.distance.nearest - b.distance.nearest);
}

async function compared(
  store: Pick<ReadingStore, 'raw'>,
  placed: Placed,
  { quantity, course }: OfficialQuery,
): Promise<OfficialNeighbour> {
  const [first, last] = [course[0], course.at(-1)];
  if (!first || !last) return { ...placed, means: [], network: compareNetwork(quantity, []) };
  const published = await publishedBy(store, placed.station.id, { quantity, start: first.start, end: last.end });
  const windows = course.flatMap((figure) => {
    const value = officialMean(published, figure);
    return value === undefined ? [] : [{ start: figure.start, value, median: figure.median }];
  });
  const pairs = windows.flatMap(({ value, median }) =>
    median === undefined ? [] : [{ sensor: median, reference: value }],
  );
  const comparison = comparisonOf(pairs);
  return {
    ...placed,
    means: windows.map(({ start, value }) => ({ start, value })),
    ...(comparison && { comparison }),
    network: compareNetwork(
      quantity,
      pairs.map(({ sensor, reference }) => ({ network: sensor, official: reference })),
    ),
  };
}

/** Hours and days a station published in a window. */
async function publishedBy(
  store: Pick<ReadingStore, 'raw'>,
  stationId: string,
  { quantity, start, end }: TimeWindow & { quantity: 'pm25' | 'pm10' },
): Promise<OfficialMeans> {
  const read = async (sensor: string) => {
    const values = await store.raw({ stationId, sensor, quantity, from: start, to: end });
    return values.map(({ measuredAt, value }) => ({ start: measuredAt, value }));
  };
  const hours = await read(OFFICIAL_SENSORS['1h']);
  return { hours, days: end - start >= DAY_MS ? await read(OFFICIAL_SENSORS['24h']) : [] };
}
