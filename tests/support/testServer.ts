import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { type AppDeps, createApp, type StationFacts } from '../../server/api/app.ts';
import { AreaDirectory } from '../../server/areas/areaDirectory.ts';
import { loadConfig } from '../../server/config.ts';
import type { StationTally } from '../../server/erasure/tally.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/metrics.ts';
import { newKey } from '../../server/process/keys.ts';
import { StationStore } from '../../server/store/registry/stationStore.ts';

/** What a station looks like to the live side before anything came in. */
export const NO_FACTS: StationFacts = { latest: {}, healthClass: 'unknown', coverage24h: 0 };

/** What is erased where nothing measured. */
export const NO_TALLY: StationTally = { readings: 0, values: 0, healthRows: 0 };

/** A running server with what a test wants to reach behind it. */
export interface TestServer {
  url: string;
  adminToken: string;
  stationStore: StationStore;
  dataDir: string;
  deps: AppDeps;
  /** Lines the server logged. */
  logged: string[];
  close: () => Promise<void>;
  /** A request with a JSON body and a key, both optional. */
  send: (method: string, path: string, options?: { body?: unknown; key?: string }) => Promise<Answer>;
}

/** An answer with its body read; JSON where it is JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

/** What a test may set; settings as in the environment. */
export interface TestServerOptions extends Partial<Omit<AppDeps, 'config'>> {
  settings?: Record<string, string>;
}

const running = new Set<TestServer>();

afterEach(async () => {
  for (const server of running) await server.close();
});

/** Starts the real application on a free port with a real registry in a temporary folder; closed after the test. */
export async function startTestServer({ settings, ...given }: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-'));
  const clock = given.clock ?? Date.now;
  const stationStore = new StationStore({ path: join(dataDir, 'registry.duckdb'), clock, randomBytes });
  await stationStore.open();
  const logged: string[] = [];
  const deps: AppDeps = {
    config: loadConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'debug', ...settings }),
    log: createLog('debug', { write: (line) => void logged.push(line) }),
    clock,
    adminToken: newKey(randomBytes),
    stationStore,
    areas: new AreaDirectory([], () => stationStore.stations()),
    stationFacts: () => NO_FACTS,
    revisionOf: (stationId) => given.stationFacts?.(stationId).lastSeenAt ?? 0,
    erase: async () => NO_TALLY,
    onApproved: () => undefined,
    onOwnerKeyRotated: () => undefined,
    isJoining: () => false,
    onStationDeleted: () => undefined,
    agreementOf: async () => ({}),
    onAnnotated: async () => undefined,
    onStationChanged: async () => undefined,
    randomBytes,
    readiness: () => [],
    metrics: createMetrics(),
    version: '0.0.0-test',
    routers: [],
    ...given,
  };
  const http = createServer(createApp(deps));
  const url = await listen(http);
  const server: TestServer = {
    url,
    adminToken: deps.adminToken,
    stationStore,
    dataDir,
    deps,
    logged,
    send: (method, path, options) => sendTo(url, method, path, options),
    close: async () => {
      running.delete(server);
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await stationStore.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  running.add(server);
  return server;
}

async function listen(http: Server): Promise<string> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

async function sendTo(
  url: string,
  method: string,
  path: string,
  { body, key }: { body?: unknown; key?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(key !== undefined && { Authorization: `Bearer ${key}` }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}
