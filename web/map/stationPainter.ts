import type { Average } from '../../server/domain/aggregate.ts';
import { bandFor, type ScaleId } from '../../server/domain/airQuality.ts';
import { type Format, markerText } from '../../server/domain/format.ts';
import type { Quantity } from '../../server/domain/quantity.ts';
import { type Appearance, appearanceOf, type MapStation } from '../state/station.ts';
import type { MapTheme } from './mapTheme.ts';
import { freshnessOf, type MarkerLook, markerRadius } from './marker.ts';
import { middleOf, nearestCopy, toCanvas, type Viewport } from './mercator.ts';
import type { Sprites } from './sprites.ts';

/** What the stations are painted by. */
export interface StationLook {
  quantity: Quantity;
  average: Average;
  scaleId: ScaleId;
  format: Format;
  /** Epoch ms, the server's clock. */
  now: number;
}

/** A canvas to paint on. */
export interface Surface {
  ctx: CanvasRenderingContext2D;
  viewport: Viewport;
  /** Device pixels per CSS pixel. */
  ratio: number;
  theme: MapTheme;
}

/** Paints every station in view as a marker, northern ones first, so that overlaps look the same at every redraw. */
export function paintStations(
  surface: Surface,
  stations: readonly MapStation[],
  sprites: Sprites,
  look: StationLook,
): void {
  const { ctx, viewport, ratio, theme } = surface;
  const radius = markerRadius(viewport.zoom);
  const middle = middleOf(viewport);
  for (const station of stations) {
    const [x, y] = toCanvas(viewport, nearestCopy(station.x, middle), station.y);
    if (x < -radius || y < -radius || x > viewport.width + radius || y > viewport.height + radius) continue;
    sprites.draw(ctx, { look: lookOf(station, look), radius, ratio, theme }, x, y);
  }
}

/** How one station is drawn. */
function lookOf(station: MapStation, look: StationLook): MarkerLook {
  const appearance = appearanceOf(station, look.now, look.average);
  const base: MarkerLook = {
    appearance,
    shape: station.kind === 'reference' ? 'square' : station.isIndoor ? 'house' : 'circle',
    text: textOf(station, appearance, look),
    freshness: appearance === 'ok' && station.lastSeenAt !== null ? freshnessOf(look.now - station.lastSeenAt) : 0,
  };
  if (appearance !== 'ok' || station.value === null) return base;
  const band = bandFor(look.scaleId, look.quantity, station.value);
  return band ? { ...base, fill: band.colour, textColour: band.textColour } : base;
}

/** Marker text: the marks are the ones the legend explains. */
function textOf(station: MapStation, appearance: Appearance, look: StationLook): string {
  if (station.value === null || appearance === 'none') return '–';
  const text = markerText(look.format, look.quantity, station.value);
  if (appearance === 'doubtful') return `${text}?`;
  return appearance === 'sparse' ? `~${text}` : text;
}
