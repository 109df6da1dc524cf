import { medianOfStations, NEIGHBOUR_RADIUS_M } from '../../server/api/pages/station/figures.ts';
import { distanceMetres } from '../../server/domain/distance.ts';
import { countsInFigures } from '../map/hexagons.ts';
import type { MapModel } from './mapModel.ts';

/** Median of the valid stations around one, as parts of a sentence; undefined with fewer than three. */
export function neighboursFigure(
  model: MapModel,
  stationId: string,
): { count: number; radius: string; median: string } | undefined {
  const station = model.store.station(stationId);
  if (!station) return undefined;
  const { format } = model.context;
  const [now, average] = [model.valueNow.value, model.average.value];
  const values = model.store.stations
    .filter((other) => other.id !== stationId && countsInFigures(other, now, average))
    .filter((other) => distanceMetres(station, other) <= NEIGHBOUR_RADIUS_M)
    .map(({ value }) => value ?? 0);
  const middle = medianOfStations(values);
  if (middle === undefined) return undefined;
  return {
    count: values.length,
    radius: `${format.number(NEIGHBOUR_RADIUS_M / 1000, 0)}\u202fkm`,
    median: format.value(model.quantity.value, middle),
  };
}

/** Least box, in degrees, that holds every station whose median is shown beside a station's own value. */
export function boxAround({ lat, lon }: { lat: number; lon: number }): string {
  const north = (NEIGHBOUR_RADIUS_M / 111_000) * 1.05;
  const east = north / Math.max(0.05, Math.cos((lat * Math.PI) / 180));
  return [lon - east, lat - north, lon + east, lat + north].map((degrees) => degrees.toFixed(4)).join(',');
}
