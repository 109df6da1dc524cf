/** A place: longitude, latitude, degrees. */
export type Place = readonly [number, number];

/** What a filter can speak of: a point, a line, or a polygon with its rings, the first the outer one. */
export type Geometry =
  | { type: 'point'; at: Place }
  | { type: 'line'; places: readonly Place[] }
  | { type: 'polygon'; rings: readonly (readonly Place[])[] };

/** Where a point lies in regard to a geometry. */
type Part = 'interior' | 'boundary' | 'exterior';

/** Degrees that two places may differ by and still be one: far less than the public grid. */
const SAME = 1e-9;
/** Nothing in it can be divided in two ways: with room for blanks on both sides of the middle, two thousand of them took seconds. */
const WKT = /^(?:SRID=\d+;)?\s*(POINT|LINESTRING|POLYGON)\s*\((.+)\)$/is;

/** Reads `POINT (7 51)`, `LINESTRING (7 51, 8 52)` or `POLYGON ((7 51, 8 51, 8 52, 7 51))`; undefined for other text. */
export function parseWkt(text: string): Geometry | undefined {
  const [, type = '', body = ''] = WKT.exec(text.trim()) ?? [];
  const lists = body.split(/\)\s*,\s*\(/).map((list) => placesOf(list.replace(/[()]/g, '')));
  const [first = []] = lists;
  if (lists.some((list) => list.some((place) => place === undefined))) return undefined;
  const rings = lists as Place[][];
  switch (type.toUpperCase()) {
    case 'POINT':
      return first.length === 1 && first[0] ? { type: 'point', at: first[0] } : undefined;
    case 'LINESTRING':
      return lists.length === 1 && first.length > 1 ? { type: 'line', places: rings[0]! } : undefined;
    case 'POLYGON':
      return rings.every((ring) => ring.length > 3) ? { type: 'polygon', rings } : undefined;
    default:
      return undefined;
  }
}

function placesOf(text: string): (Place | undefined)[] {
  return text.split(',').map((pair) => {
    const numbers = pair.trim().split(/\s+/).map(Number);
    return numbers.length === 2 && numbers.every(Number.isFinite) ? (numbers as [number, number]) : undefined;
  });
}

/** The place of a GeoJSON point, the only geometry our entities have; undefined for anything else. */
export function pointOf(value: unknown): Geometry | undefined {
  if (typeof value !== 'object' || value === null || !('coordinates' in value)) return undefined;
  const [lon, lat] = value.coordinates as number[];
  return lon === undefined || lat === undefined ? undefined : { type: 'point', at: [lon, lat] };
}

/** Shortest distance of a point to a geometry, degrees, on the plane of coordinates, as OData defines `geo.distance`. */
export function distanceDegrees(point: Place, geometry: Geometry): number {
  if (geometry.type === 'point') return Math.hypot(point[0] - geometry.at[0], point[1] - geometry.at[1]);
  if (partOf(point, geometry) === 'interior') return 0;
  const lines = geometry.type === 'line' ? [geometry.places] : geometry.rings;
  return Math.min(...lines.flatMap((line) => segmentsOf(line).map((segment) => distanceToSegment(point, segment))));
}

/** Length of a line, degrees; 0 for a point. */
export function lengthDegrees(geometry: Geometry): number {
  if (geometry.type === 'point') return 0;
  const line = geometry.type === 'line' ? geometry.places : geometry.rings[0]!;
  return segmentsOf(line).reduce((sum, [[x1, y1], [x2, y2]]) => sum + Math.hypot(x2 - x1, y2 - y1), 0);
}

/**
 * The DE-9IM matrix of a point and a geometry (OGC 06-103r4, 6.1.15): rows are interior, boundary and exterior of the
 * point, columns those of the geometry. A point has no boundary.
 */
export function relation(point: Place, geometry: Geometry): string {
  const part = partOf(point, geometry);
  const row = `${part === 'interior' ? '0' : 'F'}${part === 'boundary' ? '0' : 'F'}${part === 'exterior' ? '0' : 'F'}`;
  const outside: Record<Geometry['type'], string> = {
    // The one point is the other, or outside of it.
    point: part === 'interior' ? 'FF2' : '0F2',
    line: isClosed(geometry) ? '1F2' : '102',
    polygon: '212',
  };
  return `${row}FFF${outside[geometry.type]}`;
}

/** The same with the arguments exchanged. */
export function transposed(matrix: string): string {
  return [0, 3, 6, 1, 4, 7, 2, 5, 8].map((at) => matrix[at]).join('');
}

/** True when a matrix fits a pattern of nine: `T` stands for any of 0, 1, 2, `*` for everything. */
export function fits(matrix: string, pattern: string): boolean {
  return [...pattern].every((want, at) => {
    const is = matrix[at]!;
    return want === '*' || want === is || (want === 'T' && is !== 'F');
  });
}

function partOf(point: Place, geometry: Geometry): Part {
  if (geometry.type === 'point') return distanceDegrees(point, geometry) < SAME ? 'interior' : 'exterior';
  if (geometry.type === 'line') {
    const ends = isClosed(geometry) ? [] : [geometry.places[0]!, geometry.places.at(-1)!];
    if (ends.some((end) => isSame(end, point))) return 'boundary';
    return isOn(point, geometry.places) ? 'interior' : 'exterior';
  }
  const [outer = [], ...holes] = geometry.rings;
  if (geometry.rings.some((ring) => isOn(point, ring))) return 'boundary';
  return isInRing(point, outer) && !holes.some((hole) => isInRing(point, hole)) ? 'interior' : 'exterior';
}

function isClosed(geometry: Geometry): boolean {
  return geometry.type === 'line' && isSame(geometry.places[0]!, geometry.places.at(-1)!);
}

function isSame([x1, y1]: Place, [x2, y2]: Place): boolean {
  return Math.hypot(x1 - x2, y1 - y2) < SAME;
}

function isOn(point: Place, line: readonly Place[]): boolean {
  return segmentsOf(line).some((segment) => distanceToSegment(point, segment) < SAME);
}

function segmentsOf(line: readonly Place[]): [Place, Place][] {
  return line.slice(1).map((place, at) => [line[at]!, place]);
}

function distanceToSegment([x, y]: Place, [[x1, y1], [x2, y2]]: [Place, Place]): number {
  const squared = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const along = squared === 0 ? 0 : ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / squared;
  const nearest = Math.max(0, Math.min(1, along));
  return Math.hypot(x - x1 - nearest * (x2 - x1), y - y1 - nearest * (y2 - y1));
}

function isInRing([x, y]: Place, ring: readonly Place[]): boolean {
  let isInside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [ring[i]!, ring[j]!];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) isInside = !isInside;
  }
  return isInside;
}
