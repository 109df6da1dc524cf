import { effect, type Signal, useComputed, useSignal } from '@preact/signals';
import { Control, Map as LeafletMap, type LeafletMouseEvent, point } from 'leaflet';
import { useEffect, useRef } from 'preact/hooks';
import { BaseLayer, hasTiles } from './map/baseLayer.ts';
import { creditHtml, escaped } from './map/creditHtml.ts';
import { HEXAGONS_BELOW_ZOOM } from './map/hexagons.ts';
import { MapCamera } from './map/mapCamera.ts';
import { MapCanvas, type Paint } from './map/mapCanvas.ts';
import { type MapItem, MapItems } from './map/mapItems.ts';
import { type KeyTarget, MapKeyboard } from './map/mapKeyboard.ts';
import { type MapTheme, readMapTheme } from './map/mapTheme.ts';
import type { Box } from './map/nameLayout.ts';
import { addNearMe } from './map/nearMeControl.tsx';
import { paintReader } from './map/readerPainter.ts';
import type { MapModel } from './state/mapModel.ts';
import { canLocate } from './views/ownPosition.tsx';

/** How far Shift and an arrow key move the map. */
const PAN_STEP_PX = 120;
/** What lies on the map; the unfolded panel hides all of it, and is gone again without a repaint. */
const COVERS = '.leaflet-control, .layer-panel:not(.is-open)';
/** What the map tells the page around it. */
export interface MapProps {
  model: MapModel;
  /** Sentence for screen readers after a key the reader pressed. */
  said: Signal<string>;
}

/** The map of stations. All Leaflet calls are in this file and in `map/`. */
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
  readonly #keyboard: MapKeyboard;
  readonly #camera: MapCamera;
  readonly #base: BaseLayer;
  readonly #element: HTMLElement;
  #theme: MapTheme;
  #canvas: MapCanvas | undefined;
  #closers: (() => void)[] = [];
  #isReady = false;

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
      zoomSnap: hasTiles(model.context.instance) ? 1 : 0.5,
      worldCopyJump: true,
      zoomAnimation: !isStill,
      fadeAnimation: !isStill,
      inertia: !isStill,
    });
    this.#camera = new MapCamera(this.#map, model);
    this.#base = new BaseLayer(this.#map, model.context, { onReady: () => this.#canvas?.redraw() });
    this.#keyboard = new MapKeyboard(this.#keyTarget());
  }

  #keyTarget(): KeyTarget {
    const map = this.#map;
    const { said } = this.#outputs;
    return {
      items: () => (this.#canvas ? this.#items.inView(this.#canvas.viewport) : []),
      middle: () => this.#canvas?.fromContainer(map.getSize().divideBy(2)) ?? { x: 0, y: 0 },
      show: (placed) => {
        said.value = this.#items.name(placed.item);
        const at = this.#canvas?.toContainer(placed);
        if (at) map.panInside(map.containerPointToLatLng(at), { padding: [60, 60] });
        this.#canvas?.redraw();
      },
      showNone: () => {
        said.value = this.#model.context.t.noStationThere;
      },
      open: (item) => this.#open(item),
      pan: (x, y) => map.panBy([x * PAN_STEP_PX, y * PAN_STEP_PX]),
      zoom: (steps) => map.setZoom(map.getZoom() + steps),
      dismiss: () => this.#model.select(undefined),
    };
  }

  start(): void {
    const map = this.#map;
    const { instance, t } = this.#model.context;
    this.#camera.start();
    map.attributionControl.setPrefix(false);
    for (const credit of instance.credits ?? [])
      map.attributionControl.addAttribution(creditHtml(t.creditSome, credit));
    new Control.Zoom({ position: 'bottomright', zoomInTitle: t.zoomIn, zoomOutTitle: t.zoomOut }).addTo(map);
    if (instance.places?.credit) map.attributionControl.addAttribution(escaped(instance.places.credit));
    if (canLocate()) this.#closers.push(addNearMe(map, this.#model));
    new Control.Scale({ position: 'bottomleft', imperial: false }).addTo(map);
    this.#base.start();
    this.#closers.push(() => this.#base.close());
    this.#canvas = this.#startCanvas('overlayPane', (ctx, viewport, ratio) => {
      const surface = { ctx, viewport, ratio, theme: this.#theme };
      this.#items.paint(surface);
      this.#base.paintNames(surface, [...this.#items.boxes(viewport), ...this.#covered()]);
      this.#markReady();
      const selected = this.#selected();
      if (selected) this.#items.paintMarked(surface, selected);
      const { focused } = this.#keyboard;
      if (focused && document.activeElement === this.#element) this.#items.paintMarked(surface, focused);
      paintReader(surface, this.#model.reader.peek());
    });
    this.#listen();
    this.#follow();
    this.#camera.report();
  }

  close(): void {
    for (const close of this.#closers) close();
    this.#closers = [];
    this.#map.remove();
  }

  /** Names the first paint with stations in the browser's timeline: what a reader waits for, and what is measured. */
  #markReady(): void {
    if (this.#isReady || this.#model.store.stations.length === 0) return;
    this.#isReady = true;
    performance.mark('map-ready');
  }

  #startCanvas(pane: string, paint: Paint): MapCanvas {
    const canvas = new MapCanvas(this.#map, pane, paint);
    canvas.start();
    this.#closers.push(() => canvas.close());
    return canvas;
  }

  /** Where controls, the credit line and the panel lie on the map: canvas coordinates. */
  #covered(): Box[] {
    const frame = this.#element.getBoundingClientRect();
    const page = this.#element.closest('.map-page') ?? this.#element;
    return [...page.querySelectorAll(COVERS)].map((cover) => {
      const { left, top, right, bottom } = cover.getBoundingClientRect();
      const corner = this.#canvas?.fromContainer(point(left - frame.left, top - frame.top)) ?? { x: 0, y: 0 };
      return { left: corner.x, top: corner.y, right: corner.x + right - left, bottom: corner.y + bottom - top };
    });
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
    this.#closers.push(
      effect(() => {
        void [model.store.version.value, model.valueNow.value, model.scale.value, model.selectedId.value];
        void model.reader.value;
        this.#canvas?.redraw();
      }),
      effect(() => {
        void model.context.theme.inForce.value;
        this.#theme = readMapTheme(this.#element);
        this.#items.repaint();
        this.#canvas?.redraw();
        this.#base.themeChanged();
      }),
      effect(() => {
        void model.store.version.value.layout;
        // In this order: effects of one change run in no order of ours.
        this.#camera.fitFirstStations();
        this.#camera.bringIntoView(model.selectedId.value);
      }),
      effect(() => {
        const target = model.flyTo.value;
        if (target) this.#camera.goTo(target);
      }),
    );
  }

  #selected(): MapItem | undefined {
    const id = this.#model.selectedId.peek();
    const station = id ? this.#model.store.station(id) : undefined;
    return station && this.#map.getZoom() >= HEXAGONS_BELOW_ZOOM ? { kind: 'station', station } : undefined;
  }

  #onClick = (event: LeafletMouseEvent): void => {
    const canvas = this.#canvas;
    if (!canvas) return;
    const item = this.#items.at(canvas.viewport, canvas.fromContainer(event.containerPoint));
    this.#keyboard.focus(item);
    if (item) this.#open(item);
    else this.#model.select(undefined);
  };

  #onMoved = (): void => this.#camera.report();

  #open(item: MapItem): void {
    if (item.kind === 'station') this.#model.select(item.station.id);
    else this.#camera.zoomInto(item.cell);
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
    if (this.#keyboard.handle(event)) event.preventDefault();
  };
}
