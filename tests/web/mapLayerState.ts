import type { MapChanged, MapState } from '../../server/domain/contract.ts';

/** What a test says of one station; the rest is an outdoor citizen station with a full hour just measured. */
export interface StationSketch {
  id: string;
  name?: string;
  lat?: number;
  lon?: number;
  value?: number | null;
  state?: MapState['state'][number];
  age?: number | null;
  doubtful?: 0 | 1;
  indoor?: 0 | 1;
  kind?: 'citizen' | 'reference';
}

/** A layer as the server sends it: PM2.5, one hour, epoch `e`. */
export function layerState(stations: readonly StationSketch[], rest: Partial<MapState> = {}): MapState {
  return {
    epoch: 'e',
    seq: 0,
    quantity: 'pm25',
    average: '1h',
    unit: 'µg/m³',
    scale: 10,
    at: '2026-11-05T20:00:00.000Z',
    id: stations.map(({ id }) => id),
    name: stations.map(({ id, name }) => name ?? id),
    lat: stations.map(({ lat }) => Math.round((lat ?? 51.46) * 1e4)),
    lon: stations.map(({ lon }) => Math.round((lon ?? -2.58) * 1e4)),
    value: stations.map(({ value }) => (value === undefined ? 124 : value === null ? null : Math.round(value * 10))),
    coverage: stations.map(() => 96),
    count: stations.map(() => 23),
    state: stations.map(({ state }) => state ?? 'ok'),
    age: stations.map(({ age }) => (age === undefined ? 30 : age)),
    doubtful: stations.map(({ doubtful }) => doubtful ?? 0),
    indoor: stations.map(({ indoor }) => indoor ?? 0),
    kind: stations.map(({ kind }) => kind ?? 'citizen'),
    ...rest,
  };
}

/** A tick that gives `id` a new value. */
export function change(seq: number, id: string, value: number, rest: Partial<MapChanged> = {}): MapChanged {
  return {
    epoch: 'e',
    seq,
    quantity: 'pm25',
    average: '1h',
    at: '2026-11-05T20:00:10.000Z',
    id: [id],
    value: [Math.round(value * 10)],
    coverage: [100],
    count: [24],
    state: ['ok'],
    lastSeen: [Date.parse('2026-11-05T20:00:09.000Z') / 1000],
    doubtful: [0],
    ...rest,
  };
}
