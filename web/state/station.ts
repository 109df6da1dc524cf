import { type ValueState, valueStateOf } from '../../server/api/pages/station/valueState.ts';
import type { AggregateState, Average } from '../../server/domain/aggregate.ts';

/** One station of the current map layer, as the browser keeps it. */
export interface MapStation {
  id: string;
  name: string;
  lat: number;
  lon: number;
  /** Web Mercator position, 0 to 1 from the north-west corner of the world: painting needs no trigonometry. */
  x: number;
  y: number;
  /** In the layer's unit; null where there is none. */
  value: number | null;
  /** Share of the expected readings, 0 to 1. */
  coverage: number;
  count: number;
  state: AggregateState;
  /** Last reading, epoch ms on the server's clock; null when never. */
  lastSeenAt: number | null;
  isDoubtful: boolean;
  isIndoor: boolean;
  kind: 'citizen' | 'reference';
}

/** How a station is shown. */
export type Appearance = ValueState;

/** What the station looks like at `now` (epoch ms, the server's clock). */
export const appearanceOf: (station: MapStation, now: number, average: Average) => Appearance = valueStateOf;
