import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createDeviceApp } from '../../firmware-bridge/bridge.ts';
import { createEmbeddedBridge } from '../../firmware-bridge/embeddedBridge.ts';
import { limitRequests } from '../../firmware-bridge/requestLimits.ts';
import type { Rejection } from '../../server/domain/reading.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/metrics.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { openIngestHost } from '../support/ingestHost.ts';

const PATIENT_MS = 60_000;

/** What a test may put in place of the usual. */
export interface DoorHostOptions {
  clock?: () => number;
  wrapStore?: (store: ReadingStore) => Pick<ReadingStore, 'append'>;
  rateLimit?: { burst: number; perSecond: number };
  spoolLimit?: { bytes: number; ageMs: number };
  /** Longest wait for the store, ms; left out so long that nothing is spooled because the machine has other work. */
  directMs?: number;
}

/** The doors of the single process on a real port, in front of a real pipeline, registry and DuckDB. Closed after the test. */
export async function openDoorHost(options: DoorHostOptions = {}) {
  const { clock = Date.now, wrapStore } = options;
  const ingest = await openIngestHost({ clock, ...(wrapStore && { wrapStore }) });
  const metrics = createMetrics();
  const seen = { signedIn: [] as string[], wrongTokens: [] as (string | undefined)[], refused: [] as Rejection[] };
  const logged: string[] = [];
  const bridge = createEmbeddedBridge({
    accept: ingest.accept,
    stationStore: ingest.stations,
    observer: {
      signedIn: (deviceId) => seen.signedIn.push(deviceId),
      signInRefused: (claimedId) => seen.wrongTokens.push(claimedId),
      refused: (_deviceId, rejection) => seen.refused.push(rejection),
    },
    rateLimit: options.rateLimit ?? { burst: 100_000, perSecond: 100 },
    spoolDir: join(ingest.dataDir, 'spool'),
    spoolLimit: options.spoolLimit ?? { bytes: 10_000_000, ageMs: 86_400_000 },
    metrics,
    log: createLog('debug', { write: (line) => void logged.push(line) }),
    clock,
    directMs: options.directMs ?? PATIENT_MS,
  });
  const http = createServer({ connectionsCheckingInterval: 200 }, createDeviceApp(bridge.router));
  limitRequests(http, (status) => bridge.answers.add('none', status));
  await bridge.open(Promise.resolve());
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closeAfterTest(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
    await bridge.close();
  });
  const port = (http.address() as AddressInfo).port;
  /** Answers so far, by door and status. */
  const answers = async () => {
    const text = await metrics.registry.getSingleMetricAsString('buergerluft_http_pushes_total');
    return Object.fromEntries([...text.matchAll(/answer="([^"]*)"\} (\d+)/g)].map(([, key, n]) => [key, Number(n)]));
  };
  return { ...ingest, bridge, http, port, seen: { ...ingest.seen, ...seen }, logged, answers };
}
