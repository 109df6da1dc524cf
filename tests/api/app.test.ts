import { request as httpRequest } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import { StoreUnavailableError } from '../../server/store/readingStore.ts';
import { startTestServer } from '../support/testServer.ts';

const broken = (error: Error) => {
  const router = Router();
  router.get('/broken/:secret', () => {
    throw error;
  });
  return { path: '/api/v1', router };
};

describe('the HTTP shell', () => {
  it('answers an unknown API address with a 404 problem', async () => {
    const { send } = await startTestServer();
    const answer = await send('GET', '/api/v1/nothing');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toEqual({
      type: 'urn:buergerluft:problem:not-found',
      title: 'not found',
      status: 404,
      code: 'not-found',
      detail: 'There is nothing at this address.',
    });
  });

  it('answers a known address with another method by 405 and Allow', async () => {
    const { send } = await startTestServer();
    const answer = await send('PUT', '/api/v1/stations/abcdefghij');
    expect([answer.status, answer.body.code]).toEqual([405, 'method-not-allowed']);
    expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH']);
    expect((await send('DELETE', '/healthz')).status).toBe(405);
  });

  it('lets pages answer what is left, but never an API address', async () => {
    const pages = Router();
    pages.use((_request, response) => void response.type('html').send('<p>page</p>'));
    const { send } = await startTestServer({ routers: [{ path: '/', router: pages }] });
    expect((await send('GET', '/anything')).text).toBe('<p>page</p>');
    expect((await send('GET', '/api/v1/nothing')).status).toBe(404);
    expect((await send('GET', '/healthz')).body).toEqual({ status: 'ok' });
  });

  it('keeps an API route that a root router describes', async () => {
    const pages = Router();
    pages.get('/api/v1/instance', (_request, response) => void response.json({ name: 'x' }));
    const paths = { '/api/v1/instance': {} };
    const { send } = await startTestServer({ routers: [{ path: '/', router: pages, paths }] });
    expect((await send('GET', '/api/v1/instance')).body).toEqual({ name: 'x' });
  });

  it('says of a body that is not sent as JSON so, and takes a request without one', async () => {
    const { url } = await startTestServer();
    const post = (init: RequestInit) => fetch(`${url}/api/v1/stations`, { method: 'POST', ...init });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/geo+json']) {
      const answer = await post({ body: '{"name": "Balkon"}', headers: { 'Content-Type': type } });
      expect([answer.status, (await answer.json()).code]).toEqual([415, 'unsupported-type']);
    }
    expect((await post({ body: '{}', headers: { 'Content-Type': 'application/json; charset=utf-8' } })).status).toBe(
      400,
    );
    expect((await post({})).status).toBe(400);
  });

  it('answers malformed JSON, a body over 16 KiB and a broken address with problems', async () => {
    const { send, adminToken: key } = await startTestServer();
    const malformed = await send('POST', '/api/v1/stations', { body: '{"name": ', key });
    expect([malformed.status, malformed.body.code]).toEqual([400, 'malformed-json']);
    for (const body of ['null', '"x"']) {
      const { status, body: answer } = await send('POST', '/api/v1/stations', { body, key });
      expect([status, answer.detail]).toEqual([400, 'The body must be a JSON object in braces.']);
    }
    const large = await send('POST', '/api/v1/stations', { body: { name: 'x'.repeat(17_000) }, key });
    expect([large.status, large.body.code]).toEqual([413, 'too-large']);
    const address = await send('GET', '/api/v1/stations/%E0%A4%A');
    expect(address.status).toBe(400);
    expect(address.headers.get('content-type')).toMatch(/problem\+json/);
  });

  it('shows no stack trace for a mistake of ours, and logs it once under the route, without the URL', async () => {
    const server = await startTestServer({ routers: [broken(new Error('boom at 52.5200'))] });
    const answer = await server.send('GET', '/api/v1/broken/s3cret?token=s3cret');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/boom|stack|at /);
    const errors = server.logged.filter((line) => line.includes('"level":"error"'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('/broken/:secret');
    expect(server.logged.join('')).not.toContain('s3cret');
    expect(server.logged.join('')).not.toContain('127.0.0.1');
  });

  it('answers 503 with Retry-After while a store is away', async () => {
    const { send } = await startTestServer({ routers: [broken(new StoreUnavailableError('away'))] });
    const answer = await send('GET', '/api/v1/broken/x');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
  });

  it('sends a policy that allows ourselves, our sockets and the configured tile server only', async () => {
    const settings = { TILE_URL: 'https://{s}.tiles.example.org/{z}/{x}/{y}.png' };
    const { send, url } = await startTestServer({ settings });
    const { headers } = await send('GET', '/healthz');
    const policy = headers.get('content-security-policy') ?? '';
    const host = new URL(url).host;
    expect(policy).toContain(`connect-src 'self' ws://${host} wss://${host}`);
    expect(policy).toContain("img-src 'self' data: https://*.tiles.example.org");
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|upgrade-insecure/);
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('sends HSTS when people come over HTTPS', async () => {
    const { send } = await startTestServer({ settings: { PUBLIC_URL: 'https://luft.example.org/' } });
    const { headers } = await send('GET', '/healthz');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('never repeats a forged Host in the policy', async () => {
    const { url } = await startTestServer();
    const policy = await new Promise<string>((resolve, reject) => {
      const sent = httpRequest(`${url}/healthz`, { headers: { host: "x; script-src 'unsafe-inline'" } }, (response) => {
        response.resume();
        resolve(String(response.headers['content-security-policy']));
      });
      sent.on('error', reject).end();
    });
    expect(policy).not.toContain('unsafe-inline');
  });

  it('lets any origin read with GET, and allows no key and no change from there', async () => {
    const { send, url } = await startTestServer();
    for (const path of ['/api/v1/stations', '/healthz', '/readyz', '/metrics']) {
      expect([path, (await send('GET', path)).headers.get('access-control-allow-origin')]).toEqual([path, '*']);
    }
    const posted = await send('POST', '/api/v1/stations', { body: {} });
    expect(posted.headers.get('access-control-allow-origin')).toBeNull();
    const headers = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'DELETE' };
    const preflight = await fetch(`${url}/api/v1/stations/abcdefghij`, { method: 'OPTIONS', headers });
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD');
    expect(preflight.headers.get('access-control-allow-headers')).not.toMatch(/authorization/i);
  });

  it('lets any origin read also that it asked too often', async () => {
    const { url } = await startTestServer({ settings: { TRUST_PROXY: 'loopback', ADDRESS_LIMIT: '500,5,1' } });
    const headers = { Origin: 'https://elsewhere.example', 'X-Forwarded-For': '192.0.2.7' };
    for (const path of ['/api/v1/stations', '/sta/v1.1/Things', '/static/v2/nothing.json', '/airrohr/v1/filter/x']) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(url + path, { headers })));
      const refused = answers.filter(({ status }) => status === 429);
      const open = new Set(refused.map((answer) => answer.headers.get('access-control-allow-origin')));
      expect([path, [...open]]).toEqual([path, ['*']]);
    }
  });

  it('believes X-Forwarded-For only from proxies it was told to trust', async () => {
    const seen = Router();
    seen.get('/ip', (request, response) => void response.json({ ip: request.ip }));
    const ipAt = async (settings: Record<string, string>) => {
      const { url } = await startTestServer({ settings, routers: [{ path: '/api/v1', router: seen }] });
      const response = await fetch(`${url}/api/v1/ip`, { headers: { 'X-Forwarded-For': '192.0.2.7' } });
      return ((await response.json()) as { ip: string }).ip;
    };
    expect(await ipAt({})).toBe('127.0.0.1');
    expect(await ipAt({ TRUST_PROXY: 'loopback' })).toBe('192.0.2.7');
  });
});
