import { LatLngBounds } from 'leaflet';
import type { Box } from '../../server/domain/distance.ts';

/** A box in degrees as Leaflet takes it. */
export function boundsOfBox({ west, south, east, north }: Box): LatLngBounds {
  return new LatLngBounds([south, west], [north, east]);
}
