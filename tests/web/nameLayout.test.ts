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
const seen: Box = { left: 0, right: 390, top: 0, bottom: 500 };

describe('the name of a district', () => {
  it('stands in its middle when nothing is there', () => {
    expect(placeName({ width: 80, at: [200, 100], isInside: everywhere, seen }, [])).toEqual([200, 100]);
  });

  it('moves beside markers as little as it must, and covers none', () => {
    const markers = [box(200, 100, 20), box(170, 112, 20)];
    const taken = [...markers];
    const [x, y] = placeName({ width: 80, at: [200, 100], isInside: everywhere, seen }, taken) ?? [0, 0];
    expect([x, y]).toEqual([200, 142]);
    const own = taken.at(-1)!;
    expect(markers.filter((marker) => isHit(own, marker))).toEqual([]);
  });

  it('stays within its district, and away from names that stand already', () => {
    const taken = [box(200, 100, 20)];
    const isInside = (_x: number, y: number) => y > 100;
    expect(placeName({ width: 80, at: [200, 100], isInside, seen }, taken)?.[1]).toBeGreaterThan(100);
    const next = placeName({ width: 80, at: [200, 100], isInside, seen }, taken);
    expect(next?.[1]).toBeGreaterThan(100);
    expect(isHit(taken[1]!, taken[2]!)).toBe(false);
  });

  it('is left away where all is full', () => {
    const taken = Array.from({ length: 40 * 30 }, (_, i) => box((i % 40) * 12, Math.floor(i / 40) * 12, 10));
    expect(placeName({ width: 80, at: [200, 100], isInside: everywhere, seen }, taken)).toBeUndefined();
  });

  it('moves away from the edge that would cut it, as far as its district reaches', () => {
    const taken: Box[] = [];
    const isInside = (x: number) => x > 267;
    expect(placeName({ width: 164, at: [345, 100], isInside, seen }, taken)).toEqual([304, 100]);
    expect(taken[0]!.right).toBe(seen.right);
    expect(placeName({ width: 164, at: [345, 100], isInside: (x) => x > 310, seen }, [])).toBeUndefined();
  });

  it('stays where it is beyond the edge, for whoever drags the map', () => {
    expect(placeName({ width: 80, at: [440, 100], isInside: everywhere, seen }, [])).toEqual([440, 100]);
  });

  it('stands beyond the edge altogether rather than half in sight', () => {
    const [x] = placeName({ width: 80, at: [420, 100], isInside: everywhere, seen }, []) ?? [0];
    expect(x - 40).toBeGreaterThanOrEqual(seen.right);
  });
});
