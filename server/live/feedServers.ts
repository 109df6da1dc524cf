import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Time for the last packets to browsers to go out, ms. */
const GOODBYE_MS = 300;
/** Time for answers under way, ms. */
const ANSWER_MS = 500;

/** The HTTP servers that the feed's browsers come over, with their connections: closed within half a second. */
export class FeedServers {
  readonly #servers: HttpServer[] = [];
  /** Every connection, also those that an HTTPS server does not count before their TLS has begun. */
  readonly #sockets = new Set<Socket>();
  /** Those of browsers: once upgraded, the HTTP server no longer knows them. */
  readonly #upgraded = new Set<Duplex>();

  /** Remembers the connections of one more server. */
  add(server: HttpServer): void {
    this.#servers.push(server);
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('upgrade', (_request, connection) => {
      this.#upgraded.add(connection);
      connection.once('close', () => this.#upgraded.delete(connection));
    });
  }

  /** Closes them all; `goodbye` tells the browsers and closes the first server, which socket.io serves. */
  async close(goodbye: () => Promise<void>): Promise<void> {
    const closed = [goodbye(), ...this.#servers.slice(1).map(closeServer)];
    // A browser that does not read keeps its connection open for half a minute after the goodbye.
    const cuts = [
      setTimeout(() => destroyAll(this.#upgraded), GOODBYE_MS),
      setTimeout(() => destroyAll(this.#sockets), ANSWER_MS),
    ];
    await Promise.all(closed);
    for (const cut of cuts) clearTimeout(cut);
  }
}

function destroyAll(connections: Iterable<Duplex>): void {
  for (const connection of connections) connection.destroy();
}

function closeServer(server: HttpServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
