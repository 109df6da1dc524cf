import { countsInFigures, median, MIN_STATIONS } from '../map/hexagons.ts';
import type { MapModel } from './mapModel.ts';

/** Stations this near breathe much the same air, apart from what stands beside them; metres. */
export const NEIGHBOUR_RADIUS_M = 3_000;
const METRES_PER_DEGREE = 111_195;

/** Distance of two places in metres; flat, which is exact to a metre over a few kilometres. */
export function distanceMetres(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const north = (a.lat - b.lat) * METRES_PER_DEGREE;
  const east = (a.lon - b.lon) * METRES_PER_DEGREE * Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return Math.hypot(north, east);
}

/** Median of the valid stations around one, in words' parts; undefined with fewer than three. */
export function neighboursFigure(
  model: MapModel,
  stationId: string,
): { count: number; radius: string; median: string } | undefined {
  const station = model.store.station(stationId);
  if (!station) return undefined;
  const { format } = model.context;
  const [now, average] = [model.now.value, model.average.value];
  const values = model.store.stations
    .filter((other) => other.id !== stationId && countsInFigures(other, now, average))
    .filter((other) => distanceMetres(station, other) <= NEIGHBOUR_RADIUS_M)
    .map(({ value }) => value ?? 0);
  const middle = median(values);
  if (middle === undefined || values.length < MIN_STATIONS) return undefined;
  return {
    count: values.length,
    radius: `${format.number(NEIGHBOUR_RADIUS_M / 1000, 0)} km`,
    median: format.value(model.quantity.value, middle),
  };
}
