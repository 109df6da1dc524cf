import { describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { createLiveFeed } from '../../server/live/liveFeed.ts';
import { MapLayers } from '../../server/live/mapLayers.ts';
import { createHttpServers, listenHttp } from '../../server/start/httpServers.ts';
import { closeAfterTest } from '../support/closing.ts';
import { StationList } from '../support/stations.ts';

const LIMITS = { ADDRESS_LIMIT: { connections: 500, burst: 1000, perSecond: 50 }, TRUST_PROXY: false } as const;

const CONFIG = {
  ...LIMITS,
  HTTP_PORT: 0,
  HTTP_HOST: '127.0.0.1',
  HTTPS_PORT: undefined,
  TLS_CERT: undefined,
  TLS_KEY: undefined,
};

describe('the HTTP servers', () => {
  it.each([['polling'], ['websocket']])(
    'leave the live feed its path over %s, and the rest to the application',
    async (transport) => {
      const servers = createHttpServers(CONFIG);
      const aggregator = { aggregate: () => undefined, takeTouched: () => [], revision: 0 };
      const stations = new StationList();
      const feed = createLiveFeed(servers.http, {
        mapLayers: new MapLayers({ aggregator, stations, newEpoch: () => 'epoch' }),
        station: (id) => stations.station(id),
        lastSeenAt: () => undefined,
        isOwner: () => false,
        clock: Date.now,
        onError: () => undefined,
      });
      closeAfterTest(() => feed.close());
      const asked: string[] = [];
      const { httpPort } = await listenHttp(
        servers,
        (request, response) => {
          asked.push(request.url ?? '');
          response.end('page');
        },
        CONFIG,
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
});
