import { randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import type { ErasureReceipt } from '../../../server/domain/erasureReceipt.ts';
import { DuckDbReadingStore } from '../../../server/store/duckdb/duckdbReadingStore.ts';
import { StationStore } from '../../../server/store/registry/stationStore.ts';
import { connectMqtt } from '../../support/mqttClients.ts';
import { type OwnStation, type Program, startProgram } from '../../support/program.ts';
import { pushOnce, pushUntil } from '../../support/steadyDevice.ts';
import { until } from '../../support/until.ts';
import { unzip } from '../../support/unzip.ts';

const TEN = Date.parse('2026-01-05T10:00:00Z');
const DEVICE = 'esp8266-15303512';

/** What anyone can read of all stations at once. */
const PUBLIC_PATHS = [
  '/api/v1/stations',
  '/api/v1/map?quantity=pm25&average=latest',
  '/static/v1/data.json',
  '/static/v2/data.json',
  '/static/v2/data.dust.min.json',
  '/static/v2/data.1h.json',
  '/airrohr/v1/filter/type=SDS011',
  '/',
  '/metrics',
];

async function runningFor(hours: number) {
  const clock = { now: TEN };
  const program = await startProgram({ clock: () => clock.now });
  const station = await program.addStation(DEVICE);
  const fields = (at: number) => ({
    SDS_P1: '20.00',
    SDS_P2: String(8 + ((at / 1000) % 7)),
    FOO_bar: '7',
    signal: '-82',
  });
  await pushUntil({ program, station, clock }, TEN + hours * HOUR_MS, fields);
  return { program, station, clock };
}

async function erased(program: Program, { id, ownerKey: key }: OwnStation): Promise<ErasureReceipt> {
  const answer = await program.send('DELETE', `/api/v1/stations/${id}?receipt=true`, { key });
  expect(answer.status).toBe(200);
  return JSON.parse(answer.text);
}

/** Rows of a station in a closed data folder's store. */
async function rowsOf(dataDir: string, stationId: string): Promise<number> {
  const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
  await store.open();
  let rows = 0;
  for await (const page of store.scan({ stationId, from: 0, to: TEN * 2 })) rows += page.length;
  await store.close();
  return rows;
}

describe('GET /stations/{id}/export', () => {
  it('gives the owner everything that is stored, in files people can open', async () => {
    const { program, station } = await runningFor(1);
    const period = { kind: 'barbecue', from: '2026-01-05T10:00:00Z', to: '2026-01-05T10:05:00Z' };
    await program.send('POST', `/api/v1/stations/${station.id}/annotations`, { body: period, key: station.ownerKey });
    const headers = { Authorization: `Bearer ${station.ownerKey}` };
    const response = await fetch(`${program.url}/api/v1/stations/${station.id}/export`, { headers });
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename=buergerluft-${station.id}-2026-01-05.zip`,
    );
    const files = unzip(Buffer.from(await response.arrayBuffer()));
    const names = [
      'README.txt',
      'station.json',
      'contacts.json',
      'alerts.json',
      'readings.csv',
      'extras.csv',
      'health.csv',
    ];
    expect([...files.keys()]).toEqual(names);
    for (const name of names) expect(`README.txt ${files.get('README.txt')}`).toContain(name);
    expect(JSON.parse(files.get('station.json') ?? '')).toMatchObject({
      position: { lat: 51.4563719, lon: 7.0123456 },
      devices: [{ deviceId: DEVICE, boundAt: '2026-01-05T10:00:00.000Z' }],
      annotations: [{ kind: 'barbecue' }],
    });
    const lines = (name: string) => files.get(name)?.trimEnd().split('\n') ?? [];
    const [head, first] = lines('readings.csv');
    expect(lines('readings.csv')).toHaveLength(1 + 24);
    expect(head).toBe('measuredAt,sensor,pm1,pm25,pm4,pm10,temperature,humidity,pressure,noise,flags,annotations');
    expect(first).toMatch(/^2026-01-05T10:00:00.000Z,sds011,,[\d.]+,,20,,,,,,barbecue$/);
    expect(lines('extras.csv')[1]).toMatch(/^2026-01-05T10:00:00.000Z,.*,7$/);
    expect(lines('health.csv')[1]).toContain(',-82,');
    expect([...files.values()].join('\n')).not.toMatch(new RegExp(`${station.ownerKey}|${station.token}`));
  });

  it('is for owner and admin only, and works before the first reading', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-1111');
    const path = `/api/v1/stations/${station.id}/export`;
    expect((await program.get(path)).status).toBe(401);
    expect((await program.send('GET', path, { key: station.ownerKey })).status).toBe(200);
  });
});

describe('the deletion of a station', () => {
  it('takes everything and says so in a receipt; the device is refused from then on', async () => {
    const { program, station } = await runningFor(1);
    const subscriber = await connectMqtt(program.mqttPort, {
      username: 'esp8266-2222',
      password: (await program.addStation('esp8266-2222', { name: 'Hof' })).token,
    });
    const retained: string[] = [];
    subscriber.on(
      'message',
      (topic, payload) => void (topic.includes(station.id) && retained.push(payload.toString())),
    );
    await subscriber.subscribeAsync('buergerluft/stations/+/latest');
    await until('the latest values are there', () => retained.some((payload) => payload.includes('pm25')));

    // The numbers of the compatible API say that something is in its files before.
    const files = await Promise.all(PUBLIC_PATHS.map(async (path) => (await program.get(path)).text));
    const numbers = [...new Set(files.join(' ').match(/\b1000000\d{3}\b/g))];
    expect(numbers.length).toBeGreaterThan(0);
    const receipt = await erased(program, station);
    expect(receipt).toMatchObject({
      stationId: station.id,
      erasedAt: '2026-01-05T11:00:00.000Z',
      isComplete: true,
      removed: {
        devices: 1,
        assignments: 1,
        healthRows: 24,
        firstMeasuredAt: '2026-01-05T10:00:00.000Z',
        lastMeasuredAt: '2026-01-05T10:57:30.000Z',
      },
    });
    expect(receipt.removed.readings).toBeGreaterThanOrEqual(24);
    expect(receipt.text.de.join(' ')).toMatch(/abgewiesen.*Sicherungen.*heruntergeladen.*Kennungen ihrer Geräte/);
    expect(JSON.stringify(receipt)).not.toMatch(/51\.45|esp8266|Balcony/);

    await until('the retained message is taken back', () => retained.at(-1) === '');
    expect(await pushOnce(program, station, { SDS_P2: '1.00' })).toBe(401);
    await expect(connectMqtt(program.mqttPort, { username: DEVICE, password: station.token })).rejects.toThrow();
    for (const path of ['', '/series?quantity=pm25', '/annotations', '/owner', '/export']) {
      const { status } = await program.send('GET', `/api/v1/stations/${station.id}${path}`, { key: station.ownerKey });
      expect([path, status]).toEqual([path, path === '/owner' || path === '/export' ? 401 : 404]);
    }
    for (const path of PUBLIC_PATHS) {
      const { text } = await program.get(path);
      expect(`${path} ${text}`).not.toMatch(new RegExp(`${station.id}|Balcony|${numbers.join('|')}`));
    }
    expect((await program.get(`/station/${station.id}`)).status).toBe(404);
    await program.close();
    expect(await rowsOf(program.dataDir, station.id)).toBe(0);
  });

  it('stays 204 without a body for whoever asks for no receipt', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-1111');
    const answer = await program.send('DELETE', `/api/v1/stations/${station.id}`, { key: station.ownerKey });
    expect([answer.status, answer.text]).toEqual([204, '']);
  });

  it('is finished at the next start when it was cut short after the registry forgot the station', async () => {
    const { program, station, clock } = await runningFor(1);
    await program.close();
    const path = join(program.dataDir, 'registry.duckdb');
    const registry = new StationStore({ path, clock: () => clock.now, randomBytes });
    await registry.open();
    await registry.removeStation(station.id);
    await registry.close();
    expect(await rowsOf(program.dataDir, station.id)).toBeGreaterThan(20);
    const again = await startProgram({ dataDir: program.dataDir, clock: () => clock.now });
    expect(await pushOnce(again, station, { SDS_P2: '1.00' })).toBe(401);
    await again.close();
    expect(await rowsOf(program.dataDir, station.id)).toBe(0);
  });

  it('takes readings back that return with the store alone', async () => {
    const { program, station, clock } = await runningFor(1);
    await program.close();
    const path = join(program.dataDir, 'readings.duckdb');
    copyFileSync(path, `${path}.backup`);
    const second = await startProgram({ dataDir: program.dataDir, clock: () => clock.now });
    await erased(second, station);
    await second.close();
    copyFileSync(`${path}.backup`, path);
    const third = await startProgram({ dataDir: program.dataDir, clock: () => clock.now });
    await third.close();
    expect(await rowsOf(program.dataDir, station.id)).toBe(0);
  });
});
