import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../server/config.ts';
import type { MapState, Series, StationCollection } from '../../server/domain/contract.ts';
import { DAY_MS } from '../../server/domain/durations.ts';
import { createLog } from '../../server/log.ts';
import { type RunningServer, startServer } from '../../server/start/startServer.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-demo-test-'));
/** The recording follows the time of day, and at some times a station was silent: here all are on the air. */
const startedAt = Date.parse('2026-11-26T20:00:00Z');
let server: RunningServer;
let ahead = 0;

beforeAll(async () => {
  const settings = { HTTP_PORT: '0', MQTT_PORT: '0', HTTP_HOST: '127.0.0.1', DATA_DIR: dataDir };
  const begun = Date.now();
  server = await startServer(loadConfig(settings), {
    log: createLog('silent'),
    demo: { speed: 100 },
    clock: () => startedAt + Date.now() - begun + ahead,
  });
});
afterAll(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function get<Answer>(path: string): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${server.httpPort}${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as Answer;
}

describe('the demo', () => {
  it('has every station with values when it is ready, and says what they are', async () => {
    const { features } = await get<StationCollection>('/api/v1/stations');
    expect(features).toHaveLength(8);
    for (const { properties } of features) {
      expect(properties.source).toBe('demo');
      expect(properties.name).toMatch(/^(Bristol, Sensor \d+|Nhà Bè .*)$/);
    }
    // The last hours are there at once, the rest of the day a moment later.
    const valued = async () => {
      const { features: now } = await get<StationCollection>('/api/v1/stations');
      return now.filter(({ properties }) => properties.latest.pm25 !== undefined).length;
    };
    expect(await valued()).toBeGreaterThanOrEqual(5);
    while ((await valued()) < 8) await setTimeout(50);
    const { demo } = await get<{ demo: Record<string, unknown> }>('/api/v1/instance');
    expect(demo).toMatchObject({
      credit: expect.stringContaining('Sensor.Community'),
      licence: 'ODbL-1.0 AND MIT',
      text: { de: expect.stringContaining('Bristol'), en: expect.stringContaining('Bristol') },
    });
    expect(demo).not.toHaveProperty('loopedAt');
  });

  it('says in the compatible files in which country each station stands', async () => {
    const countries = async (path: string) =>
      new Set((await get<{ location: { country: string } }[]>(path)).map(({ location }) => location.country));
    expect(await countries('/airrohr/v1/filter/area=51.46,-2.57,20')).toEqual(new Set(['GB']));
    expect(await countries('/airrohr/v1/filter/area=10.67,106.73,20')).toEqual(new Set(['VN']));
    expect(await countries('/airrohr/v1/filter/country=DE')).toEqual(new Set());
  });

  it('shows the last hour on the map, from the stored past', async () => {
    const { state } = await get<MapState>('/api/v1/map?quantity=pm25&average=1h');
    // Two of the eight have gaps of hours on that day, one is hardly ever on the air.
    expect(state.filter((word) => word === 'ok').length).toBeGreaterThanOrEqual(5);
  });

  it('plays Bonfire Night as yesterday evening', async () => {
    const { features } = await get<StationCollection>('/api/v1/stations');
    const station = features.find(({ properties }) => properties.name === 'Bristol, Sensor 7675');
    const today = Math.floor(startedAt / DAY_MS) * DAY_MS;
    const from = new Date(today - DAY_MS).toISOString();
    const to = new Date(today).toISOString();
    const query = `quantity=pm25&window=1h&from=${from}&to=${to}`;
    const { points } = await get<Series>(`/api/v1/stations/${station?.id}/series?${query}`);
    const means = points.flatMap((point) => ('mean' in point ? [point.mean ?? 0] : []));
    expect(means).toHaveLength(24);
    expect(means.slice(19, 23).every((mean) => mean > 2 * (means[13] ?? 0))).toBe(true);
  });

  it('goes on through MQTT: new readings come in after the start', async () => {
    const seen = async () => {
      const { features } = await get<StationCollection>('/api/v1/stations');
      return features.filter(({ properties }) => Date.parse(properties.lastSeenAt ?? '') > startedAt + 1_000).length;
    };
    while ((await seen()) < 5) await setTimeout(200);
    expect(await seen()).toBeLessThanOrEqual(8);
  });

  it('keeps its hours complete, although the readings come a hundred times as fast as they were made', async () => {
    const { features } = await get<StationCollection>('/api/v1/stations');
    const station = features.find(({ properties }) => properties.name === 'Bristol, Sensor 7675');
    const query = `quantity=pm25&window=raw&from=${new Date(startedAt).toISOString()}`;
    const played = async () => (await get<Series>(`/api/v1/stations/${station?.id}/series?${query}`)).points.length;
    while ((await played()) < 8) await setTimeout(200);
    const { state } = await get<MapState>('/api/v1/map?quantity=pm25&average=1h');
    expect(state.filter((word) => word === 'ok').length).toBeGreaterThanOrEqual(5);
  });

  it('marks on every page that the recording has begun again', async () => {
    ahead = 3 * DAY_MS;
    const looped = async () => (await get<{ demo: { loopedAt?: string } }>('/api/v1/instance')).demo.loopedAt;
    while ((await looped()) === undefined) await setTimeout(100);
    expect(Date.parse((await looped()) ?? '')).toBeGreaterThan(startedAt + 2 * DAY_MS);
    const page = await fetch(`http://127.0.0.1:${server.httpPort}/?lang=de`);
    expect(await page.text()).toMatch(/Die Aufzeichnung begann am \d{4}-\d\d-\d\d \d\d:\d\d UTC wieder von vorn\./);
  });
});
