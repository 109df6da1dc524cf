import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createApp } from '../server/api/app.ts';
import { runCli } from '../server/cli/runCli.ts';
import { createMetrics } from '../server/metrics.ts';
import { loadAdminToken } from '../server/process/adminToken.ts';
import { controlSocketPath, startControlSocket } from '../server/process/controlSocket.ts';
import { lockDataDir } from '../server/process/dataDirLock.ts';
import { StationStore } from '../server/store/stationStore.ts';
import { runCliUnread } from './support/cliProcess.ts';
import { NO_TALLY, startTestServer, type TestServer } from './support/testServer.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'cli-'));
  closers.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function run(args: string[], env: Record<string, string>) {
  let out = '';
  let err = '';
  const code = await runCli(args, { env, out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

const ADD = ['station', 'add', '--name', 'Balkon', '--lat', '51.4567891', '--lon', '7,01', '--sensor', 'SDS011,bme280'];

async function registryOf(dataDir: string): Promise<StationStore> {
  const store = new StationStore({ path: join(dataDir, 'registry.duckdb'), clock: Date.now, randomBytes });
  await store.open();
  closers.push(() => store.close());
  return store;
}

/** What a running server does for the CLI: it holds the lock and listens on the control socket. */
async function serve(server: TestServer): Promise<Record<string, string>> {
  const lock = lockDataDir(server.dataDir);
  const socket = await startControlSocket(server.dataDir, createApp({ ...server.deps, metrics: createMetrics() }));
  closers.push(
    () => lock.release(),
    () => socket.close(),
  );
  return { DATA_DIR: server.dataDir };
}

describe('npx buergerluft', () => {
  it('lists the verbs', async () => {
    const help = await run(['--help'], {});
    expect(help.code).toBe(0);
    expect(help.out).toMatch(/start.*\n.*init.*\n.*station.*\n.*token/);
    for (const verb of [
      'start',
      'archive',
      'init',
      'station',
      'token',
      'import',
      'export',
      'backup',
      'restore',
      'doctor',
      'letters',
      'broker-config',
      'verify',
    ]) {
      expect(await run([verb, '--help'], {})).toMatchObject({
        code: 0,
        out: expect.stringContaining(`npx buergerluft ${verb}`),
      });
    }
  });

  it('refuses command lines it does not understand with exit code 2', async () => {
    const env = { DATA_DIR: folder() };
    const wrong = [
      [],
      ['dance'],
      ['constructor'],
      ['station'],
      ['station', 'paint'],
      ['station', 'add', '--name', 'x'],
      ['station', 'add', '--name', 'x', '--lat', 'north', '--lon', '7'],
      ['station', 'add', '--colour', 'red'],
      ['station', 'show'],
      ['station', 'remove', 'abcdefghij'],
      ['token', 'rotate'],
      ['token', 'rotate', 'what#'],
    ];
    for (const args of wrong) {
      const { code, out, err } = await run(args, env);
      expect([args, code, out]).toEqual([args, 2, '']);
      expect(err).not.toContain('    at ');
    }
    expect(existsSync(join(env.DATA_DIR, 'registry.duckdb'))).toBe(false);
  });

  it('says all wrong settings and a foreign lock in one message each', async () => {
    const settings = await run(['station', 'list'], { HTTP_PORT: 'x', STORE: 'influxdb' });
    expect(settings.code).toBe(1);
    expect(settings.err).toContain('HTTP_PORT');
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    const nowhere = await run(['station', 'list'], { DATA_DIR: join(file, 'data') });
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('cannot be written')]);
  });
});

describe('station owner-key', () => {
  it('makes a new owner link after a fresh push of the device, otherwise only when told to', async () => {
    const server = await startTestServer();
    const env = { ...(await serve(server)), PUBLIC_URL: 'https://luft.example.org' };
    const body = { name: 'x', position: { lat: 51, lon: 7 }, isIndoor: false, deviceId: 'esp8266-4711' };
    const made = await server.send('POST', '/api/v1/stations', { body, key: server.adminToken });
    const { station, ownerKey } = made.body as { station: { id: string }; ownerKey: string };
    const refused = await run(['station', 'owner-key', station.id], env);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('has not pushed in the last 15 minutes')]);
    expect(server.stationStore.isOwner(station.id, ownerKey)).toBe(true);
    server.stationStore.touchDevice('esp8266-4711', Date.now() - 60_000);
    const issued = await run(['station', 'owner-key', station.id], env);
    const [, id, key = ''] = /https:\/\/luft\.example\.org\/host#([a-z0-9]{10})\.(\S{26})/.exec(issued.out) ?? [];
    expect([issued.code, id]).toEqual([0, station.id]);
    expect([ownerKey, key].map((each) => server.stationStore.isOwner(station.id, each))).toEqual([false, true]);
    server.stationStore.touchDevice('esp8266-4711', Date.now() - 3_600_000);
    expect((await run(['station', 'owner-key', station.id], env)).code).toBe(1);
    expect((await run(['station', 'owner-key', station.id, '--anyway', '--json'], env)).code).toBe(0);
  });
});

describe('station, without a running server', () => {
  it('adds a station and prints keys and what to type into an airRohr', async () => {
    const dataDir = folder();
    const env = { DATA_DIR: dataDir, PUBLIC_URL: 'http://luft.example.org:8080' };
    const { code, out, err } = await run([...ADD, '--device', 'esp8266-15303512'], env);
    expect([code, err]).toEqual([0, '']);
    const [, ownerKey = ''] = /Owner key +(\S{26})/.exec(out) ?? [];
    const [, token = ''] = /Token +(\S{26})/.exec(out) ?? [];
    for (const text of ['luft.example.org', '8080', '/data.php', 'esp8266-15303512', 'eigene API', 'custom API']) {
      expect(out).toContain(text);
    }
    const store = await registryOf(dataDir);
    const [station] = store.stations();
    expect(station).toMatchObject({
      name: 'Balkon',
      status: 'active',
      position: { lat: 51.4567891, lon: 7.01 },
      sensorModels: ['sds011', 'bme280'],
      isIndoor: false,
    });
    expect(store.isOwner(station?.id ?? '', ownerKey)).toBe(true);
    expect(store.deviceByToken(token)?.id).toBe('esp8266-15303512');
  });

  it('prints JSON for programs', async () => {
    const env = { DATA_DIR: folder() };
    const { out } = await run([...ADD, '--device', 'tasmota-balkon', '--indoor', '--json'], env);
    expect(JSON.parse(out)).toMatchObject({
      station: { status: 'active', isIndoor: true },
      ownerKey: expect.stringMatching(/^\S{26}$/),
      device: { deviceId: 'tasmota-balkon', token: expect.stringMatching(/^\S{26}$/) },
      instructions: { settings: [['', expect.stringContaining('Topic tasmota-balkon; FullTopic %prefix%/%topic%/')]] },
    });
  });

  it.each([
    ['esphome-balkon', 'topic_prefix:'],
    ['airgradient-ecda3b1eaaaf', 'mqtt://airgradient-ecda3b1eaaaf:'],
    ['other-shed', 'buergerluft/other-shed/airrohr'],
  ])('tells a %s its own settings', async (device, text) => {
    const { out } = await run([...ADD, '--device', device], {
      DATA_DIR: folder(),
      MQTT_URL: 'mqtts://broker.example:8883',
    });
    expect(out).toContain(text);
    expect(out).toContain('broker.example');
    expect(out).toContain('8883');
  });

  it('gives a gateway its friendly names', async () => {
    const dataDir = folder();
    const { out } = await run([...ADD, '--device', 'zigbee-home', '--names', 'Balkon Süd, Hof', '--json'], {
      DATA_DIR: dataDir,
    });
    const store = await registryOf(dataDir);
    expect(store.device('zigbee-home')?.names).toEqual(['Balkon Süd', 'Hof']);
    expect(store.deviceByToken(JSON.parse(out).device.token)?.id).toBe('zigbee-home');
  });

  it('names the fields that are wrong', async () => {
    const args = ['station', 'add', '--name', 'x', '--lat', '95', '--lon', '7', '--device', 'stations'];
    const { code, err } = await run(args, { DATA_DIR: folder() });
    expect(code).toBe(1);
    expect(err).toMatch(/position\.lat: .*\n {2}deviceId: must be a device id/);
  });

  it('lists, shows, approves and removes', async () => {
    const env = { DATA_DIR: folder() };
    const { station } = JSON.parse((await run([...ADD, '--device', 'esp8266-1234', '--json'], env)).out);
    expect((await run(['station', 'list'], env)).out).toMatch(
      new RegExp(`^${station.id}  active    esp8266-1234 .*Balkon\n$`),
    );
    const shown = await run(['station', 'show', station.id], env);
    expect(shown.out).toContain('51.4567891, 7.01 (public: 51.457,');
    expect(shown.out).toContain('esp8266-1234, last seen never');
    expect((await run(['station', 'approve', station.id], env)).out).toBe(`${station.id} is active\n`);
    const removed = await run(['station', 'remove', station.id, '--yes'], env);
    expect([removed.code, removed.out]).toEqual([
      0,
      `${station.id} is deleted; its readings are erased when the server starts\n`,
    ]);
    const gone = await run(['station', 'show', station.id], env);
    expect(gone.code).toBe(1);
    expect(gone.err).toContain(`There is no station ${station.id}; \`station list\` shows them.`);
    expect((await run(['station', 'list', '--json'], env)).out).toBe('[]\n');
    expect((await registryOf(env.DATA_DIR)).pendingErasures()).toEqual([station.id]);
    expect(existsSync(join(env.DATA_DIR, 'lock'))).toBe(false);
  });
});

describe('station and token, with a running server', () => {
  it('speak to the server through the control socket, with admin rights', async () => {
    const erased: string[] = [];
    const erase = async (id: string) => {
      erased.push(id);
      return NO_TALLY;
    };
    const server = await startTestServer({ erase });
    const env = await serve(server);
    const { station, device } = JSON.parse((await run([...ADD, '--device', 'esp8266-1234', '--json'], env)).out);
    expect(server.stationStore.station(station.id)?.status).toBe('active');

    const rotated = JSON.parse((await run(['token', 'rotate', 'esp8266-1234', '--json'], env)).out);
    expect(server.stationStore.deviceByToken(device.token)).toBeUndefined();
    expect(server.stationStore.deviceByToken(rotated.token)?.stationId).toBe(station.id);
    const owner = await run(['token', 'rotate', station.id], env);
    const [, ownerKey = ''] = /Owner key +(\S{26})/.exec(owner.out) ?? [];
    expect(server.stationStore.isOwner(station.id, ownerKey)).toBe(true);
    expect(await run(['token', 'rotate', 'esp8266-9999'], env)).toMatchObject({ code: 1 });

    expect((await run(['station', 'remove', station.id, '--yes'], env)).out).toBe(`${station.id} is deleted\n`);
    expect(erased).toEqual([station.id]);
  });

  it('say so when somebody holds the folder who does not answer: an import, or a server that starts', async () => {
    const dataDir = folder();
    const lock = lockDataDir(dataDir);
    closers.push(() => lock.release());
    const { code, err } = await run(['station', 'list'], { DATA_DIR: dataDir });
    expect([code, err]).toEqual([1, expect.stringContaining('does not answer on')]);
    expect(err).toContain('another command (import, restore, prune) that has to end first');
  });

  it('is for the operator only: the socket has mode 0600, and no header gives its rights elsewhere', async () => {
    const server = await startTestServer();
    await serve(server);
    const path = controlSocketPath(server.dataDir);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const statusOverSocket = await new Promise((resolve, reject) => {
      request({ socketPath: path, path: '/api/v1/registry/stations' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(statusOverSocket).toBe(200);
    expect((await server.send('GET', '/api/v1/registry/stations')).status).toBe(401);
  });
});

describe('the admin key', () => {
  it('is made once, with mode 0600, and found again', () => {
    const config = { ADMIN_TOKEN: undefined, DATA_DIR: folder() };
    const first = loadAdminToken(config, randomBytes);
    expect(first.token).toMatch(/^[0-9A-Z]{26}$/);
    expect(statSync(first.path ?? '').mode & 0o777).toBe(0o600);
    expect(loadAdminToken(config, randomBytes)).toEqual(first);
  });

  it('is the setting where there is one, and never a broken file', () => {
    const dataDir = folder();
    const key = '0'.repeat(26);
    expect(loadAdminToken({ ADMIN_TOKEN: key, DATA_DIR: dataDir }, randomBytes)).toEqual({
      token: key,
      path: undefined,
    });
    expect(existsSync(join(dataDir, 'admin-token'))).toBe(false);
    writeFileSync(join(dataDir, 'admin-token'), 'guess me\n');
    expect(() => loadAdminToken({ ADMIN_TOKEN: undefined, DATA_DIR: dataDir }, randomBytes)).toThrow('holds no key');
  });

  it('has a path to ask for, once there is one', async () => {
    const env = { DATA_DIR: folder() };
    expect(await run(['token', 'show-admin-path'], env)).toMatchObject({ code: 1 });
    const { path } = loadAdminToken({ ADMIN_TOKEN: undefined, DATA_DIR: env.DATA_DIR }, randomBytes);
    expect((await run(['token', 'show-admin-path'], env)).out).toBe(`${path}\n`);
    const set = await run(['token', 'show-admin-path'], { ...env, ADMIN_TOKEN: '0'.repeat(26) });
    expect([set.code, set.err]).toEqual([1, expect.stringContaining('ADMIN_TOKEN')]);
  });
});

describe('a command whose reader has seen enough', () => {
  it('ends without a word', async () => {
    expect(await runCliUnread(['--help'])).toBe('');
  });
});
