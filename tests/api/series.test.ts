import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Access } from '../../server/api/access.ts';
import { createSeriesRouter, seriesPaths } from '../../server/api/series.ts';
import { seriesSchema } from '../../server/api/seriesViews.ts';
import { offsetMs } from '../../server/config.ts';
import type { RawPoint, SeriesPoint } from '../../server/domain/contract.ts';
import { flagBit } from '../../server/domain/flag.ts';
import type { DeviceHealth, Values } from '../../server/domain/reading.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { ComputedRollups } from '../../server/rollups/computedRollups.ts';
import { DuckDbReadingStore } from '../../server/store/duckdbReadingStore.ts';
import { isRefusal, type NewStation } from '../../server/store/stationStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { startTestServer, type TestServer } from '../support/testServer.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Monday. */
const NOON = Date.parse('2026-01-05T12:00:00Z');
const ADMIN_TOKEN = '0123456789ABCDEFGHJKMNPQRS';

interface Given {
  now?: number;
  station?: Partial<NewStation>;
  settings?: Record<string, string>;
}

async function serverWith({ now = NOON, station: change = {}, settings = {} }: Given = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-series-'));
  const store = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
  await store.open();
  closeAfterTest(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const clock = () => now;
  const config = { DAY_OFFSET: '+01:00', TIME_ZONE: 'Europe/Berlin', ...settings };
  const aggregator = new Aggregator({ clock, sensorModels: () => ['sds011'] });
  // The router comes before the server whose registry it asks.
  const registry = () => server.stationStore;
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  const rollups = new ComputedRollups({ store, dayOffsetMs, clock, station: (id) => registry().station(id) });
  const router = createSeriesRouter({
    store,
    rollups,
    dayOffsetMs,
    aggregator,
    station: (id) => registry().station(id),
    stations: () => registry().stations(),
    access: { refuseNonOwner: (request, id) => new Access(ADMIN_TOKEN, registry()).refuseNonOwner(request, id) },
    config,
    clock,
  });
  const routers = [{ path: '/api/v1', paths: seriesPaths, router }];
  const server: TestServer = await startTestServer({ clock, routers, adminToken: ADMIN_TOKEN });
  const { stationStore } = server;
  const issued = await stationStore.addStation({
    name: 'Balkon',
    position: { lat: 51.45, lon: 7.01 },
    isIndoor: false,
    sensorModels: ['sds011'],
    status: 'active',
    source: 'direct',
    licence: 'ODbL-1.0',
    ...change,
  });
  if (isRefusal(issued)) throw new Error(issued.refused);
  const { id } = issued.station;
  const append = (rows: { at: number; values: Values; flags?: number; health?: DeviceHealth; sensor?: string }[]) =>
    store.append(
      rows.map(({ at, values, flags = 0, health = {}, sensor = 'sds011' }) => ({
        stationId: id,
        measuredAt: at,
        receivedAt: at,
        health,
        readings: [{ stationId: id, sensor, measuredAt: at, values, flags }],
      })),
    );
  const get = (query: string, key?: string) =>
    server.send('GET', `/api/v1/stations/${id}/series?${query}`, key === undefined ? {} : { key });
  const points = async (query: string) => (await get(query)).body.points as SeriesPoint[];
  return { ...server, id, append, get, points, ownerKey: issued.ownerKey };
}

/** Readings every `everyMs` in `[from, to)`, value by time. */
function regular(from: number, to: number, value: (at: number) => number, everyMs = 150_000) {
  const rows = [];
  for (let at = from; at < to; at += everyMs) {
    rows.push({ at, values: { pm25: value(at) }, health: { interval: everyMs - 4_000 } });
  }
  return rows;
}

describe('raw values', () => {
  it('come with their flags, over the last 24 hours when no time is given', async () => {
    const { append, get } = await serverWith();
    await append([
      { at: NOON - DAY - 1, values: { pm25: 1 } },
      { at: NOON - DAY, values: { pm25: 2 } },
      { at: NOON - HOUR, values: { pm25: 999.9 }, flags: flagBit('saturated', 'pm25') },
      { at: NOON, values: { pm25: 4 } },
    ]);
    const answer = await get('quantity=pm25&window=raw');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      quantity: 'pm25',
      sensor: 'sds011',
      unit: 'µg/m³',
      window: 'raw',
      method: 'raw',
    });
    expect(answer.body.points).toEqual([
      { measuredAt: '2026-01-04T12:00:00.000Z', value: 2, flags: [] },
      { measuredAt: '2026-01-05T11:00:00.000Z', value: 999.9, flags: ['saturated', 'restart'] },
    ] satisfies RawPoint[]);
  });

  it('come as JSON for at most 31 days', async () => {
    const { get } = await serverWith();
    const from = (days: number) => `from=${new Date(NOON - days * DAY).toISOString()}`;
    expect((await get(`quantity=pm25&window=raw&${from(31)}`)).status).toBe(200);
    const refused = await get(`quantity=pm25&window=raw&${from(31.01)}`);
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ code: 'range-too-long', errors: [{ field: 'from' }] });
  });
});

describe('hourly means', () => {
  it('carry what they rest on, and are null where too little is there', async () => {
    const { append, points } = await serverWith();
    await append([
      ...regular(NOON - 4 * HOUR, NOON - 3 * HOUR, () => 10),
      // 18 of 24: three quarters.
      ...regular(NOON - 3 * HOUR, NOON - 2 * HOUR, (at) => (at < NOON - 2.5 * HOUR ? 20 : 40)).filter(
        (_, i) => i % 4 !== 3,
      ),
      // The last third is missing.
      ...regular(NOON - 2 * HOUR, NOON - HOUR - 20 * MINUTE, () => 30, 120_000),
      ...regular(NOON - HOUR + 30 * MINUTE, NOON, () => 50),
    ]);
    const hours = await points('quantity=pm25&from=2026-01-05T08:30:00Z&to=2026-01-05T12:00:00Z');
    expect(
      hours.map(({ start, mean, count, expected, coverage, flags }) => ({
        start,
        mean,
        count,
        expected,
        coverage,
        flags,
      })),
    ).toEqual([
      { start: '2026-01-05T08:00:00.000Z', mean: 10, count: 24, expected: 24, coverage: 1, flags: [] },
      { start: '2026-01-05T09:00:00.000Z', mean: 30, count: 18, expected: 24, coverage: 0.75, flags: [] },
      {
        start: '2026-01-05T10:00:00.000Z',
        mean: null,
        count: 20,
        expected: 30,
        coverage: 0.6666,
        flags: ['below-coverage'],
      },
      {
        start: '2026-01-05T11:00:00.000Z',
        mean: null,
        count: 12,
        expected: 24,
        coverage: 0.5,
        flags: ['below-coverage'],
      },
    ]);
    expect(hours[1]).toMatchObject({ min: 20, max: 40, median: 30, revision: 1 });
  });

  it('keep invalid values out, and count them as missing', async () => {
    const { append, points } = await serverWith();
    const rows = regular(NOON - HOUR, NOON, () => 10);
    await append(
      rows.map((row, i) => (i % 2 ? { ...row, values: { pm25: 999.9 }, flags: flagBit('saturated', 'pm25') } : row)),
    );
    expect((await points('quantity=pm25')).at(-1)).toMatchObject({ mean: null, max: 10, count: 12, expected: 24 });
  });

  it('mark the running hour as open, and give no hour that has not begun', async () => {
    const { append, points } = await serverWith({ now: NOON + 30 * MINUTE });
    await append(regular(NOON - HOUR, NOON + 30 * MINUTE, () => 10));
    const hours = await points('quantity=pm25&to=2026-01-06T00:00:00Z');
    expect(hours.at(-1)).toMatchObject({
      start: '2026-01-05T12:00:00.000Z',
      mean: null,
      flags: ['open', 'below-coverage'],
    });
    expect(hours.at(-2)).toMatchObject({ start: '2026-01-05T11:00:00.000Z', mean: 10 });
  });

  it('show a gap as empty hours, but nothing from before the station', async () => {
    const { append, points } = await serverWith();
    await append([...regular(NOON - 6 * HOUR, NOON - 5 * HOUR, () => 10), ...regular(NOON - HOUR, NOON, () => 20)]);
    const hours = await points('quantity=pm25&from=2026-01-01T00:00:00Z&to=2026-01-05T12:00:00Z');
    expect(hours.map(({ mean }) => mean)).toEqual([10, null, null, null, null, 20]);
    expect(hours[1]).toMatchObject({ min: null, max: null, median: null, count: 0, expected: 24, coverage: 0 });
  });

  it('expect what the device did the day before when it sends no interval', async () => {
    const { append, points } = await serverWith();
    const bare = (rows: ReturnType<typeof regular>) => rows.map(({ at, values }) => ({ at, values }));
    await append(bare(regular(NOON - 2 * DAY, NOON - HOUR, (at) => 10 + ((at / MINUTE) % 2), 300_000)));
    await append(bare(regular(NOON - HOUR, NOON, () => 10, 60_000)));
    const hours = await points('quantity=pm25&from=2026-01-05T08:00:00Z');
    expect(hours.map(({ count, expected }) => [count, expected])).toEqual(
      [
        [12, 12],
        [12, 12],
        [12, 12],
        [60, 12],
        [0, 12],
      ].slice(0, hours.length),
    );
  });

  it('never count for a device slower than one reading in 20 minutes', async () => {
    const { append, points } = await serverWith();
    await append(regular(NOON - DAY, NOON, (at) => 10 + (at % HOUR) / HOUR, 30 * MINUTE));
    expect((await points('quantity=pm25'))[5]).toMatchObject({
      mean: null,
      coverage: 1,
      flags: ['below-coverage', 'cadence-too-slow'],
    });
  });
});

describe('daily means', () => {
  const twoDays = regular(NOON - 3 * DAY, NOON, (at) => new Date(at).getUTCHours());

  it('are means of valid hours from 23:00 UTC to 23:00 UTC', async () => {
    const { append, points, get } = await serverWith();
    await append(twoDays.filter(({ at }) => at < NOON - 6 * HOUR || at >= NOON - 5 * HOUR));
    const days = await points('quantity=pm25&window=1d&from=2026-01-02T23:00:00Z');
    expect(days.map(({ start, mean, parts, flags }) => ({ start, mean, parts, flags }))).toEqual([
      { start: '2026-01-02T23:00:00.000Z', mean: 11.5, parts: { valid: 24, of: 24 }, flags: [] },
      { start: '2026-01-03T23:00:00.000Z', mean: 11.5, parts: { valid: 24, of: 24 }, flags: [] },
      {
        start: '2026-01-04T23:00:00.000Z',
        mean: null,
        parts: { valid: 12, of: 24 },
        flags: ['open', 'below-coverage'],
      },
    ]);
    expect((await get('quantity=pm25&window=1d')).body.day).toBe('+01:00');
  });

  it('of 17 valid hours are null, of 18 they are given', async () => {
    const { append, points } = await serverWith();
    const dayStart = Date.parse('2026-01-03T23:00:00Z');
    const about10 = (at: number) => 10 + ((at / 150_000) % 2 === 0 ? 1 : -1);
    await append(regular(dayStart - DAY, dayStart - DAY + 17 * HOUR, about10));
    await append(regular(dayStart, dayStart + 18 * HOUR, about10));
    const days = await points('quantity=pm25&window=1d&from=2026-01-02T23:00:00Z&to=2026-01-04T23:00:00Z');
    expect(days.map(({ mean, parts }) => [mean, parts?.valid])).toEqual([
      [null, 17],
      [10, 18],
    ]);
  });

  it.each([
    ['2026-03-29', 23, '2026-03-28T23:00:00.000Z'],
    ['2026-10-25', 25, '2026-10-24T22:00:00.000Z'],
    ['2026-01-03', 24, '2026-01-02T23:00:00.000Z'],
  ])('of the local day %s have %d hours', async (day, hours, start) => {
    const noon = Date.parse(`${day}T12:00:00Z`);
    const { append, get } = await serverWith({ now: noon + 3 * DAY });
    await append(regular(noon - DAY, noon + DAY, (at) => (at - noon) / HOUR + 24));
    const query = `quantity=pm25&window=1d&day=local&from=${day}T12:00:00Z&to=${day}T13:00:00Z`;
    const { body } = await get(query);
    expect(body.day).toBe('local');
    expect(body.points).toMatchObject([{ start, parts: { valid: hours, of: hours }, expected: hours * 24 }]);
  });
});

describe('longer means', () => {
  it('are means of valid days; weeks begin on Monday', async () => {
    const monday = Date.parse('2025-12-21T23:00:00Z');
    const { append, points } = await serverWith();
    // The day's number with an hour of 0 for one of 24, so that nobody takes the instrument for stuck.
    const dayNumber = (at: number) => {
      const [day, hour] = [Math.floor((at - monday) / DAY) + 1, Math.floor((at - monday) / HOUR) % 24];
      return hour % 4 === 1 ? 0 : hour % 4 === 3 ? 2 * day : day;
    };
    // One reading an hour would not count: six full days, the seventh is missing.
    await append(regular(monday, monday + 6 * DAY, dayNumber));
    const query = 'quantity=pm25&from=2025-12-22T00:00:00Z&to=2025-12-28T00:00:00Z';
    expect(await points(`${query}&window=1w`)).toMatchObject([
      { start: '2025-12-21T23:00:00.000Z', mean: 3.5, median: 3.5, min: 0, max: 12, parts: { valid: 6, of: 7 } },
    ]);
    expect(await points(`${query}&window=1mo`)).toMatchObject([
      { start: '2025-11-30T23:00:00.000Z', mean: null, parts: { valid: 6, of: 31 }, flags: ['below-coverage'] },
    ]);
    expect(await points(`${query}&window=1y&day=local`)).toMatchObject([
      { start: '2024-12-31T23:00:00.000Z', mean: null, parts: { valid: 6, of: 365 } },
    ]);
  });
});

describe('short means', () => {
  it.each([
    ['5m', 5 * MINUTE, 2],
    ['15m', 15 * MINUTE, 6],
  ])('of %s are given from one reading on', async (window, width, expected) => {
    const { append, points } = await serverWith({ now: NOON + MINUTE });
    await append([...regular(NOON - HOUR, NOON - HOUR / 2, () => 10), { at: NOON - 1, values: { pm25: 8 } }]);
    const means = await points(`quantity=pm25&window=${window}&from=2026-01-05T11:00:00Z`);
    expect(means.length).toBe(HOUR / width + 1);
    expect(means[0]).toMatchObject({
      start: '2026-01-05T11:00:00.000Z',
      mean: 10,
      count: expected,
      expected,
      flags: [],
    });
    expect(means.at(-2)).toMatchObject({ mean: 8, count: 1, flags: ['below-coverage'] });
    expect(means.at(-1)).toMatchObject({ mean: null, flags: ['open', 'below-coverage'] });
  });
});

describe('the instrument of a series', () => {
  it('is the one that speaks for the station, or the one asked for', async () => {
    const { append, get } = await serverWith();
    await append(regular(NOON - HOUR, NOON, () => 10));
    await append(regular(NOON - HOUR, NOON, () => 20).map((row) => ({ ...row, sensor: 'pms7003' })));
    expect((await get('quantity=pm25')).body).toMatchObject({ sensor: 'sds011' });
    await append([{ at: NOON - 3 * MINUTE, values: { pm25: 8 }, sensor: 'zigbee-e0od69' }]);
    const appliance = await get('quantity=pm25&sensor=zigbee-e0od69&window=raw');
    expect(appliance.body).toMatchObject({ sensor: 'zigbee-e0od69', points: [{ value: 8 }] });
    const other = await get('quantity=pm25&sensor=pms7003&window=raw');
    expect(other.body).toMatchObject({ sensor: 'pms7003' });
    expect((other.body.points as RawPoint[])[0]).toMatchObject({ value: 20 });
  });

  it('may be none: then the series is empty', async () => {
    const { get } = await serverWith();
    expect((await get('quantity=pm1')).body).toMatchObject({ sensor: '', points: [] });
  });
});

describe('a corrected series', () => {
  it('comes with the raw mean beside it, and composes days of corrected hours', async () => {
    const { append, points, get } = await serverWith({ now: NOON + DAY });
    const rows = regular(NOON - DAY, NOON + DAY, (at) => 20 + ((at / 150_000) % 2));
    await append(rows);
    await append(rows.map(({ at }) => ({ at, values: { humidity: 80 + ((at / 150_000) % 3) }, sensor: 'bme280' })));
    const [day] = await points(
      'quantity=pm25&window=1d&method=gamma-de&from=2026-01-05T00:00:00Z&to=2026-01-05T12:00:00Z',
    );
    expect(day).toMatchObject({ raw: 20.5, parts: { valid: 24, of: 24 }, min: null });
    expect(day!.mean).toBeGreaterThan(8);
    expect(day!.mean).toBeLessThan(14);
    expect((await get('quantity=pm25&method=gamma-de')).body.method).toBe('gamma-de');
  });

  it.each(['method=barkjohn-2021', 'method=gamma-de&window=5m', 'method=gamma-de&day=%2B05:30'])(
    'is refused where it was not made for it: %s',
    async (query) => {
      const { append, get } = await serverWith();
      await append(regular(NOON - HOUR, NOON, () => 10));
      expect((await get(`quantity=pm25&${query}`)).status).toBe(400);
    },
  );
});

describe('a CSV file', () => {
  it('says what it is, and holds the same numbers', async () => {
    const { append, get, id } = await serverWith();
    await append(regular(NOON - 2 * HOUR, NOON - HOUR, () => 12.5));
    const answer = await get('quantity=pm25&format=csv&from=2026-01-05T10:00:00Z&to=2026-01-05T12:00:00Z');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename=${id}-pm25-1h.csv`);
    const lines = answer.text.trimEnd().split('\n');
    const comments = lines.filter((line) => line.startsWith('# ')).join('\n');
    for (const part of ['Bürgermessung, kein amtlicher Messwert', 'µg/m³', 'sds011', 'UTC+01:00', 'ODbL-1.0', '75 %']) {
      expect(comments).toContain(part);
    }
    expect(lines.filter((line) => !line.startsWith('#'))).toEqual([
      'start,mean,min,max,median,count,expected,coverage,flags,revision,annotations,uncertainty,raw,uncertaintyFrom',
      '2026-01-05T10:00:00.000Z,12.5,12.5,12.5,12.5,24,24,1,,1,,8.8,,directive',
      '2026-01-05T11:00:00.000Z,,,,,0,24,0,below-coverage,1,,,,',
    ]);
  });

  it('of raw values has no limit, and no value twice', async () => {
    const { append, get } = await serverWith();
    const from = NOON - 40 * DAY;
    await append(regular(from, NOON, (at) => (at / 1_000) % 97, 1_800_000));
    const { text } = await get(`quantity=pm25&window=raw&format=csv&from=${new Date(from).toISOString()}`);
    const times = text
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split(',')[0]);
    expect(times.length).toBe(40 * 48);
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual([...times].sort());
  });

  it('of short means in several pieces has every window once', async () => {
    const { append, get } = await serverWith();
    await append(regular(NOON - 20 * DAY, NOON - 18 * DAY, () => 1, 300_000));
    const from = new Date(NOON - 21 * DAY + MINUTE).toISOString();
    const { text } = await get(`quantity=pm25&window=15m&format=csv&from=${from}`);
    const starts = text
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => Date.parse(line.split(',')[0]!));
    expect(starts[0]).toBe(NOON - 20 * DAY);
    expect(starts.length).toBe(20 * 96);
    expect(starts.every((start, i) => i === 0 || start - starts[i - 1]! === 15 * MINUTE)).toBe(true);
  });
});

describe('what is refused', () => {
  it.each([
    ['window=1h', ['quantity']],
    ['quantity=co2', ['quantity']],
    ['quantity=pm25&window=1s&method=magic', ['window', 'method']],
    ['quantity=pm25&from=yesterday', ['from']],
    ['quantity=pm25&from=2026-01-05T12:00:00', ['from']],
    ['quantity=pm25&from=1970-01-01T00:00:00Z', ['from']],
    ['quantity=pm25&from=2026-01-05T12:00:00Z&to=2026-01-05T12:00:00Z', ['to']],
    ['quantity=pm25&day=+25:00', ['day']],
    ['quantity=pm25&sensor=a%27%20OR%201%3D1', ['sensor']],
    ['quantity=pm25&format=xlsx', ['format']],
    ['quantity=pm25&quantity=pm10', ['quantity']],
  ])('%s, naming the fields', async (query, fields) => {
    const { get } = await serverWith();
    const answer = await get(query);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((answer.body.errors as { field: string }[]).map(({ field }) => field)).toEqual(fields);
  });

  it('five-minute means of many years as JSON', async () => {
    const { get } = await serverWith();
    expect((await get('quantity=pm25&window=5m&from=2012-01-01T00:00:00Z')).body).toMatchObject({
      code: 'too-many-points',
    });
  });

  it('an unknown station', async () => {
    const { send } = await serverWith();
    expect((await send('GET', '/api/v1/stations/zzzzzzzzz9/series?quantity=pm25')).status).toBe(404);
  });

  it.each<[string, Partial<NewStation>, string]>([
    ['a pending station', { status: 'pending' }, 'quantity=pm25'],
    ['a private indoor station', { isIndoor: true }, 'quantity=pm25'],
    ['private noise', {}, 'quantity=noise'],
  ])('%s to everybody but its owner and the admin', async (_text, station, query) => {
    const { get, ownerKey } = await serverWith({ station });
    expect((await get(query)).status).toBe(404);
    expect((await get('')).status).toBe(station.status || station.isIndoor ? 404 : 400);
    for (const key of [ownerKey, ADMIN_TOKEN]) {
      const answer = await get(query, key);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('private, no-store');
    }
  });
});

describe('an answer', () => {
  it('matches its own description', async () => {
    const { append, get } = await serverWith();
    await append(regular(NOON - DAY, NOON, () => 10));
    for (const window of ['raw', '5m', '1h', '1d', '1y']) {
      const { body } = await get(`quantity=pm25&window=${window}`);
      expect(seriesSchema.parse(body)).toEqual(body);
    }
  });

  it('is not sent again while it is the same', async () => {
    const { append, get, url, id } = await serverWith();
    await append(regular(NOON - DAY, NOON - HOUR, () => 10));
    const first = await get('quantity=pm25&to=2026-01-05T10:00:00Z');
    expect(first.headers.get('cache-control')).toBe('public, max-age=10');
    const again = await fetch(`${url}/api/v1/stations/${id}/series?quantity=pm25&to=2026-01-05T10:00:00Z`, {
      headers: { 'If-None-Match': first.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });

  it('takes offsets with and without escaped plus', async () => {
    const { append, get } = await serverWith();
    await append(regular(NOON - DAY, NOON, () => 10));
    const bare = await get('quantity=pm25&from=2026-01-05T10:00:00+01:00&window=1d&day=+02:00');
    const escaped = await get('quantity=pm25&from=2026-01-05T09:00:00Z&window=1d&day=%2B02:00');
    expect(bare.body).toEqual(escaped.body);
    expect(bare.body.points).toMatchObject([{ start: '2026-01-04T22:00:00.000Z' }]);
  });
});
