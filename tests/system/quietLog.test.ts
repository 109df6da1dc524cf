import { describe, expect, it } from '@jest/globals';
import { airrohrBody } from '../support/airrohrBody.ts';
import { startMailServer } from '../support/mailServer.ts';
import { connectDevice, refusalOf } from '../support/mqttClients.ts';
import { addStationOver, type ServerProcess, startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';

const PLACE = { lat: 51.4563719, lon: 7.0123456 };
const ADDRESS = 'anna.beispiel@example.org';
const REFUSED = 'bernd.beispiel@example.org';
const OPERATOR = 'betrieb@example.org';
const WRONG_TOKEN = '00000000000000000000000001';
/** As a proxy in front would pass it on. */
const VISITOR = '203.0.113.77';

/** A request as a stranger makes it, through a proxy that is trusted. */
async function ask({ url }: ServerProcess, path: string, options: RequestInit = {}): Promise<number> {
  const headers = { 'X-Forwarded-For': VISITOR, ...(options.headers as Record<string, string>) };
  const response = await fetch(url + path, { redirect: 'manual', ...options, headers });
  await response.arrayBuffer();
  return response.status;
}

function json(method: string, body: unknown, key?: string): RequestInit {
  const headers = { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) };
  return { method, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

describe('the log of a run with devices, visitors, mails and errors, at its most talkative', () => {
  it('holds no address, key, mail address or exact place', async () => {
    const mail = await startMailServer();
    const settings = {
      ...{ LOG_LEVEL: 'trace', TRUST_PROXY: 'loopback', SMTP_URL: mail.url, MAIL_FROM: 'luft@example.org' },
      ...{ OPERATOR_MAIL: OPERATOR, REGISTRATION: 'open', PUBLIC_URL: 'http://luft.example.org' },
    };
    const server = await startServerProcess({ settings });
    const device = await addStationOver(server, 'esp8266-4711');
    const registered = await fetch(
      `${server.url}/api/v1/stations`,
      json('POST', { name: 'Balkon', position: PLACE, isIndoor: false, acceptedTerms: true, deviceId: 'esp8266-4712' }),
    );
    const own = (await registered.json()) as { station: { id: string }; ownerKey: string; device: { token: string } };

    const body = airrohrBody(device.deviceId);
    expect(await ask(server, `/push/${device.token}`, { method: 'POST', body })).toBe(204);
    const basic = (token: string) => ({ Authorization: `Basic ${btoa(`${device.deviceId}:${token}`)}` });
    const refusals = [
      await ask(server, `/push/${WRONG_TOKEN}`, { method: 'POST', body }),
      await ask(server, '/data.php', { method: 'POST', body, headers: basic(WRONG_TOKEN) }),
      await ask(server, '/data.php', { method: 'POST', body: '{"esp8266id":', headers: basic(device.token) }),
      await ask(server, `/v1/push-sensor-data/?token=${WRONG_TOKEN}`, { method: 'POST', body }),
      await ask(server, '/api/v1/stations', json('POST', '{"position":{"lat":51.4563719,', WRONG_TOKEN)),
      await ask(server, `/api/v1/stations/${own.station.id}`, json('PATCH', { name: '' }, own.ownerKey)),
      await ask(server, `/api/v1/admin/overview?key=${WRONG_TOKEN}`),
      await ask(server, `/nowhere/${ADDRESS}?at=${PLACE.lat},${PLACE.lon}`),
      await ask(server, '/%E0%A4%A'),
    ];
    expect(refusals.filter((status) => status < 400)).toEqual([]);
    const client = await connectDevice(server.mqttPort, device);
    await client.publishAsync(`buergerluft/${device.deviceId}/airrohr`, '{"broken', { qos: 1 });
    await client.publishAsync(`tele/${device.deviceId}/LWT`, 'Online', { qos: 1 });
    expect(await refusalOf(connectDevice(server.mqttPort, { ...device, token: WRONG_TOKEN }))).not.toBe(0);

    for (const path of [
      '/',
      `/station/${own.station.id}`,
      '/host',
      '/report',
      '/admin',
      '/api/v1/stations?bbox=7.0123456,51,8,52',
    ]) {
      expect([path, (await ask(server, path)) < 400]).toEqual([path, true]);
    }
    const contact = json('POST', { kind: 'mail', address: ADDRESS }, own.ownerKey);
    expect(await ask(server, `/api/v1/stations/${own.station.id}/contacts`, contact)).toBeLessThan(300);
    await until('the question was mailed', () => mail.mails.length > 0);
    mail.refuseWith = { code: 550, message: `no such user ${REFUSED}` };
    const other = json('POST', { kind: 'mail', address: REFUSED }, own.ownerKey);
    await ask(server, `/api/v1/stations/${own.station.id}/contacts`, other);
    await until('the refusal is logged', () => server.lines.some((line) => line.includes('could not be delivered')));
    expect(
      await ask(server, `/api/v1/stations/${own.station.id}?receipt=true`, { ...json('DELETE', {}, own.ownerKey) }),
    ).toBe(200);
    await server.stop();

    const log = server.lines.join('\n');
    expect(server.lines.length).toBeGreaterThan(20);
    const secrets = {
      ...{
        address: '127.0.0.1',
        mapped: '::ffff:',
        visitor: VISITOR,
        mail: ADDRESS,
        refused: REFUSED,
        operator: OPERATOR,
      },
      ...{ device: device.token, other: own.device.token, owner: own.ownerKey, admin: server.adminToken() },
      ...{ wrong: WRONG_TOKEN, lat: String(PLACE.lat), lon: String(PLACE.lon) },
    };
    const found = Object.entries(secrets).flatMap(([name, secret]) => {
      return server.lines.filter((line) => line.includes(secret)).map((line) => `${name}: ${line}`);
    });
    expect(found).toEqual([]);
    expect(log).not.toMatch(/Bearer|Basic [A-Za-z0-9+/]{8}/);
  });
});
