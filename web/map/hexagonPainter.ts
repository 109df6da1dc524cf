import { bandFor } from '../../server/domain/airQuality.ts';
import type { StationsFigure } from '../../server/domain/areaStatistics.ts';
import { markerText } from '../../server/domain/format.ts';
import { figureOf, type HexagonCell } from './hexagons.ts';
import { middleOf, nearestCopy, toCanvas, type Viewport } from './mercator.ts';
import type { StationLook, Surface } from './stationPainter.ts';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
/** Hexagons with a smaller inner radius carry no text, CSS pixels. */
const MIN_RADIUS_WITH_TEXT = 13;

/** Paints cells as hexagons: coloured from three valid stations on, hollow and without a number below. */
export function paintHexagons(surface: Surface, cells: readonly HexagonCell[], look: StationLook): void {
  const middle = middleOf(surface.viewport);
  for (const cell of cells) {
    const [x, y] = toCanvas(surface.viewport, nearestCopy(cell.x, middle), cell.y);
    const radius = innerRadius(cell, surface.viewport);
    const { width, height } = surface.viewport;
    if (x < -radius * 1.2 || y < -radius * 1.2 || x > width + radius * 1.2 || y > height + radius * 1.2) continue;
    paintHexagon(surface, { cell, radius, x, y, figure: figureOf(cell.stations, look.now, look.average) }, look);
  }
}

/** Distance from a cell's centre to its sides in pixels. */
export function innerRadius(cell: HexagonCell, viewport: Viewport): number {
  const [x, y] = toCanvas(viewport, cell.x, cell.y);
  const [cornerX, cornerY] = toCanvas(viewport, ...(cell.corners[0] ?? [cell.x, cell.y]));
  return Math.hypot(cornerX - x, cornerY - y) * 0.866;
}

/** The outline of a cell, ready to fill or stroke. */
export function traceHexagon(ctx: CanvasRenderingContext2D, cell: HexagonCell, viewport: Viewport): void {
  const beyond = nearestCopy(cell.x, middleOf(viewport)) - cell.x;
  ctx.beginPath();
  for (const [cornerX, cornerY] of cell.corners) ctx.lineTo(...toCanvas(viewport, cornerX + beyond, cornerY));
  ctx.closePath();
}

interface Placed {
  cell: HexagonCell;
  figure: StationsFigure;
  radius: number;
  x: number;
  y: number;
}

function paintHexagon({ ctx, viewport, theme }: Surface, placed: Placed, look: StationLook): void {
  const { figure, cell } = placed;
  const band = bandFor(look.scaleId, look.quantity, figure.median);
  traceHexagon(ctx, cell, viewport);
  ctx.globalAlpha = band ? 0.92 : 0.75;
  ctx.fillStyle = band?.colour ?? theme.hollow;
  ctx.fill();
  ctx.globalAlpha = band ? 0.55 : 1;
  ctx.lineWidth = 1;
  ctx.strokeStyle = band ? theme.outline : theme.muted;
  ctx.setLineDash(band ? [] : [4, 3]);
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
  if (placed.radius < MIN_RADIUS_WITH_TEXT) return;
  ctx.fillStyle = band?.textColour ?? theme.muted;
  paintFigure(ctx, placed, look);
}

function paintFigure(ctx: CanvasRenderingContext2D, { figure, radius, x, y }: Placed, look: StationLook): void {
  const size = Math.min(15, Math.round(radius * 0.62));
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.font = `600 ${size}px ${FONT}`;
  const text = figure.median === undefined ? '–' : markerText(look.format, look.quantity, figure.median);
  ctx.fillText(text, x, y - size * 0.35);
  ctx.font = `${Math.max(9, Math.round(size * 0.72))}px ${FONT}`;
  ctx.fillText(`n ${figure.count}`, x, y + size * 0.65);
}
