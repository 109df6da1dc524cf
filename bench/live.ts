import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents, StationReading } from '../server/domain/contract.ts';
import { generateLoad, startServer } from './support/childServer.ts';
import { accountsOf, seedStations } from './support/seed.ts';

type Browser = Socket<ServerEvents, ClientEvents>;

/** A process of that size is warm by then; before, the compiler takes most of the time. */
const WARM_UP_SECONDS = 30;
const SECONDS = 20;
const RATE = 160;
/** Devices that send; the others are silent. */
const SENDERS = 2_000;

/** A network of sensor.community's size, watched. Processor time in percent of one core. */
export interface LiveFigure {
  stations: number;
  browsers: number;
  messagesPerSecond: number;
  /** From arrival at the server to the browser's event, ms. */
  p50: number;
  p99: number;
  events: number;
  /** With nobody looking. */
  ingestCpuPercent: number;
  /** With the browsers. */
  serverCpuPercent: number;
  /** The difference: what the browsers cost. */
  liveFeedCpuPercent: number;
  residentMb: number;
}

/** 160 messages/s from `stations`; first unwatched, then `browsers` each on the map's stream and a station's page. */
export async function benchLive(stations: number, browsers: number): Promise<LiveFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  const seeded = await seedStations(dataDir, stations);
  const server = await startServer(dataDir);
  try {
    const senders = seeded.slice(0, Math.min(SENDERS, stations));
    const accounts = accountsOf(senders, server.mqttPort);
    const run = async (warmUpSeconds: number) => {
      const order = { accounts, ratePerSecond: RATE, warmUpSeconds, seconds: SECONDS };
      return (await generateLoad(order, server.cpuMs)).metered / (SECONDS * 10);
    };
    const ingestCpuPercent = await run(WARM_UP_SECONDS);
    const delays: number[] = [];
    const onReading = ({ measuredAt }: StationReading) => delays.push(Date.now() - Date.parse(measuredAt));
    const stationIds = senders.map(({ stationId }) => stationId);
    const sockets = await openBrowsers(server.httpPort, { count: browsers, onReading, stationIds });
    const serverCpuPercent = await run(WARM_UP_SECONDS / 2);
    for (const socket of sockets) socket.disconnect();
    delays.sort((a, b) => a - b);
    return {
      stations,
      browsers,
      messagesPerSecond: RATE,
      p50: delays[Math.floor(delays.length * 0.5)] ?? Number.NaN,
      p99: delays[Math.floor(delays.length * 0.99)] ?? Number.NaN,
      events: delays.length,
      ingestCpuPercent,
      serverCpuPercent,
      liveFeedCpuPercent: serverCpuPercent - ingestCpuPercent,
      residentMb: server.residentMb(),
    };
  } finally {
    await server.end('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Audience {
  count: number;
  onReading: (reading: StationReading) => void;
  stationIds: readonly string[];
}

async function openBrowsers(port: number, { count, onReading, stationIds }: Audience): Promise<Browser[]> {
  const sockets: Browser[] = [];
  for (let i = 0; i < count; i += 50) {
    const batch = Array.from({ length: Math.min(50, count - i) }, () => openBrowser(port));
    sockets.push(...(await Promise.all(batch)));
  }
  sockets.forEach((socket, index) => {
    socket.emit('map:subscribe', { quantity: 'pm25', average: '1h' });
    // Every browser watches a sending station, spread over all of them.
    const stationId = stationIds[(index * 7) % stationIds.length];
    if (stationId !== undefined) socket.emit('station:subscribe', { stationId });
    socket.on('station:reading', onReading);
  });
  return sockets;
}

function openBrowser(port: number): Promise<Browser> {
  const socket: Browser = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });
}
