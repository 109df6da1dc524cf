import { DomUtil, GridLayer, type Layer, type Map as LeafletMap, TileLayer } from 'leaflet';
import type { Instance } from '../../server/api/pages/instance.ts';
import type { PageContext } from '../state/pageContext.ts';
import { Backdrop, type NameSurface } from './backdrop.ts';
import { MapCanvas, type Paint } from './mapCanvas.ts';
import { type MapTheme, readMapTheme } from './mapTheme.ts';
import type { Viewport } from './mercator.ts';
import type { Box } from './nameLayout.ts';

/**
 * What lies below the stations: the operator's tile server, else the operator's map file, else Natural Earth and the
 * districts. The file's layer is code of its own, fetched only where there is a file; until it is there, and outside of
 * what it covers, the backdrop shows.
 */
export class BaseLayer {
  readonly #map: LeafletMap;
  readonly #context: PageContext;
  readonly #canvases: MapCanvas[] = [];
  /** Set where names are painted above what lies on this; `onReady` says that there are more. */
  readonly #namesAbove: { onReady: () => void } | undefined;
  #backdrop: Backdrop | undefined;
  #fileLayer: Layer | undefined;
  #theme: MapTheme;
  #isClosed = false;

  constructor(map: LeafletMap, context: PageContext, namesAbove?: { onReady: () => void }) {
    this.#map = map;
    this.#namesAbove = namesAbove;
    this.#context = context;
    this.#theme = readMapTheme(map.getContainer());
  }

  start(): void {
    const { instance, t, language } = this.#context;
    if (instance.tileUrl) {
      new TileLayer(instance.tileUrl, { attribution: instance.tileAttribution ?? '', maxZoom: 19 }).addTo(this.#map);
      return;
    }
    this.#map.attributionControl.addAttribution(t.backdropCredit);
    const backdrop = new Backdrop({
      onReady: () => {
        this.#redraw();
        this.#namesAbove?.onReady();
      },
      districtsUrl: instance.districtsUrl,
      hasOwnPlaces: instance.mapFile !== undefined,
      language,
    });
    this.#backdrop = backdrop;
    if (instance.mapFile) {
      this.#map.attributionControl.addAttribution(groundCreditHtml(instance.mapFile.credit));
      this.#paint('tilePane', (ctx, viewport) => backdrop.paintGround(ctx, viewport, this.#theme));
      this.#paint('overlayPane', (ctx, viewport) => {
        backdrop.paintDistricts(ctx, viewport, this.#theme);
        this.#paintOwnNames(ctx, viewport);
      });
    } else {
      this.#paint('tilePane', (ctx, viewport) => {
        backdrop.paint(ctx, viewport, this.#theme);
        this.#paintOwnNames(ctx, viewport);
      });
    }
    void this.#showFile();
  }

  /** Names that the background has none of, beside what is in `taken`; none above tiles, which bring their own. */
  paintNames(surface: NameSurface, taken: Box[]): void {
    this.#backdrop?.paintNames(surface, taken);
  }

  /** Light or dark has changed. */
  themeChanged(): void {
    this.#theme = readMapTheme(this.#map.getContainer());
    this.#redraw();
    if (this.#fileLayer) void this.#showFile();
  }

  close(): void {
    this.#isClosed = true;
    for (const canvas of this.#canvases) canvas.close();
    this.#fileLayer?.remove();
  }

  #paintOwnNames(ctx: CanvasRenderingContext2D, viewport: Viewport): void {
    if (!this.#namesAbove) this.paintNames({ ctx, viewport, theme: this.#theme }, []);
  }

  #paint(pane: string, paint: Paint): void {
    const canvas = new MapCanvas(this.#map, pane, paint);
    this.#canvases.push(canvas);
    canvas.start();
  }

  #redraw(): void {
    for (const canvas of this.#canvases) canvas.redraw();
  }

  async #showFile(): Promise<void> {
    const { instance, language, theme } = this.#context;
    if (!instance.mapFile) return;
    const { createFileLayer } = await import('./fileLayer.ts');
    if (this.#isClosed) return;
    const isDark = theme.inForce.peek() === 'dark';
    const next = createFileLayer({ ...instance.mapFile, language, isDark, leaflet: { GridLayer, DomUtil } });
    this.#fileLayer?.remove();
    this.#fileLayer = next.addTo(this.#map);
  }
}

/** True when the background is made of tiles, which are sharp at whole zooms only. */
export function hasTiles({ tileUrl, mapFile }: Pick<Instance, 'tileUrl' | 'mapFile'>): boolean {
  return tileUrl !== undefined || mapFile !== undefined;
}

/** Credit as HTML: OpenStreetMap's with its link, as its licence asks; anything else as plain text. */
function groundCreditHtml(credit: string): string {
  if (/openstreetmap/i.test(credit)) return '<a href="https://www.openstreetmap.org/copyright">© OpenStreetMap</a>';
  const element = document.createElement('span');
  element.textContent = credit;
  return element.innerHTML;
}
