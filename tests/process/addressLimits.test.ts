import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { io, type Socket as LiveSocket } from 'socket.io-client';
import { AddressConnections, clientAddress, exemptAddresses } from '../../server/process/addressLimits.ts';
import { closeAfterTest } from '../support/closing.ts';
import { startProgram } from '../support/program.ts';
import { startTestServer } from '../support/testServer.ts';
import { until } from '../support/until.ts';

/** A server that holds connections to `limit` an address, and how to open one. */
async function startLimited(limit: number) {
  const connections = new AddressConnections(limit, () => false);
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  connections.watch(server);
  await once(server, 'listening');
  closeAfterTest(() => server.close());
  const open = async (): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    closeAfterTest(() => socket.destroy());
    socket.on('error', () => undefined).resume();
    await once(socket, 'connect');
    return socket;
  };
  return { connections, open };
}

describe('connections of one address', () => {
  it('are turned away above the limit and let in again when one has closed', async () => {
    const { connections, open } = await startLimited(2);
    const [first] = [await open(), await open()];
    const third = await open();
    await until('the third is closed', () => third.closed);
    expect(connections.refused).toBe(1);
    first?.destroy();
    await until('there is room', async () => {
      const again = await open();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return !again.closed;
    });
  });

  it.each([
    [
      'none',
      false as const,
      ['127.0.0.1', '::1', '::ffff:127.0.0.1', undefined],
      ['192.0.2.7', '10.0.0.1', '2001:db8::1'],
    ],
    ['addresses', ['uniquelocal'], ['10.0.0.1', '172.20.0.3', '127.0.0.1'], ['192.0.2.7']],
    ['a number of proxies', 1, ['192.0.2.7', '10.0.0.1'], []],
  ])('are not counted for this machine and the proxies of TRUST_PROXY: %s', (_form, setting, exempt, counted) => {
    const isExempt = exemptAddresses(setting);
    expect(exempt.map(isExempt)).toEqual(exempt.map(() => true));
    expect(counted.map(isExempt)).toEqual(counted.map(() => false));
  });
});

describe('requests of one address', () => {
  it('get 429 above the limit, each address for itself, this machine never', async () => {
    const settings = { TRUST_PROXY: 'loopback', ADDRESS_LIMIT: '500,5,1' };
    const { url } = await startTestServer({ settings, clock: () => 1_000_000 });
    const ask = (from?: string) =>
      fetch(`${url}/healthz`, { headers: from === undefined ? {} : { 'X-Forwarded-For': from } });
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push((await ask('203.0.113.7')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await ask('203.0.113.7');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'too-many-requests' });
    expect((await ask('203.0.113.8')).status).toBe(200);
    for (let n = 0; n < 20; n++) expect((await ask()).status).toBe(200);
    // However the proxy writes it, and whoever it does not name.
    for (const written of ['203.0.113.7:4711', '[::ffff:203.0.113.7]:80'])
      expect((await ask(written)).status).toBe(429);
    for (let n = 0; n < 5; n++) expect((await ask(`_hidden${n}`)).status).toBe(200);
    expect((await ask('unknown')).status).toBe(429);
  });
});

describe('live connections of one address behind a proxy', () => {
  const settings = { TRUST_PROXY: 'loopback', ADDRESS_LIMIT: '2,50,10', METRICS_PUBLIC: 'true' };
  /** Resolves to the connection, or undefined when it was refused. */
  async function open(url: string, from: string, transport: string): Promise<LiveSocket | undefined> {
    const extraHeaders = { 'X-Forwarded-For': from };
    const socket = io(url, { transports: [transport], reconnection: false, forceNew: true, extraHeaders });
    closeAfterTest(() => socket.disconnect());
    return new Promise((resolve) => {
      socket.once('connect', () => resolve(socket));
      socket.once('connect_error', () => resolve(undefined));
    });
  }

  const isOpened = async (...way: Parameters<typeof open>) => (await open(...way))?.connected === true;

  it.each(['websocket', 'polling'])(
    'are as many as ADDRESS_LIMIT says, each address for itself: %s',
    async (transport) => {
      const { url } = await startProgram({ settings });
      const first = await open(url, '203.0.113.7', transport);
      expect(await isOpened(url, '203.0.113.7', transport)).toBe(true);
      expect(await isOpened(url, '203.0.113.7', transport)).toBe(false);
      // What a visitor writes into the header itself stands before what the proxy adds.
      expect(await isOpened(url, '192.0.2.1, 203.0.113.7', transport)).toBe(false);
      expect(await isOpened(url, '203.0.113.8', transport)).toBe(true);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain('buergerluft_live_total{why="refusedConnections"} 2\n');
      first?.disconnect();
      await until('there is room again', () => isOpened(url, '203.0.113.7', transport));
    },
  );

  it.each([
    ['nobody is trusted', false as const, '10.0.0.1', '1.2.3.4', '10.0.0.1'],
    ['one proxy', 1, '10.0.0.1', '9.9.9.9, 1.2.3.4', '1.2.3.4'],
    ['proxies by address', ['uniquelocal'], '10.0.0.1', '9.9.9.9, 1.2.3.4, 172.16.0.2', '1.2.3.4'],
    ['with a port', 1, '10.0.0.1', '1.2.3.4:51234', '1.2.3.4'],
    ['in brackets', 1, '10.0.0.1', '[2001:db8::1]', '2001:db8::1'],
    ['in brackets with a port', 1, '10.0.0.1', '[2001:db8::1]:443', '2001:db8::1'],
    ['without brackets', 1, '10.0.0.1', '2001:db8::1', '2001:db8::1'],
    ['a proxy with a port', ['uniquelocal'], '10.0.0.1', '9.9.9.9, 1.2.3.4:80, 172.16.0.2:8080', '1.2.3.4'],
    ['named unknown', 1, '10.0.0.1', 'unknown', 'unnamed'],
    ['named by nothing readable', ['loopback'], '127.0.0.1', '9.9.9.9, _hidden', 'unnamed'],
    ['of no form', 1, '10.0.0.1', '[1.2.3.4', 'unnamed'],
    ['over the control socket', 1, undefined, undefined, undefined],
    ['the proxy says nothing', ['uniquelocal'], '10.0.0.1', undefined, '10.0.0.1'],
  ])(
    'come from the last address that no proxy of ours has: %s',
    (_when, setting, remoteAddress, forwarded, address) => {
      const request = { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } };
      expect(clientAddress(setting)(request as never)).toBe(address);
    },
  );
});
