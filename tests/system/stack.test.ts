import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import type { MqttClient } from 'mqtt';
import { io } from 'socket.io-client';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { startBridgeProcess } from '../bridge/bridgeProcess.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { closeAfterTest } from '../support/closing.ts';
import { compose, environmentOf, envOf, withSecrets } from '../support/composeFile.ts';
import { startInfluxd } from '../support/influxd.ts';
import { connectMqtt, connectRaw } from '../support/mqttClients.ts';
import { promtoolProblems } from '../support/promtool.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { startStackBroker, startStackCaddy } from '../support/stack.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

/** What docker-compose.yml gives a service, with the secrets of this run. */
function environments() {
  const env = { ...envOf(withSecrets('')), DOMAIN: 'localhost' };
  return (name: string) => {
    const service = compose.services[name];
    if (service === undefined) throw new Error(`no service ${name}`);
    return environmentOf(service, env);
  };
}

/** The whole stack on free ports of this machine. */
async function startStack() {
  const of = environments();
  const folder = temporaryFolder();
  const certificates = join(folder, 'certificates');
  const dataDir = join(folder, 'data');
  mkdirSync(certificates);
  const accounts = join(dataDir, 'mosquitto');
  const brokerFolder = join(folder, 'broker');
  const broker = await startStackBroker(brokerFolder, { accounts, certificates, env: of('mosquitto') });
  const influxd = await startInfluxd();
  closeAfterTest(() => influxd.destroy());
  const MQTT_URL = `mqtt://127.0.0.1:${broker.port}`;
  const places = { MQTT_URL, INFLUX_URL: influxd.url, DATA_DIR: dataDir, BACKUP_DIR: join(folder, 'backups') };
  const server = await startServerProcess({ settings: { ...of('server'), ...places, TRUST_PROXY: 'loopback' } });
  const bridge = await startBridgeProcess({ ...of('firmware-bridge'), MQTT_URL, HTTP_PORT: '0' });
  const caddy = await startStackCaddy(certificates, {
    ...{ env: of('caddy'), server: `127.0.0.1:${server.httpPort}`, bridge: `127.0.0.1:${bridge.httpPort}` },
  });
  await until('Caddy has made its authority', () => existsSync(caddy.rootCertificate));
  const ca = readFileSync(caddy.rootCertificate, 'utf8');
  const adminToken = of('server').ADMIN_TOKEN ?? '';
  const stack = { broker, brokerFolder, influxd, server, bridge, caddy, ca, adminToken };
  // It listens before it has its certificate.
  const answers = () =>
    overHttps(stack, '/healthz').then(
      () => true,
      () => false,
    );
  await until('Caddy has its certificate', answers);
  return stack;
}

interface Stack {
  caddy: { httpsPort: number };
  ca: string;
  adminToken: string;
}

interface SentOptions extends RequestOptions {
  body?: string;
  headers?: Record<string, string>;
}

/** A request to Caddy over HTTPS as a browser makes it. */
async function overHttps({ caddy, ca }: Stack, path: string, options: SentOptions = {}) {
  const { body, ...given } = options;
  const sent = request({ host: '127.0.0.1', port: caddy.httpsPort, servername: 'localhost', ca, path, ...given });
  sent.setHeader('Host', given.headers?.host ?? 'localhost');
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

async function addStation(stack: Stack, deviceId: string) {
  const body = JSON.stringify({ name: deviceId, position: { lat: 51.45, lon: 7.01 }, isIndoor: false, deviceId });
  const headers = { Authorization: `Bearer ${stack.adminToken}`, 'Content-Type': 'application/json' };
  const made = await overHttps(stack, '/api/v1/stations', { method: 'POST', headers, body });
  const { station, device } = JSON.parse(made.text) as { station: { id: string }; device: { token: string } };
  return { stationId: station.id, token: device.token };
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

// What these tests cannot run is Docker itself and InfluxDB 2: InfluxDB 1.x, which Debian has, answers the same requests.
describe("the stack with its own configuration files (Docker's part and InfluxDB 2 are not run here)", () => {
  it('takes readings over every door and shows them through Caddy, and writes no address into a log', async () => {
    const stack = await startStack();
    const { broker, influxd, bridge, caddy, ca } = stack;
    const plain = `http://127.0.0.1:${caddy.httpPort}`;

    const page = await overHttps(stack, '/');
    expect(page.status).toBe(200);
    expect(page.headers['strict-transport-security']).toContain('max-age=31536000');
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
    const redirected = await fetch(`${plain}/about?x=1`, { redirect: 'manual' });
    expect([redirected.status, redirected.headers.get('location')]).toEqual([308, 'https://localhost/about?x=1']);
    expect((await overHttps(stack, '/', { headers: { host: 'other.example.org' } })).status).toBe(421);

    const deviceId = 'esp8266-4711';
    const { stationId, token } = await addStation(stack, deviceId);
    const authorization = basic(deviceId, token);
    const push = (address: string, samples: number, headers: Record<string, string> = {}) =>
      fetch(plain + address, { method: 'POST', headers, body: airrohrBody(deviceId, { samples }), redirect: 'manual' });
    await until('the bridge knows the device', async () => (await push(`/push/${token}`, 1)).status === 204);
    expect((await push('/data.php', 2, { authorization })).status).toBe(204);
    const secure = await overHttps(stack, `/push/${token}`, {
      method: 'POST',
      body: airrohrBody(deviceId, { samples: 3 }),
    });
    expect(secure.status).toBe(204);

    const socket = io(`https://localhost:${caddy.httpsPort}`, {
      ...{ transports: ['websocket'], ca, extraHeaders: { host: 'localhost' } },
    });
    closeAfterTest(() => socket.close());
    const seen: unknown[] = [];
    socket.on('station:reading', (reading) => seen.push(reading));
    await once(socket as never, 'connect');
    await socket.emitWithAck('station:subscribe', { stationId });

    const tls = { protocol: 'mqtts' as const, host: 'localhost', ca: [ca], username: deviceId };
    let device: MqttClient | undefined;
    await until('Mosquitto has certificate and account', async () => {
      device = await connectMqtt(broker.tlsPort, { ...tls, password: token }).catch(() => undefined);
      return device !== undefined;
    });
    await expect(connectMqtt(broker.tlsPort, { ...tls, password: 'wrong' })).rejects.toThrow(/Not authorized/);
    await device?.publishAsync(`buergerluft/${deviceId}/airrohr`, airrohrBody(deviceId, { samples: 4 }), { qos: 1 });
    await until('the browser has what came over MQTT', () => seen.length > 0);
    await until('all four are in InfluxDB', async () => {
      const answer = JSON.stringify(await influxd.query('SELECT COUNT(pm25) FROM reading', 'readings'));
      return /,4\]/.test(answer);
    });

    // A container that ends while others wait for it makes `docker compose up` give up.
    expect(broker.starts()).toBe(1);

    const headers = { Authorization: `Bearer ${stack.adminToken}` };
    const metrics = (await overHttps(stack, '/metrics', { headers })).text;
    expect(promtoolProblems(metrics)).toBe('');
    const alerts = readFileSync(join(packageRoot(), 'docker/prometheus/alerts.yml'), 'utf8');
    const missing = (alerts.match(/buergerluft_\w+/g) ?? []).filter((name) => !metrics.includes(`# TYPE ${name} `));
    expect(missing).toEqual([]);
    const ofBridge = await fetch(`http://127.0.0.1:${bridge.httpPort}/metrics`);
    expect(promtoolProblems(await ofBridge.text())).toBe('');

    for (const port of [broker.tlsPort, caddy.httpsPort]) (await connectRaw(port)).end('no TLS at all\r\n\r\n');
    await bridge.kill();
    expect((await push(`/push/${token}`, 5)).status).toBe(502);
    await until('Caddy says that the bridge is away', () => caddy.output().includes('"level":"error"'));
    for (const output of [caddy.output(), broker.output(), bridge.output()]) {
      expect(output).not.toMatch(/remote_ip|client_ip/);
      expect(output).not.toContain(token);
    }
    expect(broker.output()).not.toContain('127.0.0.1');
  });

  it('has its broker take over the accounts again after it lost them', async () => {
    const stack = await startStack();
    const { broker, brokerFolder, server } = stack;
    const { token } = await addStation(stack, 'esp8266-4712');
    const isIn = () =>
      connectMqtt(broker.port, { username: 'esp8266-4712', password: token }).then(
        () => true,
        () => false,
      );
    await until('the device can sign in', isIn);
    rmSync(join(brokerFolder, 'data/dynamic-security.json'));
    broker.kill();
    await until('the server has written the accounts whole', () => {
      return server.lines.some((line) => line.includes('devices cannot sign in until the broker takes the file'));
    });
    await until('the device can sign in again', isIn);
    expect(broker.starts()).toBe(2);
  });
});
