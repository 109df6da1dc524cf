import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import { authorizationFor, dialectOf } from '../../../server/store/influx/influxDialect.ts';
import { InfluxReadingStore } from '../../../server/store/influx/influxReadingStore.ts';
import { type Influxd, startInfluxd } from '../../support/influxd.ts';
import { type InfluxStub, startInflux2Stub, startInflux3Stub } from '../../support/influxStub.ts';
import { collect, message, STATION, T0 } from '../storeMessages.ts';

const TOKEN = 'a-token-of-2x==';
const EVERYTHING = { from: 0, to: T0 + HOUR_MS };

describe('the dialect', () => {
  it.each([
    ['1.6.7~rc0', 1, true],
    ['1.8.10', 1, true],
    ['v2.7.12', 2, true],
    ['2.0.9', 2, true],
    ['3.1.0', 3, false],
  ])('of InfluxDB %s is generation %i', (version, generation, canDelete) => {
    expect(dialectOf(version, {})).toMatchObject({ generation, canDelete });
  });

  it.each(['0.13.0', '4.0.0', 'unknown'])('of InfluxDB %s is refused', (version) => {
    expect(() => dialectOf(version, {})).toThrow(/not supported/);
  });

  it('signs in by Basic on 1.x, also with a token of the form user:password', () => {
    const basic = `Basic ${Buffer.from('u:p:w').toString('base64')}`;
    expect(authorizationFor(1, { username: 'u', password: 'p:w' })).toBe(basic);
    expect(authorizationFor(1, { token: 'u:p:w' })).toBe(basic);
  });

  it('signs in by token on 2.x and 3, and not at all with nothing', () => {
    expect(authorizationFor(2, { token: 't' })).toBe('Token t');
    expect(authorizationFor(3, { token: 't', username: 'u' })).toBe('Token t');
    expect(authorizationFor(2, {})).toBeUndefined();
  });
});

describe('other generations of InfluxDB', () => {
  let engine: Influxd;
  let stub: InfluxStub | undefined;
  beforeAll(async () => {
    engine = await startInfluxd();
  });
  afterEach(async () => {
    await stub?.close();
    stub = undefined;
  });
  afterAll(() => engine.destroy());

  it('stub of 2.x: makes the bucket, stores, answers and deletes with a token', async () => {
    stub = await startInflux2Stub(engine, { token: TOKEN, org: 'town' });
    const store = new InfluxReadingStore({ url: stub.url, token: TOKEN, org: 'town', bucket: 'air' });
    await store.open();
    await store.append([
      message(T0, { values: { pm25: 7.5 }, health: { signal: -60 } }),
      message(T0 + 1, { values: { pm25: 8 } }),
    ]);
    expect(await store.append([message(T0, { values: { pm25: 7.5 } })])).toMatchObject([{ result: 'duplicate' }]);
    await store.remove({ stationId: STATION, from: T0 + 1 });
    expect((await collect(store.scan(EVERYTHING))).map((reading) => reading.values)).toEqual([{ pm25: 7.5 }]);
    expect(
      stub.requests
        .filter(({ path }) => path !== '/ping')
        .every(({ authorization }) => authorization === `Token ${TOKEN}`),
    ).toBe(true);
    expect(stub.requests.some(({ path }) => path === '/write?db=air&precision=ms')).toBe(true);
    await store.close();
  });

  it('stub of 2.x: names database and retention policy of a bucket with a slash', async () => {
    stub = await startInflux2Stub(engine, { token: TOKEN, org: 'town' });
    const store = new InfluxReadingStore({ url: stub.url, token: TOKEN, org: 'town', bucket: 'air/raw' });
    await expect(store.open()).rejects.toThrow(/not found/);
    expect(stub.requests.at(-1)?.body).toMatch(/^db=air&rp=raw&/);
  });

  it('stub of 2.x: says that the bucket is missing and how to have it made', async () => {
    stub = await startInflux2Stub(engine, { token: TOKEN, org: 'town' });
    const store = new InfluxReadingStore({ url: stub.url, token: TOKEN, bucket: 'missing' });
    await expect(store.open()).rejects.toThrow(/no bucket "missing".*INFLUX_ORG/);
  });

  it('stub of 2.x: says that the token is refused', async () => {
    stub = await startInflux2Stub(engine, { token: TOKEN, org: 'town' });
    const store = new InfluxReadingStore({ url: stub.url, token: 'another', bucket: 'air' });
    await expect(store.open()).rejects.toThrow(/unauthorized.*check user, password or token/);
  });

  it('stub of 3 Core: is refused, since it cannot delete', async () => {
    stub = await startInflux3Stub(engine, { token: TOKEN });
    const store = new InfluxReadingStore({ url: stub.url, token: TOKEN, bucket: 'air' });
    await expect(store.open()).rejects.toThrow(/3\.1\.0.*cannot delete/);
  });

  it('stub of 3 Core: never asks for more than the last 72 hours', async () => {
    await engine.query('CREATE DATABASE recent');
    stub = await startInflux3Stub(engine, { token: TOKEN });
    const now = T0 + 100 * HOUR_MS;
    const connection = { url: stub.url, token: TOKEN, bucket: 'recent', needsDeletion: false, clock: () => now };
    const store = new InfluxReadingStore(connection);
    await store.open();
    await store.append([message(T0, { values: { pm25: 1 } }), message(now - HOUR_MS, { values: { pm25: 2 } })]);
    expect((await collect(store.scan({ from: 0, to: now }))).map((reading) => reading.values.pm25)).toEqual([2]);
    expect(await store.seriesOf(STATION)).toMatchObject([{ first: now - HOUR_MS }]);
    await expect(store.remove({ stationId: STATION })).rejects.toThrow(/cannot delete/);
    const queries = stub.requests.map(({ body }) => new URLSearchParams(body).get('q') ?? '');
    const windows = queries.flatMap((q) => [...q.matchAll(/time >= (-?\d+)ms AND time < (\d+)ms/g)]);
    const wide = windows
      .map(([, from, to]) => [Number(from), Number(to)] as const)
      .filter(([from, to]) => to - from > HOUR_MS);
    expect(Math.min(...wide.map(([from]) => from))).toBe(now - 72 * HOUR_MS);
    expect(queries.filter((q) => q.startsWith('SELECT') && !q.includes('time >='))).toEqual([]);
  });
});
