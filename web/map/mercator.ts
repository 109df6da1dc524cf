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

/** The Mercator point of canvas coordinates. */
export function fromCanvas(viewport: Viewport, x: number, y: number): [number, number] {
  const size = worldSize(viewport.zoom);
  return [(x + viewport.left) / size, (y + viewport.top) / size];
}
