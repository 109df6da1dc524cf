import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import express from 'express';
import { createLog } from '../../server/log.ts';
import { createRegistryProxy, isOwn } from '../../server/nodes/registryProxy.ts';
import { closeAfterTest } from '../support/closing.ts';

async function listen(app: express.Express): Promise<string> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeAfterTest(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('what a web node answers itself', () => {
  it.each([
    ['GET', '/', true],
    ['GET', '/station/abcdefghij', true],
    ['GET', '/area/mitte', true],
    ['GET', '/assets/main-1.js', true],
    ['HEAD', '/api/v1/map', true],
    ['GET', '/api/v1/stations/abcdefghij/series', true],
    ['GET', '/api/v1/areas/mitte/officials', true],
    ['GET', '/api/v1/notices', true],
    ['POST', '/api/v1/admin/notices', false],
    ['POST', '/api/v1/stations', false],
    ['PATCH', '/api/v1/stations/abcdefghij', false],
    ['GET', '/api/v1/stations/abcdefghij/contacts', false],
    ['GET', '/api/v1/citations/x', false],
    ['GET', '/cite/x', false],
    ['GET', '/area/mitte/letter', false],
    ['GET', '/imprint', false],
    ['GET', '/static/v2/data.json', false],
    ['GET', '/whatever/is/added/one/day', false],
    ['POST', '/', false],
  ])('%s %s: %s', (method, path, expected) => {
    expect(isOwn({ method, path, headers: {} })).toBe(expected);
  });

  it('is nothing that carries a key, but for its own service routes', () => {
    const headers = { authorization: 'Bearer x' };
    expect(isOwn({ method: 'GET', path: '/api/v1/stations', headers })).toBe(false);
    expect(isOwn({ method: 'GET', path: '/metrics', headers })).toBe(true);
  });
});

describe('what it hands on', () => {
  it('comes back as the aggregator says, which learns who asked', async () => {
    const seen: { headers?: IncomingHttpHeaders; body?: unknown } = {};
    const aggregator = express();
    aggregator.use(express.json());
    aggregator.all('/api/v1/stations', (request, response) => {
      Object.assign(seen, { headers: request.headers, body: request.body });
      response.status(201).set('X-Own', 'yes').json({ made: true });
    });
    const url = await listen(aggregator);
    const log = createLog('silent');
    const web = await listen(express().use(createRegistryProxy({ url, log })));
    const response = await fetch(`${web}/api/v1/stations?x=1`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer key', 'X-Forwarded-For': '192.0.2.7' },
      body: JSON.stringify({ name: 'a' }),
    });
    expect([response.status, response.headers.get('x-own'), await response.json()]).toEqual([
      201,
      'yes',
      { made: true },
    ]);
    expect(seen.body).toEqual({ name: 'a' });
    expect(seen.headers).toMatchObject({ authorization: 'Bearer key', 'x-forwarded-proto': 'http' });
    expect(seen.headers?.['x-forwarded-for']).toMatch(/^192\.0\.2\.7, .*127\.0\.0\.1$/);
  });

  it('cannot be sent anywhere else, and is a calm 503 while the aggregator is away', async () => {
    const log = createLog('silent');
    const web = await listen(express().use(createRegistryProxy({ url: 'http://127.0.0.1:9', log })));
    for (const path of ['/api/v1/citations', '//example.org/x', '/http://example.org/']) {
      const response = await fetch(web + path);
      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(response.headers.get('retry-after')).toBe('5');
    }
  });
});
