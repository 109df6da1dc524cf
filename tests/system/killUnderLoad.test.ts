import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { freePort, type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { connectMqtt } from '../support/mqttClients.ts';
import { type LoadDevice, numberedBody, ReadingLoad } from '../support/readingLoad.ts';
import { addStationOver, killWhileStarting, type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { expectStoredOnce, judgeLoad } from '../support/storedNumbers.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

const DEVICES = 10;
/** When a server that starts is killed, ms: while it reads its code, its files, and what devices send again. */
const START_KILLS_MS = [600, 1_500, 3_000];

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

/** Kills the server three times, each time once more while it starts; resolves to the one that runs in the end. */
async function killThrice(first: ServerProcess, settings: Record<string, string>, load: ReadingLoad) {
  let server = first;
  for (const afterMs of START_KILLS_MS) {
    await wait(1_500);
    await server.kill();
    load.noteEvent('the server was killed');
    await wait(300);
    await killWhileStarting({ settings }, afterMs);
    load.noteEvent('a server that started was killed');
    server = await startServerProcess({ settings });
    load.noteEvent('a server was ready');
  }
  await wait(1_000);
  return server;
}

/** Resolves when the server has stored what the broker kept for it: a last message, of a stranger, came behind it all. */
async function takesTheRest(server: ServerProcess, { port }: Mosquitto): Promise<void> {
  const stranger = await connectMqtt(port);
  await stranger.publishAsync('buergerluft/esp8266-4999/airrohr', numberedBody(1), { qos: 1 });
  const refused = 'buergerluft_rejections_total{reason="unknown-device"}';
  const isThere = async () => ((await server.metrics()).get(refused) ?? 0) > 0;
  await until('the last message came through', isThere);
  const isStored = async () => (await server.metrics()).get('buergerluft_mqtt_held') === 0;
  await until('the server has stored what the broker kept for it', isStored);
}

describe('kill -9 of the server, three times under load', () => {
  it('loses nothing that was acknowledged and stores nothing twice: embedded broker', async () => {
    const settings = { DATA_DIR: temporaryFolder(), MQTT_PORT: String(await freePort()) };
    const first = await startServerProcess({ settings });
    const devices = await addDevices(first);
    const load = new ReadingLoad({ devices, mqttPort: first.mqttPort, everyMs: 40 });
    load.start();
    const server = await killThrice(first, settings, load);
    load.stop();
    await load.settled();
    await server.stop();
    await expectStoredOnce(await openFileOf(settings.DATA_DIR), load);
    expect(load.sent).toBeGreaterThan(500);
  });

  it('loses nothing that was acknowledged and stores nothing twice: external broker', async () => {
    const mosquitto = await startMosquitto();
    const settings = { DATA_DIR: temporaryFolder(), MQTT_URL: mosquitto.url };
    const first = await startServerProcess({ settings });
    const devices = await addDevices(first);
    const load = new ReadingLoad({ devices, mqttPort: mosquitto.port, everyMs: 40, isAnonymous: true });
    load.start();
    const server = await killThrice(first, settings, load);
    load.stop();
    await load.settled();
    await takesTheRest(server, mosquitto);
    await server.stop();
    await expectStoredOnce(await openFileOf(settings.DATA_DIR), load);
  });
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
    load.noteEvent('the broker was stopped');
    await wait(500);
    await mosquitto.start();
    load.noteEvent('the broker runs again');
    await wait(2_000);
    load.stop();
    await load.settled();
    await takesTheRest(server, mosquitto);
    await server.stop();
    await expectStoredOnce(await openFileOf(server.dataDir), load);
  });
});

describe('a stop under load', () => {
  it('ends by itself in time, and what it acknowledged is stored', async () => {
    const server = await startServerProcess();
    const devices = await addDevices(server);
    const load = new ReadingLoad({ devices, mqttPort: server.mqttPort, everyMs: 25 });
    load.start();
    await until('the load is taken', () => load.sent - load.unacknowledged > 100);
    // After 4.8 s it cuts itself off, with another code.
    expect(await server.stop()).toBe(0);
    load.stop();
    const verdict = await judgeLoad(await openFileOf(server.dataDir), load);
    expect(verdict).toMatchObject({ lost: [], twice: [] });
    expect(verdict.stored).toBeGreaterThan(0);
  });
});
