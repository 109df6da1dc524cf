import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { MirrorMemory } from '../../server/mirror/mirrorMemory.ts';
import { PoliteClient, type PoliteClientOptions } from '../../server/mirror/politeClient.ts';
import { closeAfterTest } from '../support/closing.ts';
import { startRecordServer } from '../support/recordServer.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const T0 = Date.UTC(2026, 10, 26, 12);

async function startClient(options: Partial<PoliteClientOptions> = {}) {
  const upstream = await startRecordServer();
  const clock = { now: T0 };
  const all = { url: upstream.url, userAgent: 'buergerluft/0 (luft@example.org)', clock: () => clock.now, ...options };
  return { upstream, clock, client: new PoliteClient(all), again: () => new PoliteClient(all) };
}

describe('who asks sensor.community', () => {
  it.each([
    ['Umweltbüro – luft@example.org', 'buergerluft/0 (Umweltburo ? luft@example.org)'],
    ['Łódź\nBürgerverein', 'buergerluft/0 (?odz Burgerverein)'],
  ])('names itself also where its contact has signs that no header carries: %j', async (contact, agent) => {
    const { upstream, client } = await startClient({ userAgent: `buergerluft/0 (${contact})` });
    expect(await client.fetch()).toMatchObject({ kind: 'file' });
    expect(upstream.requests.map(({ headers }) => headers['user-agent'])).toEqual([agent]);
  });

  it.each([
    ['7200', 2],
    [new Date(T0 + 3 * HOUR_MS).toUTCString(), 3],
    ['99999999999', 24],
    [new Date(T0 - HOUR_MS).toUTCString(), 5 / 60],
    ['soon', 5 / 60],
  ])('waits as long as it is told to, a day at most: Retry-After %s', async (retryAfter, hours) => {
    const { upstream, client, clock } = await startClient();
    Object.assign(upstream, { status: 429, headers: { 'Retry-After': retryAfter } });
    expect(await client.fetch()).toEqual({ kind: 'failed', why: 'status 429' });
    clock.now = T0 + hours * HOUR_MS - 1;
    expect(await client.fetch()).toBeUndefined();
    clock.now += 1;
    expect(await client.fetch()).toMatchObject({ kind: 'failed' });
    expect(upstream.requests).toHaveLength(2);
  });

  it('still waits after a restart, and knows when it asked last', async () => {
    const path = join(temporaryFolder(), 'mirror.json');
    const { upstream, client, clock, again } = await startClient({ memory: new MirrorMemory(path) });
    upstream.status = 503;
    await client.fetch();
    expect(new MirrorMemory(path).notes).toMatchObject({ askedAt: T0, failures: 1, notBefore: T0 + 300_000 });
    clock.now += 299_000;
    expect(await again().fetch()).toBeUndefined();
    clock.now += 1_000;
    expect(await again().fetch()).toMatchObject({ kind: 'failed' });
    expect(new MirrorMemory(path).notes).toMatchObject({ failures: 2, notBefore: clock.now + 600_000 });
    // A clock put back by years is no reason to wait for years.
    clock.now = T0 - 365 * DAY_MS;
    upstream.status = 200;
    expect(await again().fetch()).toMatchObject({ kind: 'file' });
    expect(new MirrorMemory(path).notes.failures).toBe(0);
  });

  it('asks for the same file again until its rows are stored', async () => {
    const { upstream, client } = await startClient();
    await client.fetch();
    const second = await client.fetch();
    expect(second).toMatchObject({ kind: 'file', json: [] });
    if (second?.kind === 'file') second.taken();
    expect(await client.fetch()).toEqual({ kind: 'unchanged' });
    expect(upstream.requests.map(({ headers }) => headers['if-modified-since'])).toEqual([
      undefined,
      undefined,
      upstream.modified,
    ]);
  });

  it.each(['{"detail":"busy"}', '[{"id":1,"timest', '<html>Too many requests</html>', '', 'null'])(
    'takes no file for one that is none, and waits: %s',
    async (body) => {
      const { upstream, client } = await startClient();
      upstream.body = body;
      expect(await client.fetch()).toMatchObject({ kind: 'failed' });
      expect(await client.fetch()).toBeUndefined();
    },
  );

  it('stops reading what is too long, also where it came compressed small', async () => {
    const url = await serve((response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(101_000_000, 32)));
    });
    const { client } = await startClient({ url });
    expect(await client.fetch()).toEqual({ kind: 'failed', why: 'more than 100000000 bytes' });
  });

  it('lets go at once when the program stops, whatever the other side does', async () => {
    let asked = () => undefined as unknown;
    const isAsked = new Promise((resolve) => {
      asked = () => resolve(undefined);
    });
    const url = await serve((response) => {
      response.writeHead(200).write('[');
      asked();
    });
    const { client } = await startClient({ url });
    const fetched = client.fetch();
    await isAsked;
    client.close();
    expect(await fetched).toBeUndefined();
  });
});

async function serve(answer: (response: import('node:http').ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
