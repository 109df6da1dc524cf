import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { generateLoad, type MeteredLoad, startBareBroker, startServer } from './support/childServer.ts';
import { accountsOf, type SeededStation, seedStations } from './support/seed.ts';

/** Not measured: connecting, and the first messages of a cold process. */
const WARM_UP_SECONDS = 2;

/** One alternation of limit and system. */
export interface IngestFigure {
  connections: number;
  perSecond: number;
  barePerSecond: number;
  ratio: number;
  /** Processor time a message, µs: the figure that means something on a machine that has other work too. */
  serverMicros: number;
  bareMicros: number;
  generatorMicros: number;
  acknowledged: number;
  /** Distinct stored messages after kill -9; equals `acknowledged` or the run throws. */
  storedDistinct: number;
  bytesPerRow: number;
  residentMb: number;
}

/** How much is sent. */
export interface IngestLoad {
  connections: number;
  /** Messages in flight over all connections: as soon as one is acknowledged, the next one is sent. */
  outstanding: number;
  seconds: number;
}

/** Ingest with QoS 1 to committed rows, alternating with the bare broker; ends with kill -9 and a count in the file. */
export async function benchIngest(load: IngestLoad): Promise<IngestFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    const stations = await seedStations(dataDir, load.connections);
    const bareBefore = await bareRun(stations, load);
    const ours = await oursRun(dataDir, stations, load);
    const bareAfter = await bareRun(stations, load);
    const barePerSecond = (bareBefore.perSecond + bareAfter.perSecond) / 2;
    const stored = await countStored(dataDir);
    if (stored.distinct !== ours.acknowledged || stored.rows !== ours.acknowledged) {
      throw new Error(`acknowledged ${ours.acknowledged}, stored ${stored.rows}, distinct ${stored.distinct}`);
    }
    return {
      connections: load.connections,
      ...ours,
      barePerSecond,
      ratio: ours.perSecond / barePerSecond,
      bareMicros: (bareBefore.micros + bareAfter.micros) / 2,
      storedDistinct: stored.distinct,
      bytesPerRow: stored.bytesPerRow,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function bareRun(stations: readonly SeededStation[], { outstanding, seconds }: IngestLoad) {
  const bare = await startBareBroker();
  const order = {
    accounts: accountsOf(stations, bare.mqttPort),
    ...{ outstanding, seconds, warmUpSeconds: WARM_UP_SECONDS },
  };
  const load = await generateLoad(order, bare.cpuMs);
  await bare.end();
  return { perSecond: load.perSecond, micros: microsOf(load, seconds) };
}

async function oursRun(dataDir: string, stations: readonly SeededStation[], { outstanding, seconds }: IngestLoad) {
  const server = await startServer(dataDir);
  const order = {
    accounts: accountsOf(stations, server.mqttPort),
    ...{ outstanding, seconds, warmUpSeconds: WARM_UP_SECONDS },
  };
  const load = await generateLoad(order, server.cpuMs);
  const serverMicros = microsOf(load, seconds);
  const residentMb = server.residentMb();
  await server.end('SIGKILL');
  const { perSecond, acknowledged, generatorMicros } = load;
  return { perSecond, acknowledged, generatorMicros, serverMicros, residentMb };
}

/** Of a load whose meter is the processor time, ms. */
function microsOf({ metered, perSecond }: MeteredLoad, seconds: number): number {
  return (metered * 1000) / (perSecond * seconds);
}

/** Opens the file as a stranger would and counts: one message a fingerprint, one row a sensor. */
async function countStored(dataDir: string): Promise<{ rows: number; distinct: number; bytesPerRow: number }> {
  const path = join(dataDir, 'readings.duckdb');
  const instance = await DuckDBInstance.create(path, {});
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`SELECT
    (SELECT count(*) FROM messages)::DOUBLE, (SELECT count(*) FROM (SELECT DISTINCT series, samples FROM messages))::DOUBLE,
    (SELECT count(*) FROM readings)::DOUBLE`);
  const [rows = 0, distinct = 0, readings = 0] = (reader.getRows()[0] ?? []).map(Number);
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  return { rows, distinct, bytesPerRow: statSync(path).size / Math.max(1, readings) };
}
