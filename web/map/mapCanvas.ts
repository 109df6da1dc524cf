import {
  DomUtil,
  type LatLng,
  type LeafletEvent,
  type Map as LeafletMap,
  type Point,
  point,
  type ZoomAnimEvent,
} from 'leaflet';
import { PADDING } from './canvasPadding.ts';
import type { Viewport } from './mercator.ts';

/** Paints one frame; the context is cleared and scaled to CSS pixels. */
export type Paint = (ctx: CanvasRenderingContext2D, viewport: Viewport, ratio: number) => void;

/**
 * One canvas on a Leaflet map, moved with it by transforms and repainted when the map comes to rest or `redraw` asks, at
 * most once a frame. The zoom animation follows `L.Renderer`.
 */
export class MapCanvas {
  readonly #map: LeafletMap;
  readonly #paint: Paint;
  readonly #canvas: HTMLCanvasElement;
  readonly #ctx: CanvasRenderingContext2D;
  #viewport: Viewport = { zoom: 0, left: 0, top: 0, width: 0, height: 0 };
  #center: LatLng;
  #frame = 0;

  constructor(map: LeafletMap, pane: string, paint: Paint) {
    this.#map = map;
    this.#paint = paint;
    this.#center = map.getCenter();
    this.#canvas = DomUtil.create('canvas', 'leaflet-zoom-animated map-canvas', map.getPane(pane));
    this.#canvas.setAttribute('aria-hidden', 'true');
    const ctx = this.#canvas.getContext('2d');
    if (!ctx) throw new Error('This browser has no canvas');
    this.#ctx = ctx;
  }

  /** The rectangle last painted. */
  get viewport(): Viewport {
    return this.#viewport;
  }

  start(): void {
    this.#map.on('moveend viewreset resize', this.#reset);
    this.#map.on('zoomanim', this.#animateZoom);
    this.#map.on('zoom', this.#followZoom);
    this.#map.on('move', this.#refill);
    this.#reset();
  }

  close(): void {
    this.#map.off('moveend viewreset resize', this.#reset);
    this.#map.off('zoomanim', this.#animateZoom);
    this.#map.off('zoom', this.#followZoom);
    this.#map.off('move', this.#refill);
    cancelAnimationFrame(this.#frame);
    this.#canvas.remove();
  }

  /** Paints again in the next frame. */
  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#draw);
  }

  /** Canvas coordinates of a place in the map's container. */
  fromContainer(at: Point): { x: number; y: number } {
    const world = this.#map.containerPointToLayerPoint(at).add(this.#map.getPixelOrigin());
    return { x: world.x - this.#viewport.left, y: world.y - this.#viewport.top };
  }

  /** Point of the map's container for canvas coordinates. */
  toContainer({ x, y }: { x: number; y: number }): Point {
    const world = point(x + this.#viewport.left, y + this.#viewport.top);
    return this.#map.layerPointToContainerPoint(world.subtract(this.#map.getPixelOrigin()));
  }

  #reset = (): void => {
    const size = this.#map.getSize();
    const corner = this.#map.containerPointToLayerPoint(size.multiplyBy(-PADDING)).round();
    const world = corner.add(this.#map.getPixelOrigin());
    const { x: width, y: height } = size.multiplyBy(1 + 2 * PADDING).round();
    this.#center = this.#map.getCenter();
    this.#viewport = { zoom: this.#map.getZoom(), left: world.x, top: world.y, width, height };
    this.#resize(width, height);
    DomUtil.setTransform(this.#canvas, corner, 1);
    cancelAnimationFrame(this.#frame);
    this.#draw();
  };

  #resize(width: number, height: number): void {
    const ratio = devicePixelRatio;
    if (this.#canvas.width === Math.round(width * ratio) && this.#canvas.height === Math.round(height * ratio)) return;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
  }

  #draw = (): void => {
    this.#frame = 0;
    const ratio = devicePixelRatio;
    this.#ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#ctx.clearRect(0, 0, this.#viewport.width, this.#viewport.height);
    this.#paint(this.#ctx, this.#viewport, ratio);
  };

  /** A long drag leaves the padding: then the canvas is laid anew under way. */
  #refill = (): void => {
    if (this.#map.getZoom() !== this.#viewport.zoom) return;
    const { x, y } = this.fromContainer(this.#map.getSize().divideBy(2));
    const { width, height } = this.#viewport;
    const reach = PADDING / (1 + 2 * PADDING);
    if (Math.abs(x - width / 2) > width * reach || Math.abs(y - height / 2) > height * reach) this.#reset();
  };

  #animateZoom = (event: LeafletEvent): void => {
    const { center, zoom } = event as ZoomAnimEvent;
    this.#place(center, zoom);
  };

  #followZoom = (): void => this.#place(this.#map.getCenter(), this.#map.getZoom());

  /** Scales and moves the last painting to where it belongs at `center` and `zoom`. */
  #place(center: LatLng, zoom: number): void {
    const map = this.#map;
    const scale = map.getZoomScale(zoom, this.#viewport.zoom);
    const half = map.getSize().divideBy(2);
    const pane = DomUtil.getPosition(map.getPane('mapPane') as HTMLElement);
    const origin = map.project(center, zoom).subtract(half).add(pane).round();
    const corner = map.getSize().multiplyBy((0.5 + PADDING) * -scale);
    DomUtil.setTransform(this.#canvas, corner.add(map.project(this.#center, zoom)).subtract(origin), scale);
  }
}
