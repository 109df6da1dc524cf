import { describe, expect, it } from '@jest/globals';
import { MapStore } from '../../web/state/mapStore.ts';
import { change, layerState } from './mapLayerState.ts';

function storeWith(...ids: string[]): MapStore {
  const store = new MapStore();
  store.load(layerState(ids.map((id) => ({ id }))));
  return store;
}

describe('the map store', () => {
  it('reads the columns into stations', () => {
    const store = new MapStore();
    store.load(layerState([{ id: 'a', name: 'Hof', lat: 51.475, lon: -2.577, value: 12.4, age: 90 }]));
    expect(store.station('a')).toMatchObject({
      name: 'Hof',
      lat: 51.475,
      lon: -2.577,
      value: 12.4,
      coverage: 0.96,
      count: 23,
    });
    expect(store.station('a')?.lastSeenAt).toBe(Date.parse('2026-11-05T19:58:30.000Z'));
  });

  it('keeps missing values missing', () => {
    const store = new MapStore();
    store.load(layerState([{ id: 'a', value: null, age: null, state: 'none' }]));
    expect(store.station('a')).toMatchObject({ value: null, lastSeenAt: null, state: 'none' });
  });

  it('applies a tick to the station it names and announces it', () => {
    const store = storeWith('a', 'b');
    const before = store.version.value;
    expect(store.apply(change(1, 'b', 33.3))).toBe(true);
    expect(store.station('b')).toMatchObject({ value: 33.3, coverage: 1 });
    expect(store.station('a')?.value).toBe(12.4);
    expect(store.version.value).toEqual({ change: before.change + 1, layout: before.layout });
  });

  it('says when a tick names a station it does not know', () => {
    expect(storeWith('a').apply(change(1, 'unknown', 5))).toBe(false);
  });

  it('puts new stations in, moves known ones and takes removed ones off', () => {
    const store = storeWith('a', 'b');
    const added = {
      id: ['a', 'c'],
      name: ['A neu', 'C'],
      lat: [520000, 530000],
      lon: [70000, 80000],
      indoor: [0, 0] as (0 | 1)[],
      kind: ['citizen', 'citizen'] as 'citizen'[],
    };
    const layout = store.version.value.layout;
    expect(store.apply(change(1, 'c', 8, { added, removed: ['b'] }))).toBe(true);
    expect(store.stations.map(({ id }) => id).sort()).toEqual(['a', 'c']);
    expect(store.station('a')).toMatchObject({ name: 'A neu', lat: 52, value: 12.4 });
    expect(store.station('c')).toMatchObject({ lat: 53, value: 8 });
    expect(store.version.value.layout).toBe(layout + 1);
  });

  it('writes the columns it reads', () => {
    const state = layerState([
      { id: 'a', value: 12.4 },
      { id: 'b', value: null, age: null, state: 'none', indoor: 1 },
    ]);
    const store = new MapStore();
    store.load(state);
    expect(store.columns(Date.parse(state.at))).toEqual(
      Object.fromEntries(
        Object.entries(state).filter(([key]) => !['epoch', 'seq', 'quantity', 'average', 'unit'].includes(key)),
      ),
    );
  });
});
