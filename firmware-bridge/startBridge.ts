import { createServer } from 'node:http';
import { join } from 'node:path';
import express, { type Express } from 'express';
import { logRequests } from '../server/api/http/requestLog.ts';
import { reject } from '../server/domain/reading.ts';
import type { Logger } from '../server/log.ts';
import { createMetrics, type Metrics } from '../server/metrics.ts';
import type { AddressConnections } from '../server/process/addressLimits.ts';
import { Closing } from '../server/process/closing.ts';
import { lockDataDir } from '../server/process/dataDirLock.ts';
import { listen } from '../server/start/httpServers.ts';
import { type Bridge, type BridgeParts, createBridge, createDeviceApp } from './bridge.ts';
import { BrokerLink } from './brokerLink.ts';
import type { BridgeConfig } from './config.ts';
import { createDeviceTlsServer, suitsOldFirmware } from './deviceTls.ts';
import { RegistryFollower } from './registryFollower.ts';
import { createConnectionLimit, limitRequests } from './requestLimits.ts';
import { DoorReport } from './seenAtDoor.ts';

/** How often connections are looked through for requests that take too long, ms. */
const CHECK_MS = 5_000;
/** Connections a listener holds at once: what fits into the memory `npm run bridge` gives the program. */
const MAX_CONNECTIONS = 2_000;

/** A running bridge. */
export interface RunningBridge {
  httpPort: number;
  /** Port of the device TLS listener, when there is one. */
  deviceTlsPort: number | undefined;
  close(): Promise<void>;
}

/**
 * Opens the HTTP doors of stock firmware on a machine without the server: takes pushes to the server over the broker,
 * by way of the spool while either is away.
 * @throws StartError, DataDirError with one line for the operator; nothing stays open then.
 */
export async function startBridge(config: BridgeConfig, log: Logger, clock = Date.now): Promise<RunningBridge> {
  const closing = new Closing((error, what) => log.error({ err: error, what }, 'closing failed'));
  try {
    return await open(config, { log, clock, closing });
  } catch (error) {
    await closing.close();
    throw error;
  }
}

interface Environment {
  log: Logger;
  clock: () => number;
  closing: Closing;
}

async function open(config: BridgeConfig, environment: Environment): Promise<RunningBridge> {
  const { log, clock, closing } = environment;
  const lock = lockDataDir(config.DATA_DIR);
  closing.push('lock', () => lock.release());
  const metrics = createMetrics();
  const { link, registry } = createLink(config, environment);
  await registry.open();
  closing.push('registry', () => registry.close());
  const bridge = createBridge({
    destination: link,
    authenticate: (credentials) => registry.authenticate(credentials),
    observer: reportTo(link),
    rateLimit: config.RATE_LIMIT,
    spoolDir: join(config.DATA_DIR, 'spool'),
    spoolLimit: config.SPOOL_LIMIT,
    metrics,
    log,
    clock,
  });
  exposeLink(metrics, link, registry);
  closing.push('bridge', () => bridge.close());
  closing.push('broker link', () => link.close());
  await bridge.open(Promise.resolve());
  link.start();
  const app = createBridgeApp({ bridge, registry, metrics, log, isMetricsPublic: config.METRICS_PUBLIC });
  const connections = createConnectionLimit();
  metrics.total('connections_refused_total', 'Connections refused because their address has too many', () => {
    return connections.refused;
  });
  const ports = await listenAll(config, { app, bridge, connections }, environment);
  return { ...ports, close: () => closing.close() };
}

function createLink(config: BridgeConfig, { log, clock }: Environment) {
  const path = join(config.DATA_DIR, 'registry');
  const onError = quietly((error) => log.warn({ err: error }, 'broker or copy of the registry'));
  const registry = new RegistryFollower({ path, onError });
  const { MQTT_URL: url, MQTT_USERNAME: username, MQTT_PASSWORD: password, NODE_ID: bridgeId } = config;
  const link = new BrokerLink({ url, username, password, bridgeId, registry, onError, clock });
  return { link, registry };
}

/** Sign-ins show by their pushes; the server hears of refusals once a second. */
function reportTo(link: BrokerLink): BridgeParts['observer'] {
  const report = new DoorReport((payload) => link.tell(payload));
  return {
    signedIn: () => undefined,
    signInRefused: (claimedId) => {
      if (claimedId !== undefined) report.add(claimedId, WRONG_TOKEN);
    },
    refused: (deviceId, rejection) => report.add(deviceId, rejection),
  };
}

const WRONG_TOKEN = reject('wrong-token', 'No or wrong token.');

/** A broker that is away fails every second: the same failure is told once until another comes. */
function quietly(tell: (error: unknown) => void): (error: unknown) => void {
  let last = '';
  return (error) => {
    if (String(error) === last) return;
    last = String(error);
    tell(error);
  };
}

function exposeLink(metrics: Metrics, link: BrokerLink, registry: RegistryFollower): void {
  metrics.gauge('broker_connected', '1 while the broker is there', () => Number(link.isConnected));
  metrics.gauge('server_online', '1 while the server is there and pushes go straight to it', () =>
    Number(link.isThere()),
  );
  metrics.gauge('registry_devices', 'Devices that may push', () => registry.size);
  metrics.gauge('registry_complete', '1 while all of them are known', () => Number(registry.isComplete));
}

interface AppParts {
  bridge: Bridge;
  registry: RegistryFollower;
  metrics: Metrics;
  log: Logger;
  isMetricsPublic: boolean;
}

function createBridgeApp({ bridge, registry, metrics, log, isMetricsPublic }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by').set('query parser', 'simple');
  app.use(logRequests(log));
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', (_request, response) => {
    const reasons = registry.isKnown ? [] : ['The registry has not come over the broker yet.'];
    response.status(reasons.length === 0 ? 200 : 503);
    response.json({ status: reasons.length === 0 ? 'ready' : 'not-ready', reasons });
  });
  if (isMetricsPublic) {
    app.get('/metrics', async (_request, response) => {
      response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    });
  }
  return app.use(createDeviceApp(bridge.router));
}

interface Listening {
  app: Express;
  bridge: Bridge;
  connections: AddressConnections;
}

async function listenAll(config: BridgeConfig, { app, bridge, connections }: Listening, { log, closing }: Environment) {
  const { HTTP_HOST: host, DEVICE_TLS_CERT: cert, DEVICE_TLS_KEY: key } = config;
  const onRefused = (status: number) => bridge.answers.add('none', status);
  const http = createServer({ connectionsCheckingInterval: CHECK_MS }, app);
  limitRequests(http, onRefused, MAX_CONNECTIONS);
  connections.watch(http);
  closing.push('http', () => endServer(http));
  const httpPort = await listen(http, { port: config.HTTP_PORT, host, setting: 'HTTP_PORT' }, log);
  if (config.DEVICE_TLS_PORT === undefined || cert === undefined || key === undefined) {
    return { httpPort, deviceTlsPort: undefined };
  }
  if (!suitsOldFirmware({ cert, key }))
    log.warn('DEVICE_TLS_CERT is not RSA: firmware up to NRZ-2020-133 cannot connect.');
  const tls = createDeviceTlsServer({ cert, key }, createDeviceApp(bridge.router));
  limitRequests(tls, onRefused, MAX_CONNECTIONS);
  connections.watch(tls);
  closing.push('device TLS', () => endServer(tls));
  const deviceTlsPort = await listen(tls, { port: config.DEVICE_TLS_PORT, host, setting: 'DEVICE_TLS_PORT' }, log);
  return { httpPort, deviceTlsPort };
}

/** Answers under way have a moment to end. */
async function endServer(server: ReturnType<typeof createServer>): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), 1_000);
  server.closeIdleConnections();
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(cut);
}
