import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { StationStore } from '../../server/store/registry/stationStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { ADD, run } from './cliHouse.ts';

async function registryOf(dataDir: string): Promise<StationStore> {
  const store = new StationStore({ path: join(dataDir, 'registry.duckdb'), clock: Date.now, randomBytes });
  await store.open();
  closeAfterTest(() => store.close());
  return store;
}

describe('station, without a running server', () => {
  it('adds a station and prints keys and what to type into an airRohr', async () => {
    const dataDir = temporaryFolder();
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

  it('takes degrees south and west as they are written', async () => {
    const dataDir = temporaryFolder();
    const place = ['--lat', '-33.45', '--lon', '-.5'];
    expect(await run(['station', 'add', '--name', 'Balcón', ...place], { DATA_DIR: dataDir })).toMatchObject({
      code: 0,
    });
    const [station] = (await registryOf(dataDir)).stations();
    expect(station?.position).toEqual({ lat: -33.45, lon: -0.5 });
  });

  it('prints JSON for programs', async () => {
    const env = { DATA_DIR: temporaryFolder() };
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
      DATA_DIR: temporaryFolder(),
      MQTT_URL: 'mqtts://broker.example:8883',
    });
    expect(out).toContain(text);
    expect(out).toContain('broker.example');
    expect(out).toContain('8883');
  });

  it('gives a gateway its friendly names', async () => {
    const dataDir = temporaryFolder();
    const { out } = await run([...ADD, '--device', 'zigbee-home', '--names', 'Balkon Süd, Hof', '--json'], {
      DATA_DIR: dataDir,
    });
    const store = await registryOf(dataDir);
    expect(store.device('zigbee-home')?.names).toEqual(['Balkon Süd', 'Hof']);
    expect(store.deviceByToken(JSON.parse(out).device.token)?.id).toBe('zigbee-home');
  });

  it('makes no station, whose keys nobody would see, where a friendly name is none', async () => {
    const env = { DATA_DIR: temporaryFolder() };
    const { code, out, err } = await run([...ADD, '--device', 'zigbee-home', '--names', 'Balkon,,Hof'], env);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('--names takes friendly names without / + #');
    expect((await run(['station', 'list'], env)).out).toBe('There are no stations yet.\n');
  });

  it('takes a device from another station only on purpose', async () => {
    const dataDir = temporaryFolder();
    const add = [...ADD, '--device', 'esp8266-1234'];
    const first = JSON.parse((await run([...add, '--json'], { DATA_DIR: dataDir })).out).station.id;
    const refused = await run(add, { DATA_DIR: dataDir });
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain(
      `esp8266-1234 belongs to station ${first} (Balkon). To take it from there, add --take-device.`,
    );
    const taken = JSON.parse((await run([...add, '--take-device', '--json'], { DATA_DIR: dataDir })).out);
    const store = await registryOf(dataDir);
    expect(store.stations()).toHaveLength(2);
    expect(store.device('esp8266-1234')?.stationId).toBe(taken.station.id);
    expect(store.deviceByToken(taken.device.token)?.id).toBe('esp8266-1234');
  });

  it('lists, shows, approves and removes', async () => {
    const env = { DATA_DIR: temporaryFolder() };
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
