import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { MapState } from '../../server/domain/contract.ts';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import { stationOf } from '../support/stations.ts';
import { A, applied, B, LATEST, layersOf, MANY, PM25, rowOf, T0 } from './mapLayersHouse.ts';

describe('the body of a layer', () => {
  it('of many stations is made now and then, and not again while nothing changes', async () => {
    const { layers, clock, fold, tick } = layersOf(...MANY);
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
    clock.now += 6 * MINUTE_MS;
    expect(await body()).toBe(second);
  });

  it('of many stations is made at once after a pause', async () => {
    const { layers, clock, fold, tick } = layersOf(...MANY);
    const seq = async () => JSON.parse((await layers.body(LATEST, 'identity', clock.now)).bytes.toString()).seq;
    expect(await seq()).toBe(0);
    fold(MANY[0]!.id, 10);
    clock.now += 5_000;
    tick();
    expect(await seq()).toBe(1);
  });

  it('of few stations holds every reading at once, before the change is told', async () => {
    const { layers, clock, fold, tick } = layersOf(stationOf(A));
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
    const { layers, list, clock } = layersOf(stationOf(A), stationOf(B));
    const text = async () => (await layers.body(PM25, 'identity', clock.now)).bytes.toString();
    const etag = layers.etag(PM25, clock.now);
    expect(await text()).toContain(B);
    list.put(stationOf(B, { status: 'hidden' }));
    layers.stationChanged(B, clock.now);
    expect(await text()).not.toContain(B);
    expect(layers.etag(PM25, clock.now)).not.toBe(etag);
  });

  it('says in every encoding what the layer says, also when values change between stations that come and go', async () => {
    const { layers, list, clock, fold, tick } = layersOf(...MANY);
    const put = (station: ReturnType<typeof stationOf>) => {
      list.put(station);
      layers.stationChanged(station.id, clock.now);
    };
    const saysTheSame = async () => {
      const state = layers.state(PM25, clock.now);
      const [br, gzip, identity] = await Promise.all(
        (['br', 'gzip', 'identity'] as const).map((encoding) => layers.body(PM25, encoding, clock.now)),
      );
      const texts = [brotliDecompressSync(br!.bytes), gunzipSync(gzip!.bytes), identity!.bytes];
      for (const text of texts) expect(JSON.parse(text.toString())).toEqual(state);
    };
    await saysTheSame();
    for (const change of [
      () => fold(MANY[0]!.id, 10),
      () => put({ ...MANY[1]!, name: 'Umbenannt ☀' }),
      () => fold(MANY[2]!.id, 20),
      () => put({ ...MANY[3]!, status: 'hidden' }),
      () => put(stationOf(A)),
      () => fold(A, 30),
    ]) {
      change();
      clock.now += 5_000;
      tick();
      await saysTheSame();
    }
  });

  it('gives a row its age at the time it was made', async () => {
    const { layers, fold } = layersOf(stationOf(A));
    fold(A, 10, T0 - 42_000);
    expect(rowOf(layers.state(PM25, T0), A)).toMatchObject({ age: 45 });
  });
});
