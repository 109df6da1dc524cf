import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { loadBridgeConfig } from '../firmware-bridge/config.ts';
import { startBridge } from '../firmware-bridge/startBridge.ts';
import { createLog } from '../server/log.ts';
import { aclFile, startMosquittoAccounts } from '../server/mosquittoAccounts.ts';
import { packageRoot } from '../server/packageRoot.ts';
import { RegistryPublisher } from '../server/registryPublisher.ts';
import { StationStore } from '../server/store/stationStore.ts';
import { addStation, airrohrBody } from './support/ingestHost.ts';

const DEVICE = 'esp8266-100';
const OWN_TOPICS = [`buergerluft/${DEVICE}/airrohr`, `tele/${DEVICE}/SENSOR`, `${DEVICE}/sensor/pm_2_5/state`];
const FOREIGN_TOPICS = [
  ...OWN_TOPICS.map((topic) => topic.replace(DEVICE, 'esp8266-999')),
  'buergerluft/stations/abcdefghij/latest',
  'buergerluft/_registry/00',
];

const folder = mkdtempSync(join(tmpdir(), 'buergerluft-mosquitto-'));
const stations = new StationStore({ path: join(folder, 'registry.duckdb'), clock: Date.now, randomBytes });
const closers: (() => unknown)[] = [];
let port = 0;
let token = '';

/** The stack's broker folder, moved from the container's paths to `folder`. */
async function startBroker(): Promise<ChildProcess> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  port = (probe.address() as { port: number }).port;
  probe.close();
  cpSync(join(packageRoot(), 'docker/mosquitto'), join(folder, 'config'), { recursive: true });
  mkdirSync(join(folder, 'data'));
  for (const name of ['mosquitto.conf', 'start.sh']) {
    const path = join(folder, 'config', name);
    const text = readFileSync(path, 'utf8').replaceAll('/mosquitto/', `${folder}/`);
    writeFileSync(path, text.replace('listener 1883', `listener ${port} 127.0.0.1\nuser ${userInfo().username}`));
  }
  const env = { PATH: `${process.env.PATH}:/usr/sbin`, SERVER_PASSWORD: 'of-server', BRIDGE_PASSWORD: 'of-bridge' };
  const broker = spawn('sh', [join(folder, 'config/start.sh')], { env, stdio: 'ignore' });
  while (!(await answers())) {
    if (broker.exitCode !== null) throw new Error('Mosquitto ended by itself');
    await setTimeout(50);
  }
  return broker;
}

/** True when something listens on the broker's port. */
function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function signIn(username: string, password: string): Promise<MqttClient> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { username, password, reconnectPeriod: 0 }, false);
  client.on('error', () => undefined);
  closers.push(() => client.end(true));
  return client;
}

/** What `client` receives on `filter`, in order. */
async function topicsSeen(client: MqttClient, filter: string): Promise<string[]> {
  const seen: string[] = [];
  client.on('message', (topic) => seen.push(topic));
  await client.subscribeAsync(filter, { qos: 1 });
  return seen;
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await setTimeout(20);
}

beforeAll(async () => {
  await stations.open();
  closers.push(() => stations.close());
  token = (await addStation(stations, DEVICE)).token;
  const onError = (error: unknown) => {
    throw error;
  };
  closers.push(startMosquittoAccounts({ folder: join(folder, 'devices'), directory: stations, onError }));
  const broker = await startBroker();
  closers.push(async () => {
    if (broker.exitCode === null && broker.kill()) await once(broker, 'exit');
  });
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the stack's Mosquitto", () => {
  it('lets nobody in without a password', async () => {
    await expect(signIn('server', 'wrong')).rejects.toThrow(/Not authorized/);
    await expect(signIn(DEVICE, 'wrong')).rejects.toThrow(/Not authorized/);
    await expect(connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 }, false)).rejects.toThrow(/Not auth/);
  });

  it("passes a registered device's own topics to the server and none of anybody else's", async () => {
    const server = await signIn('server', 'of-server');
    const seen = await topicsSeen(server, '#');
    // Mosquitto 2.0.11 closes the connection over a publish it denies, so each goes through a connection of its own.
    for (const topic of FOREIGN_TOPICS) (await signIn(DEVICE, token)).publish(topic, '{}', { qos: 1 });
    const device = await signIn(DEVICE, token);
    for (const topic of OWN_TOPICS) await device.publishAsync(topic, '{}', { qos: 1 });
    await server.publishAsync('last', '', { qos: 1 });
    await until(() => seen.at(-1) === 'last');
    expect(seen).toEqual([...OWN_TOPICS, 'last']);
  });

  it('shows a device the public values and nothing that passes between our processes', async () => {
    const device = await signIn(DEVICE, token);
    const server = await signIn('server', 'of-server');
    const seen = await topicsSeen(device, 'buergerluft/#');
    await server.publishAsync('buergerluft/_registry/00', 'secret', { qos: 1 });
    await server.publishAsync('buergerluft/stations/abcdefghij/latest', '{}', { qos: 1 });
    await until(() => seen.includes('buergerluft/stations/abcdefghij/latest'));
    expect(seen).toEqual(['buergerluft/stations/abcdefghij/latest']);
  });

  it('learns of a new device by itself, and puts it out when its token changes', async () => {
    const { token: first } = await addStation(stations, 'airgradient-abc123');
    let device: MqttClient | undefined;
    await until(async () => {
      device = await signIn('airgradient-abc123', first).catch(() => undefined);
      return device !== undefined;
    });
    const seen = await topicsSeen(await signIn('server', 'of-server'), 'airgradient/#');
    await device?.publishAsync('airgradient/readings/abc123', '{}', { qos: 1 });
    await until(() => seen.length === 1);
    await stations.rotateDevice('airgradient-abc123');
    await until(() => device?.connected === false);
    await expect(signIn('airgradient-abc123', first)).rejects.toThrow(/Not authorized/);
  });

  it('gets the push of a device through the bridge, which may do nothing else', async () => {
    const server = await signIn('server', 'of-server');
    const publish = (topic: string, payload: string) => server.publish(topic, payload, { retain: true, qos: 1 });
    new RegistryPublisher({ directory: stations, publish, clock: Date.now }).connected();
    publish('buergerluft/status', 'online');
    const seen = await topicsSeen(server, 'buergerluft/_bridge/+/airrohr');
    const settings = {
      ...{ HTTP_PORT: '0', HTTP_HOST: '127.0.0.1', DATA_DIR: join(folder, 'bridge'), LOG_LEVEL: 'silent' },
      ...{ MQTT_URL: `mqtt://127.0.0.1:${port}`, MQTT_USERNAME: 'bridge', MQTT_PASSWORD: 'of-bridge' },
    };
    const bridge = await startBridge(loadBridgeConfig(settings), createLog('silent'));
    closers.push(() => bridge.close());
    const push = async (password: string) => {
      const authorization = `Basic ${Buffer.from(`${DEVICE}:${password}`).toString('base64')}`;
      const url = `http://127.0.0.1:${bridge.httpPort}/data.php`;
      return (await fetch(url, { method: 'POST', headers: { authorization }, body: airrohrBody(1) })).status;
    };
    await until(async () => (await push('wrong')) === 401);
    expect(await push(token)).toBe(204);
    await until(() => seen.length > 0);
    expect(seen[0]).toBe(`buergerluft/_bridge/${DEVICE}/airrohr`);
    const elsewhere = await topicsSeen(server, '+/+/+');
    const topics = [...OWN_TOPICS, 'buergerluft/_registry/zz', 'buergerluft/_confirm/bridge'];
    // One connection each: Mosquitto closes it on a publish that is not allowed.
    for (const topic of [...topics, 'buergerluft/_bridge/esp8266-999/airrohr']) {
      (await signIn('bridge', 'of-bridge')).publish(topic, '{}');
    }
    await until(() => seen.includes('buergerluft/_bridge/esp8266-999/airrohr'));
    expect(elsewhere.filter((topic) => topics.includes(topic))).toEqual([]);
  });
});

describe('the lines for devices that do not name themselves in their topics', () => {
  const account = (id: string, names?: string[]) => ({
    device: { id, stationId: 'abcdefghij', boundAt: 0, ...(names === undefined ? {} : { names }) },
    mosquittoHash: '',
  });

  it('open exactly their topics, also when a name would mean more', () => {
    const names = ['kitchen', 'a/b', '#', 'x\ntopic write #'];
    expect(aclFile([account(DEVICE), account('airgradient-1ab'), account('zigbee-home', names)])).toBe(
      'user airgradient-1ab\ntopic write airgradient/readings/1ab\nuser zigbee-home\ntopic write zigbee2mqtt/kitchen\n',
    );
  });
});
