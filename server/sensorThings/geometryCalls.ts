import {
  distanceDegrees,
  fits,
  type Geometry,
  lengthDegrees,
  type Place,
  pointOf,
  relation,
  transposed,
} from './geometry.ts';

/** DE-9IM patterns of the named relations, the first argument before the second (OGC 06-103r4, 6.1.15.3). */
const PATTERNS: Readonly<Record<string, readonly string[]>> = {
  st_equals: ['T*F**FFF*'],
  st_disjoint: ['FF*FF****'],
  st_touches: ['FT*******', 'F**T*****', 'F***T****'],
  st_within: ['T*F**F***'],
  st_contains: ['T*****FF*'],
  st_intersects: ['T********', '*T*******', '***T*****', '****T****'],
};
/** What `geo.intersects` means is `st_intersects`. */
const SAME_AS: Readonly<Record<string, string>> = { 'geo.intersects': 'st_intersects' };

/** True for a function on places. */
export function isGeometryCall(name: string): boolean {
  return name.startsWith('st_') || name.startsWith('geo.');
}

/**
 * What a function on places comes to; undefined where an argument is no place, or neither is a point: our entities have
 * only points. Distances and lengths are in degrees.
 */
export function callGeometry(name: string, args: readonly unknown[]): boolean | number | undefined {
  const [one, other] = [geometryOf(args[0]), geometryOf(args[1])];
  if (name === 'geo.length') return one && lengthDegrees(one);
  if (one === undefined || other === undefined) return undefined;
  const [point, rest] = one.type === 'point' ? [one.at, other] : [placeOf(other), one];
  if (point === undefined) return undefined;
  if (name === 'geo.distance') return distanceDegrees(point, rest);
  const matrix = one.type === 'point' ? relation(point, rest) : transposed(relation(point, rest));
  if (name === 'st_relate') return typeof args[2] === 'string' && fits(matrix, args[2]);
  // Overlapping takes two of one dimension, crossing one with several: a point does neither.
  const patterns = PATTERNS[SAME_AS[name] ?? name] ?? [];
  return patterns.some((pattern) => fits(matrix, pattern));
}

function placeOf(geometry: Geometry): Place | undefined {
  return geometry.type === 'point' ? geometry.at : undefined;
}

function geometryOf(value: unknown): Geometry | undefined {
  const isGeometry = typeof value === 'object' && value !== null && 'geometry' in value;
  return isGeometry ? (value.geometry as Geometry) : pointOf(value);
}
