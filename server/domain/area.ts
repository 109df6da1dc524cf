import type { Box } from './distance.ts';
import type { Position } from './station.ts';

/** Rings of one polygon: the outline first, then its holes; points are `[lon, lat]`. Either direction of rings. */
export type Polygon = readonly (readonly (readonly [lon: number, lat: number])[])[];

/** A district, or any other piece of land the operator outlined. */
export interface Area {
  /** Lower-case letters, digits and hyphens; from the operator's file, so links outlive a restart. */
  id: string;
  name: string;
  polygons: readonly Polygon[];
  box: Box;
}

/** The form of an area id. */
export const AREA_ID = /^[a-z0-9][a-z0-9-]{0,59}$/;

/** The box around polygons. */
export function boxOf(polygons: readonly Polygon[]): Box {
  const box = { west: 180, south: 90, east: -180, north: -90 };
  for (const [lon, lat] of polygons.flat(2)) {
    box.west = Math.min(box.west, lon);
    box.east = Math.max(box.east, lon);
    box.south = Math.min(box.south, lat);
    box.north = Math.max(box.north, lat);
  }
  return box;
}

/** The box around boxes. */
export function boxAround(boxes: readonly Box[]): Box {
  return {
    west: Math.min(...boxes.map(({ west }) => west)),
    south: Math.min(...boxes.map(({ south }) => south)),
    east: Math.max(...boxes.map(({ east }) => east)),
    north: Math.max(...boxes.map(({ north }) => north)),
  };
}

/**
 * True when a point lies in one of the polygons and in none of its holes. Even-odd rule, so the direction of a ring does
 * not matter (RFC 7946 wants one, many files have the other). Of two areas that share a border line exactly one has a
 * point on it.
 */
export function isInPolygons({ lat, lon }: Position, polygons: readonly Polygon[]): boolean {
  return polygons.some((rings) => rings.reduce((isInside, ring) => isInside !== crossesOddly(ring, lat, lon), false));
}

/** True when a ray from the point to the east meets the ring an odd number of times. */
function crossesOddly(ring: Polygon[number], lat: number, lon: number): boolean {
  let isOdd = false;
  for (let i = 0, before = ring.length - 1; i < ring.length; before = i++) {
    const [lonA, latA] = ring[i]!;
    const [lonB, latB] = ring[before]!;
    if (latA > lat === latB > lat) continue;
    if (lon < ((lonB - lonA) * (lat - latA)) / (latB - latA) + lonA) isOdd = !isOdd;
  }
  return isOdd;
}
