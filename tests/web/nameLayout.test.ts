import { describe, expect, it } from '@jest/globals';
import { type Box, placeName } from '../../web/map/nameLayout.ts';

const box = (x: number, y: number, half: number): Box => ({
  left: x - half,
  right: x + half,
  top: y - half,
  bottom: y + half,
});
const isHit = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const everywhere = () => true;

describe('the name of a district', () => {
  it('stands in its middle when nothing is there', () => {
    expect(placeName({ width: 80, at: [200, 100], isInside: everywhere }, [])).toEqual([200, 100]);
  });

  it('moves beside markers as little as it must, and covers none', () => {
    const markers = [box(200, 100, 20), box(170, 112, 20)];
    const taken = [...markers];
    const [x, y] = placeName({ width: 80, at: [200, 100], isInside: everywhere }, taken) ?? [0, 0];
    expect([x, y]).toEqual([200, 142]);
    const own = taken.at(-1)!;
    expect(markers.filter((marker) => isHit(own, marker))).toEqual([]);
  });

  it('stays within its district, and away from names that stand already', () => {
    const taken = [box(200, 100, 20)];
    const isInside = (_x: number, y: number) => y > 100;
    expect(placeName({ width: 80, at: [200, 100], isInside }, taken)?.[1]).toBeGreaterThan(100);
    const next = placeName({ width: 80, at: [200, 100], isInside }, taken);
    expect(next?.[1]).toBeGreaterThan(100);
    expect(isHit(taken[1]!, taken[2]!)).toBe(false);
  });

  it('is left away where all is full', () => {
    const taken = Array.from({ length: 40 * 30 }, (_, i) => box((i % 40) * 12, Math.floor(i / 40) * 12, 10));
    expect(placeName({ width: 80, at: [200, 100], isInside: everywhere }, taken)).toBeUndefined();
  });
});
