/** Web Mercator (EPSG:3857) on the unit square, as Leaflet's world pixels divided by 256 * 2^zoom. */

/** Latitude the square ends at, degrees. */
const MAX_LATITUDE = 85.0511287798;

/** 0 at 180° W, 1 at 180° E. */
export function mercatorX(lon: number): number {
  return (lon + 180) / 360;
}

/** 0 in the north, 1 in the south. */
export function mercatorY(lat: number): number {
  const sine = Math.sin((Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

/** Side of the world in pixels. */
export function worldSize(zoom: number): number {
  return 256 * 2 ** zoom;
}

/** What a canvas shows: a rectangle of world pixels at a zoom. */
export interface Viewport {
  zoom: number;
  /** World pixels of the canvas's top-left corner. */
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Canvas coordinates of a Mercator point. */
export function toCanvas(viewport: Viewport, x: number, y: number): [number, number] {
  const size = worldSize(viewport.zoom);
  return [x * size - viewport.left, y * size - viewport.top];
}

/** The copy of a Mercator x that lies nearest to `middle`: beyond the date line the world begins anew. */
export function nearestCopy(x: number, middle: number): number {
  return x + Math.round(middle - x);
}

/** The Mercator x in the middle of a canvas. */
export function middleOf({ zoom, left, width }: Viewport): number {
  return (left + width / 2) / worldSize(zoom);
}

/** Longitudes of places as close together as they lie: those west of a date line between them count on from 180. */
export function besideEachOther(longitudes: readonly number[]): number[] {
  const beyond = longitudes.map((lon) => (lon < 0 ? lon + 360 : lon));
  return extent(beyond) < extent(longitudes) ? beyond : [...longitudes];
}

function extent(numbers: readonly number[]): number {
  const [least, most] = numbers.reduce(
    ([low, high], each) => [Math.min(low, each), Math.max(high, each)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return most - least;
}

/** The Mercator point of canvas coordinates. */
export function fromCanvas(viewport: Viewport, x: number, y: number): [number, number] {
  const size = worldSize(viewport.zoom);
  return [(x + viewport.left) / size, (y + viewport.top) / size];
}
