import type { MapChanged, MapState } from '../../server/domain/contract.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import type { Reading } from '../../server/domain/reading.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { MapLayers } from '../../server/live/mapLayers.ts';
import { StationList, stationOf } from '../support/stations.ts';

/** When the clock begins, epoch ms. */
export const T0 = Date.UTC(2026, 0, 5, 12);
export const PM25 = { quantity: 'pm25', average: '1h' } as const;
export const LATEST = { quantity: 'pm25', average: 'latest' } as const;
/** So many that bodies are kept for a while. */
export const MANY = Array.from({ length: 3_000 }, (_, index) => stationOf(`s${String(index).padStart(9, '0')}`));
/** Ids of two stations. */
export const A = 'aaaaaaaaa1';
export const B = 'bbbbbbbbb2';

/** The layers of some stations; time stands still until the test moves it. */
export function layersOf(...stations: ReturnType<typeof stationOf>[]) {
  const clock = { now: T0 };
  const list = new StationList(stations);
  const aggregator = new Aggregator({ clock: () => clock.now, sensorModels: () => [] });
  let epochs = 0;
  const layers = new MapLayers({ aggregator, stations: list, newEpoch: () => `epoch-${++epochs}` });
  const fold = (stationId: string, pm25: number, at = clock.now, flags = 0) =>
    aggregator.fold([{ stationId, sensor: 'sds011', measuredAt: at, values: { pm25 }, flags } satisfies Reading]);
  const foldHour = (stationId: string, pm25: number) => {
    for (let at = T0 - HOUR_MS; at < T0; at += 149_000) fold(stationId, pm25, at);
  };
  const tick = () => layers.tick(clock.now);
  return { clock, list, layers, fold, foldHour, tick };
}

/** A station’s row in a state. */
export const rowOf = (state: MapState, id: string) => {
  const at = state.id.indexOf(id);
  return { value: state.value[at], state: state.state[at], age: state.age[at], coverage: state.coverage[at] };
};

/** Applies changes to a state as a browser does. */
export function applied(
  state: MapState,
  changes: readonly MapChanged[],
): Map<string, { value: number | null; state: string }> {
  const rows = new Map(state.id.map((id, at) => [id, { value: state.value[at]!, state: state.state[at]! as string }]));
  for (const changed of changes) {
    if (changed.seq <= state.seq) continue;
    for (const id of changed.removed ?? []) rows.delete(id);
    for (const [at, id] of changed.id.entries()) {
      rows.set(id, { value: changed.value[at]!, state: changed.state[at]! });
    }
  }
  return rows;
}
