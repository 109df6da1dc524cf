import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { startBridgeProcess } from '../bridge/bridgeProcess.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { runCliProcess } from '../support/cliProcess.ts';
import { closeAfterTest } from '../support/closing.ts';
import { freePort } from '../support/mosquitto.ts';
import { connectDevice } from '../support/mqttClients.ts';
import { ReadingLoad } from '../support/readingLoad.ts';
import { addStationOver, startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

/** Rows of a data folder nobody has open. */
async function readingsIn(dataDir: string): Promise<number> {
  const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
  await store.open();
  const { readings } = await store.stats();
  await store.close();
  return readings;
}

async function backUp(dataDir: string, to: string) {
  const { code, out, err } = await runCliProcess(['backup', '--to', to, '--json'], { DATA_DIR: dataDir });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as { folder: string; rows: number; files: number };
}

const restore = (folder: string, dataDir: string, ...args: string[]) =>
  runCliProcess(['restore', folder, ...args], { DATA_DIR: dataDir });

describe('a backup', () => {
  it('is made under load and holds everything acknowledged before it; restored, it runs', async () => {
    const server = await startServerProcess();
    const device = await addStationOver(server, 'esp8266-7001');
    const load = new ReadingLoad({ devices: [device], mqttPort: server.mqttPort, everyMs: 10 });
    load.start();
    await until('a hundred readings are acknowledged', () => load.sent - load.unacknowledged > 100);
    const before = load.sent - load.unacknowledged;
    const { folder, files } = await backUp(server.dataDir, temporaryFolder());
    load.stop();
    await load.settled();
    expect(files).toBeGreaterThanOrEqual(3);
    const elsewhere = temporaryFolder();
    expect(await restore(folder, elsewhere)).toMatchObject({ code: 0, out: expect.stringContaining(elsewhere) });
    const restored = await readingsIn(elsewhere);
    expect(restored).toBeGreaterThanOrEqual(before);
    expect(restored).toBeLessThanOrEqual(load.sent);
    const again = await startServerProcess({ settings: { DATA_DIR: elsewhere } });
    expect(again.adminToken()).toBe(server.adminToken());
    await connectDevice(again.mqttPort, device);
    expect((await again.request('GET', `/api/v1/stations/${device.stationId}`)).status).toBe(200);
  });

  it('that was changed by one byte is refused, and the data folder stays as it was', async () => {
    const server = await startServerProcess();
    await addStationOver(server, 'esp8266-7002');
    const { folder } = await backUp(server.dataDir, temporaryFolder());
    await server.stop();
    const path = join(folder, 'registry.duckdb');
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    const before = readdirSync(server.dataDir).sort();
    const { code, err } = await restore(folder, server.dataDir, '--replace');
    expect(code).toBe(1);
    expect(err).toMatch(/cannot be restored: registry\.duckdb is not what was written/);
    expect(readdirSync(server.dataDir).sort()).toEqual(before);
  });

  it('holds no other backup, also where they are made inside the data folder, and clears away what was never finished', async () => {
    const dataDir = temporaryFolder();
    const server = await startServerProcess({ settings: { DATA_DIR: dataDir } });
    await server.stop();
    const first = await backUp(dataDir, join(dataDir, 'backups'));
    const second = await backUp(dataDir, join(dataDir, 'backups'));
    await backUp(dataDir, dataDir);
    // As a server leaves it that was killed while it made one.
    const unfinished = join(dataDir, 'buergerluft-2026-01-01T030000Z.partial');
    mkdirSync(unfinished);
    const { files } = await backUp(dataDir, dataDir);
    expect(existsSync(unfinished)).toBe(false);
    expect([second.files, files]).toEqual([first.files, first.files]);
  });

  it('has a name of its own when one was made in the same second', async () => {
    const server = await startServerProcess();
    await addStationOver(server, 'esp8266-7012');
    const to = temporaryFolder();
    const taken = Array.from({ length: 300 }, (_, second) => {
      const time = new Date(Date.now() + second * 1_000).toISOString().slice(0, 19).replaceAll(':', '');
      return join(to, `buergerluft-${time}Z`);
    });
    for (const folder of taken) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'manifest.json'), '{}');
    }
    const { folder } = await backUp(server.dataDir, to);
    expect(taken).not.toContain(folder);
    for (const other of taken) expect(readdirSync(other)).toEqual(['manifest.json']);
  });

  it('holds the same whether the server runs or not: contacts, alerts and notices among it', async () => {
    const server = await startServerProcess();
    const text = { de: 'Dichter Nebel im Tal.', en: 'Dense fog in the valley.' };
    const fog = { kind: 'fog', from: '2026-11-22T23:00:00Z', to: '2026-11-23T23:00:00Z', text };
    expect((await server.request('POST', '/api/v1/admin/notices', fog)).status).toBe(201);
    const running = await backUp(server.dataDir, temporaryFolder());
    await server.stop();
    const stopped = await backUp(server.dataDir, temporaryFolder());
    expect(filesIn(stopped.folder)).toEqual(filesIn(running.folder));
    const elsewhere = temporaryFolder();
    expect((await restore(stopped.folder, elsewhere)).code).toBe(0);
    const again = await startServerProcess({ settings: { DATA_DIR: elsewhere } });
    expect(JSON.stringify((await again.request('GET', '/api/v1/notices')).body)).toContain(text.de);
  });

  it('is restored beside a bridge that goes on: its pushes are taken before, meanwhile and after', async () => {
    const service = { MQTT_USERNAME: 'service', MQTT_PASSWORD: 'of-service' };
    const settings = { ...service, DATA_DIR: temporaryFolder(), MQTT_PORT: String(await freePort()) };
    const server = await startServerProcess({ settings });
    const { deviceId, token } = await addStationOver(server, 'esp8266-7005');
    const MQTT_URL = `mqtt://127.0.0.1:${settings.MQTT_PORT}`;
    const DATA_DIR = join(settings.DATA_DIR, 'bridge');
    const bridge = await startBridgeProcess({ ...service, MQTT_URL, DATA_DIR, HTTP_PORT: '0' });
    const push = async (samples: number) => {
      const body = airrohrBody(deviceId, { samples });
      return (await fetch(`http://127.0.0.1:${bridge.httpPort}/push/${token}`, { method: 'POST', body })).status;
    };
    await until('the bridge knows the device', async () => (await push(1)) === 204);
    const { folder } = await backUp(settings.DATA_DIR, temporaryFolder());
    expect(filesIn(folder).filter((name) => name.startsWith('bridge'))).toEqual([]);
    await server.stop();
    expect(await push(2)).toBe(204);
    expect((await restore(folder, settings.DATA_DIR, '--replace')).code).toBe(0);
    expect(await push(3)).toBe(204);
    const again = await startServerProcess({ settings });
    await until('both pushes are stored', async () => {
      return ((await again.metrics()).get('buergerluft_messages_received_total{format="airrohr"}') ?? 0) >= 2;
    });
    await until('the spool is empty', async () => (await bridge.metrics()).get('spool_bytes') === 0);
  });

  it('does not bring back what was deleted after it', async () => {
    const backupDir = temporaryFolder();
    const server = await startServerProcess({ settings: { BACKUP_DIR: backupDir } });
    await untilDailyIsMade(backupDir);
    const gone = await addStationOver(server, 'esp8266-7003');
    const stays = await addStationOver(server, 'esp8266-7004');
    const load = new ReadingLoad({ devices: [gone, stays], mqttPort: server.mqttPort, everyMs: 20 });
    load.start();
    await until('readings are stored', () => load.sent - load.unacknowledged > 50);
    load.stop();
    await load.settled();
    const { folder } = await backUp(server.dataDir, backupDir);
    expect((await fetch(`${server.url}/api/v1/stations/${gone.stationId}`, deletion(server.adminToken()))).status).toBe(
      204,
    );
    await until('the deletion lies beside the backups', () => erasuresIn(backupDir).includes(gone.stationId));
    await server.stop();
    // As after a fire: only the backups and the list beside them are left.
    const elsewhere = temporaryFolder();
    const { code, out } = await restore(folder, elsewhere);
    expect(code).toBe(0);
    expect(out).toContain('Deleted again, because they were deleted since: 1 station.');
    const again = await startServerProcess({ settings: { DATA_DIR: elsewhere } });
    expect((await again.request('GET', `/api/v1/stations/${gone.stationId}`)).status).toBe(404);
    expect((await again.request('GET', `/api/v1/stations/${stays.stationId}`)).status).toBe(200);
    await again.stop();
    // Beside all else that it does at its start: stopped before, it goes on at the next.
    await until('its readings are erased', async () => {
      if ((await readingsOf(elsewhere, gone.stationId)) === 0) return true;
      const next = await startServerProcess({ settings: { DATA_DIR: elsewhere } });
      await wait(1_000);
      await next.stop();
      return false;
    });
    expect(await readingsOf(elsewhere, stays.stationId)).toBeGreaterThan(0);
  });

  it('keeps the list of deletions when a new instance begins beside the backups of a lost one', async () => {
    const backupDir = temporaryFolder();
    const lost = await startServerProcess({ settings: { BACKUP_DIR: backupDir } });
    const gone = await addStationOver(lost, 'esp8266-7006');
    await untilDailyIsMade(backupDir);
    const { folder } = await backUp(lost.dataDir, backupDir);
    await fetch(`${lost.url}/api/v1/stations/${gone.stationId}`, deletion(lost.adminToken()));
    await until('the deletion is noted', () => erasuresIn(backupDir).includes(gone.stationId));
    await lost.stop();
    const fresh = await startServerProcess({ settings: { BACKUP_DIR: backupDir } });
    const other = await addStationOver(fresh, 'esp8266-7007');
    await fetch(`${fresh.url}/api/v1/stations/${other.stationId}`, deletion(fresh.adminToken()));
    await until('the other is noted too', () => erasuresIn(backupDir).includes(other.stationId));
    await backUp(fresh.dataDir, backupDir);
    await fresh.stop();
    expect((await restore(folder, fresh.dataDir, '--replace')).out).toContain('Deleted again');
  });

  it('is not restored beside a list of deletions that is spoilt', async () => {
    const backupDir = temporaryFolder();
    const { folder } = await backUp((await startServerProcess()).dataDir, backupDir);
    writeFileSync(join(backupDir, 'erasures.json'), '[');
    expect(await restore(folder, temporaryFolder())).toMatchObject({
      code: 1,
      err: expect.stringContaining('cannot be read as the list of deletions'),
    });
  });

  it('says when its folder cannot be made, and holds up neither a server nor whoever asks', async () => {
    // Where no file system is mounted, and below /proc, Node's own way of making folders never returns.
    const BACKUP_DIR = '/proc/nowhere';
    const server = await startServerProcess({ settings: { BACKUP_DIR } });
    const { code, err } = await runCliProcess(['backup'], { BACKUP_DIR, DATA_DIR: server.dataDir });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^No backup: .*\/proc\/nowhere.*\n$/) });
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const intoFile = await runCliProcess(['backup', '--to', file], { DATA_DIR: server.dataDir });
    expect(intoFile).toMatchObject({ code: 1, err: expect.stringMatching(/^No backup: ENOTDIR.*\n$/) });
    await server.stop();
    expect((await runCliProcess(['backup'], { BACKUP_DIR, DATA_DIR: server.dataDir })).code).toBe(1);
  });

  it('is never made of the demo', async () => {
    const BACKUP_DIR = temporaryFolder();
    const ADMIN_TOKEN = '0123456789ABCDEFGHJKMNPQRS';
    const demo = await startServerProcess({ args: ['--demo'], settings: { BACKUP_DIR, ADMIN_TOKEN } });
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    await fetch(`${demo.url}/api/v1/admin/backups`, { method: 'POST', headers });
    const { backup } = (await (await fetch(`${demo.url}/api/v1/admin/overview`, { headers })).json()) as {
      backup: { folder?: string };
    };
    await demo.stop();
    expect([backup.folder, readdirSync(BACKUP_DIR)]).toEqual([undefined, []]);
  });

  it('is made every day by itself in BACKUP_DIR, and a restore over a used folder asks first', async () => {
    const backupDir = temporaryFolder();
    const server = await startServerProcess({ settings: { BACKUP_DIR: backupDir } });
    const names = () => readdirSync(backupDir).filter((name) => /^buergerluft-.*Z$/.test(name));
    await until('the first backup is there', () => names().length === 1);
    const age = async () => (await server.metrics()).get('buergerluft_backup_age_seconds') ?? -1;
    await until('the server knows its age', async () => (await age()) >= 0);
    const folder = join(backupDir, names()[0] ?? '');
    expect(await restore(folder, server.dataDir, '--replace')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is in use by process'),
    });
    await server.stop();
    expect((await restore(folder, server.dataDir)).err).toContain('With --replace its content is put aside first.');
    expect((await restore(folder, server.dataDir, '--replace')).code).toBe(0);
    expect(readdirSync(server.dataDir).filter((name) => name.startsWith('replaced-'))).toHaveLength(1);
    expect((await restore(temporaryFolder(), server.dataDir)).err).toContain('is no backup');
  });
});

/** Names of the files in a backup. */
function filesIn(folder: string): string[] {
  const { files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { files: { name: string }[] };
  return files.map(({ name }) => name).sort();
}

function deletion(key: string) {
  return { method: 'DELETE', headers: { Authorization: `Bearer ${key}` } };
}

/** Resolves when the backup of the day is made, which a server begins by itself: one is made at a time. */
function untilDailyIsMade(backupDir: string): Promise<void> {
  return until('it has made one', () => readdirSync(backupDir).some((name) => /^buergerluft-.*Z$/.test(name)));
}

function erasuresIn(backupDir: string): string[] {
  const path = join(backupDir, 'erasures.json');
  if (!existsSync(path)) return [];
  const list = JSON.parse(readFileSync(path, 'utf8')) as { id: string }[];
  return list.map(({ id }) => id);
}

async function readingsOf(dataDir: string, stationId: string): Promise<number> {
  const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
  await store.open();
  closeAfterTest(() => store.close());
  let count = 0;
  for await (const page of store.scan({ stationId, from: 0, to: Number.MAX_SAFE_INTEGER })) count += page.length;
  await store.close();
  return count;
}
