import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';
import { listenError, StartError } from './startError.ts';

type Settings = Pick<Config, 'HTTP_PORT' | 'HTTP_HOST' | 'HTTPS_PORT' | 'TLS_CERT' | 'TLS_KEY'>;

/** The HTTP server and, when the settings ask for it, the HTTPS one. Not listening yet, without an application. */
export interface HttpServers {
  http: Server;
  https: Server | undefined;
}

/** Makes the servers. @throws StartError when certificate or key cannot be read. */
export function createHttpServers(config: Settings): HttpServers {
  const { HTTPS_PORT, TLS_CERT, TLS_KEY } = config;
  const https =
    HTTPS_PORT === undefined || TLS_CERT === undefined || TLS_KEY === undefined
      ? undefined
      : createTls(TLS_CERT, TLS_KEY);
  return { http: createServer(), https };
}

/** Lets the servers answer with `app` and listen; resolves to their ports. */
export async function listenHttp(servers: HttpServers, app: RequestListener, config: Settings) {
  const { http, https } = servers;
  http.on('request', app);
  https?.on('request', app);
  const httpPort = await listen(http, { port: config.HTTP_PORT, host: config.HTTP_HOST, setting: 'HTTP_PORT' });
  const httpsPort =
    https && (await listen(https, { port: config.HTTPS_PORT, host: config.HTTP_HOST, setting: 'HTTPS_PORT' }));
  return { httpPort, httpsPort };
}

interface Place {
  port: number | undefined;
  host: string | undefined;
  setting: string;
}

async function listen(server: Server, { port, host, setting }: Place): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    throw listenError(error, port, setting);
  }
  return (server.address() as AddressInfo).port;
}

function createTls(certPath: string, keyPath: string): Server {
  try {
    return createTlsServer({ cert: readFileSync(certPath), key: readFileSync(keyPath) });
  } catch (cause) {
    throw new StartError(`TLS_CERT ${certPath} and TLS_KEY ${keyPath} cannot be used: ${String(cause)}`, { cause });
  }
}
