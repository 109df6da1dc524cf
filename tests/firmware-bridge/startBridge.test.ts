import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { startBridge } from '../../firmware-bridge/startBridge.ts';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { packageRoot } from '../../server/packageRoot.ts';
import { closeAfterTest } from '../support/closing.ts';
import { addStation, airrohrBody, openIngestHost, storedReadings } from '../support/ingestHost.ts';

const DEVICE = 'esp8266-15303512';

async function openBridge(settings: Record<string, string> = {}) {
  const host = await openIngestHost();
  const device = await addStation(host.stations, DEVICE);
  const config = loadConfig({
    HTTP_PORT: '0',
    HTTP_HOST: '127.0.0.1',
    MQTT_URL: `mqtt://127.0.0.1:${host.port}`,
    ...settings,
  });
  const bridge = await startBridge(config, createLog('silent'));
  closeAfterTest(() => bridge.close());
  const url = `http://127.0.0.1:${bridge.httpPort}`;
  const push = (path: string, { user = DEVICE, token = device.token, body = airrohrBody(1), headers = {} } = {}) => {
    const authorization = `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
    return fetch(`${url}${path}`, { method: 'POST', headers: { authorization, ...headers }, body });
  };
  return { host, device, bridge, url, push };
}

/** Sends bytes as a device does and returns everything that comes back until the other side closes. */
function exchange(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('the bridge on its own', () => {
  it('answers 204 to a captured push of the firmware once its readings are stored', async () => {
    const { host, device, bridge } = await openBridge();
    const name = 'tests/fixtures/wire/built-custom-api-nrz-2024-135-sds-bme280.http';
    const basic = Buffer.from(`${DEVICE}:${device.token}`).toString('base64');
    const request = readFileSync(join(packageRoot(), name), 'latin1').replace('dXNlcjpwYXNz', basic);
    expect(await exchange(bridge.httpPort, request)).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    const stored = (await storedReadings(host.store)).sort((a, b) => (a.sensor < b.sensor ? -1 : 1));
    expect(stored.map(({ stationId, sensor, values }) => ({ stationId, sensor, values }))).toEqual([
      {
        stationId: device.stationId,
        sensor: 'bme280',
        values: { temperature: 9.28, pressure: 996.5597, humidity: 48.1 },
      },
      { stationId: device.stationId, sensor: 'sds011', values: { pm25: 7.87, pm10: 12.43 } },
    ]);
  });

  it('takes the token in the path when the firmware names itself in X-Sensor', async () => {
    const { host, device, url } = await openBridge();
    const headers = { 'x-sensor': DEVICE };
    const answer = await fetch(`${url}/push/${device.token}`, { method: 'POST', headers, body: airrohrBody(1) });
    expect(answer.status).toBe(204);
    expect(await storedReadings(host.store)).toHaveLength(1);
  });

  it('keeps one connection for many pushes of a device', async () => {
    const { host, push } = await openBridge();
    for (let samples = 1; samples <= 20; samples += 1) {
      expect((await push('/data.php', { body: airrohrBody(samples) })).status).toBe(204);
    }
    expect(await storedReadings(host.store)).toHaveLength(20);
    expect(host.broker.stats().connections).toBe(1);
  });

  it.each([
    ['a wrong token', { token: 'WRONGWRONGWRONGWRONGWRONG1' }],
    ['an unknown device', { user: 'esp8266-404' }],
    ['no token', { token: '' }],
    ['a name that is no device id', { user: 'admin' }],
  ])('answers 401 to %s and stores nothing', async (_what, credentials) => {
    const { host, push } = await openBridge();
    expect((await push('/data.php', credentials)).status).toBe(401);
    expect(await storedReadings(host.store)).toEqual([]);
  });

  it('answers 401 to the right device with a wrong token also while the right one is connected', async () => {
    const { push } = await openBridge();
    expect((await push('/data.php')).status).toBe(204);
    expect((await push('/data.php', { token: 'WRONGWRONGWRONGWRONGWRONG1' })).status).toBe(401);
    expect((await push('/data.php', { body: airrohrBody(2) })).status).toBe(204);
  });

  it('lets a revoked token in no more once the broker has closed its connection', async () => {
    const { host, device, push } = await openBridge();
    expect((await push('/data.php')).status).toBe(204);
    await host.stations.rotateDevice(DEVICE);
    host.broker.recheck(new Set([device.stationId]));
    while (host.broker.stats().connections > 0) await setTimeout(10);
    expect((await push('/data.php', { body: airrohrBody(2) })).status).toBe(401);
  });

  it('answers 503 and says that it is not ready while the broker is away', async () => {
    const { host, push, url } = await openBridge();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await push('/data.php')).status).toBe(204);
    await host.broker.close();
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await push('/data.php', { body: airrohrBody(2) })).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('answers 429 to a device that pushes too often', async () => {
    const { push } = await openBridge({ RATE_LIMIT: '2,0.01' });
    const answers = [];
    for (const samples of [1, 2, 3]) answers.push((await push('/data.php', { body: airrohrBody(samples) })).status);
    expect(answers).toEqual([204, 204, 429]);
  });
});
