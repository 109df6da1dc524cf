import { effect, type Signal, useComputed, useSignal } from '@preact/signals';
import {
  Control,
  type FitBoundsOptions,
  LatLngBounds,
  Map as LeafletMap,
  type LeafletMouseEvent,
  type PointExpression,
  TileLayer,
} from 'leaflet';
import { useEffect, useRef } from 'preact/hooks';
import { Backdrop } from './map/backdrop.ts';
import { ARROWS, nearest, nextInDirection } from './map/hitTest.ts';
import { MapCanvas, type Paint } from './map/mapCanvas.ts';
import { type MapItem, MapItems } from './map/mapItems.ts';
import { type MapTheme, readMapTheme } from './map/mapTheme.ts';
import { mercatorX, mercatorY } from './map/mercator.ts';
import type { MapModel } from './state/mapModel.ts';

/** Zoom at which a single station is shown when it is chosen from elsewhere. */
const STATION_ZOOM = 13;
/** From this width on the panel lies over the map's left side. */
const PANEL_BESIDE_PX = 900;
const PAN_STEP_PX = 120;
/** Where the map looks without a configured centre and without stations: central Europe. */
const FALLBACK = { lat: 50.5, lon: 10, zoom: 5 } as const;

/** What the map tells the page around it. */
export interface MapProps {
  model: MapModel;
  /** Sentence for screen readers after a key the reader pressed. */
  said: Signal<string>;
}

/** The map of stations. All Leaflet calls are in this file and in `map/mapCanvas.ts`. */
export function StationMap({ model, said }: MapProps) {
  const element = useRef<HTMLDivElement>(null);
  const tip = useSignal<{ text: string; x: number; y: number } | undefined>(undefined);
  const tipStyle = useComputed(() => (tip.value ? { transform: `translate(${tip.value.x}px, ${tip.value.y}px)` } : {}));
  const { t } = model.context;
  useEffect(() => {
    if (!element.current) return undefined;
    const view = new MapView(element.current, model, { said, tip });
    view.start();
    return () => view.close();
  }, [model, said, tip]);
  return (
    <div class="map-frame">
      <div
        ref={element}
        class="map"
        role="application"
        aria-label={t.mapLabel}
        aria-describedby="map-help"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go from station to station here
        tabIndex={0}
      />
      <p id="map-help" class="visually-hidden">
        {t.mapHelp}
      </p>
      {tip.value && (
        <div class="map-tip" style={tipStyle.value} aria-hidden="true">
          {tip.value.text}
        </div>
      )}
    </div>
  );
}

interface MapOutputs {
  said: Signal<string>;
  tip: Signal<{ text: string; x: number; y: number } | undefined>;
}

/** A Leaflet map bound to a model. `start` shows it, `close` takes every listener and effect off again. */
class MapView {
  readonly #map: LeafletMap;
  readonly #model: MapModel;
  readonly #outputs: MapOutputs;
  readonly #items: MapItems;
  readonly #element: HTMLElement;
  #theme: MapTheme;
  #canvas: MapCanvas | undefined;
  #backdrop: MapCanvas | undefined;
  /** Item under the keyboard's focus. */
  #focused: MapItem | undefined;
  #closers: (() => void)[] = [];

  constructor(element: HTMLElement, model: MapModel, outputs: MapOutputs) {
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#element = element;
    this.#model = model;
    this.#outputs = outputs;
    this.#theme = readMapTheme(element);
    this.#items = new MapItems(model, { loadH3: () => import('h3-js'), onReady: () => this.#canvas?.redraw() });
    this.#map = new LeafletMap(element, {
      keyboard: false,
      zoomControl: false,
      minZoom: 2,
      maxZoom: 18,
      // Tiles are sharp at whole zooms only; our own backdrop at any.
      zoomSnap: model.context.instance.tileUrl ? 1 : 0.5,
      worldCopyJump: true,
      zoomAnimation: !isStill,
      fadeAnimation: !isStill,
      inertia: !isStill,
    });
  }

  start(): void {
    const map = this.#map;
    const { t, instance } = this.#model.context;
    this.#lookAtStart();
    map.attributionControl.setPrefix(false);
    new Control.Zoom({ position: 'bottomright', zoomInTitle: t.zoomIn, zoomOutTitle: t.zoomOut }).addTo(map);
    new Control.Scale({ position: 'bottomleft', imperial: false }).addTo(map);
    if (instance.tileUrl) {
      new TileLayer(instance.tileUrl, { attribution: instance.tileAttribution ?? '', maxZoom: 19 }).addTo(map);
    } else {
      map.attributionControl.addAttribution(t.backdropCredit);
      this.#startBackdrop();
    }
    this.#canvas = this.#startCanvas('overlayPane', (ctx, viewport, ratio) => {
      const surface = { ctx, viewport, ratio, theme: this.#theme };
      this.#items.paint(surface);
      const selected = this.#selected();
      if (selected) this.#items.paintMarked(surface, selected);
      if (this.#focused && document.activeElement === this.#element) this.#items.paintMarked(surface, this.#focused);
    });
    this.#listen();
    this.#follow();
    this.#onMoved();
  }

  close(): void {
    for (const close of this.#closers) close();
    this.#closers = [];
    this.#map.remove();
  }

  #startCanvas(pane: string, paint: Paint): MapCanvas {
    const canvas = new MapCanvas(this.#map, pane, paint);
    canvas.start();
    this.#closers.push(() => canvas.close());
    return canvas;
  }

  #startBackdrop(): void {
    const { districtsUrl } = this.#model.context.instance;
    const backdrop = new Backdrop({ onReady: () => this.#backdrop?.redraw(), districtsUrl });
    this.#backdrop = this.#startCanvas('tilePane', (ctx, viewport) => backdrop.paint(ctx, viewport, this.#theme));
  }

  #lookAtStart(): void {
    const { position } = this.#model;
    const { center, zoom } = this.#model.context.instance;
    const at = position.peek();
    if (at) this.#map.setView([at.lat, at.lon], at.zoom);
    else if (center) this.#map.setView([center.lat, center.lon], zoom ?? 12);
    else this.#fitStations();
  }

  /** Around all stations; until there are any, central Europe. */
  #fitStations(): void {
    const places = this.#model.store.stations.map(({ lat, lon }): [number, number] => [lat, lon]);
    const isWide = this.#map.getSize().x >= PANEL_BESIDE_PX;
    const options = {
      maxZoom: 14,
      animate: false,
      paddingTopLeft: [isWide ? 370 : 24, 24],
      paddingBottomRight: [24, 24],
    };
    if (places.length > 0) this.#map.fitBounds(new LatLngBounds(places), options as FitBoundsOptions);
    else this.#map.setView([FALLBACK.lat, FALLBACK.lon], FALLBACK.zoom);
  }

  #listen(): void {
    const map = this.#map;
    map.on('moveend', this.#onMoved);
    map.on('click', this.#onClick);
    map.on('mousemove', this.#onHover);
    map.on('mouseout movestart zoomstart', this.#onLeave);
    this.#element.addEventListener('keydown', this.#onKey);
    this.#element.addEventListener('focus', this.#onFocusChange);
    this.#element.addEventListener('blur', this.#onFocusChange);
    const observer = new ResizeObserver(() => map.invalidateSize({ animate: false }));
    observer.observe(this.#element);
    this.#closers.push(() => {
      observer.disconnect();
      this.#element.removeEventListener('keydown', this.#onKey);
      this.#element.removeEventListener('focus', this.#onFocusChange);
      this.#element.removeEventListener('blur', this.#onFocusChange);
    });
  }

  /** Repaints with the model, follows theme, selection and the first load. */
  #follow(): void {
    const model = this.#model;
    const isFitting = !model.position.peek() && !model.context.instance.center;
    let isFitted = !isFitting || model.store.stations.length > 0;
    this.#closers.push(
      effect(() => {
        void [model.store.version.value, model.now.value, model.scale.value, model.selectedId.value];
        if (!isFitted && model.store.stations.length > 0) {
          isFitted = true;
          this.#fitStations();
        }
        this.#canvas?.redraw();
      }),
      effect(() => {
        void model.context.theme.inForce.value;
        this.#theme = readMapTheme(this.#element);
        this.#items.repaint();
        this.#canvas?.redraw();
        this.#backdrop?.redraw();
      }),
      effect(() => this.#bringIntoView(model.selectedId.value, model.store.version.value.layout)),
      effect(() => {
        const target = model.flyTo.value;
        if (target) this.#map.setView([target.lat, target.lon], Math.max(target.zoom, this.#map.getZoom()));
      }),
    );
  }

  #selected(): MapItem | undefined {
    const id = this.#model.selectedId.peek();
    const station = id ? this.#model.store.station(id) : undefined;
    return station && this.#map.getZoom() >= 10 ? { kind: 'station', station } : undefined;
  }

  /** A chosen station must not hide behind the sheet or outside the view. */
  #bringIntoView(id: string | undefined, layout: number): void {
    const station = id && layout > 0 ? this.#model.store.station(id) : undefined;
    if (!station) return;
    if (this.#map.getZoom() < 10) this.#map.setView([station.lat, station.lon], STATION_ZOOM);
    const isWide = this.#map.getSize().x >= PANEL_BESIDE_PX;
    const paddingTopLeft: PointExpression = isWide ? [360, 60] : [40, 60];
    const paddingBottomRight: PointExpression = isWide ? [460, 60] : [40, this.#map.getSize().y * 0.6];
    this.#map.panInside([station.lat, station.lon], { paddingTopLeft, paddingBottomRight });
  }

  #onMoved = (): void => {
    const { lat, lng } = this.#map.getCenter();
    const bounds = this.#map.getBounds();
    this.#model.position.value = { zoom: this.#map.getZoom(), lat, lon: lng };
    this.#model.bounds.value = {
      west: mercatorX(bounds.getWest()),
      east: mercatorX(bounds.getEast()),
      north: mercatorY(bounds.getNorth()),
      south: mercatorY(bounds.getSouth()),
    };
  };

  #onClick = (event: LeafletMouseEvent): void => {
    const canvas = this.#canvas;
    if (!canvas) return;
    const item = this.#items.at(canvas.viewport, canvas.fromContainer(event.containerPoint));
    this.#focused = item;
    if (item) this.#open(item);
    else this.#model.select(undefined);
  };

  #open(item: MapItem): void {
    if (item.kind === 'station') {
      this.#model.select(item.station.id);
      return;
    }
    const places = item.cell.stations.map(({ lat, lon }): [number, number] => [lat, lon]);
    const zoom = Math.max(this.#map.getZoom() + 1, this.#map.getBoundsZoom(new LatLngBounds(places)));
    this.#map.setView(new LatLngBounds(places).getCenter(), Math.min(zoom, STATION_ZOOM));
  }

  #onHover = (event: LeafletMouseEvent): void => {
    const canvas = this.#canvas;
    if (!canvas) return;
    const item = this.#items.at(canvas.viewport, canvas.fromContainer(event.containerPoint));
    this.#element.classList.toggle('is-over-station', item !== undefined);
    const { x, y } = event.containerPoint;
    this.#outputs.tip.value = item && { text: this.#items.name(item), x: x + 14, y: y + 14 };
  };

  #onLeave = (): void => {
    this.#outputs.tip.value = undefined;
  };

  #onFocusChange = (): void => this.#canvas?.redraw();

  #onKey = (event: KeyboardEvent): void => {
    if (event.target !== this.#element || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.#handleKey(event)) event.preventDefault();
  };

  #handleKey(event: KeyboardEvent): boolean {
    const direction = ARROWS[event.key];
    if (direction && event.shiftKey) this.#map.panBy([direction[0] * PAN_STEP_PX, direction[1] * PAN_STEP_PX]);
    else if (direction) this.#rove(event.key);
    else if (event.key === 'Enter' && this.#focused) this.#open(this.#focused);
    else if (event.key === '+' || event.key === '=') this.#map.zoomIn();
    else if (event.key === '-') this.#map.zoomOut();
    else if (event.key === 'Escape') this.#model.select(undefined);
    else return false;
    return true;
  }

  /** Moves the keyboard's focus to the next item; the first key takes the one nearest to the middle. */
  #rove(arrow: string): void {
    const canvas = this.#canvas;
    if (!canvas) return;
    const placed = this.#items.inView(canvas.viewport);
    const middle = canvas.fromContainer(this.#map.getSize().divideBy(2));
    const focusedId = this.#focused && itemId(this.#focused);
    const from = placed.find(({ id }) => id === focusedId);
    const next = from ? nextInDirection(placed, from, arrow) : nearest(placed, middle, Number.POSITIVE_INFINITY);
    if (!next) {
      this.#outputs.said.value = this.#model.context.t.noStationThere;
      return;
    }
    this.#focused = next.item;
    this.#outputs.said.value = this.#items.name(next.item);
    this.#map.panInside(this.#map.containerPointToLatLng(canvas.toContainer(next)), { padding: [60, 60] });
    canvas.redraw();
  }
}

function itemId(item: MapItem): string {
  return item.kind === 'station' ? item.station.id : item.cell.id;
}
