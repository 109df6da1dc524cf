import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { airrohrBody } from '../support/ingestHost.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { addStationOver, type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';
import { runBridgeToItsEnd, startBridgeProcess } from './bridgeProcess.ts';
import { basic, exchange, request } from './rawHttp.ts';

const DEVICE = 'esp8266-15303512';
const SERVICE = { MQTT_USERNAME: 'processes', MQTT_PASSWORD: 'between-us' };

interface Login {
  deviceId: string;
  token: string;
}

async function pushTo(port: number, login: Login, samples: number): Promise<number> {
  const bytes = request('POST', '/data.php', [basic(login), 'Connection: close'], airrohrBody(samples, samples / 10));
  return (await exchange(port, bytes)).status;
}

/** PM2.5 of a station with its times, as stored. */
async function stored(server: ServerProcess, stationId: string): Promise<{ value: number; at: number }[]> {
  const to = new Date(Date.now() + 60_000).toISOString();
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const path = `/api/v1/stations/${stationId}/series?quantity=pm25&window=raw&from=${from}&to=${to}`;
  const { body } = await server.request('GET', path);
  const points = (body.points ?? []) as { value: number; measuredAt: string }[];
  return points.map(({ value, measuredAt }) => ({ value, at: Date.parse(measuredAt) }));
}

/** Resolves when the bridge turns nobody away for not knowing. */
async function untilKnown(port: number): Promise<void> {
  const nobody = { deviceId: DEVICE, token: 'ZZZZZZZZZZZZZZZZZZZZZZZZZZ' };
  await until('the bridge knows the registry', async () => (await pushTo(port, nobody, 0)) === 401);
}

describe('the bridge on its own, over Mosquitto', () => {
  it('says 503 until it knows the registry, then takes pushes to the server', async () => {
    const mosquitto = await startMosquitto();
    const settings = { MQTT_URL: mosquitto.url, NODE_ID: 'north' };
    const bridge = await startBridgeProcess(settings);
    expect(await pushTo(bridge.httpPort, { deviceId: DEVICE, token: 'X' }, 1)).toBe(503);
    expect((await fetch(`http://127.0.0.1:${bridge.httpPort}/readyz`)).status).toBe(503);
    const server = await startServerProcess({ settings: { MQTT_URL: mosquitto.url } });
    const device = await addStationOver(server, DEVICE);
    await untilKnown(bridge.httpPort);
    await until('the device is known', async () => (await bridge.metrics()).get('registry_devices') === 1);
    expect((await fetch(`http://127.0.0.1:${bridge.httpPort}/readyz`)).status).toBe(200);
    const begun = Date.now();
    expect(await pushTo(bridge.httpPort, device, 75)).toBe(204);
    // A bridge or server with little of the machine may have let it go through the spool.
    await until('it is stored', async () => (await stored(server, device.stationId)).length > 0);
    const [reading, ...more] = await stored(server, device.stationId);
    expect([reading?.value, more.length]).toEqual([7.5, 0]);
    expect(reading?.at).toBeGreaterThanOrEqual(begun);
    // The same bytes again, each with an arrival of its own, are the same reading.
    expect(await pushTo(bridge.httpPort, device, 75)).toBe(204);
    expect(await stored(server, device.stationId)).toHaveLength(1);
    let samples = 75;
    const spooled = async () => (await bridge.metrics()).get('spool_total{what="spooled"}') ?? 0;
    await until('a push goes straight to the server', async () => {
      const before = await spooled();
      return (await pushTo(bridge.httpPort, device, ++samples)) === 204 && (await spooled()) === before;
    });
    // What a device sends beside its readings is no error of its, however long the way.
    const gps = '{"sensordatavalues":[{"value_type":"lat","value":"48.5"}]}';
    const headers = [basic(device), 'X-PIN: 9', 'Connection: close'];
    const beside = request('POST', '/v1/push-sensor-data/', headers, gps);
    expect((await exchange(bridge.httpPort, beside)).status).toBe(201);
    // What the pipeline refuses comes back to a device that still waits.
    const nothing = request('POST', '/data.php', [basic(device), 'Connection: close'], '{"sensordatavalues":[]}');
    await until('a refusal comes back', async () => {
      const { status, body } = await exchange(bridge.httpPort, nothing);
      return status === 400 && body.length < 100;
    });
    expect(`${bridge.output()}${server.lines.join('\n')}`).not.toContain(device.token);
  });

  it('keeps pushes over kill -9 of itself and an absent server, and delivers each once with its time', async () => {
    const mosquitto = await startMosquitto();
    const dataDirs = { bridge: temporaryFolder(), server: temporaryFolder() };
    const forServer = { MQTT_URL: mosquitto.url, DATA_DIR: dataDirs.server };
    const forBridge = { MQTT_URL: mosquitto.url, DATA_DIR: dataDirs.bridge };
    let server = await startServerProcess({ settings: forServer });
    const device = await addStationOver(server, DEVICE);
    let bridge = await startBridgeProcess(forBridge);
    await untilKnown(bridge.httpPort);
    expect(await pushTo(bridge.httpPort, device, 1)).toBe(204);
    await until('the registry is on disk', () => existsSync(join(dataDirs.bridge, 'registry')));
    await server.kill();
    const sent: number[] = [];
    for (let samples = 2; samples <= 30; samples++) {
      sent.push(Date.now());
      expect(await pushTo(bridge.httpPort, device, samples)).toBe(204);
      if (samples % 10 !== 0) continue;
      await bridge.kill();
      bridge = await startBridgeProcess(forBridge);
    }
    const lastAt = Date.now();
    await wait(1_500);
    server = await startServerProcess({ settings: forServer });
    await until('everything is stored', async () => (await stored(server, device.stationId)).length >= 30);
    await until('the spool is empty', async () => (await bridge.metrics()).get('spool_bytes') === 0);
    const readings = await stored(server, device.stationId);
    expect(readings.map(({ value }) => Math.round(value * 10))).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    for (const [index, at] of sent.entries()) {
      expect(readings[index + 1]?.at).toBeGreaterThanOrEqual(at);
      expect(readings[index + 1]?.at).toBeLessThanOrEqual(sent[index + 1] ?? lastAt);
    }
  });

  it('does not let go of what only the broker has acknowledged', async () => {
    const mosquitto = await startMosquitto();
    const server = await startServerProcess({ settings: { MQTT_URL: mosquitto.url } });
    const device = await addStationOver(server, DEVICE);
    const bridge = await startBridgeProcess({ MQTT_URL: mosquitto.url });
    await untilKnown(bridge.httpPort);
    process.kill(server.pid, 'SIGSTOP');
    // The server hangs; Mosquitto takes the push, and forgets it with the machine's power.
    expect(await pushTo(bridge.httpPort, device, 42)).toBe(204);
    await wait(500);
    await mosquitto.kill();
    process.kill(server.pid, 'SIGCONT');
    await mosquitto.start();
    await until('it is stored after all', async () => (await stored(server, device.stationId)).length === 1);
    await until('the spool is empty', async () => (await bridge.metrics()).get('spool_bytes') === 0);
    expect(await pushTo(bridge.httpPort, device, 43)).toBe(204);
    await until('the next is stored, too', async () => (await stored(server, device.stationId)).length === 2);
  });

  it('lets an old token in no more within seconds of its change', async () => {
    const mosquitto = await startMosquitto();
    const server = await startServerProcess({ settings: { MQTT_URL: mosquitto.url } });
    const device = await addStationOver(server, DEVICE);
    const bridge = await startBridgeProcess({ MQTT_URL: mosquitto.url });
    await untilKnown(bridge.httpPort);
    expect(await pushTo(bridge.httpPort, device, 1)).toBe(204);
    const { body } = await server.request('POST', `/api/v1/stations/${device.stationId}/devices`, { deviceId: DEVICE });
    await until('the old token is refused', async () => (await pushTo(bridge.httpPort, device, 2)) === 401);
    expect(await pushTo(bridge.httpPort, { deviceId: DEVICE, token: String(body.token) }, 3)).toBe(204);
  });
});

describe("the bridge on its own, over the server's own broker", () => {
  it('delivers with a service account, over kill -9 of the server', async () => {
    const dataDir = temporaryFolder();
    const first = await startServerProcess({ settings: { ...SERVICE, DATA_DIR: dataDir } });
    const device = await addStationOver(first, DEVICE);
    const bridge = await startBridgeProcess({ ...SERVICE, MQTT_URL: `mqtt://127.0.0.1:${first.mqttPort}` });
    await untilKnown(bridge.httpPort);
    let samples = 0;
    let isPushing = true;
    const acknowledged: number[] = [];
    const pushing = (async () => {
      while (isPushing) if ((await pushTo(bridge.httpPort, device, ++samples)) === 204) acknowledged.push(samples);
    })();
    await until('pushes are taken', () => acknowledged.length > 10);
    await first.kill();
    await wait(1_500);
    const settings = { ...SERVICE, DATA_DIR: dataDir, MQTT_PORT: String(first.mqttPort) };
    const second = await startServerProcess({ settings });
    await wait(1_000);
    await until('more are taken', () => acknowledged.length > 20);
    isPushing = false;
    await pushing;
    await until('the spool is empty', async () => (await bridge.metrics()).get('spool_bytes') === 0);
    const values = (await stored(second, device.stationId)).map(({ value }) => Math.round(value * 10));
    expect(new Set(values).size).toBe(values.length);
    expect(acknowledged.filter((n) => !values.includes(n))).toEqual([]);
  });

  it('is not for devices: their accounts see and publish nothing between our processes', async () => {
    const server = await startServerProcess({ settings: SERVICE });
    const device = await addStationOver(server, DEVICE);
    const settings = { MQTT_USERNAME: device.deviceId, MQTT_PASSWORD: device.token };
    const bridge = await startBridgeProcess({ ...settings, MQTT_URL: `mqtt://127.0.0.1:${server.mqttPort}` });
    await wait(1_000);
    expect(await pushTo(bridge.httpPort, device, 1)).toBe(503);
    expect((await bridge.metrics()).get('registry_devices')).toBe(0);
  });
});

describe('the bridge', () => {
  it('says in one line why it cannot start', async () => {
    const wrong = await runBridgeToItsEnd({ MQTT_URL: 'http://broker', HTTP_PORT: 'x', DEVICE_TLS_PORT: '8443' });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/^Settings are wrong:\n {2}- HTTP_PORT: .*\n {2}- MQTT_URL: .*\n$/);
    const dataDir = temporaryFolder();
    const bridge = await startBridgeProcess({ DATA_DIR: dataDir });
    const second = await runBridgeToItsEnd({ DATA_DIR: dataDir });
    expect([second.code, second.stderr]).toEqual([1, expect.stringMatching(/^The data folder .* is in use by /)]);
    const third = await runBridgeToItsEnd({ DATA_DIR: temporaryFolder(), HTTP_PORT: String(bridge.httpPort) });
    expect([third.code, third.stderr]).toEqual([1, expect.stringMatching(/^Port \d+ is taken by another program/)]);
    expect(await bridge.stop()).toBe(0);
  });
});
