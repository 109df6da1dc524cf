import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DuckDbReadingStore } from '../../server/store/duckdbReadingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { freePort, startMosquitto } from '../support/mosquitto.ts';
import { type LoadDevice, ReadingLoad } from '../support/readingLoad.ts';
import { addStationOver, type ServerProcess, startServerProcess, temporaryFolder } from '../support/serverProcess.ts';
import { judgeLoad } from '../support/storedNumbers.ts';
import { until } from '../support/until.ts';

const DEVICES = 10;

async function addDevices(server: ServerProcess): Promise<LoadDevice[]> {
  const devices: LoadDevice[] = [];
  for (let n = 0; n < DEVICES; n++) devices.push(await addStationOver(server, `esp8266-${5000 + n}`));
  return devices;
}

/** Opens the file of a server that is gone. */
async function openFileOf(dataDir: string): Promise<DuckDbReadingStore> {
  const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
  await store.open();
  closeAfterTest(() => store.close());
  return store;
}

describe('kill -9 of the server, three times under load', () => {
  it('loses nothing that was acknowledged and stores nothing twice: embedded broker', async () => {
    const settings = { DATA_DIR: temporaryFolder(), MQTT_PORT: String(await freePort()) };
    let server = await startServerProcess({ settings });
    const devices = await addDevices(server);
    const load = new ReadingLoad({ devices, mqttPort: server.mqttPort, everyMs: 40 });
    load.start();
    for (let kill = 0; kill < 3; kill++) {
      await wait(1_500);
      await server.kill();
      await wait(300);
      server = await startServerProcess({ settings });
    }
    await wait(1_000);
    load.stop();
    await until('every message is acknowledged', () => load.unacknowledged === 0, 60_000);
    expect(await server.stop()).toBe(0);
    const verdict = await judgeLoad(await openFileOf(settings.DATA_DIR), load);
    expect(verdict).toEqual({ lost: [], twice: [], stored: load.sent });
    expect(load.sent).toBeGreaterThan(500);
  }, 240_000);

  it('loses nothing that was acknowledged and stores nothing twice: external broker', async () => {
    const mosquitto = await startMosquitto();
    const settings = { DATA_DIR: temporaryFolder(), MQTT_URL: mosquitto.url };
    let server = await startServerProcess({ settings });
    const devices = await addDevices(server);
    const load = new ReadingLoad({ devices, mqttPort: mosquitto.port, everyMs: 40, isAnonymous: true });
    load.start();
    for (let kill = 0; kill < 3; kill++) {
      await wait(1_500);
      await server.kill();
      await wait(300);
      server = await startServerProcess({ settings });
    }
    await wait(1_000);
    load.stop();
    await until('every message is acknowledged', () => load.unacknowledged === 0, 60_000);
    const isStored = async () => (await server.metrics()).get('buergerluft_mqtt_held') === 0;
    await until('the server has stored what the broker kept for it', isStored, 30_000);
    await wait(500);
    expect(await server.stop()).toBe(0);
    const verdict = await judgeLoad(await openFileOf(settings.DATA_DIR), load);
    expect(verdict).toEqual({ lost: [], twice: [], stored: load.sent });
  }, 240_000);
});

describe('a restart of the external broker under load', () => {
  it('loses nothing and stores nothing twice', async () => {
    const mosquitto = await startMosquitto();
    const server = await startServerProcess({ settings: { MQTT_URL: mosquitto.url } });
    const devices = await addDevices(server);
    const load = new ReadingLoad({ devices, mqttPort: mosquitto.port, everyMs: 40, isAnonymous: true });
    load.start();
    await wait(1_500);
    await mosquitto.stop();
    await wait(500);
    await mosquitto.start();
    await wait(2_000);
    load.stop();
    await until('every message is acknowledged', () => load.unacknowledged === 0, 60_000);
    await wait(2_500);
    await server.stop();
    const verdict = await judgeLoad(await openFileOf(server.dataDir), load);
    expect(verdict).toEqual({ lost: [], twice: [], stored: load.sent });
  }, 120_000);
});

describe('a stop under load', () => {
  it('takes less than 5 s, and what it acknowledged is stored', async () => {
    const server = await startServerProcess();
    const devices = await addDevices(server);
    const load = new ReadingLoad({ devices, mqttPort: server.mqttPort, everyMs: 10 });
    load.start();
    await wait(1_000);
    const startedAt = Date.now();
    expect(await server.stop()).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    load.stop();
    const verdict = await judgeLoad(await openFileOf(server.dataDir), load);
    expect(verdict).toMatchObject({ lost: [], twice: [] });
    expect(verdict.stored).toBeGreaterThan(0);
  }, 120_000);
});
