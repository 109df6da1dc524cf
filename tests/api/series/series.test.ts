import { describe, expect, it } from '@jest/globals';
import { seriesSchema } from '../../../server/api/series/seriesViews.ts';
import { flagBit } from '../../../server/domain/assessment/flag.ts';
import type { RawPoint } from '../../../server/domain/contract.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../server/domain/durations.ts';
import type { NewStation } from '../../../server/store/registry/stationStore.ts';
import { ADMIN_TOKEN, NOON, regular, serverWith } from './seriesHouse.ts';

describe('raw values', () => {
  it('come with their flags, over the last 24 hours when no time is given', async () => {
    const { append, get } = await serverWith();
    await append([
      { at: NOON - DAY_MS - 1, values: { pm25: 1 } },
      { at: NOON - DAY_MS, values: { pm25: 2 } },
      { at: NOON - HOUR_MS, values: { pm25: 999.9 }, flags: flagBit('saturated', 'pm25') },
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
    const from = (days: number) => `from=${new Date(NOON - days * DAY_MS).toISOString()}`;
    expect((await get(`quantity=pm25&window=raw&${from(31)}`)).status).toBe(200);
    const refused = await get(`quantity=pm25&window=raw&${from(31.01)}`);
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ code: 'range-too-long', errors: [{ field: 'from' }] });
  });
});

describe('the instrument of a series', () => {
  it('is the one that speaks for the station, or the one asked for', async () => {
    const { append, get } = await serverWith();
    await append(regular(NOON - HOUR_MS, NOON, () => 10));
    await append(regular(NOON - HOUR_MS, NOON, () => 20).map((row) => ({ ...row, sensor: 'pms7003' })));
    expect((await get('quantity=pm25')).body).toMatchObject({ sensor: 'sds011' });
    await append([{ at: NOON - 3 * MINUTE_MS, values: { pm25: 8 }, sensor: 'zigbee-e0od69' }]);
    const appliance = await get('quantity=pm25&sensor=zigbee-e0od69&window=raw');
    expect(appliance.body).toMatchObject({ sensor: 'zigbee-e0od69', points: [{ value: 8 }] });
    const other = await get('quantity=pm25&sensor=pms7003&window=raw');
    expect(other.body).toMatchObject({ sensor: 'pms7003' });
    expect((other.body.points as RawPoint[])[0]).toMatchObject({ value: 20 });
  });

  it('may be none: then the series is empty, whichever is asked for', async () => {
    const { get } = await serverWith();
    expect((await get('quantity=pm1')).body).toMatchObject({ sensor: '', points: [] });
    expect((await get('quantity=pm1&sensor=sds011')).body).toMatchObject({ sensor: '', points: [] });
  });

  it.each(['raw', '1h'])(
    'must have measured the quantity, or the answer names those that did (window=%s)',
    async (window) => {
      const { append, get } = await serverWith();
      await append(regular(NOON - HOUR_MS, NOON, () => 10));
      await append(regular(NOON - HOUR_MS, NOON, () => 20).map((row) => ({ ...row, sensor: 'pms7003' })));
      await append([{ at: NOON - 3 * MINUTE_MS, values: { humidity: 60 }, sensor: 'bme280' }]);
      for (const sensor of ['sds012', 'bme280']) {
        const refused = await get(`quantity=pm25&window=${window}&sensor=${sensor}`);
        expect(refused.status).toBe(400);
        expect(refused.body).toMatchObject({
          code: 'unknown-sensor',
          errors: [{ field: 'sensor', message: 'must be one of pms7003, sds011' }],
        });
      }
    },
  );
});

describe('a corrected series', () => {
  it('comes with the raw mean beside it, and composes days of corrected hours', async () => {
    const { append, points, get } = await serverWith({ now: NOON + DAY_MS });
    const rows = regular(NOON - DAY_MS, NOON + DAY_MS, (at) => 20 + ((at / 150_000) % 2));
    await append(rows);
    await append(rows.map(({ at }) => ({ at, values: { humidity: 80 + ((at / 150_000) % 3) }, sensor: 'bme280' })));
    const [day] = await points(
      'quantity=pm25&window=1d&method=gamma-de&from=2026-01-05T00:00:00Z&to=2026-01-05T12:00:00Z',
    );
    expect(day).toMatchObject({ raw: 20.5, parts: { valid: 24, of: 24 }, min: null });
    expect(day!.mean).toBeGreaterThan(8);
    expect(day!.mean).toBeLessThan(14);
    expect((await get('quantity=pm25&method=gamma-de')).body).toMatchObject({
      ...{ method: 'gamma-de', methodVersion: 'gamma-de-1' },
    });
    const hours = 'quantity=pm25&window=1h&method=gamma-de&from=2026-01-05T00:00:00Z&to=2026-01-05T12:00:00Z';
    const digits = (await points(hours)).map(({ mean }) => String(mean).split('.')[1]?.length ?? 0);
    // As means as measured have them, in JSON and in files.
    expect(Math.max(...digits)).toBeLessThanOrEqual(9);
    const file = (await get(`${hours}&format=csv`)).text;
    expect(file).toContain('method: gamma-de (gamma-de-1)');
    expect(file).toContain(`,${(await points(hours))[0]!.mean},`);
  });

  it.each(['method=barkjohn-2021', 'method=gamma-de&window=5m', 'method=gamma-de&day=%2B05:30'])(
    'is refused where it was not made for it: %s',
    async (query) => {
      const { append, get } = await serverWith();
      await append(regular(NOON - HOUR_MS, NOON, () => 10));
      expect((await get(`quantity=pm25&${query}`)).status).toBe(400);
    },
  );
});

describe('a CSV file', () => {
  it('says what it is, and holds the same numbers', async () => {
    const { append, get, id } = await serverWith();
    await append(regular(NOON - 2 * HOUR_MS, NOON - HOUR_MS, () => 12.5));
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

  it('of an official station names its network, and is no citizen measurement', async () => {
    const reference = { network: 'UK AURN', code: 'UKA1', type: 'background' } as const;
    const { append, get } = await serverWith({ station: { licence: 'OGL-UK-3.0', reference } });
    await append([{ at: NOON - 2 * HOUR_MS, values: { pm25: 12.5 }, sensor: 'official' }]);
    const { text } = await get('quantity=pm25&format=csv&from=2026-01-05T10:00:00Z&to=2026-01-05T12:00:00Z');
    expect(text).toMatch(/^# Amtliche Messung, Messnetz UK AURN\. \/ Official measurement, network UK AURN\.\n/);
    expect(text).not.toContain('Bürgermessung');
    expect(text).toContain('\n2026-01-05T10:00:00.000Z,12.5,');
  });

  it('of raw values has no limit, and no value twice', async () => {
    const { append, get } = await serverWith();
    const from = NOON - 40 * DAY_MS;
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
    await append(regular(NOON - 20 * DAY_MS, NOON - 18 * DAY_MS, () => 1, 300_000));
    const from = new Date(NOON - 21 * DAY_MS + MINUTE_MS).toISOString();
    const { text } = await get(`quantity=pm25&window=15m&format=csv&from=${from}`);
    const starts = text
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => Date.parse(line.split(',')[0]!));
    expect(starts[0]).toBe(NOON - 20 * DAY_MS);
    expect(starts.length).toBe(20 * 96);
    expect(starts.every((start, i) => i === 0 || start - starts[i - 1]! === 15 * MINUTE_MS)).toBe(true);
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
    await append(regular(NOON - DAY_MS, NOON, () => 10));
    for (const window of ['raw', '5m', '1h', '1d', '1y']) {
      const { body } = await get(`quantity=pm25&window=${window}`);
      expect(seriesSchema.parse(body)).toEqual(body);
    }
  });

  it('is not sent again while it is the same', async () => {
    const { append, get, url, id } = await serverWith();
    await append(regular(NOON - DAY_MS, NOON - HOUR_MS, () => 10));
    const first = await get('quantity=pm25&to=2026-01-05T10:00:00Z');
    expect(first.headers.get('cache-control')).toBe('public, max-age=10');
    const again = await fetch(`${url}/api/v1/stations/${id}/series?quantity=pm25&to=2026-01-05T10:00:00Z`, {
      headers: { 'If-None-Match': first.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });

  it('takes offsets with and without escaped plus', async () => {
    const { append, get } = await serverWith();
    await append(regular(NOON - DAY_MS, NOON, () => 10));
    const bare = await get('quantity=pm25&from=2026-01-05T10:00:00+01:00&window=1d&day=+02:00');
    const escaped = await get('quantity=pm25&from=2026-01-05T09:00:00Z&window=1d&day=%2B02:00');
    expect(bare.body).toEqual(escaped.body);
    expect(bare.body.points).toMatchObject([{ start: '2026-01-04T22:00:00.000Z' }]);
  });
});
