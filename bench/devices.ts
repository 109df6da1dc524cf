import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { firmwareOf } from './simulator/deviceCrowd.ts';
import { startCrowd } from './support/childCrowd.ts';
import { startServer } from './support/childServer.ts';
import { seedStations } from './support/seed.ts';

/** A crowd with everything that goes wrong, and what the server made of it. */
export interface DevicesFigure extends Record<string, number> {
  devices: number;
  /** Messages the server saw; repeats among them. */
  received: number;
  duplicates: number;
  /** Refused as a whole or in a field. */
  rejections: number;
  serverCpuPercent: number;
  residentMb: number;
}

/** Every firmware over MQTT and HTTP, each device every `cadenceSeconds`, with ten times the usual trouble. */
export async function benchDevices(devices: number, cadenceSeconds: number, seconds: number): Promise<DevicesFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  const both = { url: 'http:', mqttUrl: 'mqtt:' };
  const stations = await seedStations(dataDir, devices, (n) => `${firmwareOf(n, both).prefix}-${20_000_000 + n}`);
  const server = await startServer(dataDir);
  try {
    const crowd = await startCrowd({
      kind: 'devices',
      seed: 1,
      accounts: stations.map((station, n) => ({ ...station, firmware: firmwareOf(n, both).name })),
      url: `http://127.0.0.1:${server.httpPort}`,
      mqttUrl: `mqtt://127.0.0.1:${server.mqttPort}`,
      cadenceMs: cadenceSeconds * 1000,
      trouble: 10,
    });
    const cpuBefore = server.cpuMs();
    await wait(seconds * 1000);
    const serverCpuPercent = (server.cpuMs() - cpuBefore) / (seconds * 10);
    const figures = await crowd.end();
    const metrics = await server.metrics();
    return {
      devices,
      ...figures,
      received: sumOf(metrics, 'buergerluft_messages_received_total'),
      duplicates: sumOf(metrics, 'buergerluft_duplicates_total'),
      rejections: sumOf(metrics, 'buergerluft_rejections_total'),
      serverCpuPercent,
      residentMb: server.residentMb(),
    };
  } finally {
    await server.end('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Sum of a metric over its labels. */
export function sumOf(metrics: ReadonlyMap<string, number>, name: string): number {
  let sum = 0;
  for (const [key, value] of metrics) if (key === name || key.startsWith(`${name}{`)) sum += value;
  return sum;
}
