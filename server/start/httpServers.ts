import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.ts';
import { type Logger, warnOnce } from '../log.ts';
import { AddressConnections, exemptAddresses } from '../process/addressLimits.ts';
import { openServer } from '../process/openServer.ts';
import { listenError, StartError } from '../process/startError.ts';

/**
 * What the pages' listener speaks on TLS 1.2: forward secrecy and authenticated encryption only (Mozilla's "intermediate",
 * without DHE). Node's own list would also take RSA key exchange with CBC, which old firmware needs and gets elsewhere.
 */
const PAGE_CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');
/** How often connections are looked through for requests that take too long, ms. Node's 30 s would treble their time. */
const CHECK_MS = 5_000;

type Ports = Pick<Config, 'HTTP_PORT' | 'HTTP_HOST' | 'HTTPS_PORT' | 'TLS_CERT' | 'TLS_KEY'>;
type Settings = Ports & Pick<Config, 'ADDRESS_LIMIT' | 'TRUST_PROXY'>;

/** The HTTP server and, when the settings ask for it, the HTTPS one. Not listening yet, without an application. */
export interface HttpServers {
  http: Server;
  https: Server | undefined;
  /** Connections by address, of these and of whatever else is watched with them. */
  connections: AddressConnections;
  /** Says what answers requests; until then they get 503. */
  answerWith: (app: RequestListener) => void;
}

/** Makes the servers. @throws StartError when certificate or key cannot be read. */
export function createHttpServers(config: Settings): HttpServers {
  const { HTTPS_PORT, TLS_CERT, TLS_KEY } = config;
  const https =
    HTTPS_PORT === undefined || TLS_CERT === undefined || TLS_KEY === undefined
      ? undefined
      : createTls(TLS_CERT, TLS_KEY);
  const http = createServer({ connectionsCheckingInterval: CHECK_MS });
  let app: RequestListener = (_request, response) => response.writeHead(503, { 'Retry-After': '5' }).end();
  // From the start: socket.io keeps its own path only from listeners that are there when it is attached.
  const connections = new AddressConnections(config.ADDRESS_LIMIT.connections, exemptAddresses(config.TRUST_PROXY));
  for (const server of https === undefined ? [http] : [http, https]) {
    connections.watch(server);
    server.on('request', (request, response) => app(request, response));
  }
  const answerWith = (given: RequestListener) => {
    app = given;
  };
  return { http, https, connections, answerWith };
}

/** Lets the servers answer with `app` and listen; resolves to their ports. */
export async function listenHttp(
  servers: HttpServers,
  app: RequestListener,
  { config, log }: { config: Ports; log: Logger },
) {
  const { http, https } = servers;
  servers.answerWith(app);
  const httpPort = await listen(http, { port: config.HTTP_PORT, host: config.HTTP_HOST, setting: 'HTTP_PORT' }, log);
  const httpsPort =
    https && (await listen(https, { port: config.HTTPS_PORT, host: config.HTTP_HOST, setting: 'HTTPS_PORT' }, log));
  return { httpPort, httpsPort };
}

/** Where a server listens, and the setting that says so. */
export interface Place {
  port: number | undefined;
  host: string | undefined;
  setting: string;
}

/** Opens a server's port; resolves to it. What fails at it later is logged. @throws StartError when it is taken or not allowed. */
export async function listen(server: Server, { port, host, setting }: Place, log: Logger): Promise<number> {
  const warn = warnOnce(log);
  try {
    await openServer(server, { port, host }, (error) => warn(error, `the port of ${setting} has trouble`));
  } catch (error) {
    throw listenError(error, port, setting);
  }
  return (server.address() as AddressInfo).port;
}

function createTls(certPath: string, keyPath: string): Server {
  try {
    const files = { cert: readFileSync(certPath), key: readFileSync(keyPath) };
    const options = { ciphers: PAGE_CIPHERS, minVersion: 'TLSv1.2', connectionsCheckingInterval: CHECK_MS } as const;
    return createTlsServer({ ...files, ...options });
  } catch (cause) {
    throw new StartError(`TLS_CERT ${certPath} and TLS_KEY ${keyPath} cannot be used: ${String(cause)}`, { cause });
  }
}
