import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { MqttClient } from 'mqtt';
import { dynsecPlugin } from '../support/dynsec.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { connectMqtt } from '../support/mqttClients.ts';
import { addStationOver, type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'of-server';

/** A broker that knows nobody but the server, as `mosquitto_ctrl dynsec init` leaves it. */
async function startFreshBroker(): Promise<{ broker: Mosquitto; file: string }> {
  const file = join(temporaryFolder(), 'dynamic-security.json');
  execFileSync('mosquitto_ctrl', ['dynsec', 'init', file, 'server', PASSWORD], { stdio: 'ignore' });
  const plugin = [`plugin ${dynsecPlugin()}`, `plugin_opt_config_file ${file}`, 'allow_anonymous false'];
  return { broker: await startMosquitto(plugin), file };
}

/** A server that keeps the accounts of `broker`. */
function startServer(broker: Mosquitto, settings: Record<string, string> = {}): Promise<ServerProcess> {
  const login = { MQTT_URL: broker.url, MQTT_USERNAME: 'server', MQTT_PASSWORD: PASSWORD };
  return startServerProcess({ settings: { ...login, BRIDGE_PASSWORD: 'of-bridge', ...settings } });
}

/** The connection, or undefined when the broker refuses. */
function signIn(broker: Mosquitto, username: string, password: string): Promise<MqttClient | undefined> {
  return connectMqtt(broker.port, { username, password, protocolVersion: 5 }).catch(() => undefined);
}

/** Resolves to a connection once the broker takes the login. */
async function signedIn(broker: Mosquitto, username: string, password: string): Promise<MqttClient> {
  let client: MqttClient | undefined;
  await until(`${username} can sign in`, async () => {
    client = await signIn(broker, username, password);
    return client !== undefined;
  });
  return client as MqttClient;
}

/** Resolves once the broker takes a message on the topic: an account's rights may come after its password. */
async function mayPublish(client: MqttClient, topic: string): Promise<void> {
  await until(`${topic} is taken`, () =>
    client.publishAsync(topic, '{}', { qos: 1 }).then(
      () => true,
      () => false,
    ),
  );
}

async function isRefused(broker: Mosquitto, username: string, password: string): Promise<void> {
  await until(`${username} is refused`, async () => (await signIn(broker, username, password)) === undefined);
}

describe('the accounts at a Mosquitto with dynamic security', () => {
  it('follow a station from its start to its end, without a restart of anything', async () => {
    const { broker } = await startFreshBroker();
    const server = await startServer(broker);
    await signedIn(broker, 'bridge', 'of-bridge');
    const device = await addStationOver(server, 'esp8266-1001');
    const client = await signedIn(broker, device.deviceId, device.token);
    await mayPublish(client, 'tele/esp8266-1001/SENSOR');
    const foreign = await signedIn(broker, device.deviceId, device.token);
    await expect(foreign.publishAsync('tele/esp8266-1002/SENSOR', '{}', { qos: 1 })).rejects.toThrow(/Not authorized/);

    const rotated = await server.request('POST', `/api/v1/stations/${device.stationId}/devices`, {
      deviceId: device.deviceId,
    });
    const second = await signedIn(broker, device.deviceId, String(rotated.body.token));
    await until('the connection of the former token is gone', () => !client.connected);
    expect(await signIn(broker, device.deviceId, device.token)).toBeUndefined();

    const removal = await fetch(`${server.url}/api/v1/stations/${device.stationId}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${server.adminToken()}` },
    });
    expect(removal.ok).toBe(true);
    await until('its last connection is gone', () => !second.connected);
    await isRefused(broker, device.deviceId, String(rotated.body.token));
    expect((await server.metrics()).get('buergerluft_broker_accounts_lacking')).toBe(0);
  });

  it('give a Zigbee gateway the names it is given later, without ending its token', async () => {
    const { broker } = await startFreshBroker();
    const server = await startServer(broker);
    const { stationId } = await addStationOver(server, 'esp8266-1003');
    const bind = (names: string[]) =>
      server.request('POST', `/api/v1/stations/${stationId}/devices`, { deviceId: 'zigbee-home', names });
    const token = String((await bind(['kitchen'])).body.token);
    const gateway = await signedIn(broker, 'zigbee-home', token);
    await mayPublish(gateway, 'zigbee2mqtt/kitchen');
    const next = String((await bind(['kitchen', 'garden'])).body.token);
    const again = await signedIn(broker, 'zigbee-home', next);
    await mayPublish(again, 'zigbee2mqtt/garden');
  });

  it('are in line again after a time without the broker', async () => {
    const { broker } = await startFreshBroker();
    const server = await startServer(broker);
    const kept = await addStationOver(server, 'esp8266-1004');
    const removed = await addStationOver(server, 'esp8266-1005');
    await signedIn(broker, removed.deviceId, removed.token);
    await broker.stop();
    const added = await addStationOver(server, 'esp8266-1006');
    const revoked = await fetch(`${server.url}/api/v1/stations/${removed.stationId}/devices/${removed.deviceId}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${server.adminToken()}` },
    });
    expect(revoked.status).toBe(204);
    await broker.start();
    await signedIn(broker, added.deviceId, added.token);
    await signedIn(broker, kept.deviceId, kept.token);
    await isRefused(broker, removed.deviceId, removed.token);
  });

  it('are written whole for a broker that lost them, and hold once it has the file', async () => {
    const { broker, file } = await startFreshBroker();
    const server = await startServer(broker);
    const device = await addStationOver(server, 'esp8266-1007');
    await signedIn(broker, device.deviceId, device.token);
    await broker.stop();
    execFileSync('rm', [file]);
    execFileSync('mosquitto_ctrl', ['dynsec', 'init', file, 'server', PASSWORD], { stdio: 'ignore' });
    await broker.start();
    const whole = join(server.dataDir, 'mosquitto/dynamic-security.json');
    await until('the file is there', async () => {
      return (await server.metrics()).get('buergerluft_broker_accounts_lacking') === 1 && isReadable(whole);
    });
    const warning = 'devices cannot sign in until the broker takes the file';
    await until('it is said', () => server.lines.join('\n').includes(warning));
    expect(readFileSync(whole, 'utf8')).not.toContain(device.token);
    await broker.stop();
    copyFileSync(whole, file);
    chmodSync(file, 0o600);
    await broker.start();
    await signedIn(broker, device.deviceId, device.token);
    await signedIn(broker, 'bridge', 'of-bridge');
    await until('nothing lacks', async () => (await server.metrics()).get('buergerluft_broker_accounts_lacking') === 0);
  });

  it('end a token that was changed while neither server nor broker could tell the other', async () => {
    const { broker } = await startFreshBroker();
    const first = await startServer(broker);
    const device = await addStationOver(first, 'esp8266-1008');
    await signedIn(broker, device.deviceId, device.token);
    await broker.stop();
    await first.request('POST', `/api/v1/stations/${device.stationId}/devices`, { deviceId: device.deviceId });
    await first.kill();
    await broker.start();
    await startServer(broker, { DATA_DIR: first.dataDir });
    await isRefused(broker, device.deviceId, device.token);
  });

  it('are tried again, and said in the log, while the broker refuses a change', async () => {
    const { broker, file } = await startFreshBroker();
    const server = await startServer(broker);
    await addStationOver(server, 'esp8266-1009');
    await until('the first account is there', () => readFileSync(file, 'utf8').includes('esp8266-1009'));
    // A role of the next device's name, made behind the server's back: the broker will not make it a second time.
    const login = ['-h', '127.0.0.1', '-p', String(broker.port), '-u', 'server', '-P', PASSWORD];
    execFileSync('mosquitto_ctrl', [...login, 'dynsec', 'createRole', 'esp8266-1010']);
    const device = await addStationOver(server, 'esp8266-1010');
    await until('the refusal is said', () => server.lines.join('\n').includes('Role already exists'));
    const client = await signedIn(broker, device.deviceId, device.token);
    await mayPublish(client, 'tele/esp8266-1010/SENSOR');

    execFileSync('mosquitto_ctrl', [...login, 'dynsec', 'createClient', 'esp8266-1012', '-p', 'by-hand']);
    execFileSync('mosquitto_ctrl', [...login, 'dynsec', 'createClient', 'neighbour', '-p', 'by-hand']);
    const next = await addStationOver(server, 'esp8266-1013');
    const handMade = await addStationOver(server, 'esp8266-1012');
    await signedIn(broker, next.deviceId, next.token);
    await signedIn(broker, handMade.deviceId, handMade.token);
    await signedIn(broker, 'neighbour', 'by-hand');
  });

  it('are left alone where the server may not change them', async () => {
    const { broker, file } = await startFreshBroker();
    const config = JSON.parse(readFileSync(file, 'utf8')) as { clients: { roles: unknown[] }[] };
    const before = JSON.stringify({ ...config, clients: config.clients.map((client) => ({ ...client, roles: [] })) });
    await broker.stop();
    writeFileSync(file, before);
    await broker.start();
    const server = await startServer(broker, { LOG_LEVEL: 'info' });
    await until('it is said', () => server.lines.join('\n').includes('its accounts are kept by hand'));
    const said = () => server.lines.filter((line) => line.includes('does not let MQTT_USERNAME subscribe'));
    await until('what is missing is said', () => said().length > 0);
    expect(server.lines.filter((line) => line.includes('"msg":"mqtt"'))).toEqual([]);
    await addStationOver(server, 'esp8266-1011');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

function isReadable(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}
