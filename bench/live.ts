import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents, StationReading } from '../server/domain/contract.ts';
import { generateLoad, startServer } from './support/childServer.ts';
import { accountsOf, seedStations } from './support/seed.ts';

type Browser = Socket<ServerEvents, ClientEvents>;

/** A network of sensor.community's size, watched. */
export interface LiveFigure {
  stations: number;
  browsers: number;
  messagesPerSecond: number;
  /** From arrival at the server to the browser's event, ms. */
  p50: number;
  p99: number;
  events: number;
  serverCpuPercent: number;
  residentMb: number;
}

/** 160 messages/s from `stations`, `browsers` each on the map's stream; a tenth of them on a station's page too. */
export async function benchLive(stations: number, browsers: number, seconds: number): Promise<LiveFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  const seeded = await seedStations(dataDir, stations);
  const server = await startServer(dataDir);
  try {
    const senders = seeded.slice(0, Math.min(2000, stations));
    const delays: number[] = [];
    const sockets = await openBrowsers(
      server.httpPort,
      browsers,
      (reading) => {
        delays.push(Date.now() - Date.parse(reading.measuredAt));
      },
      senders.map(({ stationId }) => stationId),
    );
    const cpu = server.cpuMs();
    const begun = performance.now();
    await generateLoad({ accounts: accountsOf(senders, server.mqttPort), ratePerSecond: 160, seconds });
    const serverCpuPercent = ((server.cpuMs() - cpu) / (performance.now() - begun)) * 100;
    for (const socket of sockets) socket.disconnect();
    delays.sort((a, b) => a - b);
    return {
      stations,
      browsers,
      messagesPerSecond: 160,
      p50: delays[Math.floor(delays.length * 0.5)] ?? Number.NaN,
      p99: delays[Math.floor(delays.length * 0.99)] ?? Number.NaN,
      events: delays.length,
      serverCpuPercent,
      residentMb: server.residentMb(),
    };
  } finally {
    await server.end('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function openBrowsers(
  port: number,
  count: number,
  onReading: (reading: StationReading) => void,
  stationIds: readonly string[],
): Promise<Browser[]> {
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
