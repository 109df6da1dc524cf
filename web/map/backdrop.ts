import type { Feature, FeatureCollection, Position } from 'geojson';
import type { Language } from '../../server/domain/names.ts';
import { seenOf } from './canvasPadding.ts';
import type { MapTheme } from './mapTheme.ts';
import { fromCanvas, mercatorX, mercatorY, toCanvas, type Viewport, worldSize } from './mercator.ts';
import { type Box, placeName } from './nameLayout.ts';
import type { Surface } from './stationPainter.ts';

/** Kinds of `web/public/geo/*.geojson`, and the operator's districts. */
type Kind = 'land' | 'lake' | 'river' | 'border' | 'place' | 'district';

/** A feature on the Mercator unit square. */
interface Shape {
  kind: Kind;
  minZoom: number;
  name?: string;
  lines: [number, number][][];
  labelAt: [number, number];
  west: number;
  east: number;
  north: number;
  south: number;
}

/** A shape in one of the copies of the world that are seen: across the date line there are two. */
interface SeenShape {
  shape: Shape;
  /** 0 for the copy from 180° W to 180° E, 1 for the one east of it. */
  world: number;
}
const WORLDS = [0, -1, 1];

/**
 * Files and the zooms they are good for. The coastline is 1:110 million and off by kilometres: near the ground it would
 * put a harbour town into the sea, so from zoom 8 on everything is land. Rivers end where their line leaves the river.
 */
const FILES = [
  { url: '/geo/world.geojson', belowZoom: 8 },
  { url: '/geo/europe.geojson', belowZoom: 11 },
] as const;
const LAND_BELOW_ZOOM = 8;
const WATER_BELOW_ZOOM = 11;
/** Zoom from which districts carry their names. */
const DISTRICT_NAMES_FROM_ZOOM = 11.5;
/** Spacing of the grid drawn where nothing else gives a hold, in degrees, largest first; the first below 200 px is taken. */
const GRID_DEGREES = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

/** A canvas to write names on. */
export type NameSurface = Pick<Surface, 'ctx' | 'viewport' | 'theme'>;

/** The map's background without a tile server: Natural Earth and the operator's districts, in muted colours. */
export class Backdrop {
  readonly #onReady: () => void;
  readonly #districtsUrl: string | undefined;
  readonly #language: Language;
  /** True below a map that names its places itself. */
  readonly #hasOwnPlaces: boolean;
  readonly #requested = new Set<string>();
  #shapes: Shape[] = [];

  constructor(options: {
    onReady: () => void;
    districtsUrl?: string | undefined;
    hasOwnPlaces: boolean;
    language: Language;
  }) {
    this.#onReady = options.onReady;
    this.#language = options.language;
    this.#hasOwnPlaces = options.hasOwnPlaces;
    this.#districtsUrl = options.districtsUrl;
  }

  /** Paints what is there and asks for what this zoom needs and is not there yet. */
  paint(ctx: CanvasRenderingContext2D, viewport: Viewport, theme: MapTheme): void {
    this.paintGround(ctx, viewport, theme);
    this.paintDistricts(ctx, viewport, theme);
  }

  /** Only the outlines of districts, for above a map of another kind. */
  paintDistricts(ctx: CanvasRenderingContext2D, viewport: Viewport, theme: MapTheme): void {
    this.#stroke(ctx, viewport, 'district', theme.district, 1.5);
  }

  /** Land, water and borders without any names. */
  paintGround(ctx: CanvasRenderingContext2D, viewport: Viewport, theme: MapTheme): void {
    this.#request(viewport.zoom);
    const isFar = viewport.zoom < LAND_BELOW_ZOOM;
    ctx.fillStyle = isFar ? theme.water : theme.land;
    ctx.fillRect(0, 0, viewport.width, viewport.height);
    if (isFar) this.#fill(ctx, viewport, 'land', theme.land);
    else paintGrid(ctx, viewport, theme.grid);
    if (viewport.zoom < WATER_BELOW_ZOOM) {
      this.#fill(ctx, viewport, 'lake', theme.water);
      this.#stroke(ctx, viewport, 'river', theme.river, 1.2);
    }
    if (isFar) this.#stroke(ctx, viewport, 'border', theme.border, 1);
  }

  #request(zoom: number): void {
    const urls: string[] = FILES.filter(({ belowZoom }) => zoom < belowZoom).map(({ url }) => url);
    if (this.#districtsUrl) urls.push(this.#districtsUrl);
    for (const url of urls) {
      if (this.#requested.has(url)) continue;
      this.#requested.add(url);
      loadShapes(url, this.#language).then(
        (shapes) => {
          this.#shapes = [...this.#shapes, ...shapes];
          this.#onReady();
        },
        () => {
          // A map without its backdrop still shows every value; the next zoom or drag asks again.
          this.#requested.delete(url);
        },
      );
    }
  }

  #visible(viewport: Viewport, kind: Kind): SeenShape[] {
    const size = worldSize(viewport.zoom);
    const [west, north] = [viewport.left / size, viewport.top / size];
    const [east, south] = [(viewport.left + viewport.width) / size, (viewport.top + viewport.height) / size];
    const shapes = this.#shapes.filter(
      (shape) =>
        shape.kind === kind && shape.minZoom <= viewport.zoom + 1 && shape.south >= north && shape.north <= south,
    );
    return WORLDS.flatMap((world) =>
      shapes
        .filter((shape) => shape.east + world >= west && shape.west + world <= east)
        .map((shape) => ({ shape, world })),
    );
  }

  #fill(ctx: CanvasRenderingContext2D, viewport: Viewport, kind: Kind, colour: string): void {
    ctx.beginPath();
    for (const seen of this.#visible(viewport, kind)) trace(ctx, viewport, seen);
    ctx.fillStyle = colour;
    ctx.fill('evenodd');
  }

  #stroke(ctx: CanvasRenderingContext2D, viewport: Viewport, kind: Kind, colour: string, width: number): void {
    ctx.beginPath();
    for (const seen of this.#visible(viewport, kind)) trace(ctx, viewport, seen);
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }

  /**
   * Names of districts, and of places where the map has none of its own: after everything else, beside what is in `taken`
   * already, so that no name lies under a marker and none covers one.
   */
  paintNames({ ctx, viewport, theme }: NameSurface, taken: Box[]): void {
    ctx.font = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    ctx.lineWidth = 3;
    ctx.lineJoin = 'round';
    const seen = seenOf(viewport);
    for (const { shape, world } of this.#namedShapes(viewport)) {
      const name = shape.name ?? '';
      const at = toCanvas(viewport, shape.labelAt[0] + world, shape.labelAt[1]);
      const isInside = (x: number, y: number) =>
        shape.kind !== 'district' || isWithin({ shape, world }, fromCanvas(viewport, x, y));
      const place = placeName({ width: ctx.measureText(name).width, at, isInside, seen }, taken);
      if (place === undefined) continue;
      ctx.strokeStyle = theme.halo;
      ctx.strokeText(name, ...place);
      ctx.fillStyle = theme.placeText;
      ctx.fillText(name, ...place);
    }
  }

  #namedShapes(viewport: Viewport): SeenShape[] {
    const places = this.#hasOwnPlaces ? [] : this.#visible(viewport, 'place');
    const districts = viewport.zoom >= DISTRICT_NAMES_FROM_ZOOM ? this.#visible(viewport, 'district') : [];
    return [...places, ...districts].filter(({ shape }) => shape.name !== undefined && shape.name !== '');
  }
}

async function loadShapes(url: string, language: Language): Promise<Shape[]> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const collection = (await response.json()) as FeatureCollection;
  return collection.features.map((feature) => toShape(feature, language));
}

/**
 * A GeoJSON feature on the Mercator unit square, named as readers of the language know it. Features without a `kind` are the
 * operator's districts.
 */
export function toShape(feature: Feature, language: Language): Shape {
  const lines = linesOf(feature).map((line) =>
    line.map(([lon = 0, lat = 0]): [number, number] => [mercatorX(lon), mercatorY(lat)]),
  );
  const points = lines.flat();
  const extent = { west: 1, east: 0, north: 1, south: 0 };
  for (const [x, y] of points) {
    extent.west = Math.min(extent.west, x);
    extent.east = Math.max(extent.east, x);
    extent.north = Math.min(extent.north, y);
    extent.south = Math.max(extent.south, y);
  }
  const { kind = 'district', minZoom = 0, nameDe, ...properties } = feature.properties ?? {};
  const name = (language === 'de' && nameDe) || properties.name;
  return { kind, minZoom, ...(typeof name === 'string' && { name }), lines, labelAt: labelPoint(lines), ...extent };
}

/** Centre of gravity of the largest ring: inside most districts, unlike the middle of their extent. */
function labelPoint(lines: [number, number][][]): [number, number] {
  let best = { area: 0, x: lines[0]?.[0]?.[0] ?? 0, y: lines[0]?.[0]?.[1] ?? 0 };
  for (const line of lines) {
    let [area, x, y] = [0, 0, 0];
    line.forEach(([endX, endY], i) => {
      const [startX, startY] = line[i - 1] ?? [endX, endY];
      const cross = startX * endY - endX * startY;
      area += cross / 2;
      x += (startX + endX) * cross;
      y += (startY + endY) * cross;
    });
    if (Math.abs(area) > Math.abs(best.area)) best = { area, x: x / (6 * area), y: y / (6 * area) };
  }
  return [best.x, best.y];
}

/** Whether a point of the unit square lies in a district, holes left out. */
function isWithin({ shape, world }: SeenShape, [inView, y]: readonly [number, number]): boolean {
  const x = inView - world;
  let isIn = false;
  for (const line of shape.lines) {
    line.forEach(([endX, endY], i) => {
      const [startX, startY] = line[i - 1] ?? [endX, endY];
      const isCrossed = startY > y !== endY > y;
      if (isCrossed && x < ((endX - startX) * (y - startY)) / (endY - startY) + startX) isIn = !isIn;
    });
  }
  return isIn;
}

function linesOf({ geometry }: Feature): Position[][] {
  switch (geometry.type) {
    case 'Point':
      return [[geometry.coordinates]];
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates;
    case 'MultiPolygon':
      return geometry.coordinates.flat();
    case 'MultiPoint':
    case 'GeometryCollection':
      return [];
  }
}

function trace(ctx: CanvasRenderingContext2D, viewport: Viewport, { shape, world }: SeenShape): void {
  for (const line of shape.lines) {
    line.forEach(([x, y], i) => {
      const [canvasX, canvasY] = toCanvas(viewport, x + world, y);
      if (i === 0) ctx.moveTo(canvasX, canvasY);
      else ctx.lineTo(canvasX, canvasY);
    });
  }
}

/** Faint meridians and parallels at round degrees: where the backdrop has nothing, they show movement and distance. */
function paintGrid(ctx: CanvasRenderingContext2D, viewport: Viewport, colour: string): void {
  const size = worldSize(viewport.zoom);
  const step = GRID_DEGREES.find((degrees) => (degrees / 360) * size < 200) ?? 0.001;
  ctx.beginPath();
  const west = (viewport.left / size) * 360 - 180;
  const columns = Math.ceil(((viewport.width / size) * 360) / step) + 1;
  for (let i = 0; i <= columns; i++) {
    const x = Math.round(mercatorX((Math.floor(west / step) + i) * step) * size - viewport.left) + 0.5;
    ctx.moveTo(x, 0);
    ctx.lineTo(x, viewport.height);
  }
  const south = latitudeAt((viewport.top + viewport.height) / size);
  const rows = Math.ceil((latitudeAt(viewport.top / size) - south) / step) + 1;
  for (let i = 0; i <= rows; i++) {
    const y = Math.round(mercatorY((Math.floor(south / step) + i) * step) * size - viewport.top) + 0.5;
    ctx.moveTo(0, y);
    ctx.lineTo(viewport.width, y);
  }
  ctx.lineWidth = 1;
  ctx.strokeStyle = colour;
  ctx.stroke();
}

function latitudeAt(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}
