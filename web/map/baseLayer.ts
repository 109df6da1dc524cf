import { DomUtil, GridLayer, type Layer, type Map as LeafletMap, TileLayer } from 'leaflet';
import type { Instance } from '../../server/api/pages/instance.ts';
import type { PageContext } from '../state/pageContext.ts';
import { Backdrop } from './backdrop.ts';
import { MapCanvas, type Paint } from './mapCanvas.ts';
import { type MapTheme, readMapTheme } from './mapTheme.ts';

/**
 * What lies below the stations: the operator's tile server, else the operator's map file, else Natural Earth and the
 * districts. The file's layer is code of its own, fetched only where there is a file; until it is there, and outside of
 * what it covers, the backdrop shows.
 */
export class BaseLayer {
  readonly #map: LeafletMap;
  readonly #context: PageContext;
  readonly #canvases: MapCanvas[] = [];
  #fileLayer: Layer | undefined;
  #theme: MapTheme;
  #isClosed = false;

  constructor(map: LeafletMap, context: PageContext) {
    this.#map = map;
    this.#context = context;
    this.#theme = readMapTheme(map.getContainer());
  }

  start(): void {
    const { instance, t } = this.#context;
    if (instance.tileUrl) {
      new TileLayer(instance.tileUrl, { attribution: instance.tileAttribution ?? '', maxZoom: 19 }).addTo(this.#map);
      return;
    }
    this.#map.attributionControl.addAttribution(t.backdropCredit);
    const backdrop = new Backdrop({ onReady: () => this.#redraw(), districtsUrl: instance.districtsUrl });
    if (instance.mapFile) {
      this.#map.attributionControl.addAttribution(groundCreditHtml(instance.mapFile.credit));
      this.#paint('tilePane', (ctx, viewport) => backdrop.paintGround(ctx, viewport, this.#theme));
      this.#paint('overlayPane', (ctx, viewport) => backdrop.paintDistricts(ctx, viewport, this.#theme));
    } else this.#paint('tilePane', (ctx, viewport) => backdrop.paint(ctx, viewport, this.#theme));
    void this.#showFile();
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
