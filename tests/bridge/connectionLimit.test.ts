import { createServer, type Server } from 'node:http';
import { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createConnectionLimit } from '../../firmware-bridge/requestLimits.ts';

/** A connection of somebody out there: all that this machine can make of its own are let through. */
function comeFrom(remoteAddress: string, server: Server): Duplex {
  const socket = new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() });
  server.emit('connection', Object.assign(socket, { remoteAddress }));
  return socket;
}

describe('connections at the bridge', () => {
  it('are 500 of one address over all its listeners; proxies of a private network bring as many as they like', () => {
    const [http, tls] = [createServer(), createServer()];
    const connections = createConnectionLimit();
    for (const server of [http, tls]) connections.watch(server);
    const [first] = Array.from({ length: 500 }, (_, at) => comeFrom('203.0.113.7', at % 2 === 0 ? http : tls));
    expect(comeFrom('203.0.113.7', http).destroyed).toBe(true);
    expect(comeFrom('203.0.113.8', http).destroyed).toBe(false);
    for (let count = 0; count < 1_000; count++) expect(comeFrom('172.18.0.5', http).destroyed).toBe(false);
    expect(connections.refused).toBe(1);
    first?.emit('close');
    expect(comeFrom('203.0.113.7', tls).destroyed).toBe(false);
  });
});
