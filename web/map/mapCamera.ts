import { LatLngBounds, type Map as LeafletMap, type PointExpression, point } from 'leaflet';
import type { Position } from '../../server/domain/station.ts';
import type { MapModel } from '../state/mapModel.ts';
import { boundsOfBox } from './boundsOfBox.ts';
import type { HexagonCell } from './hexagons.ts';
import { HEXAGONS_BELOW_ZOOM } from './hexagons.ts';
import { besideEachOther, mercatorX, mercatorY } from './mercator.ts';

/** Zoom at which a single station is shown when it is chosen from elsewhere. */
const STATION_ZOOM = 13;
/** From this width on the panel lies over the map's left side and the sheet over its right. */
const PANEL_BESIDE_PX = 900;
/** What a place in the middle and another are kept off the borders, both sides together, px: off the panel where it lies on the map. */
const BESIDE_PANEL = point(760, 100);
const INSIDE = point(80, 100);
/** Where the map looks without a configured centre, stations and districts: central Europe. */
const FALLBACK = { lat: 50.5, lon: 10, zoom: 5 } as const;

/** Where the map looks: at the start, when a station is chosen, when a hexagon is opened. */
export class MapCamera {
  readonly #map: LeafletMap;
  readonly #model: MapModel;
  #isFitted: boolean;
  #broughtIntoView: string | undefined;

  constructor(map: LeafletMap, model: MapModel) {
    this.#map = map;
    this.#model = model;
    const isGiven = model.position.peek() !== undefined || model.context.instance.center !== undefined;
    this.#isFitted = isGiven || model.store.stations.length > 0;
  }

  /** The place in the address, else the configured one, else around all stations, or around the districts. */
  start(): void {
    const { center, zoom } = this.#model.context.instance;
    const at = this.#model.position.peek();
    if (at) this.#map.setView([at.lat, at.lon], at.zoom);
    else if (center) this.#map.setView([center.lat, center.lon], zoom ?? 12);
    else this.#fit();
  }

  /** Once the first stations are there: around all of them, unless a place was given. */
  fitFirstStations(): void {
    if (this.#isFitted || this.#model.store.stations.length === 0) return;
    this.#isFitted = true;
    this.#fit();
  }

  /** A station just chosen must not hide behind the sheet or outside the view; later the reader may move on. */
  bringIntoView(id: string | undefined): void {
    if (id === undefined) this.#broughtIntoView = undefined;
    const station = id === undefined ? undefined : this.#model.store.station(id);
    if (!station || id === this.#broughtIntoView) return;
    this.#broughtIntoView = id;
    const { x: width, y: height } = this.#map.getSize();
    if (this.#map.getZoom() < HEXAGONS_BELOW_ZOOM) this.#map.setView([station.lat, station.lon], STATION_ZOOM);
    const isWide = width >= PANEL_BESIDE_PX;
    const paddingTopLeft: PointExpression = isWide ? [360, 60] : [40, 60];
    const paddingBottomRight: PointExpression = isWide ? [500, 60] : [40, height * 0.6];
    this.#map.panInside([station.lat, station.lon], { paddingTopLeft, paddingBottomRight });
  }

  /** Nearer to the stations of a hexagon, at least one step. */
  zoomInto(cell: HexagonCell): void {
    const bounds = boundsOf(cell.stations);
    const zoom = Math.max(this.#map.getZoom() + 1, this.#map.getBoundsZoom(bounds));
    this.#map.setView(bounds.getCenter(), Math.min(zoom, STATION_ZOOM));
  }

  /** Goes where the reader asked to, never farther out than now unless what is to be seen beside it asks for that; an area is seen whole. */
  goTo(target: NonNullable<MapModel['flyTo']['value']>): void {
    if ('box' in target) {
      this.#fitBounds(boundsOfBox(target.box));
      return;
    }
    const { lat, lon, zoom, beside } = target;
    const near = Math.max(zoom, this.#map.getZoom());
    this.#map.setView([lat, lon], beside ? Math.min(near, this.#zoomForBoth({ lat, lon }, beside)) : near);
  }

  /** Zoom at which the map around `middle` shows `other` too, beside the panel. */
  #zoomForBoth(middle: Position, other: Position): number {
    const [lon = 0, otherLon = 0] = besideEachOther([middle.lon, other.lon]);
    const bounds = new LatLngBounds([
      [other.lat, otherLon],
      [2 * middle.lat - other.lat, 2 * lon - otherLon],
    ]);
    const isWide = this.#map.getSize().x >= PANEL_BESIDE_PX;
    return this.#map.getBoundsZoom(bounds, false, isWide ? BESIDE_PANEL : INSIDE);
  }

  /** Tells the model where the map looks now. */
  report(): void {
    const { lat, lng } = this.#map.getCenter().wrap();
    const bounds = this.#map.getBounds();
    this.#model.position.value = { zoom: this.#map.getZoom(), lat, lon: lng };
    this.#model.bounds.value = {
      west: mercatorX(bounds.getWest()),
      east: mercatorX(bounds.getEast()),
      north: mercatorY(bounds.getNorth()),
      south: mercatorY(bounds.getSouth()),
    };
  }

  #fit(): void {
    const { stations } = this.#model.store;
    const { extent } = this.#model.context.instance;
    const around = stations.length > 0 ? boundsOf(stations) : extent && boundsOfBox(extent);
    if (around === undefined) {
      this.#map.setView([FALLBACK.lat, FALLBACK.lon], FALLBACK.zoom);
      return;
    }
    this.#fitBounds(around);
  }

  #fitBounds(bounds: LatLngBounds): void {
    const isWide = this.#map.getSize().x >= PANEL_BESIDE_PX;
    const paddingTopLeft: PointExpression = [isWide ? 370 : 24, 24];
    this.#map.fitBounds(bounds, {
      maxZoom: 14,
      animate: false,
      paddingTopLeft,
      paddingBottomRight: [24, 24],
    });
  }
}

/** Around places, on whichever side of the date line they lie. */
function boundsOf(places: readonly { lat: number; lon: number }[]): LatLngBounds {
  const longitudes = besideEachOther(places.map(({ lon }) => lon));
  return new LatLngBounds(places.map(({ lat }, at) => [lat, longitudes[at]!]));
}
