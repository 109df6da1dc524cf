import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { createMapRouter, mapPaths, mapStateSchema } from '../../server/api/map.ts';
import type { MapState } from '../../server/domain/contract.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { MapLayers } from '../../server/live/mapLayers.ts';
import { PastHours } from '../../server/live/pastHours.ts';
import type { UncertainRow } from '../../server/rollups/rollups.ts';
import { StationList, stationOf } from '../support/stations.ts';
import { startTestServer } from '../support/testServer.ts';

const T0 = Date.UTC(2026, 0, 5, 12);
const A = 'aaaaaaaaa1';
const B = 'bbbbbbbbb2';

async function mapServer() {
  const clock = { now: T0 };
  const list = new StationList([stationOf(A), stationOf(B, { position: { lat: 48.1, lon: 11.5 } })]);
  const aggregator = new Aggregator({ clock: () => clock.now, sensorModels: () => [] });
  const mapLayers = new MapLayers({ aggregator, stations: list, newEpoch: randomUUID });
  const hour = (stationId: string, mean: number | null, shares = {}) =>
    ({
      stationId,
      mean,
      count: mean === null ? 0 : 24,
      coverage: mean === null ? 0 : 0.996,
      flags: [],
      shares,
    }) as unknown as UncertainRow;
  const asked: object[] = [];
  const rows = async (query: { from: number }) => {
    asked.push(query);
    if (query.from === T0 - 3 * HOUR_MS)
      return [hour(A, 8.25, { 'pm25-above-pm10': 1 }), hour(B, 9, { 'pm25-above-pm10': 0.2, humid: 1 })];
    return query.from === T0 - 2 * HOUR_MS ? [hour(A, 8.25), hour(B, null)] : [];
  };
  const pastHours = new PastHours({ rollups: { rows }, stations: () => list.stations(), dayOffsetMs: HOUR_MS });
  const router = createMapRouter({ mapLayers, pastHours, clock: () => clock.now });
  const server = await startTestServer({ routers: [{ path: '/api/v1', router, paths: mapPaths }] });
  for (let at = T0 - 3_600_000; at < T0; at += 149_000) {
    aggregator.fold([{ stationId: A, sensor: 'sds011', measuredAt: at, values: { pm25: 12.3, pm10: 20 }, flags: 0 }]);
  }
  return {
    ...server,
    clock,
    list,
    mapLayers,
    asked,
    get: (query: string) => server.send('GET', `/api/v1/map${query}`),
  };
}

/** The bytes as sent: `fetch` would decompress them unseen. */
function rawGet(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; encoding: string; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const encoding = String(response.headers['content-encoding']);
        resolve({ status: response.statusCode ?? 0, encoding, bytes: Buffer.concat(parts) });
      });
    })
      .on('error', reject)
      .end();
  });
}

describe('GET /map', () => {
  it('gives the hourly PM2.5 of all stations when nothing is asked', async () => {
    const { get } = await mapServer();
    const { status, headers, body } = await get('');
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(body).toMatchObject({
      quantity: 'pm25',
      average: '1h',
      id: [B, A],
      value: [null, 123],
      state: ['none', 'ok'],
      lat: [481_000, 514_570],
    });
    expect(mapStateSchema.parse(body)).toEqual(body);
  });

  it('gives the layer asked for, and a box of it', async () => {
    const { get } = await mapServer();
    const whole = (await get('?quantity=pm10&average=latest')).body;
    expect(whole).toMatchObject({ quantity: 'pm10', average: 'latest', value: [null, 200] });
    const part = (await get('?quantity=pm10&average=latest&bbox=6,51,8,52')).body;
    expect(part).toMatchObject({ id: [A], epoch: whole.epoch, seq: whole.seq });
  });

  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['identity', 'undefined', (bytes: Buffer) => bytes],
  ])('is compressed for "%s" as %s', async (accepted, encoding, decode) => {
    const { url } = await mapServer();
    const answer = await rawGet(`${url}/api/v1/map`, { 'Accept-Encoding': accepted });
    expect(answer.encoding).toBe(encoding);
    expect((JSON.parse(decode(answer.bytes).toString()) as MapState).id).toEqual([B, A]);
  });

  it('is not sent again while nothing changed', async () => {
    const { url, get, list, mapLayers, clock } = await mapServer();
    const etag = (await get('')).headers.get('etag')!;
    const again = () => rawGet(`${url}/api/v1/map`, { 'If-None-Match': etag, 'Accept-Encoding': 'gzip' });
    expect(await again()).toMatchObject({ status: 304, bytes: Buffer.alloc(0) });
    list.put(stationOf(B, { status: 'hidden' }));
    mapLayers.stationChanged(B, clock.now);
    expect((await again()).status).toBe(200);
  });

  it('is not sent again in a box either', async () => {
    const { url, get, clock } = await mapServer();
    const etag = (await get('?bbox=6,51,8,52')).headers.get('etag')!;
    clock.now += 200;
    const again = await rawGet(`${url}/api/v1/map?bbox=6,51,8,52`, { 'If-None-Match': etag });
    expect(again).toMatchObject({ status: 304, bytes: Buffer.alloc(0) });
  });

  it.each([
    ['?quantity=co2', ['quantity']],
    ['?average=2h&quantity=x', ['quantity', 'average']],
    ['?bbox=1,2,3', ['bbox']],
    ['?bbox=1,60,3,50', ['bbox']],
    ['?quantity=pm25&quantity=pm10', ['quantity']],
  ])('refuses %s, naming the fields', async (query, fields) => {
    const { get } = await mapServer();
    const { status, body } = await get(query);
    expect(status).toBe(400);
    expect((body.errors as { field: string }[]).map(({ field }) => field)).toEqual(fields);
  });
});

describe('GET /map?at=', () => {
  it('gives the means of the last clock hour that had ended by then, named as such', async () => {
    const { get } = await mapServer();
    const { status, body } = await get('?at=2026-01-05T11:59:59Z');
    expect(status).toBe(200);
    expect(mapStateSchema.safeParse(body).error).toBeUndefined();
    expect(body).toMatchObject({
      ...{ average: '1h', at: '2026-01-05T11:00:00.000Z', id: [B, A], value: [null, 83], state: ['none', 'ok'] },
      ...{ hour: { start: '2026-01-05T10:00:00.000Z', method: 'clock-mean-1' }, age: [null, 0], coverage: [0, 99] },
    });
  });

  it('shows every station in an hour of which nothing is known', async () => {
    const { get } = await mapServer();
    expect((await get('?at=2026-01-05T12:00:00Z')).body).toMatchObject({
      ...{ id: [B, A], value: [null, null], state: ['none', 'none'], age: [null, null], doubtful: [0, 0] },
      ...{ coverage: [0, 0], count: [0, 0] },
    });
  });

  it('marks an hour as doubtful when at least half of its readings are, whatever the station is now', async () => {
    const { get } = await mapServer();
    expect((await get('?at=2026-01-05T10:00:00Z')).body).toMatchObject({ value: [90, 83], doubtful: [0, 1] });
    expect((await get('?at=2026-01-05T11:00:00Z')).body.doubtful).toEqual([0, 0]);
  });

  it('shows a station where it stood then, and no mean of an hour within which it was moved', async () => {
    const former = { position: { lat: 50, lon: 6 }, until: T0 - 2.5 * HOUR_MS };
    const { get, list } = await mapServer();
    list.put({ ...list.station(A)!, formerPlaces: [former] });
    const before = (await get('?at=2026-01-05T10:00:00Z')).body as unknown as MapState;
    // Moved at 9:30: the hour to 10:00 is of two places, and is shown where it stood in the end.
    expect(before.value[before.id.indexOf(A)]).toBeNull();
    list.put({ ...list.station(A)!, formerPlaces: [{ ...former, until: T0 - HOUR_MS / 2 }] });
    const then = (await get('?at=2026-01-05T11:00:00Z')).body as unknown as MapState;
    expect(then.value[then.id.indexOf(A)]).toBe(83);
    expect(then.lat[then.id.indexOf(A)]! / 1e4).toBeCloseTo(50, 2);
    const since = (await get('?at=2026-01-05T12:00:00Z')).body as unknown as MapState;
    expect(since.lat[since.id.indexOf(A)]).toBe(514_570);
    // Moved on the hour: the one before is wholly of the former place, the one after of this one.
    list.put({ ...list.station(A)!, formerPlaces: [{ ...former, until: T0 - HOUR_MS }] });
    const last = (await get('?at=2026-01-05T11:00:00Z')).body as unknown as MapState;
    expect(last.value[last.id.indexOf(A)]).toBe(83);
    expect(last.lat[last.id.indexOf(A)]! / 1e4).toBeCloseTo(50, 2);
    const first = (await get('?at=2026-01-05T12:00:00Z')).body as unknown as MapState;
    expect(first.lat[first.id.indexOf(A)]).toBe(514_570);
  });

  it('knows at once of a station that was renamed, left out of figures, hidden or erased', async () => {
    const { get, list } = await mapServer();
    const told = async () => (await get('?at=2026-01-05T11:00:00Z')).body;
    expect(await told()).toMatchObject({ id: [B, A], doubtful: [0, 0] });
    list.put(stationOf(A, { name: 'Renamed' }));
    expect((await told()).name).toEqual([list.station(B)!.name, 'Renamed']);
    list.put(stationOf(A, { status: 'excluded' }));
    expect(await told()).toMatchObject({ id: [B, A], doubtful: [0, 1] });
    list.put(stationOf(A, { status: 'hidden' }));
    expect(await told()).toMatchObject({ id: [B] });
    list.byId.delete(B);
    expect(await told()).toMatchObject({ id: [] });
  });

  it('is made once for everybody, and anew after a while or for another hour', async () => {
    const { get, asked, clock } = await mapServer();
    for (const _ of [1, 2, 3]) await get('?at=2026-01-05T11:00:00Z');
    expect(asked).toHaveLength(1);
    await get('?at=2026-01-05T10:00:00Z');
    expect(asked).toHaveLength(2);
    clock.now += 6 * 60_000;
    await get('?at=2026-01-05T11:00:00Z');
    expect(asked).toHaveLength(3);
    // The future ends with the last closed hour.
    expect((await get('?at=2027-01-05T11:00:00Z')).body.at).toBe('2026-01-05T12:00:00.000Z');
  });

  it('is sent as it is to whoever takes nothing compressed', async () => {
    const { url } = await mapServer();
    const path = `${url}/api/v1/map?at=2026-01-05T11:00:00Z`;
    const plain = await rawGet(path, { 'Accept-Encoding': 'identity' });
    const gzipped = await rawGet(path, { 'Accept-Encoding': 'gzip' });
    expect([plain.encoding, gzipped.encoding]).toEqual(['undefined', 'gzip']);
    expect(gunzipSync(gzipped.bytes)).toEqual(plain.bytes);
    expect(JSON.parse(plain.bytes.toString())).toMatchObject({ id: [B, A], value: [null, 83] });
  });

  it('has no past of other averages, and knows what a time is', async () => {
    const { get } = await mapServer();
    expect((await get('?at=2026-01-05T11:00:00Z&average=24h')).status).toBe(400);
    expect((await get('?at=yesterday')).status).toBe(400);
  });
});
