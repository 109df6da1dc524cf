import { statSync } from 'node:fs';
import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { controlSocketPath } from '../../server/process/controlSocket.ts';
import { lockDataDir } from '../../server/process/dataDirLock.ts';
import { closeAfterTest } from '../support/closing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { NO_TALLY, startTestServer } from '../support/testServer.ts';
import { ADD, run, serve } from './cliHouse.ts';

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
    const dataDir = temporaryFolder();
    const lock = lockDataDir(dataDir);
    closeAfterTest(() => lock.release());
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
