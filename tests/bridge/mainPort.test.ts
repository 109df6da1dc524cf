import { describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import type { OnboardingStep } from '../../server/domain/contract.ts';
import { closeAfterTest } from '../support/closing.ts';
import { airrohrBody } from '../support/ingestHost.ts';
import { addStationOver, type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';
import { basic, exchange, request } from './rawHttp.ts';
import { sClient, selfSigned } from './tlsClients.ts';

const DEVICE = 'esp8266-15303512';
const CLOSE = 'Connection: close';

interface Stations {
  features: { properties: { lastSeenAt: string | null } }[];
}

function readyLine(server: ServerProcess): { deviceTlsPort?: number } {
  return JSON.parse(server.lines.find((line) => line.startsWith('{"event":"ready"')) ?? '{}');
}

describe('the single process', () => {
  it('answers devices on the main port with nothing but the answer, and people as before', async () => {
    const server = await startServerProcess();
    const device = await addStationOver(server, DEVICE);
    const push = request('POST', '/data.php', [basic(device), CLOSE], airrohrBody(1));
    const answer = await exchange(server.httpPort, push);
    expect(answer.head).toMatch(/^HTTP\/1\.1 204 No Content\r\nDate: [^\r]+\r\nConnection: close$/);
    const refused = await exchange(server.httpPort, request('POST', '/api/v2/write', [CLOSE], 'x'));
    expect(refused.head).toMatch(
      /^HTTP\/1\.1 401 Unauthorized\r\nContent-Length: 19\r\nContent-Type: text\/plain\r\nWWW-Authenticate: Basic realm="device"\r\nConnection: close\r\nDate: [^\r]+$/,
    );
    const page = await fetch(`${server.url}/api/v1/stations`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.status).toBe(200);
    // A server with little of the machine may have let it go through the spool.
    const stations = async () => (await server.request('GET', '/api/v1/stations')).body as unknown as Stations;
    await until('the device was heard', async () => {
      return (await stations()).features.map(({ properties }) => typeof properties.lastSeenAt).join() === 'string';
    });
    const metrics = await server.metrics();
    expect(metrics.get('buergerluft_http_pushes_total{answer="data.php 204"}')).toBe(1);
    expect(metrics.get('buergerluft_http_pushes_total{answer="write 401"}')).toBe(1);
  });

  it('opens the device TLS listener beside it', async () => {
    const { cert, key } = selfSigned('rsa');
    const settings = { DEVICE_TLS_PORT: '0', DEVICE_TLS_CERT: cert, DEVICE_TLS_KEY: key };
    const server = await startServerProcess({ settings });
    const device = await addStationOver(server, DEVICE);
    const push = request('POST', '/data.php', [basic(device), CLOSE], airrohrBody(1));
    const args = ['-tls1_2', '-maxfraglen', '1024', '-cipher', 'AES256-SHA256'];
    expect(await sClient(readyLine(server).deviceTlsPort ?? 0, args, push)).toContain('HTTP/1.1 204 No Content');
    const stored = async () => (await server.metrics()).get('buergerluft_readings_stored_total');
    await until('it is stored', async () => (await stored()) === 1);
  });

  it('logs the route of a push and nothing of its secrets', async () => {
    const server = await startServerProcess({ settings: { LOG_LEVEL: 'debug' } });
    const device = await addStationOver(server, DEVICE);
    const headers = [basic(device), 'x-osem-device-api-key: SECRETSECRET', CLOSE];
    for (const path of [
      `/push/${device.token}`,
      `/v1/push-sensor-data/?token=${device.token}`,
      `/write?token=${device.token}`,
    ]) {
      await exchange(server.httpPort, request('POST', path, headers, airrohrBody(1)));
      await exchange(server.httpPort, request('POST', path, headers, 'nonsense'));
    }
    await until('the routes are logged', () => server.lines.some((line) => line.includes('"/write"')));
    const log = server.lines.join('\n');
    for (const route of ['/push/:token', '/v1/push-sensor-data{/}', '/write'])
      expect(log).toContain(`"route":"${route}"`);
    expect(log).not.toMatch(new RegExp(`${device.token}|SECRETSECRET|127\\.0\\.0\\.1`));
  });

  it('tells a watching host each step of a push, and that a token is wrong', async () => {
    const server = await startServerProcess();
    const body = { name: 'x', position: { lat: 51.45, lon: 7.01 }, isIndoor: false, deviceId: DEVICE };
    const made = (await server.request('POST', '/api/v1/stations', body)).body as {
      station: { id: string };
      ownerKey: string;
      device: { deviceId: string; token: string };
    };
    const socket = io(server.url, { transports: ['websocket'] });
    closeAfterTest(() => socket.close());
    const steps: OnboardingStep[] = [];
    socket.on('onboarding:step', (step: OnboardingStep) => steps.push(step));
    await socket.emitWithAck('onboarding:watch', { stationId: made.station.id, ownerKey: made.ownerKey });
    const send = (token: string, sent: string) =>
      exchange(
        server.httpPort,
        request('POST', '/data.php', [basic({ deviceId: DEVICE, token }), `X-Sensor: ${DEVICE}`, CLOSE], sent),
      );
    await send('WRONG', airrohrBody(1));
    await until('the host hears of it', () => steps.length === 2);
    expect(steps.map(({ step }) => step)).toEqual(['connected', 'token-wrong']);
    await send(made.device.token, 'nonsense');
    await until('the host hears of it', () => steps.length === 5);
    await send(made.device.token, airrohrBody(2));
    await until('the host hears of it', () => steps.some(({ step }) => step === 'on-map'));
    expect(steps.slice(2).map(({ step, reason }) => reason ?? step)).toEqual([
      ...['connected', 'token-ok', 'unreadable'],
      ...['connected', 'token-ok', 'understood', 'plausible', 'on-map'],
    ]);
  });
});
