import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { packageRoot } from '../server/packageRoot.ts';

const PATH = `${process.env.PATH}:/usr/sbin`;
const folder = mkdtempSync(join(tmpdir(), 'buergerluft-mosquitto-'));
let broker: ChildProcess | undefined;
let port = 0;
const clients: MqttClient[] = [];
const OWN_TOPICS = ['buergerluft/esp8266-100/airrohr', 'tele/esp8266-100/SENSOR', 'esp8266-100/sensor/pm_2_5/state'];
const FOREIGN_TOPICS = [
  ...OWN_TOPICS.map((topic) => topic.replace('esp8266-100', 'esp8266-999')),
  'buergerluft/stations/abcdefghij/latest',
  'buergerluft/_registry/00',
];

/** The stack's broker folder, moved from the container's paths to `folder`, with a device that has a password. */
async function startBroker(): Promise<void> {
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
  const passwords = join(folder, 'data/passwords');
  writeFileSync(passwords, '', { mode: 0o600 });
  execFileSync('mosquitto_passwd', ['-b', passwords, 'esp8266-100', 'device'], { env: { PATH } });
  const env = { PATH, SERVER_PASSWORD: 'of-server', BRIDGE_PASSWORD: 'of-bridge' };
  broker = spawn('sh', [join(folder, 'config/start.sh')], { env, stdio: 'ignore' });
  while (!(await answers())) {
    if (broker.exitCode !== null) throw new Error('Mosquitto ended by itself');
    await setTimeout(50);
  }
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
  clients.push(client);
  return client;
}

beforeAll(startBroker);
afterAll(async () => {
  for (const client of clients) client.end(true);
  if (broker?.exitCode === null && broker.kill()) await once(broker, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

describe("the stack's Mosquitto", () => {
  it('lets nobody in without a password', async () => {
    await expect(signIn('server', 'wrong')).rejects.toThrow(/Not authorized/);
    await expect(connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 }, false)).rejects.toThrow(/Not auth/);
  });

  it("passes a device's own topics to the server and none of anybody else's", async () => {
    const server = await signIn('server', 'of-server');
    const seen: string[] = [];
    server.on('message', (topic) => seen.push(topic));
    await server.subscribeAsync('#', { qos: 1 });
    // Mosquitto 2.0.11 closes the connection over a publish it denies, so each goes through a connection of its own.
    for (const topic of FOREIGN_TOPICS) (await signIn('esp8266-100', 'device')).publish(topic, '{}', { qos: 1 });
    const device = await signIn('esp8266-100', 'device');
    for (const topic of OWN_TOPICS) await device.publishAsync(topic, '{}', { qos: 1 });
    const bridge = await signIn('bridge', 'of-bridge');
    await bridge.publishAsync('buergerluft/esp8266-7/airrohr', '{}', { qos: 1 });
    await bridge.publishAsync('last', '', { qos: 1 });
    while (seen.at(-1) !== 'last') await setTimeout(10);
    expect(seen).toEqual([...OWN_TOPICS, 'buergerluft/esp8266-7/airrohr', 'last']);
  });

  it('shows a device the public values and nothing that passes between our processes', async () => {
    const device = await signIn('esp8266-100', 'device');
    const server = await signIn('server', 'of-server');
    const seen: string[] = [];
    device.on('message', (topic) => seen.push(topic));
    await device.subscribeAsync(['buergerluft/#'], { qos: 1 });
    await server.publishAsync('buergerluft/_registry/00', 'secret', { qos: 1 });
    await server.publishAsync('buergerluft/stations/abcdefghij/latest', '{}', { qos: 1 });
    while (!seen.includes('buergerluft/stations/abcdefghij/latest')) await setTimeout(10);
    expect(seen).toEqual(['buergerluft/stations/abcdefghij/latest']);
  });
});
