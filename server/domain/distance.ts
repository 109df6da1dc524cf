import type { Position } from './station.ts';

/** Mean radius of the earth, metres (IUGG). */
const EARTH_RADIUS_METRES = 6_371_008.8;

/** Great-circle distance between two points, metres (haversine). */
export function distanceMetres(a: Position, b: Position): number {
  const toRadians = Math.PI / 180;
  const sinLat = Math.sin(((b.lat - a.lat) * toRadians) / 2);
  const sinLon = Math.sin(((b.lon - a.lon) * toRadians) / 2);
  const haversine = sinLat ** 2 + Math.cos(a.lat * toRadians) * Math.cos(b.lat * toRadians) * sinLon ** 2;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(haversine)));
}

/** A box in degrees. `west` above `east` means that it crosses the 180th meridian. */
export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** True when the point lies in the box, edges included. */
export function isInBox({ lat, lon }: Position, { west, south, east, north }: Box): boolean {
  if (lat < south || lat > north) return false;
  return west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
}
