import { STALE_AFTER_MS } from '../../server/domain/aggregate.ts';
import type { Appearance } from '../state/station.ts';
import type { MapTheme } from './mapTheme.ts';

/** Everything that decides what a marker looks like; equal descriptions share one sprite. */
export interface MarkerLook {
  appearance: Appearance;
  shape: 'circle' | 'square' | 'house';
  /** Class colour and the text on it; only for `ok`. */
  fill?: string;
  textColour?: string;
  text: string;
  /** Remaining freshness in twelfths: 12 just measured, 0 about to be stale. */
  freshness: number;
}

/** Steps of the age ring. */
const FRESHNESS_STEPS = 12;

/** How much of the age ring is left for a reading `ageMs` old. */
export function freshnessOf(ageMs: number): number {
  const left = 1 - Math.max(0, ageMs) / STALE_AFTER_MS;
  return Math.max(0, Math.ceil(left * FRESHNESS_STEPS));
}

/** Radius of a marker's body at a map zoom, CSS pixels. */
export function markerRadius(zoom: number): number {
  return Math.max(10, Math.min(16, 10 + (zoom - 10) * 2));
}

/** Room for the age ring around the body. */
export const RING_PX = 4;

/** Paints one marker around (0, 0). */
export function paintMarker(ctx: CanvasRenderingContext2D, look: MarkerLook, radius: number, theme: MapTheme): void {
  const isColoured = look.appearance === 'ok' && look.fill !== undefined;
  if (look.freshness > 0) paintRing(ctx, look, radius, theme);
  trace(ctx, look.shape, radius);
  ctx.fillStyle = isColoured ? (look.fill ?? theme.hollow) : theme.hollow;
  ctx.fill();
  if (look.appearance === 'doubtful') hatch(ctx, look.shape, radius, theme);
  trace(ctx, look.shape, radius - 0.5);
  ctx.lineWidth = isColoured ? 1 : 1.5;
  ctx.strokeStyle = isColoured ? theme.outline : theme.muted;
  ctx.setLineDash(dashOf(look.appearance));
  ctx.stroke();
  ctx.setLineDash([]);
  paintText(ctx, look, radius, isColoured ? (look.textColour ?? theme.muted) : theme.muted, theme);
}

function dashOf(appearance: Appearance): number[] {
  if (appearance === 'sparse') return [5, 3];
  return appearance === 'stale' ? [1.5, 3] : [];
}

/** The outline of the body: citizen stations are round, official ones square, indoor ones have a roof. */
function trace(ctx: CanvasRenderingContext2D, shape: MarkerLook['shape'], radius: number): void {
  ctx.beginPath();
  if (shape === 'circle') {
    ctx.arc(0, 0, radius, 0, 2 * Math.PI);
    return;
  }
  const half = radius * 0.92;
  if (shape === 'square') {
    ctx.rect(-half, -half, 2 * half, 2 * half);
    return;
  }
  ctx.moveTo(-half, -half * 0.35);
  ctx.lineTo(0, -half * 1.15);
  ctx.lineTo(half, -half * 0.35);
  ctx.lineTo(half, half);
  ctx.lineTo(-half, half);
  ctx.closePath();
}

/** A ring that starts full at the reading and runs down clockwise until the station counts as stale. */
function paintRing(ctx: CanvasRenderingContext2D, look: MarkerLook, radius: number, theme: MapTheme): void {
  const share = look.freshness / FRESHNESS_STEPS;
  const start = -Math.PI / 2;
  ctx.beginPath();
  ctx.arc(0, 0, radius + 2.5, start, start + share * 2 * Math.PI);
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = theme.outline;
  ctx.globalAlpha = 0.2 + 0.45 * share;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function hatch(ctx: CanvasRenderingContext2D, shape: MarkerLook['shape'], radius: number, theme: MapTheme): void {
  ctx.save();
  trace(ctx, shape, radius);
  ctx.clip();
  ctx.beginPath();
  for (let x = -2 * radius; x < 2 * radius; x += 5) {
    ctx.moveTo(x, radius);
    ctx.lineTo(x + 2 * radius, -radius);
  }
  ctx.globalAlpha = 0.35;
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.muted;
  ctx.stroke();
  ctx.restore();
}

function paintText(
  ctx: CanvasRenderingContext2D,
  look: MarkerLook,
  radius: number,
  colour: string,
  theme: MapTheme,
): void {
  const size = Math.round(radius * (look.text.length > 3 ? 0.68 : 0.8));
  ctx.font = `600 ${size}px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  if (look.appearance === 'doubtful') {
    ctx.lineWidth = 3;
    ctx.strokeStyle = theme.hollow;
    ctx.strokeText(look.text, 0, 0.5);
  }
  ctx.fillStyle = colour;
  ctx.fillText(look.text, 0, 0.5);
}
