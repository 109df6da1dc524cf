import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { sendPushes, startBridge, startServer } from './support/childServer.ts';
import { type SeededStation, seedStations } from './support/seed.ts';

const SERVICE = { MQTT_USERNAME: 'bridge', MQTT_PASSWORD: 'between-us' };
/** Devices beside which all of them are measured: checking tokens must not cost more with more of them. */
const FEW = 100;

/** The bridge on its own, in front of the server's broker, with pushes as the firmware sends them. */
export interface BridgeFigure {
  devices: number;
  pushesPerSecond: number;
  pushes: number;
  /** From a push's first byte to its 204, which follows the commit unless the push was spooled, ms. */
  p50Ms: number;
  p99Ms: number;
  /** Pushes that did not get 204. */
  refused: number;
  /** Pushes the bridge had to put on disk first. */
  spooled: number;
  /** Messages in the store's file after kill -9; fewer than there were acknowledgements, and the run throws. */
  storedMessages: number;
  /** Processor time: what a busy machine does not falsify. */
  bridgeMicrosPerPush: number;
  /** The same with a hundredth of the devices. */
  bridgeMicrosPerPushFewDevices: number;
  bridgeResidentMb: number;
}

/** Pushes at `rate` from `count` devices through a bridge process to committed rows; ends with kill -9 and a count in the file. */
export async function benchBridge(count: number, rate: number, seconds: number): Promise<BridgeFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    const devices = await seedStations(dataDir, count);
    const server = await startServer(dataDir, SERVICE);
    const settings = { ...SERVICE, MQTT_URL: `mqtt://127.0.0.1:${server.mqttPort}`, RATE_LIMIT: '100000,1000' };
    const bridge = await startBridge(join(dataDir, 'bridge'), settings);
    await bridge.known(devices.length);
    const few = await measured(bridge, { devices: devices.slice(0, FEW), rate, seconds: Math.ceil(seconds / 3) });
    const all = await measured(bridge, { devices, rate, seconds });
    const spooled = await bridge.counter('spool_total{what="spooled"}');
    const bridgeResidentMb = bridge.residentMb();
    while ((await bridge.counter('spool_bytes')) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    await server.end('SIGKILL');
    await bridge.end('SIGTERM');
    const acknowledged = (few.answers['204'] ?? 0) + (all.answers['204'] ?? 0);
    const pushes = few.sent + all.sent;
    const storedMessages = await countStored(dataDir);
    if (storedMessages < acknowledged) throw new Error(`acknowledged ${acknowledged}, stored ${storedMessages}`);
    return {
      ...{
        devices: count,
        pushesPerSecond: rate,
        pushes,
        p50Ms: share(all.delaysMs, 0.5),
        p99Ms: share(all.delaysMs, 0.99),
      },
      ...{ refused: all.sent - (all.answers['204'] ?? 0), spooled, storedMessages },
      bridgeMicrosPerPush: all.micros,
      bridgeMicrosPerPushFewDevices: few.micros,
      bridgeResidentMb,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measured(
  bridge: Awaited<ReturnType<typeof startBridge>>,
  { devices, rate, seconds }: { devices: SeededStation[]; rate: number; seconds: number },
) {
  const before = bridge.cpuMs();
  const result = await sendPushes({ port: bridge.httpPort, devices, ratePerSecond: rate, seconds });
  return { ...result, micros: ((bridge.cpuMs() - before) * 1000) / Math.max(1, result.sent) };
}

function share(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

async function countStored(dataDir: string): Promise<number> {
  const instance = await DuckDBInstance.create(join(dataDir, 'readings.duckdb'), {});
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll('SELECT count(*)::DOUBLE FROM messages')).getRows();
  connection.closeSync();
  instance.closeSync();
  return Number(rows[0]?.[0]);
}
