import { describe, expect, it } from '@jest/globals';
import * as h3 from 'h3-js';
import { figureOf, groupByCell, resolutionAt } from '../../web/map/hexagons.ts';
import { RememberedCells } from '../../web/map/rememberedCells.ts';
import { MapStore } from '../../web/state/mapStore.ts';
import { layerState, type StationSketch } from './mapLayerState.ts';

const NOW = Date.parse('2026-11-05T20:00:00.000Z');

function stations(...sketches: Partial<StationSketch>[]) {
  const store = new MapStore();
  store.load(layerState(sketches.map((sketch, i) => ({ id: `s${i}`, ...sketch }))));
  return store.stations;
}

describe('hexagons', () => {
  it('give the median of their stations and how many these are', () => {
    expect(figureOf(stations({ value: 3 }, { value: 30 }, { value: 5 }), NOW, '1h')).toEqual({
      ...{ state: 'number-only', count: 3, median: 5, tolerates: 1 },
    });
  });

  it('have no number of two stations, and quartiles of five', () => {
    expect(figureOf(stations({ value: 3 }, { value: 5 }), NOW, '1h')).toEqual({
      ...{ state: 'too-few', count: 2, tolerates: 0 },
    });
    const five = stations(...[3, 5, 6, 9, 300].map((value) => ({ value })));
    expect(figureOf(five, NOW, '1h')).toMatchObject({ median: 6, lowerQuartile: 5, upperQuartile: 9 });
  });

  it.each<[string, Partial<StationSketch>]>([
    ['stale', { age: 601 }],
    ['sparse', { state: 'sparse' }],
    ['doubtful', { doubtful: 1 }],
    ['without a value', { value: null, state: 'none' }],
    ['indoors', { indoor: 1 }],
    ['official', { kind: 'reference' }],
  ])('leave out stations that are %s', (_, sketch) => {
    const members = stations({ value: 3 }, { value: 4 }, { value: 5 }, { value: 99, ...sketch });
    expect(figureOf(members, NOW, '1h')).toMatchObject({ count: 3, median: 4 });
  });

  it('have no median without a valid station', () => {
    expect(figureOf(stations({ age: 3_600 }), NOW, '1h')).toMatchObject({ count: 0 });
    expect(figureOf(stations({ age: 3_600 }), NOW, '1h')).not.toHaveProperty('median');
  });

  it('hold every station exactly once, inside their outline', () => {
    const all = stations(...Array.from({ length: 50 }, (_, i) => ({ lat: 50 + i * 0.07, lon: 7 + (i % 9) * 0.4 })));
    const cells = groupByCell(all, 4, new RememberedCells(h3));
    expect(cells.flatMap((cell) => cell.stations.map(({ id }) => id)).sort()).toEqual(all.map(({ id }) => id).sort());
    for (const cell of cells) {
      const reach = Math.max(...cell.corners.map(([x, y]) => Math.hypot(x - cell.x, y - cell.y)));
      for (const { x, y } of cell.stations) expect(Math.hypot(x - cell.x, y - cell.y)).toBeLessThanOrEqual(reach);
    }
  });

  it('are as wide as others where the date line runs through them', () => {
    const cells = groupByCell(
      stations({ lat: -16.8, lon: 179.97 }, { lat: -16.8, lon: 7 }),
      2,
      new RememberedCells(h3),
    );
    const widths = cells.map(({ corners }) => corners.map(([x]) => x)).map((xs) => Math.max(...xs) - Math.min(...xs));
    expect(widths[0]! / widths[1]!).toBeGreaterThan(0.7);
    expect(widths[0]! / widths[1]!).toBeLessThan(1.4);
  });

  it('are looked up once for a place, and anew where the list has another place', () => {
    let asked = 0;
    const latLngToCell = (lat: number, lon: number, resolution: number) => {
      asked += 1;
      return h3.latLngToCell(lat, lon, resolution);
    };
    const remembered = new RememberedCells({ latLngToCell, cellToBoundary: h3.cellToBoundary });
    const places = [-179.9999, -0.0001, 0, 7.25, 179.9999].flatMap((lon) =>
      [-89.9, 0, 50.1, 50.1001].map((lat) => ({ lat, lon })),
    );
    const lookUp = (list: typeof places, resolution: number) => {
      asked = 0;
      const cells = remembered.cellsOf(list, resolution).slice(0, list.length);
      expect(cells).toEqual(list.map(({ lat, lon }) => h3.latLngToCell(lat, lon, resolution)));
      return asked;
    };
    expect([lookUp(places, 3), lookUp(places, 5), lookUp(places, 3)]).toEqual([20, 20, 0]);
    expect(lookUp([...places.slice(0, 4), { lat: 10, lon: 10 }, ...places.slice(5)], 3)).toBe(1);
    expect(lookUp(places.slice(0, 3), 5)).toBe(0);
    expect(lookUp([...places, { lat: 10, lon: 10 }], 5)).toBe(1);
  });

  it('never grow finer than 253 km², however far one zooms', () => {
    expect([0, 4, 9.5, 14].map(resolutionAt)).toEqual([1, 2, 5, 5]);
  });
});
