import { type AggregateState, type Average, STALE_AFTER_MS } from '../../server/domain/aggregate.ts';

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

/**
 * How a station is shown. Only `ok` ever carries the colour of a class; the others look different on purpose.
 * Order of precedence: nothing there, too old, doubtful, too few readings, fine.
 */
export type Appearance = 'none' | 'stale' | 'doubtful' | 'sparse' | 'ok';

/** What the station looks like at `now` (epoch ms, the server's clock): silence makes it stale with no message arriving. */
export function appearanceOf(station: MapStation, now: number, average: Average): Appearance {
  if (station.value === null || station.state === 'none' || station.lastSeenAt === null) return 'none';
  if (station.state === 'stale' || now - station.lastSeenAt > STALE_AFTER_MS) return 'stale';
  if (station.isDoubtful) return 'doubtful';
  if (station.state === 'sparse' && average !== 'latest') return 'sparse';
  return 'ok';
}
