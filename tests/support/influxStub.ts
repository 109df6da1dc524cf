import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Influxd } from './influxd.ts';

/** What the stub was asked. */
export interface StubRequest {
  method: string;
  path: string;
  authorization: string | undefined;
  body: string;
}

/** A stand-in for a generation of InfluxDB that cannot be had for tests. */
export interface InfluxStub {
  url: string;
  requests: StubRequest[];
  close(): Promise<void>;
}

type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

/**
 * A stub of 2.x: signs in by `Authorization: Token`, knows buckets of one organisation, maps `db` to the bucket of that
 * name, and lets a real 1.x do the writing and querying. As documented under docs.influxdata.com/influxdb/v2,
 * "InfluxDB 1.x compatibility API" and "DBRP mapping"; no 2.x took part.
 */
export function startInflux2Stub(engine: Influxd, { token, org }: { token: string; org: string }): Promise<InfluxStub> {
  const buckets = new Set<string>();
  const missing = (what: string): Answer => ({
    status: 404,
    body: { code: 'not found', message: `${what} not found` },
  });
  return startStub(async (request) => {
    const { pathname, searchParams } = new URL(request.path, 'http://stub');
    if (pathname === '/ping')
      return { status: 204, headers: { 'x-influxdb-version': 'v2.7.12', 'x-influxdb-build': 'OSS' } };
    if (request.authorization !== `Token ${token}`) {
      return { status: 401, body: { code: 'unauthorized', message: 'unauthorized access' } };
    }
    if (pathname === '/api/v2/orgs') {
      return searchParams.get('org') === org
        ? { status: 200, body: { orgs: [{ id: '07', name: org }] } }
        : missing('org');
    }
    if (pathname === '/api/v2/buckets' && request.method === 'GET') {
      const name = searchParams.get('name') ?? '';
      return { status: 200, body: { buckets: buckets.has(name) ? [{ id: '01', name }] : [] } };
    }
    if (pathname === '/api/v2/buckets') {
      const { name } = JSON.parse(request.body) as { name: string };
      await engine.query(`CREATE DATABASE "${name}"`);
      buckets.add(name);
      return { status: 201, body: { id: '01', name } };
    }
    const database = searchParams.get('db') ?? new URLSearchParams(request.body).get('db') ?? '';
    return buckets.has(database) ? forward(engine, request) : missing('bucket');
  });
}

/** A stub of 3 Core: its `/ping` names the version in the body and wants a token; a real 1.x does the rest. */
export function startInflux3Stub(engine: Influxd, { token }: { token: string }): Promise<InfluxStub> {
  return startStub(async (request) => {
    if (request.authorization !== `Token ${token}`)
      return { status: 401, body: { error: 'the request was not authenticated' } };
    if (request.path === '/ping') return { status: 200, body: { version: '3.1.0', revision: 'stub' } };
    return forward(engine, request);
  });
}

/** A server that answers every write of readings alike. */
export function startFailingInflux(status: number, body: unknown): Promise<InfluxStub> {
  return startStub(async (request) => {
    if (request.path === '/ping') return { status: 204, headers: { 'x-influxdb-version': '1.6.7' } };
    if (!request.path.startsWith('/write')) return { status: 200, body: { results: [{}] } };
    return request.body.startsWith('meta') ? { status: 204 } : { status, body };
  });
}

async function forward(engine: Influxd, { method, path, body }: StubRequest): Promise<Answer> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(`${engine.url}${path}`, { method, headers, body });
  const text = await response.text();
  return { status: response.status, ...(text && { body: JSON.parse(text) as unknown }) };
}

async function startStub(answer: (request: StubRequest) => Promise<Answer>): Promise<InfluxStub> {
  const requests: StubRequest[] = [];
  const server = createServer((message, response) => {
    void read(message).then(async (request) => {
      requests.push(request);
      send(response, await answer(request));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${address.port}`, requests, close };
}

async function read(message: IncomingMessage): Promise<StubRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { method = '', url: path = '' } = message;
  return { method, path, authorization: message.headers.authorization, body: Buffer.concat(chunks).toString() };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
