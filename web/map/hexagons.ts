import type { Average } from '../../server/domain/aggregate.ts';
import { type StationsFigure, stationsFigure } from '../../server/domain/areaStatistics.ts';
import { appearanceOf, type MapStation } from '../state/station.ts';
import { besideEachOther, mercatorX, mercatorY } from './mercator.ts';
import type { RememberedCells } from './rememberedCells.ts';

/** Below this zoom stations are shown together as hexagons. */
export const HEXAGONS_BELOW_ZOOM = 10;

/** The two calls of h3-js that are needed; the library is loaded only when the map is zoomed out. */
export interface H3 {
  latLngToCell(lat: number, lon: number, resolution: number): string;
  cellToBoundary(cell: string): [number, number][];
}

/** Stations that share a cell of the grid. */
export interface HexagonCell {
  id: string;
  stations: MapStation[];
  /** Corners and centre on the Mercator unit square; beyond its edge where the date line runs through the cell. */
  corners: [number, number][];
  x: number;
  y: number;
}

/** 253 km²: a hexagon of it cannot point at a home. */
export const FINEST_RESOLUTION = 5;

/** H3 resolution at a zoom: hexagons some 20 to 45 pixels a side in mid-latitudes. */
export function resolutionAt(zoom: number): number {
  const resolutions = [1, 1, 1, 2, 2, 3, 3, 4, 5, 5];
  return resolutions[Math.max(0, Math.min(resolutions.length - 1, Math.floor(zoom)))] ?? FINEST_RESOLUTION;
}

/** Sorts stations into cells, when places or resolution change: too much work for every paint. */
export function groupByCell(
  stations: readonly MapStation[],
  resolution: number,
  remembered: RememberedCells,
): HexagonCell[] {
  const ids = remembered.cellsOf(stations, resolution);
  const membersById = new Map<string, MapStation[]>();
  for (const [at, station] of stations.entries()) {
    const id = ids[at] as string;
    const members = membersById.get(id);
    if (members) members.push(station);
    else membersById.set(id, [station]);
  }
  return [...membersById].map(([id, members]) => withShape(id, members, remembered));
}

/** What the valid, undoubted outdoor stations of citizens in a cell say at `now`. */
export function figureOf(stations: readonly MapStation[], now: number, average: Average): StationsFigure {
  const values: number[] = [];
  for (const station of stations) {
    if (station.value !== null && countsInFigures(station, now, average)) values.push(station.value);
  }
  return stationsFigure(values);
}

/** True when a station's value may enter a figure over several stations. */
export function countsInFigures(station: MapStation, now: number, average: Average): boolean {
  return station.kind === 'citizen' && !station.isIndoor && appearanceOf(station, now, average) === 'ok';
}

function withShape(id: string, stations: MapStation[], remembered: RememberedCells): HexagonCell {
  const boundary = remembered.boundaryOf(id);
  const longitudes = besideEachOther(boundary.map(([, lon]) => lon));
  const corners = boundary.map(([lat], at): [number, number] => [mercatorX(longitudes[at]!), mercatorY(lat)]);
  const x = corners.reduce((sum, corner) => sum + corner[0], 0) / corners.length;
  const y = corners.reduce((sum, corner) => sum + corner[1], 0) / corners.length;
  return { id, stations, corners, x, y };
}
