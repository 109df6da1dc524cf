import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anonymousAccounts, startOnInflux, withOuterParts } from './influx.ts';
import { type ChildServer, generateLoad, startServer } from './support/childServer.ts';
import type { DeviceAccount } from './support/mqttDevice.ts';
import { accountsOf, type SeededStation, seedStations } from './support/seed.ts';

/** Processor time a message with few and with many stations, at the same rate. */
export interface FlatFigure {
  few: number;
  many: number;
  ratePerSecond: number;
  /** Of the server process, µs. */
  fewMicros: number;
  manyMicros: number;
  /** `manyMicros` over `fewMicros`. */
  ratio: number;
}

/** What is compared. */
export interface FlatOrder {
  few: number;
  many: number;
  ratePerSecond: number;
  seconds: number;
  store: 'duckdb' | 'influxdb';
}

/** The first messages of a station cost more: what is compared is how it goes on. */
const WARM_UP_ROUNDS = 3;
const WARM_UP_SECONDS = 10;
/** Few, many, few, many: what else the machine does falls on both. */
const ROUNDS = 2;

/** Every station has its own connection and its turn; a fresh server for each round. */
export async function benchFlat(order: FlatOrder): Promise<FlatFigure> {
  const micros = { few: 0, many: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    micros.few += (await oneRound(order, order.few)) / ROUNDS;
    micros.many += (await oneRound(order, order.many)) / ROUNDS;
  }
  const { few, many, ratePerSecond } = order;
  const ratio = micros.many / micros.few;
  return { few, many, ratePerSecond, fewMicros: micros.few, manyMicros: micros.many, ratio };
}

async function oneRound(order: FlatOrder, stations: number): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    const seeded = await seedStations(dataDir, stations);
    if (order.store === 'duckdb') {
      const server = await startServer(dataDir);
      return await measured(order, server, accountsOf(seeded, server.mqttPort));
    }
    return await onInflux(order, dataDir, seeded);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function onInflux(order: FlatOrder, dataDir: string, seeded: readonly SeededStation[]): Promise<number> {
  return withOuterParts(async (parts) => {
    const server = await startOnInflux(dataDir, parts);
    return measured(order, server, anonymousAccounts(seeded, parts.mosquitto.port));
  });
}

async function measured(order: FlatOrder, server: ChildServer, accounts: DeviceAccount[]): Promise<number> {
  const { ratePerSecond, seconds } = order;
  try {
    const warmUp = { warmUpRounds: WARM_UP_ROUNDS, warmUpSeconds: WARM_UP_SECONDS };
    const load = await generateLoad({ accounts, ratePerSecond, ...warmUp, seconds }, server.cpuMs);
    return (load.metered * 1000) / (load.perSecond * seconds);
  } finally {
    await server.end('SIGTERM');
  }
}
