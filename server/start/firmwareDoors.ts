import { join } from 'node:path';
import type { Router } from 'express';
import { createDeviceApp } from '../../firmware-bridge/bridge.ts';
import { createDeviceTlsServer, suitsOldFirmware } from '../../firmware-bridge/deviceTls.ts';
import { createEmbeddedBridge } from '../../firmware-bridge/embeddedBridge.ts';
import { limitRequests } from '../../firmware-bridge/requestLimits.ts';
import type { OpenApiPaths } from '../api/http/openApiTypes.ts';
import type { Config } from '../config.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import { type HttpServers, listen } from './httpServers.ts';

/** What the doors are made from. */
export interface FirmwareDoorsParts {
  config: Config;
  stationStore: StationStore;
  ingest: Ingest;
  metrics: Metrics;
  log: Logger;
  clock: () => number;
  /** How long a push waits for the store before it goes to the spool, ms; as the doors say when undefined. */
  directMs: number | undefined;
}

/** The HTTP doors of stock firmware in this process. */
export interface FirmwareDoors {
  router: Router;
  /** Begins to empty the spool and opens the device TLS listener; resolves to its port when there is one. */
  open(servers: HttpServers): Promise<number | undefined>;
  close(): Promise<void>;
}

/** What the one door below `/api` says of itself; the others are no API. */
export const firmwareDoorPaths: OpenApiPaths = {
  '/api/v2/write': {
    post: {
      operationId: 'writeLineProtocol',
      summary: "Takes an airRohr's readings as line protocol, as its InfluxDB 2 target sends them",
      tags: ['Devices'],
      security: [],
      responses: {
        204: { description: 'Stored' },
        400: { description: 'Unreadable' },
        401: { description: 'No or wrong device token' },
        413: { description: 'Over 16 KiB' },
        429: { description: 'Too often' },
        503: { description: 'Cannot be stored now' },
      },
    },
  },
};

/** The HTTP doors of stock firmware on the main port and, when the settings ask for it, on the device TLS port. */
export function createFirmwareDoors(parts: FirmwareDoorsParts): FirmwareDoors {
  const { config, ingest, log } = parts;
  const bridge = createEmbeddedBridge({
    ...parts,
    accept: ingest.accept,
    observer: observerOf(ingest),
    rateLimit: config.RATE_LIMIT,
    spoolDir: join(config.DATA_DIR, 'spool'),
    spoolLimit: config.SPOOL_LIMIT,
  });
  const files = deviceTlsFiles(config);
  const tls = files && createDeviceTlsServer(files, createDeviceApp(bridge.router));
  const open = async ({ http, https, connections }: HttpServers) => {
    await bridge.open(ingest.restored);
    if (tls !== undefined) connections.watch(tls);
    for (const server of [http, https, tls]) {
      if (server) limitRequests(server, (status) => bridge.answers.add('none', status));
    }
    if (files === undefined || tls === undefined) return undefined;
    if (!suitsOldFirmware(files)) log.warn('DEVICE_TLS_CERT is not RSA: firmware up to NRZ-2020-133 cannot connect.');
    return listen(tls, { port: config.DEVICE_TLS_PORT, host: config.HTTP_HOST, setting: 'DEVICE_TLS_PORT' }, log);
  };
  const close = async () => {
    tls?.close();
    tls?.closeAllConnections();
    await bridge.close();
  };
  return { router: bridge.router, open, close };
}

/** Certificate and key of the device listener; undefined when it is not asked for. The settings are checked for both. */
function deviceTlsFiles(config: Config): { cert: string; key: string } | undefined {
  const cert = config.DEVICE_TLS_CERT ?? config.TLS_CERT;
  const key = config.DEVICE_TLS_KEY ?? config.TLS_KEY;
  return config.DEVICE_TLS_PORT === undefined || cert === undefined || key === undefined ? undefined : { cert, key };
}

/** HTTP has no sign-in of its own: every push is one. */
function observerOf({ observer }: Ingest) {
  return {
    signedIn: (deviceId: string) => observer.signedIn(deviceId),
    signInRefused: (claimedId: string | undefined) => observer.signInRefused(claimedId, 'no or wrong token'),
    refused: observer.publishRefused.bind(observer),
  };
}
