import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { createLiveFeed, type LiveFeed } from '../../server/live/liveFeed.ts';
import { MapLayers } from '../../server/live/mapLayers.ts';
import { createLog } from '../../server/log.ts';
import { createHttpServers, type HttpServers, listenHttp } from '../../server/start/httpServers.ts';
import { selfSigned } from '../bridge/tlsClients.ts';
import { closeAfterTest } from '../support/closing.ts';
import { StationList } from '../support/stations.ts';

const LOG = createLog('fatal');

const LIMITS = { ADDRESS_LIMIT: { connections: 500, burst: 1000, perSecond: 50 }, TRUST_PROXY: false } as const;

const CONFIG = {
  ...LIMITS,
  HTTP_PORT: 0,
  HTTP_HOST: '127.0.0.1',
  HTTPS_PORT: undefined,
  TLS_CERT: undefined,
  TLS_KEY: undefined,
};

/** A live feed that knows no station. */
function feedOn({ http, https }: HttpServers): LiveFeed {
  const aggregator = { aggregate: () => undefined, takeTouched: () => [], revision: 0 };
  const stations = new StationList();
  const feed = createLiveFeed(http, {
    mapLayers: new MapLayers({ aggregator, stations, newEpoch: () => 'epoch' }),
    station: (id) => stations.station(id),
    lastSeenAt: () => undefined,
    isOwner: () => false,
    clock: Date.now,
    onError: () => undefined,
  });
  if (https !== undefined) feed.attach(https);
  return feed;
}

/** Opens a connection, sends `bytes` over it, and tells when it has closed. */
async function hangOn(socket: Socket, opened: 'connect' | 'secureConnect', bytes: string) {
  closeAfterTest(() => socket.destroy());
  socket.on('error', () => undefined).resume();
  await once(socket, opened);
  if (bytes !== '') await new Promise((sent) => socket.write(bytes, sent));
  return { closed: once(socket, 'close') };
}

describe('the HTTP servers', () => {
  it('answer on after errors of their listeners, which are logged', async () => {
    const logged: string[] = [];
    const log = createLog('warn', { write: (line) => void logged.push(line) });
    const servers = createHttpServers(CONFIG);
    const { httpPort } = await listenHttp(servers, (_request, response) => response.end('page'), {
      config: CONFIG,
      log,
    });
    closeAfterTest(() => void servers.http.close().closeAllConnections());
    for (const message of ['accept EMFILE', 'accept ENFILE']) servers.http.emit('error', new Error(message));
    expect(await (await fetch(`http://127.0.0.1:${httpPort}/`)).text()).toBe('page');
    expect(logged).toEqual([expect.stringContaining('accept EMFILE'), expect.stringContaining('accept ENFILE')]);
  });

  it.each([['polling'], ['websocket']])(
    'leave the live feed its path over %s, and the rest to the application',
    async (transport) => {
      const servers = createHttpServers(CONFIG);
      const feed = feedOn(servers);
      closeAfterTest(() => feed.close());
      const asked: string[] = [];
      const { httpPort } = await listenHttp(
        servers,
        (request, response) => {
          asked.push(request.url ?? '');
          response.end('page');
        },
        { config: CONFIG, log: LOG },
      );
      const url = `http://127.0.0.1:${httpPort}`;
      const client = io(url, { transports: [transport], forceNew: true });
      closeAfterTest(() => client.disconnect());
      await client.timeout(60_000).emitWithAck('map:subscribe', { quantity: 'pm25', average: '1h' });
      expect(asked).toEqual([]);
      expect(await (await fetch(`${url}/station/x`)).text()).toBe('page');
      expect(asked).toEqual(['/station/x']);
    },
  );

  it('close while somebody hangs on with half a request, an unread answer or no TLS at all', async () => {
    const { cert, key } = selfSigned('rsa');
    const config = { ...CONFIG, HTTPS_PORT: 0, TLS_CERT: cert, TLS_KEY: key };
    const servers = createHttpServers(config);
    const feed = feedOn(servers);
    const { httpPort, httpsPort = 0 } = await listenHttp(servers, (_request, response) => void response.write('a'), {
      config,
      log: LOG,
    });
    const [half, whole] = ['GET / HTTP/1.1\r\nHost: x\r\n', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'];
    const toHttps = () => connectTls({ port: httpsPort, host: '127.0.0.1', rejectUnauthorized: false });
    const hanging = await Promise.all([
      hangOn(connect(httpPort, '127.0.0.1'), 'connect', half),
      hangOn(toHttps(), 'secureConnect', half),
      hangOn(toHttps(), 'secureConnect', whole),
      hangOn(connect(httpsPort, '127.0.0.1'), 'connect', ''),
    ]);
    await feed.close();
    await Promise.all(hanging.map(({ closed }) => closed));
    expect([servers.http.listening, servers.https?.listening]).toEqual([false, false]);
  });
});
