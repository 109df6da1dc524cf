import type { MapTheme } from './mapTheme.ts';
import { type MarkerLook, paintMarker, RING_PX } from './marker.ts';

/** More different looks than this at once do not occur; a colour change or a theme change starts afresh. */
const MAX_SPRITES = 1_500;

/** Markers painted once and copied from then on: copying is some ten times cheaper than text on a canvas. */
export class Sprites {
  readonly #sprites = new Map<string, HTMLCanvasElement>();

  /** Draws the marker with its centre at (x, y) CSS pixels of a context scaled to `ratio`. */
  draw(ctx: CanvasRenderingContext2D, marker: Marker, x: number, y: number): void {
    const sprite = this.#sprite(marker);
    const side = spriteSide(marker.radius);
    ctx.drawImage(sprite, x - side / 2, y - side / 2, side, side);
  }

  clear(): void {
    this.#sprites.clear();
  }

  #sprite(marker: Marker): HTMLCanvasElement {
    const { look, radius, ratio } = marker;
    const key = `${look.appearance}${look.shape}${look.fill ?? ''}${look.text}|${look.freshness}|${radius}|${ratio}`;
    const known = this.#sprites.get(key);
    if (known) return known;
    if (this.#sprites.size >= MAX_SPRITES) this.#sprites.clear();
    const sprite = paintSprite(marker);
    this.#sprites.set(key, sprite);
    return sprite;
  }
}

/** A marker to draw; `ratio` is device pixels per CSS pixel. */
export interface Marker {
  look: MarkerLook;
  radius: number;
  ratio: number;
  theme: MapTheme;
}

function spriteSide(radius: number): number {
  return 2 * Math.ceil(radius * 1.15 + RING_PX);
}

function paintSprite({ look, radius, ratio, theme }: Marker): HTMLCanvasElement {
  const side = spriteSide(radius);
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(side * ratio);
  canvas.height = Math.ceil(side * ratio);
  const ctx = canvas.getContext('2d');
  if (!ctx) throw new Error('This browser has no canvas');
  ctx.scale(ratio, ratio);
  ctx.translate(side / 2, side / 2);
  paintMarker(ctx, look, radius, theme);
  return canvas;
}
