import 'leaflet/dist/leaflet.css';
import { effect } from '@preact/signals';
import { Control, type LeafletMouseEvent, Map as LeafletMap, TileLayer } from 'leaflet';
import { useEffect, useRef } from 'preact/hooks';
import { stationAt } from './map/hitTest.ts';
import { MapCanvas } from './map/mapCanvas.ts';
import { readMapTheme } from './map/mapTheme.ts';
import { markerRadius } from './map/marker.ts';
import { Sprites } from './map/sprites.ts';
import { paintStations } from './map/stationPainter.ts';
import type { MapModel } from './state/mapModel.ts';

export function StationMap({ model }: { model: MapModel }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current) return undefined;
    const view = new MapView(element.current, model);
    view.start();
    return () => view.close();
  }, [model]);
  return <div ref={element} class="map" />;
}

class MapView {
  #map: LeafletMap;
  #model: MapModel;
  #canvas: MapCanvas | undefined;
  #sprites = new Sprites();
  constructor(element: HTMLElement, model: MapModel) {
    this.#model = model;
    this.#map = new LeafletMap(element, { keyboard: false, zoomControl: false, preferCanvas: true });
  }
  start() {
    const m = this.#model;
    const p = m.position.peek();
    this.#map.setView(p ? [p.lat, p.lon] : [51.465, -2.575], p?.zoom ?? 13);
    new Control.Zoom({ position: 'bottomright' }).addTo(this.#map);
    const theme = readMapTheme(this.#map.getContainer());
    this.#canvas = new MapCanvas(this.#map, 'overlayPane', (ctx, viewport, ratio) => {
      paintStations({ ctx, viewport, ratio, theme }, m.store.stations, this.#sprites, {
        quantity: m.quantity.value, average: m.average.value, scaleId: m.scale.value, format: m.context.format, now: m.now.value,
      });
    });
    this.#canvas.start();
    effect(() => { m.store.version.value; m.now.value; this.#canvas!.redraw(); });
    this.#map.on('click', (e: LeafletMouseEvent) => {
      const pt = this.#canvas!.fromContainer(e.containerPoint);
      m.select(stationAt(m.store.stations, this.#canvas!.viewport, pt, markerRadius(this.#map.getZoom()) + 4)?.id);
    });
    void TileLayer;
  }
  close() { this.#canvas?.close(); this.#map.remove(); }
}
