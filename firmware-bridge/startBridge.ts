import { connect } from 'node:net';
import express, { type Response } from 'express';
import { TokenBuckets } from '../server/api/rateLimit.ts';
import type { Config } from '../server/config.ts';
import { DEVICE_ID } from '../server/domain/station.ts';
import { createHttpServers, listenHttp } from '../server/httpServers.ts';
import type { Logger } from '../server/log.ts';
import { DeviceConnections } from './deviceConnections.ts';
import { createDoors } from './doors.ts';

/** A running bridge. */
export interface RunningBridge {
  httpPort: number;
  httpsPort: number | undefined;
  close(): Promise<void>;
}

/** Longest look for the broker when somebody asks whether the bridge is ready, ms. */
const PROBE_MS = 1_000;

/**
 * Opens the HTTP doors of stock firmware in front of a broker: each push goes out as the device's own publish, and 2xx
 * means that the broker acknowledged it.
 * @throws StartError when a port cannot be opened.
 */
export async function startBridge(config: Config, log: Logger, clock: () => number = Date.now): Promise<RunningBridge> {
  const brokerUrl = config.MQTT_URL ?? `mqtt://127.0.0.1:${config.MQTT_PORT}`;
  const connections = new DeviceConnections(brokerUrl);
  const buckets = new TokenBuckets(config.RATE_LIMIT);
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.get('/healthz', (_request, response) => send(response, []));
  app.get('/readyz', async (_request, response) => {
    send(response, (await isReachable(new URL(brokerUrl))) ? [] : ['The MQTT broker does not answer.']);
  });
  app.use(
    createDoors({
      authenticate: async ({ deviceId, claimedId, token }) => {
        const id = deviceId ?? claimedId;
        if (id === undefined || token === '' || !DEVICE_ID.test(id)) return undefined;
        const answer = await connections.signIn(id, token);
        return answer === true ? { id } : answer === false ? undefined : 'unready';
      },
      take: async ({ deviceId, body }) => ((await connections.publish(deviceId, body)) ? 'kept' : 'away'),
      isAllowed: (deviceId) => buckets.take(deviceId, clock()) === 0,
      onAnswer: (door, status) => {
        if (status >= 400) log.info({ door, status }, 'push refused');
      },
      clock,
    }),
  );
  const servers = createHttpServers(config);
  const ports = await listenHttp(servers, app, config);
  const close = async () => {
    for (const server of [servers.http, servers.https]) server?.close();
    await connections.close();
    for (const server of [servers.http, servers.https]) server?.closeAllConnections();
  };
  return { ...ports, close };
}

function send(response: Response, reasons: string[]): void {
  const status = reasons.length === 0 ? 'ready' : 'not-ready';
  response.status(reasons.length === 0 ? 200 : 503).json({ status, reasons });
}

/** True when something listens where the broker should. */
function isReachable({ hostname, port, protocol }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || (protocol === 'mqtts:' ? 8883 : 1883)) });
    const finish = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(PROBE_MS, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
