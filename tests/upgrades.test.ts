import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeManifest, decodeShard } from '../firmware-bridge/registryShards.ts';
import { readManifest } from '../server/backup/manifest.ts';
import { airrohrBody } from './support/airrohrBody.ts';
import { runCliProcess } from './support/cliProcess.ts';
import { makeReleaseFolder, releaseFacts, releaseFile, releases, runSql } from './support/releaseFixture.ts';
import { runServerToItsEnd, type ServerProcess, startServerProcess } from './support/serverProcess.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';

const DATABASES = ['registry', 'readings', 'citations', 'notices'];

/** What a release left, in a folder of its own. */
async function folderOf(version: string): Promise<string> {
  const folder = temporaryFolder();
  await makeReleaseFolder(version, folder);
  return folder;
}

/** Everything the fixture's facts promise, asked of a running server. */
async function findEverything(server: ServerProcess, version: string): Promise<void> {
  const { station, ownerKey, device, imported, erased, citation } = releaseFacts(version);
  const get = async (path: string) => (await server.request('GET', path)).body;
  expect(await get(`/api/v1/stations/${station.id}`)).toMatchObject({ properties: { name: station.name } });
  expect((await server.request('GET', `/api/v1/stations/${erased}`)).status).toBe(404);
  const day = 'from=2022-12-30T00:00:00Z&to=2022-12-31T00:00:00Z';
  const raw = await get(`/api/v1/stations/${imported}/series?quantity=pm25&window=raw&${day}`);
  expect(raw.points).toHaveLength(562);
  const push = { method: 'POST', body: airrohrBody(device.deviceId, { samples: 1 }) };
  expect((await fetch(`${server.url}/push/${device.token}`, push)).status).toBe(204);
  expect(await get(`/api/v1/stations/${station.id}/alerts`)).toMatchObject({ settings: { isMonthly: true } });
  const contacts = await get(`/api/v1/stations/${station.id}/contacts`);
  expect(contacts.contacts).toMatchObject([{ address: 'anna@example.org' }]);
  const headers = { Authorization: `Bearer ${ownerKey}`, 'Content-Type': 'application/json' };
  const renamed = await fetch(`${server.url}/api/v1/stations/${station.id}`, {
    ...{ method: 'PATCH', headers, body: JSON.stringify({ name: 'Balkon Süd' }) },
  });
  expect(renamed.status).toBe(200);
  const bundle = await fetch(`${server.url}/api/v1/citations/${citation}/bundle.json`);
  expect(await bundle.text()).toBe(releaseFile(version, 'bundle.json'));
}

const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

describe.each(releases)('what release %s wrote', (version) => {
  it('is opened, migrated and whole, also at the second start', async () => {
    const DATA_DIR = await folderOf(version);
    const settings = { DATA_DIR, SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'luft@example.org' };
    const first = await startServerProcess({ settings: { ...settings, PUBLIC_URL: 'https://luft.example.org' } });
    await findEverything(first, version);
    expect(await first.stop()).toBe(0);
    const second = await startServerProcess({ settings: { DATA_DIR } });
    const { station } = releaseFacts(version);
    const { body } = await second.request('GET', `/api/v1/stations/${station.id}`);
    expect(body).toMatchObject({ properties: { name: 'Balkon Süd' } });
  });

  it('holds as a bundle and as a backup', async () => {
    const folder = temporaryFolder();
    const bundle = join(folder, 'bundle.json');
    writeFileSync(bundle, releaseFile(version, 'bundle.json'));
    expect(await runCliProcess(['verify', bundle], {})).toMatchObject({ code: 0 });
    writeFileSync(join(folder, 'manifest.json'), releaseFile(version, 'files/manifest.json'));
    expect(readManifest(folder)).toMatchObject({ version, store: 'duckdb' });
  });
});

describe('what is older than the first release', () => {
  it('readings without means of hours are opened, and the means are made', async () => {
    const DATA_DIR = await folderOf('0.1.0');
    const tables = ['rollup_hours', 'rollup_days', 'rollup_methods', 'rollup_marks'];
    await runSql(join(DATA_DIR, 'readings.duckdb'), [
      ...tables.map((table) => `DROP TABLE ${table}`),
      "DELETE FROM meta WHERE key <> 'schemaVersion'",
      "UPDATE meta SET value = '1' WHERE key = 'schemaVersion'",
    ]);
    const server = await startServerProcess({ settings: { DATA_DIR } });
    const { imported } = releaseFacts('0.1.0');
    const path = `/api/v1/stations/${imported}/series?quantity=pm25&window=1h&from=2022-12-30T00:00:00Z&to=2022-12-31T00:00:00Z`;
    const { body } = await server.request('GET', path);
    expect(body.points).toHaveLength(24);
  });
});

describe('what a newer release wrote is refused in one line and stays as it is', () => {
  it.each(DATABASES)('%s.duckdb', async (name) => {
    const DATA_DIR = await folderOf('0.1.0');
    const path = join(DATA_DIR, `${name}.duckdb`);
    await runSql(path, ["UPDATE meta SET value = '99' WHERE key = 'schemaVersion'", 'CHECKPOINT']);
    const before = hashOf(path);
    const files = readdirSync(DATA_DIR).filter((file) => file.endsWith('.duckdb'));
    const settings = { DATA_DIR, HTTP_PORT: '0', MQTT_PORT: '0' };
    const { code, stderr } = await runServerToItsEnd({ settings });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(/version 99\b.*(newer)/)]);
    expect(hashOf(path)).toBe(before);
    expect(readdirSync(DATA_DIR).filter((file) => file.endsWith('.duckdb'))).toEqual(files);
  });

  it('a backup', async () => {
    const folder = temporaryFolder();
    const manifest = JSON.parse(releaseFile('0.1.0', 'files/manifest.json')) as object;
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, schemaVersion: 99, version: '9.0.0' }));
    const DATA_DIR = temporaryFolder();
    cpSync(join(folder, 'manifest.json'), join(DATA_DIR, 'mine'));
    const { code, err } = await runCliProcess(['restore', folder, '--replace'], { DATA_DIR });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('made by a newer version (9.0.0)') });
    expect(readdirSync(DATA_DIR)).toEqual(['mine']);
  });

  it('a bundle', async () => {
    const path = join(temporaryFolder(), 'bundle.json');
    const bundle = JSON.parse(releaseFile('0.1.0', 'bundle.json')) as object;
    writeFileSync(path, JSON.stringify({ ...bundle, schemaVersion: 99 }));
    const { code, out, err } = await runCliProcess(['verify', path], {});
    expect(code).not.toBe(0);
    expect(out + err).toContain('Nicht prüfbar: Das Zitat hat die Form 99');
  });
});

describe('messages of the registry', () => {
  const tokenHash = 'ab'.repeat(32);
  const shard = `{"schemaVersion":1,"devices":[{"id":"esp8266-100","tokenHash":"${tokenHash}"}]}`;

  it('of the first release are understood, those of a later form are not taken for something else', () => {
    expect(decodeShard(shard)).toEqual([{ id: 'esp8266-100', tokenHash }]);
    expect(decodeShard(shard.replace('"schemaVersion":1', '"schemaVersion":2'))).toBeUndefined();
    expect(decodeManifest('{"schemaVersion":2,"generation":1,"hashes":[]}')).toBeUndefined();
  });
});
