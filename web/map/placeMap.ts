import { Control, DivIcon, type LatLng, Map as LeafletMap, type LeafletMouseEvent, Marker } from 'leaflet';
import { type Position, publicCell } from '../../server/domain/station.ts';
import type { PageContext } from '../state/pageContext.ts';
import { BaseLayer, hasTiles } from './baseLayer.ts';
import { boundsOfBox } from './boundsOfBox.ts';
import { MapCanvas } from './mapCanvas.ts';
import { mercatorX, mercatorY, middleOf, nearestCopy, toCanvas, type Viewport } from './mercator.ts';

/** What the map tells the form. */
export interface PlaceMapOptions {
  context: PageContext;
  /** The pin was put somewhere by hand. */
  onPlace: (position: Position) => void;
}

/** Where the map looks without a configured centre, districts and a pin: central Europe. */
const FALLBACK = { lat: 50.5, lon: 10, zoom: 5 } as const;
/** Zoom for a place that came from elsewhere: streets where there is a map, else a town's surroundings. */
const PLACE_ZOOM = { streets: 16, coarse: 13 } as const;
/** How far an arrow key moves the pin, and with Shift, px. */
const STEP_PX = 8;
const LEAP_PX = 64;
/** From the edge the map follows the pin, px. */
const MARGIN_PX = 60;
/** Distance of the hatching's lines, px. */
const HATCH_PX = 7;
const DIRECTIONS: Readonly<Record<string, [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const PIN =
  '<svg viewBox="0 0 30 40" width="30" height="40" aria-hidden="true" focusable="false"><path d="M15 38.5C9 29 3 22.5 3 14.5a12 12 0 0 1 24 0C27 22.5 21 29 15 38.5Z"/><circle cx="15" cy="14.5" r="4.5"/></svg>';

/** A map with one pin, which is exact, and the square around it, which is all that the public sees. */
export class PlaceMap {
  readonly #map: LeafletMap;
  readonly #element: HTMLElement;
  readonly #options: PlaceMapOptions;
  readonly #base: BaseLayer;
  readonly #pin: Marker;
  #cell: MapCanvas | undefined;
  #position: Position | undefined;
  #gridMetres = 100;
  #observer: ResizeObserver | undefined;

  constructor(element: HTMLElement, options: PlaceMapOptions) {
    const { instance } = options.context;
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#element = element;
    this.#options = options;
    this.#map = new LeafletMap(element, {
      keyboard: false,
      zoomControl: false,
      minZoom: 2,
      maxZoom: 19,
      zoomSnap: hasTiles(instance) ? 1 : 0.5,
      zoomAnimation: !isStill,
      fadeAnimation: !isStill,
      inertia: !isStill,
    });
    this.#base = new BaseLayer(this.#map, options.context);
    const icon = new DivIcon({ className: 'place-pin', html: PIN, iconSize: [30, 40], iconAnchor: [15, 39] });
    this.#pin = new Marker([0, 0], { icon, draggable: true, keyboard: false });
  }

  start(): void {
    const map = this.#map;
    const { t, instance } = this.#options.context;
    const { center = FALLBACK, zoom = 12, extent } = instance;
    if (extent) map.fitBounds(boundsOfBox(extent), { animate: false });
    else map.setView([center.lat, center.lon], instance.center ? zoom : FALLBACK.zoom);
    map.attributionControl.setPrefix(false);
    new Control.Zoom({ position: 'bottomright', zoomInTitle: t.zoomIn, zoomOutTitle: t.zoomOut }).addTo(map);
    new Control.Scale({ position: 'bottomleft', imperial: false }).addTo(map);
    this.#base.start();
    this.#cell = new MapCanvas(map, 'overlayPane', (ctx, viewport) => this.#paintCell(ctx, viewport));
    this.#cell.start();
    map.on('click', this.#onClick);
    this.#pin.on('drag dragend', this.#onDrag);
    this.#element.addEventListener('keydown', this.#onKey);
    this.#observer = new ResizeObserver(() => map.invalidateSize({ animate: false }));
    this.#observer.observe(this.#element);
  }

  close(): void {
    this.#observer?.disconnect();
    this.#element.removeEventListener('keydown', this.#onKey);
    this.#map.off('click', this.#onClick);
    this.#pin.off('drag dragend', this.#onDrag);
    this.#cell?.close();
    this.#base.close();
    this.#map.remove();
  }

  /** Light or dark has changed. */
  themeChanged(): void {
    this.#base.themeChanged();
    this.#cell?.redraw();
  }

  /** Shows a place and its cell; a place that came from elsewhere is brought into view. */
  show(position: Position | undefined, gridMetres: number): void {
    this.#gridMetres = gridMetres;
    const isOwn = position === this.#position;
    this.#position = position;
    this.#cell?.redraw();
    if (!position) {
      this.#pin.remove();
      return;
    }
    // The copy of the world that is seen: east of the date line longitudes count on.
    const worlds = Math.round((this.#map.getCenter().lng - position.lon) / 360);
    const at: [number, number] = [position.lat, position.lon + worlds * 360];
    this.#pin.setLatLng(at);
    if (!this.#map.hasLayer(this.#pin)) this.#pin.addTo(this.#map);
    if (isOwn) return;
    const zoom = hasTiles(this.#options.context.instance) ? PLACE_ZOOM.streets : PLACE_ZOOM.coarse;
    this.#map.setView(at, Math.max(zoom, this.#map.getZoom()), { animate: false });
  }

  #put(latLng: LatLng): void {
    const { lat, lng: lon } = latLng.wrap();
    this.#position = { lat, lon };
    this.show(this.#position, this.#gridMetres);
    this.#options.onPlace(this.#position);
  }

  #onClick = (event: LeafletMouseEvent): void => this.#put(event.latlng);

  #onDrag = (): void => this.#put(this.#pin.getLatLng());

  #onKey = (event: KeyboardEvent): void => {
    if (event.target !== this.#element || event.ctrlKey || event.metaKey || event.altKey) return;
    const map = this.#map;
    const direction = DIRECTIONS[event.key];
    if (direction) this.#move(direction, event.shiftKey ? LEAP_PX : STEP_PX);
    else if (event.key === '+') map.zoomIn();
    else if (event.key === '-') map.zoomOut();
    else return;
    event.preventDefault();
  };

  /** Moves the pin; the first key puts it into the middle. */
  #move([x, y]: [number, number], step: number): void {
    const map = this.#map;
    if (!this.#position) {
      this.#put(map.getCenter());
      return;
    }
    const at = map.latLngToContainerPoint(this.#pin.getLatLng()).add([x * step, y * step]);
    const next = map.containerPointToLatLng(at);
    this.#put(next);
    map.panInside(next, { padding: [MARGIN_PX, MARGIN_PX], animate: false });
  }

  #paintCell(ctx: CanvasRenderingContext2D, viewport: Viewport): void {
    if (!this.#position) return;
    const { lat, lon, latStep, lonStep } = publicCell({
      position: this.#position,
      positionGridMetres: this.#gridMetres,
    });
    const x = nearestCopy(mercatorX(lon), middleOf(viewport));
    const half = lonStep / 2 / 360;
    const [left, top] = toCanvas(viewport, x - half, mercatorY(lat + latStep / 2));
    const [right, bottom] = toCanvas(viewport, x + half, mercatorY(lat - latStep / 2));
    const style = getComputedStyle(this.#element);
    hatch(ctx, { left, top, right, bottom }, style.getPropertyValue('--accent').trim());
  }
}

/** A square with slanted lines: visible on any ground, without hiding the streets below. */
function hatch(
  ctx: CanvasRenderingContext2D,
  { left, top, right, bottom }: Record<'left' | 'top' | 'right' | 'bottom', number>,
  colour: string,
): void {
  const [width, height] = [right - left, bottom - top];
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.clip();
  ctx.globalAlpha = 0.12;
  ctx.fillStyle = colour;
  ctx.fillRect(left, top, width, height);
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = 1;
  ctx.beginPath();
  // At most what is on the canvas: near the ground a coarse cell is many screens wide.
  const reach = Math.min(width + height, 2 * (ctx.canvas.width + ctx.canvas.height));
  for (let at = HATCH_PX; at < reach; at += HATCH_PX) {
    ctx.moveTo(left + at, top);
    ctx.lineTo(left + at - height, bottom);
  }
  ctx.stroke();
  ctx.restore();
}
