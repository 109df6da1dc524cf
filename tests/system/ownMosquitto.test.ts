import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { runCliProcess } from '../support/cliProcess.ts';
import { closeAfterTest } from '../support/closing.ts';
import { dynsecPlugin } from '../support/dynsec.ts';
import { freePort, whenListening } from '../support/mosquitto.ts';
import { connectMqtt, connectRaw } from '../support/mqttClients.ts';
import { addStationOver, startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

const read = (name: string) => readFileSync(join(packageRoot(), name), 'utf8');
const PLUGIN = '/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so';
const ACCOUNTS = '/var/lib/mosquitto/dynamic-security.json';

/** The file for a Mosquitto of one's own, as docs/operate.md has it. */
function documentedFile(): string {
  const [, file = ''] =
    /```\n(# \/etc\/mosquitto\/conf\.d\/buergerluft\.conf\n.*?)```/s.exec(read('docs/operate.md')) ?? [];
  return file;
}

/** Names of settings with their values, those given more than once together. */
function settingsOf(file: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of file.split('\n').filter((line) => /^[a-z]/.test(line))) {
    const [name = '', ...words] = line.split(' ');
    settings.set(name, [settings.get(name) ?? [], words.join(' ')].flat().join(','));
  }
  return settings;
}

/** Mosquitto as Debian's package sets it up, with the documented file beside; `accounts` is what it keeps accounts in. */
async function startDocumentedBroker(accounts: string) {
  const folder = temporaryFolder();
  const port = await freePort();
  mkdirSync(join(folder, 'conf.d'));
  // /etc/mosquitto/mosquitto.conf of Debian 12, its paths moved; the user because root would give its rights up.
  const debian = [
    ...[`user ${process.env.USER ?? 'root'}`, 'persistence true', `persistence_location ${folder}/`],
    ...[`log_dest file ${folder}/mosquitto.log`, `include_dir ${folder}/conf.d`],
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${debian.join('\n')}\n`);
  const moved = documentedFile().replace('listener 1883', `listener ${port} 127.0.0.1`).replace(PLUGIN, dynsecPlugin());
  writeFileSync(join(folder, 'conf.d/buergerluft.conf'), moved.replace(ACCOUNTS, accounts));
  const env = { PATH: `${process.env.PATH}:/usr/sbin` };
  const broker = spawn('mosquitto', ['-c', join(folder, 'mosquitto.conf')], { env, stdio: 'ignore' });
  closeAfterTest(async () => {
    const ended = once(broker, 'close');
    broker.kill();
    await ended;
  });
  await whenListening(port);
  return { port, log: () => readFileSync(join(folder, 'mosquitto.log'), 'utf8') };
}

describe('a Mosquitto set up as docs/operate.md says', () => {
  it('keeps what the one of the stack keeps, and logs what that logs', () => {
    const [own, stack] = [documentedFile(), read('docker/mosquitto/mosquitto.conf')].map(settingsOf);
    const shared = [...(own?.keys() ?? [])].filter((name) => !name.startsWith('plugin'));
    expect(shared).toContain('connection_messages');
    expect(shared.map((name) => [name, own?.get(name)])).toEqual(shared.map((name) => [name, stack?.get(name)]));
  });

  it('takes the accounts of broker-config, brings readings, and has no address in its log', async () => {
    const accounts = join(temporaryFolder(), 'dynamic-security.json');
    const passwords = { MQTT_USERNAME: 'server', MQTT_PASSWORD: 'of-server', BRIDGE_PASSWORD: 'of-bridge' };
    const made = await runCliProcess(['broker-config', '--to', accounts], {
      DATA_DIR: temporaryFolder(),
      ...passwords,
    });
    expect(made.code).toBe(0);
    const { port, log } = await startDocumentedBroker(accounts);
    const server = await startServerProcess({ settings: { MQTT_URL: `mqtt://127.0.0.1:${port}`, ...passwords } });
    const { deviceId, token } = await addStationOver(server, 'esp8266-4713');
    const device = { username: deviceId, password: token, clientId: 'sensor' };
    await until('the device can sign in', async () => {
      const client = await connectMqtt(port, device).catch(() => undefined);
      await client?.publishAsync(`buergerluft/${deviceId}/airrohr`, airrohrBody(deviceId, { samples: 1 }), { qos: 1 });
      return client !== undefined;
    });
    await until('the reading is stored', async () => {
      return ((await server.metrics()).get('buergerluft_readings_stored_total') ?? 0) > 0;
    });
    const statuses: string[] = [];
    const onlooker = await connectMqtt(port, { ...device, clientId: 'onlooker' });
    onlooker.on('message', (_topic, status) => statuses.push(status.toString()));
    await onlooker.subscribeAsync('buergerluft/status', { qos: 1 });
    // A device that calls itself as the server does must not get its session.
    await connectMqtt(port, { ...device, clientId: 'buergerluft-main' });
    await onlooker.publishAsync(`buergerluft/${deviceId}/airrohr`, airrohrBody(deviceId, { samples: 2 }), { qos: 1 });
    await until('the next reading is stored', async () => {
      return ((await server.metrics()).get('buergerluft_readings_stored_total') ?? 0) > 1;
    });
    await until('the status came', () => statuses.length > 0);
    expect(statuses).toEqual(['online']);
    await expect(connectMqtt(port, { ...device, password: 'wrong' })).rejects.toThrow();
    (await connectRaw(port)).end('no MQTT at all\r\n\r\n');
    // The same client id again: the former connection is ended, which Mosquitto says with its address otherwise.
    await connectMqtt(port, device);
    await connectMqtt(port, device);
    expect(log()).not.toMatch(/127\.0\.0\.1|::1/);
  });
});
