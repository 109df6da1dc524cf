import { describe, expect, it } from '@jest/globals';
import { nearest, nextInDirection } from '../../web/map/hitTest.ts';
import { besideEachOther, mercatorX, mercatorY, middleOf, nearestCopy, toCanvas } from '../../web/map/mercator.ts';

const item = (id: string, x: number, y: number) => ({ id, x, y });

describe('pointing at the map', () => {
  it('finds the nearest marker within reach', () => {
    const items = [item('a', 100, 100), item('b', 112, 100)];
    expect(nearest(items, { x: 109, y: 100 }, 16)?.id).toBe('b');
    expect(nearest(items, { x: 140, y: 100 }, 16)).toBeUndefined();
  });

  it('prefers the marker painted on top when both are equally near', () => {
    expect(nearest([item('below', 0, 0), item('above', 0, 0)], { x: 3, y: 0 }, 16)?.id).toBe('above');
  });

  it.each([
    ['ArrowRight', 'east'],
    ['ArrowLeft', 'west'],
    ['ArrowUp', 'north'],
    ['ArrowDown', 'south'],
  ])('%s goes to the next marker in that direction', (arrow, id) => {
    const items = [
      item('here', 0, 0),
      item('east', 50, 10),
      item('west', -40, 0),
      item('north', 5, -60),
      item('south', 0, 30),
      item('far', 500, 0),
    ];
    expect(nextInDirection(items, { x: 0, y: 0 }, arrow)?.id).toBe(id);
  });

  it('stays where it is when nothing lies that way', () => {
    expect(
      nextInDirection([item('behind', -10, 0), item('beside', 5, 80)], { x: 0, y: 0 }, 'ArrowRight'),
    ).toBeUndefined();
  });

  it('reaches every marker of a scattered city with arrows alone', () => {
    const places = Array.from({ length: 60 }, (_, i) => item(String(i), (i * 7919) % 997, (i * 104_729) % 991));
    const reached = new Set(['0']);
    const open = [places[0]];
    for (let from = open.pop(); from; from = open.pop()) {
      for (const arrow of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
        const next = nextInDirection(places, from, arrow);
        if (next && !reached.has(next.id)) {
          reached.add(next.id);
          open.push(next);
        }
      }
    }
    expect(reached.size).toBe(places.length);
  });
});

describe('the projection', () => {
  it('puts the middle of the map into the middle of the world and Greenwich on its meridian', () => {
    expect([mercatorX(0), mercatorY(0)]).toEqual([0.5, 0.5]);
    expect(mercatorX(180)).toBe(1);
    expect(mercatorY(85.0511287798)).toBeCloseTo(0, 9);
  });

  it('agrees with the tile numbers of OpenStreetMap for Cologne at zoom 12', () => {
    expect([Math.floor(mercatorX(6.9603) * 4096), Math.floor(mercatorY(50.9375) * 4096)]).toEqual([2127, 1372]);
  });

  it('shows what lies beyond the date line beside what lies before it', () => {
    const viewport = { zoom: 8, left: 65_500, top: 0, width: 100, height: 100 };
    const places = [179.97, -179.97].map(
      (lon) => toCanvas(viewport, nearestCopy(mercatorX(lon), middleOf(viewport)), 0)[0],
    );
    expect(places.map(Math.round)).toEqual([31, 41]);
    expect(nearestCopy(0.75, 0.25)).toBe(0.75);
  });

  it('counts longitudes on where that brings places together, and only there', () => {
    expect(besideEachOther([179.97, -179.97, -176.5])).toEqual([179.97, 180.03, 183.5]);
    expect(besideEachOther([-176.5, -176.6])).toEqual([-176.5, -176.6]);
    expect(besideEachOther([-9, 30])).toEqual([-9, 30]);
    expect(besideEachOther([])).toEqual([]);
  });

  it('gives canvas coordinates relative to the corner of the view', () => {
    expect(toCanvas({ zoom: 1, left: 100, top: 50, width: 10, height: 10 }, 0.5, 0.25)).toEqual([156, 78]);
  });
});
