import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCrowd } from './support/childCrowd.ts';
import { generateLoad, startServer } from './support/childServer.ts';
import { accountsOf, seedStations } from './support/seed.ts';

/** Messages a second of a network like sensor.community's. */
const RATE = 160;
/** Devices that send; the others are silent. */
const SENDERS = 2_000;
const WARM_UP_SECONDS = 10;

/** Viewers of a network under load. */
export interface ViewersFigure extends Record<string, number> {
  stations: number;
  viewers: number;
  messagesPerSecond: number;
  serverCpuPercent: number;
  residentMb: number;
}

/** What a run of viewers is asked to do. */
export interface ViewersOrder {
  stations: number;
  viewers: number;
  seconds: number;
  /** True: they look elsewhere and lose their connections all the time. */
  isRestless: boolean;
}

/** 160 messages/s that carry their time of publishing; `viewers` each on a layer of the map and a sending station's page. */
export async function benchViewers({ stations, viewers, seconds, isRestless }: ViewersOrder): Promise<ViewersFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  const seeded = await seedStations(dataDir, stations);
  const server = await startServer(dataDir);
  try {
    const senders = seeded.slice(0, Math.min(SENDERS, stations));
    const crowd = await startCrowd({
      kind: 'viewers',
      seed: 1,
      url: `http://127.0.0.1:${server.httpPort}`,
      count: viewers,
      stationIds: senders.map(({ stationId }) => stationId),
      moveEveryMs: isRestless ? 60_000 : 0,
      reconnectEveryMs: isRestless ? 120_000 : 0,
    });
    const order = { accounts: accountsOf(senders, server.mqttPort), ratePerSecond: RATE, seconds, isStamped: true };
    const meter = () => server.cpuMs();
    const measuring = setTimeout(() => void crowd.measure(), WARM_UP_SECONDS * 1000);
    const load = await generateLoad({ ...order, warmUpSeconds: WARM_UP_SECONDS }, meter);
    clearTimeout(measuring);
    const figures = await crowd.end();
    const serverCpuPercent = load.metered / (seconds * 10);
    return {
      stations,
      viewers,
      messagesPerSecond: RATE,
      ...figures,
      serverCpuPercent,
      residentMb: server.residentMb(),
    };
  } finally {
    await server.end('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  }
}
