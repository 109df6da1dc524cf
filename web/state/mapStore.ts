import { type Signal, signal } from '@preact/signals';
import type { MapChanged, MapPlaces, MapState } from '../../server/domain/contract.ts';
import { mercatorX, mercatorY } from '../map/mercator.ts';
import type { MapStation } from './station.ts';

/** What `MapStore` announces when it changed: views read it to subscribe. */
export interface MapVersion {
  /** Rises with every change of any station. */
  change: number;
  /** Rises when the set of stations or their places changed. */
  layout: number;
}

/**
 * The stations of the layer on screen. One place for all views; stations are updated in place and announced through
 * `version`, as 15,000 fresh objects a second would be thrown away at once.
 */
export class MapStore {
  readonly version: Signal<MapVersion> = signal({ change: 0, layout: 0 });
  #stations: MapStation[] = [];
  #byId = new Map<string, MapStation>();
  #scale = 10;

  get stations(): readonly MapStation[] {
    return this.#stations;
  }

  station(id: string): MapStation | undefined {
    return this.#byId.get(id);
  }

  /** Replaces everything by a whole layer. */
  load(state: MapState): void {
    this.#scale = state.scale;
    const at = Date.parse(state.at);
    this.putBack(state.id.map((id, i) => fromColumns(state, i, id, at)));
  }

  /** Replaces everything by stations that were here before. */
  putBack(stations: readonly MapStation[]): void {
    this.#stations = [...stations];
    this.#byId = new Map(this.#stations.map((station) => [station.id, station]));
    const { change, layout } = this.version.peek();
    this.version.value = { change: change + 1, layout: layout + 1 };
  }

  /** Applies one tick. Returns false when it names a station we do not know: then a new snapshot is needed. */
  apply(changed: MapChanged): boolean {
    const isMoved = this.#place(changed);
    let isComplete = true;
    changed.id.forEach((id, i) => {
      const station = this.#byId.get(id);
      if (station) update(station, changed, i, this.#scale);
      else isComplete = false;
    });
    const { change, layout } = this.version.peek();
    this.version.value = { change: change + 1, layout: isMoved ? layout + 1 : layout };
    return isComplete;
  }

  /** Takes stations off and puts new or moved ones in; true when there were any. */
  #place({ added, removed }: MapChanged): boolean {
    if (!added?.id.length && !removed?.length) return false;
    for (const id of removed ?? []) this.#byId.delete(id);
    added?.id.forEach((id, i) => {
      const known = this.#byId.get(id);
      this.#byId.set(id, { ...(known ?? NO_VALUE), ...placeFromColumns(added, i, id) });
    });
    this.#stations = [...this.#byId.values()];
    return true;
  }

  /** The layer as it stands at `at` (epoch ms), in the columns of the contract: what `load` takes. */
  columns(at: number): Omit<MapState, 'epoch' | 'seq' | 'quantity' | 'average' | 'unit'> {
    const all = this.#stations;
    return {
      scale: this.#scale,
      at: new Date(at).toISOString(),
      id: all.map(({ id }) => id),
      name: all.map(({ name }) => name),
      lat: all.map(({ lat }) => Math.round(lat * 1e4)),
      lon: all.map(({ lon }) => Math.round(lon * 1e4)),
      value: all.map(({ value }) => (value === null ? null : Math.round(value * this.#scale))),
      coverage: all.map(({ coverage }) => Math.round(coverage * 100)),
      count: all.map(({ count }) => count),
      state: all.map(({ state }) => state),
      age: all.map(({ lastSeenAt }) => (lastSeenAt === null ? null : Math.round((at - lastSeenAt) / 1000))),
      doubtful: all.map(({ isDoubtful }) => (isDoubtful ? 1 : 0)),
      indoor: all.map(({ isIndoor }) => (isIndoor ? 1 : 0)),
      kind: all.map(({ kind }) => kind),
    };
  }

  /** Forgets everything: another layer is on its way and must not show this one's values. */
  clear(): void {
    this.#stations = [];
    this.#byId.clear();
    const { change, layout } = this.version.peek();
    this.version.value = { change: change + 1, layout: layout + 1 };
  }
}

const NO_VALUE = {
  value: null,
  coverage: 0,
  count: 0,
  state: 'none',
  lastSeenAt: null,
  isDoubtful: false,
} as const;

type Place = Pick<MapStation, 'id' | 'name' | 'lat' | 'lon' | 'x' | 'y' | 'isIndoor' | 'kind'>;

function placeFromColumns(places: MapPlaces, i: number, id: string): Place {
  const lat = (places.lat[i] ?? 0) / 1e4;
  const lon = (places.lon[i] ?? 0) / 1e4;
  return {
    id,
    name: places.name[i] ?? id,
    lat,
    lon,
    x: mercatorX(lon),
    y: mercatorY(lat),
    isIndoor: places.indoor[i] === 1,
    kind: places.kind[i] ?? 'citizen',
  };
}

function fromColumns(state: MapState, i: number, id: string, at: number): MapStation {
  const value = state.value[i] ?? null;
  const age = state.age[i] ?? null;
  return {
    ...placeFromColumns(state, i, id),
    value: value === null ? null : value / state.scale,
    coverage: (state.coverage[i] ?? 0) / 100,
    count: state.count[i] ?? 0,
    state: state.state[i] ?? 'none',
    lastSeenAt: age === null ? null : at - age * 1000,
    isDoubtful: state.doubtful[i] === 1,
  };
}

function update(station: MapStation, changed: MapChanged, i: number, scale: number): void {
  const value = changed.value[i] ?? null;
  const lastSeen = changed.lastSeen[i] ?? null;
  station.value = value === null ? null : value / scale;
  station.coverage = (changed.coverage[i] ?? 0) / 100;
  station.count = changed.count[i] ?? 0;
  station.state = changed.state[i] ?? 'none';
  station.lastSeenAt = lastSeen === null ? null : lastSeen * 1000;
  station.isDoubtful = changed.doubtful[i] === 1;
}
