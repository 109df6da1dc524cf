import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../server/domain/assessment/flag.ts';
import type { MapChanged, MapState } from '../../server/domain/contract.ts';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import { stationOf } from '../support/stations.ts';
import { A, applied, B, LATEST, layersOf, MANY, PM25, T0 } from './mapLayersHouse.ts';

describe('a map layer', () => {
  it('holds integers in columns, for public stations at their public position', () => {
    const { layers, foldHour } = layersOf(
      stationOf(A),
      stationOf(B, { position: { lat: 51.4, lon: 7 } }),
      stationOf('ccccccccc3', { status: 'hidden' }),
      stationOf('ddddddddd4', { status: 'pending' }),
      stationOf('eeeeeeeee5', { isIndoor: true }),
      stationOf('fffffffff6', { isIndoor: true, isPublishedIndoor: true, position: { lat: 51.5, lon: 7 } }),
    );
    foldHour(A, 12.34);
    const state = layers.state(PM25, T0 + MINUTE_MS);
    expect(state).toEqual({
      epoch: 'epoch-1',
      seq: 0,
      quantity: 'pm25',
      average: '1h',
      unit: 'µg/m³',
      scale: 10,
      at: new Date(T0 + MINUTE_MS).toISOString(),
      id: [B, A, 'fffffffff6'],
      name: [`Station ${B}`, `Station ${A}`, 'Station fffffffff6'],
      lat: [514_000, 514_570, 515_000],
      lon: [70_000, 70_128, 70_000],
      value: [null, 123, null],
      coverage: [0, 100, 0],
      count: [0, 25, 0],
      state: ['none', 'ok', 'none'],
      age: [null, 85, null],
      doubtful: [0, 0, 0],
      indoor: [0, 0, 1],
      kind: ['citizen', 'citizen', 'citizen'],
    });
  });

  it('rounds values to the nearest, coverage and the time last seen down', () => {
    const { layers, fold } = layersOf(stationOf(A));
    for (let at = T0 - 30 * MINUTE_MS + 1_999; at < T0; at += 149_000) fold(A, 12.36, at);
    const { value, count, coverage, age } = layers.state(PM25, T0);
    // 13 of 24 readings of an hour: 54.2 %. The last is 10 s and 1 ms old; ages go in steps of 5 s.
    expect({ value, count, coverage, age }).toEqual({ value: [124], count: [13], coverage: [54], age: [15] });
  });

  it('cuts a box', () => {
    const { layers } = layersOf(stationOf(A), stationOf(B, { position: { lat: 48.1, lon: 11.5 } }));
    const box = { west: 11, south: 48, east: 12, north: 49 };
    expect(layers.state(PM25, T0, box).id).toEqual([B]);
  });

  it('marks doubtful values and excluded stations', () => {
    const { layers, fold } = layersOf(stationOf(A), stationOf(B, { status: 'excluded' }));
    fold(A, 999.9, T0, flagBit('saturated', 'pm25'));
    fold(B, 10);
    expect(layers.state({ quantity: 'pm25', average: 'latest' }, T0)).toMatchObject({
      value: [9_999, 100],
      doubtful: [1, 1],
    });
  });

  it('shows noise only of stations whose host opted in', () => {
    const { layers } = layersOf(stationOf(A), stationOf(B, { isNoisePublic: true }));
    expect(layers.state({ quantity: 'noise', average: '1h' }, T0).id).toEqual([B]);
  });
});

describe('the changes of a layer', () => {
  it('are numbered, and only what changed', () => {
    const { layers, clock, fold, tick } = layersOf(stationOf(A), stationOf(B));
    layers.keep(PM25, T0);
    expect(tick()).toEqual([]);
    fold(A, 10);
    clock.now = T0 + 5 * MINUTE_MS;
    expect(tick()).toEqual([
      {
        epoch: 'epoch-1',
        seq: 1,
        quantity: 'pm25',
        average: '1h',
        at: new Date(clock.now).toISOString(),
        id: [A],
        value: [100],
        coverage: [4],
        count: [1],
        state: ['sparse'],
        lastSeen: [T0 / 1000],
        doubtful: [0],
      },
    ]);
    expect(tick()).toEqual([]);
  });

  it('come by the clock alone: stale, then nothing', () => {
    const { layers, clock, foldHour, tick } = layersOf(stationOf(A));
    foldHour(A, 10);
    layers.keep(PM25, T0);
    // Kept by somebody who watches: an idle layer is let go.
    clock.now = T0 + 11 * MINUTE_MS;
    layers.keep(PM25, clock.now);
    expect(tick()[0]).toMatchObject({ id: [A], state: ['stale'], value: [100] });
    clock.now = T0 + 70 * MINUTE_MS;
    layers.keep(PM25, clock.now);
    expect(tick()[0]).toMatchObject({ id: [A], state: ['none'], value: [null], lastSeen: [expect.any(Number)] });
  });

  it('add up to the present state', () => {
    const { layers, clock, fold, tick } = layersOf(stationOf(A), stationOf(B));
    const start = layers.state(PM25, T0);
    const changes: MapChanged[] = [];
    for (let step = 0; step < 400; step++) {
      clock.now += 20_000;
      layers.keep(PM25, clock.now);
      if (step % 7 < 5) fold(step % 3 === 0 ? A : B, (step * 37) % 90);
      changes.push(...tick());
    }
    const now = layers.state(PM25, clock.now);
    expect(applied(start, changes)).toEqual(applied(now, []));
    expect(changes.map((changed) => changed.seq)).toEqual(changes.map((_, index) => index + 1));
  });

  it('bring new stations with their place, and take away hidden ones', () => {
    const { layers, list, clock, tick } = layersOf(stationOf(A));
    layers.keep(PM25, T0);
    list.put(stationOf(B, { name: 'Hof' }));
    layers.stationChanged(B, T0);
    expect(tick()[0]).toMatchObject({
      id: [B],
      value: [null],
      added: { id: [B], name: ['Hof'], lat: [514_570], lon: [70_128], indoor: [0], kind: ['citizen'] },
    });
    list.put(stationOf(B, { status: 'hidden' }));
    layers.stationChanged(B, T0);
    expect(layers.state(PM25, clock.now).id).toEqual([A]);
    expect(tick()[0]).toMatchObject({ id: [], removed: [B] });
    list.byId.delete(A);
    layers.stationChanged(A, T0);
    expect(tick()[0]).toMatchObject({ removed: [A] });
  });

  it('tell of a station that moved, was renamed or was excluded', () => {
    const { layers, list, fold, tick } = layersOf(stationOf(A));
    fold(A, 10);
    layers.keep(PM25, T0);
    list.put(stationOf(A, { name: 'Balkon' }));
    layers.stationChanged(A, T0);
    expect(tick()[0]).toMatchObject({ id: [A], added: { id: [A], name: ['Balkon'] } });
    list.put(stationOf(A, { name: 'Balkon', status: 'excluded' }));
    layers.stationChanged(A, T0);
    expect(tick()[0]).toMatchObject({ id: [A], doubtful: [1] });
  });

  it('reach rows of a large map that no reading touches within half a minute of ticks', () => {
    const ids = Array.from({ length: 15_000 }, (_, index) => `s${String(index).padStart(9, '0')}`);
    const { layers, clock, fold } = layersOf(...ids.map((id) => stationOf(id)));
    for (const id of ids) fold(id, 10);
    layers.keep(PM25, T0);
    clock.now = T0 + 20 * MINUTE_MS;
    layers.keep(PM25, clock.now);
    const told = new Set<string>();
    let most = 0;
    for (let ticks = 0; ticks < 60; ticks++) {
      for (const { id } of layers.tick(clock.now + ticks * 500)) {
        most = Math.max(most, id.length);
        for (const one of id) told.add(one);
      }
    }
    expect(told.size).toBe(15_000);
    // The first tick also brings what the readings touched; at most everything once.
    expect(most).toBeLessThanOrEqual(15_000);
  });
});

describe('resuming', () => {
  it('gives exactly the missed changes to a client that knows where it was', () => {
    const { layers, clock, fold, tick } = layersOf(stationOf(A));
    const { epoch, seq } = layers.state(PM25, T0);
    const missed: MapChanged[] = [];
    for (let step = 1; step <= 5; step++) {
      clock.now = T0 + step * MINUTE_MS;
      fold(A, step);
      missed.push(...tick());
    }
    expect(missed.length).toBe(5);
    expect(layers.resume(PM25, { epoch, seq }, clock.now)).toEqual({ kind: 'resumed', changes: missed });
    expect(layers.resume(PM25, { epoch, seq: 3 }, clock.now)).toEqual({ kind: 'resumed', changes: missed.slice(3) });
    expect(layers.resume(PM25, { epoch, seq: 5 }, clock.now)).toEqual({ kind: 'resumed', changes: [] });
  });

  it.each([
    ['of another epoch', { epoch: 'from before the restart', seq: 0 }],
    ['from the future', { epoch: 'epoch-1', seq: 99 }],
  ])('starts a client over whose cursor is %s', (_text, cursor) => {
    const { layers } = layersOf(stationOf(A));
    expect(layers.resume(PM25, cursor, T0)).toEqual({
      kind: 'snapshot',
      cursor: { epoch: 'epoch-1', seq: 0 },
      changes: [],
    });
  });

  it('starts a client over that was away longer than ticks are kept', () => {
    const { layers, clock, fold, tick } = layersOf(stationOf(A));
    const { epoch, seq } = layers.state(PM25, T0);
    for (let step = 1; step <= 300; step++) {
      clock.now = T0 + step * 1000;
      fold(A, step);
      tick();
    }
    expect(layers.resume(PM25, { epoch, seq }, clock.now).kind).toBe('snapshot');
    expect(layers.resume(PM25, { epoch, seq: 60 }, clock.now).kind).toBe('resumed');
  });

  it('leaves no gap between a body made a moment ago and the changes that follow', async () => {
    const { layers, clock, fold, tick } = layersOf(...MANY);
    layers.keep(LATEST, clock.now);
    for (let step = 1; step <= 3; step++) {
      clock.now += 50;
      fold(MANY[0]!.id, step);
      tick();
      if (step === 1) await layers.body(LATEST, 'identity', clock.now);
    }
    const resumption = layers.resume(LATEST, undefined, clock.now);
    const fetched = JSON.parse((await layers.body(LATEST, 'identity', clock.now)).bytes.toString()) as MapState;
    expect(resumption).toMatchObject({ kind: 'snapshot', cursor: { seq: 1 }, changes: [{ seq: 2 }, { seq: 3 }] });
    expect(fetched.seq).toBe(1);
    expect(applied(fetched, resumption.changes)).toEqual(applied(layers.state(LATEST, clock.now), []));
  });

  it('gives a layer nobody used for ten minutes a new epoch, but for the one the map shows first', () => {
    const { layers, clock, tick } = layersOf(stationOf(A));
    const other = { quantity: 'pm10', average: '24h' } as const;
    const [home, before] = [layers.state(PM25, T0), layers.state(other, T0)];
    clock.now = T0 + 11 * MINUTE_MS;
    tick();
    expect(layers.resume(PM25, home, clock.now).kind).toBe('resumed');
    expect(layers.resume(other, before, clock.now)).toMatchObject({
      kind: 'snapshot',
      cursor: { epoch: 'epoch-3' },
    });
  });
});
