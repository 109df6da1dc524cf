import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { newKey } from '../../server/process/keys.ts';
import { addStation, airrohrBody, storedReadings } from '../support/ingestHost.ts';
import { until } from '../support/until.ts';
import { openDoorHost } from './doorHost.ts';
import { basic, exchange, openSocket, readAnswer, request } from './rawHttp.ts';

const DEVICE = 'esp8266-15303512';
const CLOSE = 'Connection: close';

async function openWithDevice(options: Parameters<typeof openDoorHost>[0] = {}) {
  const host = await openDoorHost(options);
  const device = await addStation(host.stations, DEVICE);
  const push = (body: string | Buffer, headers: string[] = []) =>
    exchange(host.port, request('POST', '/data.php', [basic(device), ...headers, CLOSE], body));
  return { host, device, push };
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

describe('the doors answer', () => {
  it.each([
    ['GET', '/data.php'],
    ['PUT', '/push/ABC'],
    ['DELETE', '/v1/push-sensor-data/'],
    ['OPTIONS', '/write'],
    ['PATCH', '/api/v2/write'],
  ])('405 to %s %s', async (method, path) => {
    const { host } = await openWithDevice();
    const answer = await exchange(host.port, request(method, path, [CLOSE]));
    expect(answer.status).toBe(405);
    expect(answer.head).toMatch(/\r\nAllow: POST(\r\n|$)/);
    expect(answer.body.length).toBeLessThan(100);
  });

  it.each([
    ['no credentials', () => [], undefined],
    ['an empty Basic', () => ['Authorization: Basic', 'X-PIN: 0'], undefined],
    ['Basic with no colon', () => ['Authorization: Basic xxx'], undefined],
    [
      'the token of somebody else',
      (_own: string, other: string) => [basic({ deviceId: DEVICE, token: other })],
      DEVICE,
    ],
    ['a token that never was', () => [basic({ deviceId: DEVICE, token: newKey(randomBytes) })], DEVICE],
    ['no token, but a name of its own', () => [`X-Sensor: ${DEVICE}`], DEVICE],
    ['no token, but a name that is none', () => ['X-Sensor: +/airrohr'], undefined],
    ['a device id that is a topic', (own: string) => [basic({ deviceId: '+/airrohr', token: own })], undefined],
    [
      'a device id with line protocol',
      (own: string) => [basic({ deviceId: `${DEVICE},a=b c=1`, token: own })],
      undefined,
    ],
    ['a device id like an out-topic', (own: string) => [basic({ deviceId: 'stations', token: own })], undefined],
    ['a key a kilobyte long', () => [`Authorization: Token ${'A'.repeat(1024)}`], undefined],
    [
      'bytes that are no text',
      () => [`Authorization: Basic ${Buffer.from([255, 58, 254]).toString('base64')}`],
      undefined,
    ],
  ])('401 to %s, and store nothing', async (_what, headers, told) => {
    const { host, device } = await openWithDevice();
    const other = await addStation(host.stations, 'esp8266-999');
    const answer = await exchange(
      host.port,
      request('POST', '/data.php', [...headers(device.token, other.token), CLOSE], airrohrBody(1)),
    );
    expect(answer.status).toBe(401);
    expect(answer.body.length).toBeLessThan(100);
    expect(await storedReadings(host.store)).toEqual([]);
    expect(host.seen.wrongTokens).toEqual([told]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['half a body', airrohrBody(1).slice(0, 60)],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('{"software_version":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]),
    ],
    ['a thousand brackets', '['.repeat(1000)],
    ['zeros', Buffer.alloc(500)],
    ['no values', '{"sensordatavalues":[]}'],
    ['two lines of line protocol', 'feinstaub,node=x SDS_P1=1\nfeinstaub,node=x SDS_P1=2\n'],
    ['another device in the body', airrohrBody(1).replace('{', '{"esp8266id":"999",')],
    ['a time beyond 2 minutes ahead', airrohrBody(1).replace('{', '{"timestamp":"2999-01-01T00:00:00Z",')],
    ['a time beyond 7 days back', airrohrBody(1).replace('{', '{"timestamp":"2001-01-01T00:00:00Z",')],
  ])('400 to %s, and store nothing', async (_what, body) => {
    const { host, push } = await openWithDevice();
    const answer = await push(body);
    expect(answer.status).toBe(400);
    expect(Buffer.byteLength(answer.body)).toBeLessThan(100);
    expect(await storedReadings(host.store)).toEqual([]);
    expect(await host.answers()).toEqual({ 'data.php 400': 1 });
  });

  it('400 to a device with the token of another, in whose name it would be stored', async () => {
    const { host, device } = await openWithDevice();
    const body = '{"sensordatavalues":[{"value_type":"P1","value":"1"}]}';
    const path = `/v1/push-sensor-data/?token=${device.token}`;
    const answer = await exchange(host.port, request('POST', path, ['X-Sensor: esp8266-999', 'X-PIN: 1', CLOSE], body));
    expect([answer.status, answer.body]).toEqual([400, 'X-Sensor names another device than the token.\n']);
    expect(host.seen.refused.map(({ reason }) => reason)).toEqual(['wrong-identity']);
  });

  it.each([
    ['/data', (token: string) => [basic({ deviceId: DEVICE, token })]],
    ['/api/v2/writes', (token: string) => [`Authorization: Token ${token}`]],
    ['/v1/push-sensor-data/more?token=', () => ['X-Sensor: esp8266-15303512', 'X-PIN: 1']],
    ['/data.php/', () => []],
  ])('404 to a device with its own token at %s, and its host is told', async (path, headersWith) => {
    const { host, device } = await openWithDevice();
    const headers = headersWith(device.token);
    const isBare = !headers.some((header) => header.startsWith('Authorization'));
    const full = isBare ? `${path}${device.token}` : path;
    const answer = await exchange(host.port, request('POST', full, [...headers, CLOSE], airrohrBody(1)));
    expect([answer.status, answer.body]).toEqual([404, 'No such path; devices send to /data.php, /push/ or /write.\n']);
    expect(host.seen.signedIn).toEqual([DEVICE]);
    expect(host.seen.refused.map(({ reason }) => reason)).toEqual(['wrong-path']);
    expect(await host.answers()).toEqual({ 'elsewhere 404': 1 });
  });

  it('nobody else at a path that is no door', async () => {
    const { host } = await openWithDevice();
    const headers = [basic({ deviceId: DEVICE, token: newKey(randomBytes) }), CLOSE];
    const answer = await exchange(host.port, request('POST', '/data', headers, airrohrBody(1)));
    expect([answer.status, answer.body]).toEqual([404, '']);
    expect([host.seen.signedIn, host.seen.wrongTokens, host.seen.refused]).toEqual([[], [], []]);
  });

  it('400 to a compressed bomb without opening it', async () => {
    const { host, push } = await openWithDevice();
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const answer = await push(bomb, ['Content-Encoding: gzip']);
    expect([answer.status, answer.body]).toEqual([400, 'Compressed bodies are not taken.\n']);
    expect(await storedReadings(host.store)).toEqual([]);
  });

  it('204 to a body that says it is not compressed', async () => {
    const { push } = await openWithDevice();
    expect((await push(airrohrBody(1), ['Content-Encoding: identity'])).status).toBe(204);
  });

  it('400 to a token in the path that is no percent-encoded text', async () => {
    const { host } = await openWithDevice();
    const answer = await exchange(host.port, request('POST', '/push/%ZZ', [CLOSE], airrohrBody(1)));
    expect([answer.status, answer.body]).toEqual([400, 'Unreadable.\n']);
  });

  it('413 to a body over 16 KiB, announced or not, before it is all there', async () => {
    const { host, device, push } = await openWithDevice();
    expect((await push('x'.repeat(16 * 1024 + 1))).status).toBe(413);
    const socket = await openSocket(host.port);
    const answer = readAnswer(socket);
    socket.write(`POST /data.php HTTP/1.1\r\nHost: x\r\n${basic(device)}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    socket.write(`5000\r\n${'x'.repeat(0x5000)}\r\n`);
    const { status, body } = await answer;
    expect([status, body]).toEqual([413, 'Body over 16 KiB.\n']);
    expect(host.seen.refused.map(({ reason }) => reason)).toEqual(['too-large', 'too-large']);
  });

  it('204 to a body of exactly 16 KiB', async () => {
    const { push } = await openWithDevice();
    expect((await push(airrohrBody(1).padEnd(16 * 1024, ' '))).status).toBe(204);
  });

  it('429 to a device that pushes too often, and nobody else', async () => {
    const { host, device, push } = await openWithDevice({ rateLimit: { burst: 2, perSecond: 0.01 } });
    const other = await addStation(host.stations, 'esp8266-999');
    const statuses = [];
    for (const samples of [1, 2, 3]) statuses.push((await push(airrohrBody(samples))).status);
    expect(statuses).toEqual([204, 204, 429]);
    const answer = await exchange(host.port, request('POST', '/data.php', [basic(other), CLOSE], airrohrBody(1)));
    expect(answer.status).toBe(204);
    const elsewhere = await exchange(host.port, request('POST', '/data', [basic(device), CLOSE], airrohrBody(4)));
    expect([elsewhere.status, elsewhere.body]).toEqual([429, 'Too often.\n']);
    expect(host.seen.refused.map(({ reason }) => reason)).toEqual(['too-often', 'too-often']);
  });

  it('431 to a flood of headers and 400 to what is no HTTP', async () => {
    const { host } = await openWithDevice();
    const flood = Array.from({ length: 1000 }, (_, i) => `X-Flood-${i}: ${'x'.repeat(40)}`);
    expect((await exchange(host.port, request('POST', '/data.php', flood))).status).toBe(431);
    expect((await exchange(host.port, 'EHLO example.org\r\n\r\n')).status).toBe(400);
    expect(await host.answers()).toEqual({ 'none 431': 1, 'none 400': 1 });
  });
});

describe('the doors', () => {
  it('take the same bytes twice as one reading', async () => {
    const { host, push } = await openWithDevice();
    expect((await push(airrohrBody(7))).status).toBe(204);
    expect((await push(airrohrBody(7))).status).toBe(204);
    expect(await storedReadings(host.store)).toHaveLength(1);
  });

  it('end a body that never comes, while others go on', async () => {
    const { host, device, push } = await openWithDevice();
    const slow = await Promise.all(Array.from({ length: 50 }, () => openSocket(host.port)));
    const head = `POST /data.php HTTP/1.1\r\nHost: x\r\n${basic(device)}\r\nContent-Length: 500\r\n\r\n{`;
    const answers = slow.map((socket) => {
      const answer = readAnswer(socket);
      socket.write(head);
      return answer;
    });
    let ended = 0;
    for (const answer of answers) void answer.then(() => ended++);
    expect((await push(airrohrBody(1))).status).toBe(204);
    expect(ended).toBe(0);
    expect(new Set((await Promise.all(answers)).map((answer) => answer.status))).toEqual(new Set([408]));
  });

  it('turn away at once who sends a body slowly and has no token', async () => {
    const { host } = await openWithDevice();
    const socket = await openSocket(host.port);
    const answer = readAnswer(socket);
    socket.write('POST /data.php HTTP/1.1\r\nHost: x\r\nContent-Length: 16000\r\n\r\n{');
    // Not 408: nothing was waited for.
    expect((await answer).status).toBe(401);
    await new Promise((resolve) => socket.once('close', resolve));
  });

  it('survive a device that is gone in the middle of its body', async () => {
    const { host, device, push } = await openWithDevice();
    const socket = await openSocket(host.port);
    socket.write(`POST /data.php HTTP/1.1\r\nHost: x\r\n${basic(device)}\r\nContent-Length: 500\r\n\r\n{"a`);
    await wait(50);
    socket.destroy();
    await until('the door notices', async () => (await host.answers())['data.php gone'] === 1);
    expect((await push(airrohrBody(1))).status).toBe(204);
  });

  it('let a right token in among 10,000 wrong ones a minute', async () => {
    const { host, push } = await openWithDevice();
    const wrong = async (i: number) => {
      const headers = [basic({ deviceId: i % 2 ? DEVICE : `esp8266-${i}`, token: newKey(randomBytes) }), CLOSE];
      return (await exchange(host.port, request('POST', '/data.php', headers, '{}'))).status;
    };
    // 170 a second is 10,000 a minute: a second of it at once, with right pushes in between.
    for (let round = 1; round <= 3; round++) {
      const flood = Array.from({ length: 170 }, (_, i) => wrong(i));
      expect((await push(airrohrBody(round))).status).toBe(204);
      expect(new Set(await Promise.all(flood))).toEqual(new Set([401]));
    }
    expect(await storedReadings(host.store)).toHaveLength(3);
  });

  it('log no token, address or unknown header', async () => {
    const { host, device } = await openWithDevice();
    const secret = 'x-osem-device-api-key: SECRETSECRET';
    const paths = [`/push/${device.token}`, `/write?token=${device.token}`, '/data.php'];
    for (const path of paths) {
      await exchange(host.port, request('POST', path, [basic(device), secret, CLOSE], 'nonsense'));
    }
    expect(host.logged.join('')).not.toMatch(new RegExp(`${device.token}|SECRETSECRET|127\\.0\\.0\\.1`));
  });
});
