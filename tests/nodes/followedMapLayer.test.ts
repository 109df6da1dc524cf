import { describe, expect, it } from '@jest/globals';
import type { MapChanged, MapState } from '../../server/domain/contract.ts';
import { FollowedMapLayer } from '../../server/nodes/followedMapLayer.ts';

const AT = '2026-11-26T12:00:00.000Z';
const LAYER = { quantity: 'pm25', average: '1h' } as const;

function state(seq: number, values: Record<string, number>, epoch = 'first'): MapState {
  const id = Object.keys(values);
  const all = <T>(value: T) => id.map(() => value);
  return {
    ...{ epoch, seq, ...LAYER, unit: 'µg/m³', scale: 10, at: AT, id, name: id, value: Object.values(values) },
    ...{ lat: all(514_500), lon: all(70_100), indoor: all(0 as const), kind: all('citizen' as const) },
    ...{ coverage: all(100), count: all(24), state: all('ok' as const), age: all(60), doubtful: all(0 as const) },
  };
}

function tick(seq: number, values: Record<string, number>, more: Partial<MapChanged> = {}): MapChanged {
  const id = Object.keys(values);
  const all = <T>(value: T) => id.map(() => value);
  return {
    ...{ epoch: 'first', seq, ...LAYER, at: AT, id, value: Object.values(values), coverage: all(100), count: all(24) },
    ...{ state: all('ok' as const), lastSeen: all(1_795_694_400), doubtful: all(0 as const), ...more },
  };
}

function valuesOf(layer: FollowedMapLayer): Record<string, number | null> {
  const { id, value } = layer.state(Date.parse(AT));
  return Object.fromEntries(id.map((one, at) => [one, value[at] ?? null]));
}

describe('a layer followed from the aggregator', () => {
  it('goes on from its state by ticks, under the same epoch and numbers', () => {
    const layer = new FollowedMapLayer(LAYER);
    expect(layer.load(state(7, { a: 10, b: 20 }))).toBeUndefined();
    expect(layer.apply(tick(7, { a: 11 }))).toBe('old');
    expect(layer.apply(tick(8, { a: 12 }))).toBe('next');
    expect(valuesOf(layer)).toEqual({ a: 12, b: 20 });
    expect(layer.cursor).toEqual({ epoch: 'first', seq: 8 });
    expect(layer.since({ epoch: 'first', seq: 7 })).toEqual([tick(8, { a: 12 })]);
    expect(layer.since({ epoch: 'first', seq: 6 })).toBeUndefined();
    expect(layer.since({ epoch: 'first', seq: 9 })).toBeUndefined();
    expect(layer.since({ epoch: 'other', seq: 8 })).toBeUndefined();
  });

  it('notices a tick that is missing, and another epoch', () => {
    const layer = new FollowedMapLayer(LAYER);
    layer.load(state(7, { a: 10 }));
    expect(layer.apply(tick(9, { a: 12 }))).toBe('gap');
    expect(layer.apply(tick(8, { a: 12 }, { epoch: 'other' }))).toBe('gap');
    expect(valuesOf(layer)).toEqual({ a: 10 });
  });

  it('tells those who follow what a newer state changed, or that there is another epoch', () => {
    const layer = new FollowedMapLayer(LAYER);
    layer.load(state(7, { a: 10, b: 20 }));
    const told = layer.load(state(12, { a: 13, c: 30 }));
    expect(told).toMatchObject({ epoch: 'first', seq: 12, id: ['a', 'c'], value: [13, 30], removed: ['b'] });
    expect(told?.added?.id).toEqual(['c']);
    expect(layer.load(state(12, { a: 13, c: 30 }))).toBeUndefined();
    expect(layer.load(state(1, { a: 14 }, 'second'))).toMatchObject({ epoch: 'second', seq: 1, id: [] });
  });

  it('shows a station that was moved or renamed where it is and as it is called now', () => {
    const layer = new FollowedMapLayer(LAYER);
    layer.load(state(7, { a: 10, b: 20 }));
    const places = { id: ['a'], name: ['new'], lat: [1], lon: [2], indoor: [1 as const], kind: ['citizen' as const] };
    layer.apply(tick(8, { a: 30 }, { added: places }));
    const { id, name, lat, lon, indoor, value } = layer.state(Date.parse(AT));
    expect({ id, name, lat, lon, indoor, value }).toEqual({
      ...{ id: ['a', 'b'], name: ['new', 'b'], lat: [1, 514_500], lon: [2, 70_100] },
      ...{ indoor: [1, 0], value: [30, 20] },
    });
  });

  it('keeps as much of the past as the aggregator does, in ticks and in rows', () => {
    const layer = new FollowedMapLayer(LAYER);
    layer.load(state(0, { a: 10 }));
    for (let seq = 1; seq <= 300; seq++) layer.apply(tick(seq, { a: seq }));
    expect(layer.since({ epoch: 'first', seq: 60 })).toHaveLength(240);
    expect(layer.since({ epoch: 'first', seq: 59 })).toBeUndefined();
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`s${at}`, at]));
    layer.apply(tick(301, many));
    layer.apply(tick(302, many));
    expect(layer.since({ epoch: 'first', seq: 301 })).toHaveLength(1);
    expect(layer.since({ epoch: 'first', seq: 300 })).toBeUndefined();
  });

  it('puts in and takes off what a tick says, and hides a station at once', () => {
    const layer = new FollowedMapLayer(LAYER);
    layer.load(state(7, { a: 10, b: 20 }));
    const places = { id: ['c'], name: ['c'], lat: [1], lon: [2], indoor: [0 as const], kind: ['citizen' as const] };
    layer.apply(tick(8, { c: 30 }, { added: places, removed: ['b'] }));
    expect(valuesOf(layer)).toEqual({ a: 10, c: 30 });
    const { placesRevision } = layer;
    layer.hide('a');
    expect(valuesOf(layer)).toEqual({ c: 30 });
    expect(layer.placesRevision).toBeGreaterThan(placesRevision);
  });
});
