import { describe, expect, it } from '@jest/globals';
import { MapStore } from '../../web/state/mapStore.ts';
import { findByName } from '../../web/state/search.ts';
import { appearanceOf } from '../../web/state/station.ts';
import { orderStations, type Sorting } from '../../web/state/tableRows.ts';
import { layerState, type StationSketch } from './mapLayerState.ts';

const NOW = Date.parse('2026-11-05T20:00:00.000Z');

function stations(...sketches: StationSketch[]) {
  const store = new MapStore();
  store.load(layerState(sketches));
  return store.stations;
}

describe('the search for stations', () => {
  const all = stations(
    { id: 'a', name: 'Köln-Mülheim, Hof' },
    { id: 'b', name: 'Café Größenwahn' },
    { id: 'c', name: 'Neue Kölner Straße' },
  );

  it.each([
    ['köln', ['a', 'c']],
    ['koeln', ['a', 'c']],
    ['koln', ['a', 'c']],
    ['mülheim hof', ['a']],
    ['CAFE', ['b']],
    ['grossenwahn', ['b']],
    ['strasse', ['c']],
    ['münchen', []],
    ['   ', []],
  ])('finds %s', (query, ids) => {
    expect(findByName(all, query).map(({ id }) => id)).toEqual(ids);
  });
});

describe('the order of the table', () => {
  const all = stations(
    { id: 'low', name: 'B', value: 3 },
    { id: 'none', name: 'A', value: null, state: 'none', age: null },
    { id: 'high', name: 'D', value: 30 },
    { id: 'old', name: 'C', value: 9, age: 3_600 },
  );
  const order = (sorting: Sorting, filter = '') =>
    orderStations(all, {
      filter,
      sorting,
      appearance: (station) => appearanceOf(station, NOW, '1h'),
      collator: new Intl.Collator('de'),
    }).map(({ id }) => id);

  it.each<[Sorting, string[]]>([
    [{ key: 'name', isDescending: false }, ['none', 'low', 'old', 'high']],
    [{ key: 'value', isDescending: true }, ['high', 'old', 'low', 'none']],
    [{ key: 'value', isDescending: false }, ['low', 'old', 'high', 'none']],
    [{ key: 'state', isDescending: false }, ['low', 'high', 'old', 'none']],
    [{ key: 'age', isDescending: true }, ['old', 'low', 'high', 'none']],
  ])('is by %o, stations without a value last', (sorting, ids) => {
    expect(order(sorting)).toEqual(ids);
  });

  it('leaves out what the filter does not name', () => {
    expect(order({ key: 'name', isDescending: false }, 'd')).toEqual(['high']);
  });
});
