import type { Position } from '../../server/domain/station.ts';
import { mercatorX, mercatorY, middleOf, nearestCopy, toCanvas } from './mercator.ts';
import type { Surface } from './stationPainter.ts';

const RADIUS_PX = 6;

/** Marks where the reader is: a dot without a number, smaller than any station. */
export function paintReader({ ctx, viewport, theme }: Surface, reader: Position | undefined): void {
  if (!reader) return;
  const [x, y] = toCanvas(viewport, nearestCopy(mercatorX(reader.lon), middleOf(viewport)), mercatorY(reader.lat));
  ctx.beginPath();
  ctx.arc(x, y, RADIUS_PX, 0, 2 * Math.PI);
  ctx.lineWidth = 6;
  ctx.strokeStyle = theme.focusGap;
  ctx.stroke();
  ctx.fillStyle = theme.focus;
  ctx.fill();
}
