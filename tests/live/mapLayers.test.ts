import { describe, expect, it } from '@jest/globals';
import type { MapChanged, MapState } from '../../server/domain/contract.ts';
import { flagBit } from '../../server/domain/flag.ts';
import type { Reading } from '../../server/domain/reading.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { MapLayers } from '../../server/live/mapLayers.ts';
import { StationList, stationOf } from '../support/stations.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.UTC(2026, 0, 5, 12);
const PM25 = { quantity: 'pm25', average: '1h' } as const;
const LATEST = { quantity: 'pm25', average: 'latest' } as const;
/** So many that bodies are kept for a while. */
const MANY = Array.from({ length: 3_000 }, (_, index) => stationOf(`s${String(index).padStart(9, '0')}`));
const A = 'aaaaaaaaa1';
const B = 'bbbbbbbbb2';

function map(...stations: ReturnType<typeof stationOf>[]) {
  const clock = { now: T0 };
  const list = new StationList(stations);
  const aggregator = new Aggregator({ clock: () => clock.now, sensorModels: () => [] });
  let epochs = 0;
  const layers = new MapLayers({ aggregator, stations: list, newEpoch: () => `epoch-${++epochs}` });
  const fold = (stationId: string, pm25: number, at = clock.now, flags = 0) =>
    aggregator.fold([{ stationId, sensor: 'sds011', measuredAt: at, values: { pm25 }, flags } satisfies Reading]);
  const foldHour = (stationId: string, pm25: number) => {
    for (let at = T0 - HOUR; at < T0; at += 149_000) fold(stationId, pm25, at);
  };
  const tick = () => layers.tick(clock.now);
  return { clock, list, layers, fold, foldHour, tick };
}

const rowOf = (state: MapState, id: string) => {
  const at = state.id.indexOf(id);
  return { value: state.value[at], state: state.state[at], age: state.age[at], coverage: state.coverage[at] };
};

/** Applies changes to a state as a browser does. */
function applied(
  state: MapState,
  changes: readonly MapChanged[],
): Map<string, { value: number | null; state: string }> {
  const rows = new Map(state.id.map((id, at) => [id, { value: state.value[at]!, state: state.state[at]! as string }]));
  for (const changed of changes) {
    if (changed.seq <= state.seq) continue;
    for (const id of changed.removed ?? []) rows.delete(id);
    for (const [at, id] of changed.id.entries()) {
      rows.set(id, { value: changed.value[at]!, state: changed.state[at]! });
    }
  }
  return rows;
}

describe('a map layer', () => {
  it('holds integers in columns, for public stations at their public position', () => {
    const { layers, foldHour } = map(
      stationOf(A),
      stationOf(B, { position: { lat: 51.4, lon: 7 } }),
      stationOf('ccccccccc3', { status: 'hidden' }),
      stationOf('ddddddddd4', { status: 'pending' }),
      stationOf('eeeeeeeee5', { isIndoor: true }),
      stationOf('fffffffff6', { isIndoor: true, isPublishedIndoor: true, position: { lat: 51.5, lon: 7 } }),
    );
    foldHour(A, 12.34);
    const state = layers.state(PM25, T0 + MINUTE);
    expect(state).toEqual({
      epoch: 'epoch-1',
      seq: 0,
      quantity: 'pm25',
      average: '1h',
      unit: 'µg/m³',
      scale: 10,
      at: new Date(T0 + MINUTE).toISOString(),
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

  it('cuts a box', () => {
    const { layers } = map(stationOf(A), stationOf(B, { position: { lat: 48.1, lon: 11.5 } }));
    const box = { west: 11, south: 48, east: 12, north: 49 };
    expect(layers.state(PM25, T0, box).id).toEqual([B]);
  });

  it('marks doubtful values and excluded stations', () => {
    const { layers, fold } = map(stationOf(A), stationOf(B, { status: 'excluded' }));
    fold(A, 999.9, T0, flagBit('saturated', 'pm25'));
    fold(B, 10);
    expect(layers.state({ quantity: 'pm25', average: 'latest' }, T0)).toMatchObject({
      value: [9_999, 100],
      doubtful: [1, 1],
    });
  });

  it('shows noise only of stations whose host opted in', () => {
    const { layers } = map(stationOf(A), stationOf(B, { isNoisePublic: true }));
    expect(layers.state({ quantity: 'noise', average: '1h' }, T0).id).toEqual([B]);
  });
});

describe('the changes of a layer', () => {
  it('are numbered, and only what changed', () => {
    const { layers, clock, fold, tick } = map(stationOf(A), stationOf(B));
    layers.keep(PM25, T0);
    expect(tick()).toEqual([]);
    fold(A, 10);
    clock.now = T0 + 5 * MINUTE;
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
    const { layers, clock, foldHour, tick } = map(stationOf(A));
    foldHour(A, 10);
    layers.keep(PM25, T0);
    // Kept by somebody who watches: an idle layer is let go.
    clock.now = T0 + 11 * MINUTE;
    layers.keep(PM25, clock.now);
    expect(tick()[0]).toMatchObject({ id: [A], state: ['stale'], value: [100] });
    clock.now = T0 + 70 * MINUTE;
    layers.keep(PM25, clock.now);
    expect(tick()[0]).toMatchObject({ id: [A], state: ['none'], value: [null], lastSeen: [expect.any(Number)] });
  });

  it('add up to the present state', () => {
    const { layers, clock, fold, tick } = map(stationOf(A), stationOf(B));
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
    const { layers, list, clock, tick } = map(stationOf(A));
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
    const { layers, list, fold, tick } = map(stationOf(A));
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
    const { layers, clock, fold } = map(...ids.map((id) => stationOf(id)));
    for (const id of ids) fold(id, 10);
    layers.keep(PM25, T0);
    clock.now = T0 + 20 * MINUTE;
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
    const { layers, clock, fold, tick } = map(stationOf(A));
    const { epoch, seq } = layers.state(PM25, T0);
    const missed: MapChanged[] = [];
    for (let step = 1; step <= 5; step++) {
      clock.now = T0 + step * MINUTE;
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
    const { layers } = map(stationOf(A));
    expect(layers.resume(PM25, cursor, T0)).toEqual({
      kind: 'snapshot',
      cursor: { epoch: 'epoch-1', seq: 0 },
      changes: [],
    });
  });

  it('starts a client over that was away longer than ticks are kept', () => {
    const { layers, clock, fold, tick } = map(stationOf(A));
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
    const { layers, clock, fold, tick } = map(...MANY);
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
    const { layers, clock, tick } = map(stationOf(A));
    const other = { quantity: 'pm10', average: '24h' } as const;
    const [home, before] = [layers.state(PM25, T0), layers.state(other, T0)];
    clock.now = T0 + 11 * MINUTE;
    tick();
    expect(layers.resume(PM25, home, clock.now).kind).toBe('resumed');
    expect(layers.resume(other, before, clock.now)).toMatchObject({
      kind: 'snapshot',
      cursor: { epoch: 'epoch-3' },
    });
  });
});

describe('the body of a layer', () => {
  it('of many stations is made now and then, and not again while nothing changes', async () => {
    const { layers, clock, fold, tick } = map(...MANY);
    const body = async () => (await layers.body(LATEST, 'br', clock.now)).bytes;
    const first = await body();
    fold(MANY[0]!.id, 10);
    clock.now += 150;
    tick();
    expect(await body()).toBe(first);
    // Who asks now still gets it; the next one is made meanwhile.
    clock.now += 100;
    expect(await body()).toBe(first);
    while ((await body()) === first) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await body();
    clock.now += 6 * MINUTE;
    expect(await body()).toBe(second);
  });

  it('of many stations is made at once after a pause', async () => {
    const { layers, clock, fold, tick } = map(...MANY);
    const seq = async () => JSON.parse((await layers.body(LATEST, 'identity', clock.now)).bytes.toString()).seq;
    expect(await seq()).toBe(0);
    fold(MANY[0]!.id, 10);
    clock.now += 5_000;
    tick();
    expect(await seq()).toBe(1);
  });

  it('of few stations holds every reading at once, before the change is told', async () => {
    const { layers, clock, fold, tick } = map(stationOf(A));
    const body = async () =>
      JSON.parse((await layers.body(LATEST, 'identity', clock.now)).bytes.toString()) as MapState;
    const { etag } = await layers.body(LATEST, 'identity', clock.now);
    fold(A, 10);
    const state = await body();
    expect(state).toMatchObject({ seq: 0, value: [100] });
    expect(layers.etag(LATEST, clock.now)).not.toBe(etag);
    expect(applied(state, tick())).toEqual(applied(await body(), []));
  });

  it('no longer holds a hidden station, however fresh it is', async () => {
    const { layers, list, clock } = map(stationOf(A), stationOf(B));
    const text = async () => (await layers.body(PM25, 'identity', clock.now)).bytes.toString();
    const etag = layers.etag(PM25, clock.now);
    expect(await text()).toContain(B);
    list.put(stationOf(B, { status: 'hidden' }));
    layers.stationChanged(B, clock.now);
    expect(await text()).not.toContain(B);
    expect(layers.etag(PM25, clock.now)).not.toBe(etag);
  });

  it('gives a row its age at the time it was made', async () => {
    const { layers, fold } = map(stationOf(A));
    fold(A, 10, T0 - 42_000);
    expect(rowOf(layers.state(PM25, T0), A)).toMatchObject({ age: 45 });
  });
});
