import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { FollowedStations } from '../nodes/followedStations.ts';
import { IngestNode } from '../nodes/ingestNode.ts';
import { createBus } from '../nodes/nodeBus.ts';
import { OnboardingRelay } from '../nodes/onboardingRelay.ts';
import { createServiceApp } from '../nodes/serviceApp.ts';
import { WebNode } from '../nodes/webNode.ts';
import { loadAdminToken } from '../process/adminToken.ts';
import type { Closing } from '../process/closing.ts';
import { lockDataDir } from '../process/dataDirLock.ts';
import { createHttpServers, type HttpServers, listenHttp } from './httpServers.ts';
import type { RunningServer } from './startServer.ts';
import { openSharedStore } from './stores.ts';

/** What a node is started with. */
export interface NodeEnvironment {
  log: Logger;
  clock: () => number;
  closing: Closing;
}

/**
 * Puts a node together that leaves history and registry to another: `ingest`, `web` or both. Opens its doors.
 * @throws StartError, DataDirError with one line for the operator.
 */
export async function startNode(
  config: Config,
  { log, clock, closing }: NodeEnvironment,
): Promise<Omit<RunningServer, 'close'>> {
  const lock = lockDataDir(config.DATA_DIR);
  closing.push('lock', () => lock.release());
  const admin = loadAdminToken(config, randomBytes);
  const metrics = createMetrics();
  const bus = createBus(config, log);
  const stations = new FollowedStations({
    bus,
    path: join(config.DATA_DIR, 'stations'),
    onError: (error) => log.warn({ err: error }, 'the copy of the registry on disk'),
  });
  metrics.gauge('stations', 'Stations in the registry', () => stations.stations().length);
  metrics.gauge('registry_complete', '1 while all of them are known', () => Number(stations.isComplete));
  await stations.open();
  closing.push('copy of the registry', () => stations.close());
  closing.push('bus', () => bus.close());
  const store = await openSharedStore({ config, metrics, log, clock, closing });
  const ground = { config, bus, stations, store, metrics, log, clock, adminToken: admin.token };
  const servers = createHttpServers(config);
  const web = config.ROLES.includes('web') ? await WebNode.create({ ...ground, servers }) : undefined;
  const onboarding = new OnboardingRelay({ bus, clock, ...(web && { feed: () => web.feed }) });
  const ingest = config.ROLES.includes('ingest') ? new IngestNode({ ...ground, onboarding }) : undefined;
  onboarding.start();
  closing.push('onboarding', () => onboarding.close());
  bus.start();
  const problems = () => ingest?.problems() ?? [];
  const ports = await listenHttp(servers, web?.app ?? createServiceApp({ ...ground, problems }), ground);
  if (web === undefined) closing.push('http', () => closeServers(servers));
  for (const [what, part] of [
    ['ingest', ingest],
    ['pages', web],
  ] as const) {
    if (part === undefined) continue;
    closing.push(what, () => part.close());
    part.open().catch((error: unknown) => log.error({ err: error, what }, 'a part of this node does not start'));
  }
  return { ...ports, deviceTlsPort: undefined, mqttPort: undefined, adminTokenPath: admin.path };
}

async function closeServers({ http, https }: HttpServers): Promise<void> {
  for (const server of https === undefined ? [http] : [http, https]) {
    server.close();
    server.closeAllConnections();
  }
}
