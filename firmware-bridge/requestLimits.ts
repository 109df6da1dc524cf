import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { AddressConnections, exemptAddresses } from '../server/process/addressLimits.ts';

/** The head of a request must be there within this, all of it within the second, ms. Firmware gives up after 20 s. */
const HEADERS_MS = 20_000;
const REQUEST_MS = 30_000;
const MAX_CONNECTIONS = 10_000;
/** Connections of one address of the internet; devices behind a router hold one each, for a second. */
const MAX_OF_ADDRESS = 500;
/** Where proxies come from, which bring everybody's connections. */
const PROXIES = ['linklocal', 'uniquelocal'];

/** Status for what Node's parser refuses before there is a request. */
const STATUS_BY_CODE: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
const UNREADABLE = '400 Bad Request';

/**
 * Bounds what slow and flooding clients can hold: time for head and request, connections. Answers what is no HTTP with
 * a bare status and tells `onRefused`, whose argument is the status.
 */
export function limitRequests(
  server: Server,
  onRefused: (status: number) => void,
  maxConnections = MAX_CONNECTIONS,
): void {
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  server.maxConnections = maxConnections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // ECONNRESET and EPIPE: the client is gone.
    if (!socket.writable || error.code === 'ECONNRESET' || error.code === 'EPIPE') return socket.destroy();
    const line = STATUS_BY_CODE[error.code ?? ''] ?? UNREADABLE;
    onRefused(Number.parseInt(line, 10));
    return socket.end(`HTTP/1.1 ${line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
  });
}

/** Counts the connections of all listeners it watches by address: nobody alone may take all there are. */
export function createConnectionLimit(): AddressConnections {
  return new AddressConnections(MAX_OF_ADDRESS, exemptAddresses(PROXIES));
}
