import { AVERAGES, type Average } from '../../server/domain/aggregate.ts';
import type { ScaleId } from '../../server/domain/airQuality.ts';
import { STATION_ID } from '../../server/domain/station.ts';

/** Particulates the map offers. */
export const MAP_QUANTITIES = ['pm25', 'pm10'] as const;
/** One of `MAP_QUANTITIES`. */
export type MapQuantity = (typeof MAP_QUANTITIES)[number];

/** `neutral`: µg/m³ in our own classes; the others: classes of the German and of the European index. */
export const MAP_SCALES = ['neutral', 'lqi-2025', 'eaqi-2024'] as const satisfies readonly ScaleId[];
/** One of `MAP_SCALES`. */
export type MapScale = (typeof MAP_SCALES)[number];

/** Ways to look at the stations. */
export const VIEWS = ['map', 'table'] as const;
/** One of `VIEWS`. */
export type View = (typeof VIEWS)[number];

/** Everything a link to the map says. */
export interface UrlState {
  quantity: MapQuantity;
  average: Average;
  scale: MapScale;
  view: View;
  station?: string;
  position?: MapPosition;
  /** End of the past clock hour that is shown, epoch ms; absent: now. */
  at?: number;
}

/** Where the map looks. */
export interface MapPosition {
  zoom: number;
  lat: number;
  lon: number;
}

const DEFAULTS: UrlState = { quantity: 'pm25', average: '1h', scale: 'neutral', view: 'map' };

/** Reads `?quantity=&average=&scale=&view=&station=#zoom/lat/lon`; whatever is unknown becomes the default. */
export function parseUrlState(search: string, hash: string): UrlState {
  const params = new URLSearchParams(search);
  const state: UrlState = {
    quantity: oneOf(MAP_QUANTITIES, params.get('quantity')) ?? DEFAULTS.quantity,
    average: oneOf(AVERAGES, params.get('average')) ?? DEFAULTS.average,
    scale: oneOf(MAP_SCALES, params.get('scale')) ?? DEFAULTS.scale,
    view: oneOf(VIEWS, params.get('view')) ?? DEFAULTS.view,
  };
  const station = params.get('station');
  if (station && STATION_ID.test(station)) state.station = station;
  const at = parseHour(params.get('at'));
  if (at !== undefined) state.at = at;
  const position = parsePosition(hash);
  if (position) state.position = position;
  return state;
}

/** The query and hash that say this; defaults are left out. `kept` (the language) stays in front. */
export function formatUrlState(state: UrlState, kept: Readonly<Record<string, string>> = {}): string {
  const params = new URLSearchParams(kept);
  for (const key of ['quantity', 'average', 'scale', 'view'] as const) {
    if (state[key] !== DEFAULTS[key]) params.set(key, state[key]);
  }
  if (state.station) params.set('station', state.station);
  if (state.at !== undefined) params.set('at', formatHour(state.at));
  const query = params.toString();
  return (query && `?${query}`) + (state.position ? formatPosition(state.position) : '');
}

/** `2026-11-26T13Z`, and `2026-11-26T1330Z` where hours end at half past: links to the same thing look the same. */
function formatHour(at: number): string {
  const text = new Date(at).toISOString();
  const minutes = text.slice(14, 16);
  return `${text.slice(0, 13)}${minutes === '00' ? '' : minutes}Z`;
}

function parseHour(text: string | null): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d)(15|30|45)?Z$/.exec(text ?? '');
  if (match === null) return undefined;
  const at = Date.parse(`${match[1]}:${match[2] ?? '00'}:00Z`);
  return Number.isNaN(at) ? undefined : at;
}

function parsePosition(hash: string): MapPosition | undefined {
  const match = /^#(\d{1,2}(?:\.\d+)?)\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/.exec(hash);
  if (!match) return undefined;
  const [zoom = 0, lat = 0, lon = 0] = match.slice(1).map(Number);
  return zoom <= 19 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : undefined;
}

function formatPosition({ zoom, lat, lon }: MapPosition): string {
  return `#${Number(zoom.toFixed(2))}/${lat.toFixed(4)}/${lon.toFixed(4)}`;
}

function oneOf<T extends string>(allowed: readonly T[], text: string | null): T | undefined {
  return allowed.find((item) => item === text);
}
