import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anonymousAccounts, committedBy, countIn, type OuterParts, startOnInflux, withOuterParts } from './influx.ts';
import { cpuMsOf, generateLoad, startServer } from './support/childServer.ts';
import type { Influxd } from './support/influxd.ts';
import { installNodeRed, startNodeRed } from './support/nodeRed.ts';
import { accountsOf, type SeededStation, seedStations } from './support/seed.ts';

/** Ours beside the stack that people make by hand, on the same broker, store, devices and machine. */
export interface HandMadeFigure {
  connections: number;
  rounds: number;
  /** Readings stored a second in the measured time: one a sensor, two a message. */
  nodeRedRowsPerSecond: number;
  influxRowsPerSecond: number;
  duckdbRowsPerSecond: number;
  /** How many times as many as Node-RED. */
  influxTimes: number;
  duckdbTimes: number;
  /** Messages sent and rows counted in the database at the end: two a message when nothing is missing. */
  nodeRedSent: number;
  nodeRedRows: number;
  influxSent: number;
  influxRows: number;
  duckdbSent: number;
  duckdbRows: number;
  /** Processor time of Node-RED or of our server alone, µs a message. */
  nodeRedMicros: number;
  influxMicros: number;
  duckdbMicros: number;
}

/** A run of one of the three. */
interface Run {
  rowsPerSecond: number;
  sent: number;
  rows: number;
  micros: number;
}

const OUTSTANDING = 10_000;
const WARM_UP_SECONDS = 5;
const ROWS_A_MESSAGE = 2;
const THEIR_DATABASE = 'handmade';

/** What is compared. */
export interface HandMadeOrder {
  connections: number;
  seconds: number;
  rounds: number;
  /** Where Node-RED is, or is to be installed; without it a temporary folder, gone afterwards. */
  folder?: string | undefined;
}

/** Node-RED, ours on the same InfluxDB, ours with DuckDB, and again, `rounds` times. */
export async function benchHandMade(order: HandMadeOrder): Promise<HandMadeFigure> {
  const folder = order.folder ?? mkdtempSync(join(tmpdir(), 'hand-made-'));
  try {
    installNodeRed(folder);
    const theirs: Run[] = [];
    const onInflux: Run[] = [];
    const onDuckDb: Run[] = [];
    for (let round = 0; round < order.rounds; round++) {
      theirs.push(await inFreshFolder(order, (stations) => theirRun(order, folder, stations)));
      onInflux.push(await inFreshFolder(order, (stations, dataDir) => influxRun(order, dataDir, stations)));
      onDuckDb.push(await inFreshFolder(order, (stations, dataDir) => duckDbRun(order, dataDir, stations)));
    }
    return figureOf(order, { theirs: sum(theirs), onInflux: sum(onInflux), onDuckDb: sum(onDuckDb) });
  } finally {
    if (order.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function figureOf(
  { connections, rounds }: HandMadeOrder,
  { theirs, onInflux, onDuckDb }: Record<'theirs' | 'onInflux' | 'onDuckDb', Run>,
): HandMadeFigure {
  return {
    ...{ connections, rounds },
    nodeRedRowsPerSecond: theirs.rowsPerSecond / rounds,
    influxRowsPerSecond: onInflux.rowsPerSecond / rounds,
    duckdbRowsPerSecond: onDuckDb.rowsPerSecond / rounds,
    influxTimes: onInflux.rowsPerSecond / theirs.rowsPerSecond,
    duckdbTimes: onDuckDb.rowsPerSecond / theirs.rowsPerSecond,
    ...{ nodeRedSent: theirs.sent, nodeRedRows: theirs.rows },
    ...{ influxSent: onInflux.sent, influxRows: onInflux.rows },
    ...{ duckdbSent: onDuckDb.sent, duckdbRows: onDuckDb.rows },
    nodeRedMicros: theirs.micros / rounds,
    influxMicros: onInflux.micros / rounds,
    duckdbMicros: onDuckDb.micros / rounds,
  };
}

function sum(runs: readonly Run[]): Run {
  return runs.reduce((a, b) => ({
    rowsPerSecond: a.rowsPerSecond + b.rowsPerSecond,
    sent: a.sent + b.sent,
    rows: a.rows + b.rows,
    micros: a.micros + b.micros,
  }));
}

type Use = (stations: SeededStation[], dataDir: string) => Promise<Run>;

async function inFreshFolder({ connections }: HandMadeOrder, use: Use): Promise<Run> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    return await use(await seedStations(dataDir, connections), dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function theirRun(order: HandMadeOrder, folder: string, stations: readonly SeededStation[]): Promise<Run> {
  return withOuterParts(async (parts) => {
    const { influxd, mosquitto } = parts;
    await influxd.query(`CREATE DATABASE ${THEIR_DATABASE}`);
    const influxPort = Number(new URL(influxd.url).port);
    const nodeRed = await startNodeRed(folder, { mqttPort: mosquitto.port, influxPort, database: THEIR_DATABASE });
    const stored = async () => Math.floor((await pointsWritten(influxd)) / ROWS_A_MESSAGE);
    const run = await creditedRun(order, parts, { stations, stored, cpuMs: () => cpuMsOf(nodeRed.pid) });
    const rows = await rowsAtLast(() => theirRows(influxd), run.sent * ROWS_A_MESSAGE);
    await nodeRed.end();
    return { ...run, rows };
  });
}

async function theirRows(influxd: Influxd): Promise<number> {
  const pm = await countIn(influxd, THEIR_DATABASE, 'SELECT count(pm25) FROM sds011');
  return pm + (await countIn(influxd, THEIR_DATABASE, 'SELECT count(temperature) FROM bme280'));
}

function influxRun(order: HandMadeOrder, dataDir: string, stations: readonly SeededStation[]): Promise<Run> {
  return withOuterParts(async (parts) => {
    const server = await startOnInflux(dataDir, parts);
    const stored = () => committedBy(server);
    const run = await creditedRun(order, parts, { stations, stored, cpuMs: server.cpuMs });
    const count = () => countIn(parts.influxd, 'readings', 'SELECT count(flags) FROM reading');
    const rows = await rowsAtLast(count, run.sent * ROWS_A_MESSAGE);
    await server.end('SIGTERM');
    return { ...run, rows };
  });
}

async function duckDbRun(order: HandMadeOrder, dataDir: string, stations: readonly SeededStation[]): Promise<Run> {
  const server = await startServer(dataDir);
  const accounts = accountsOf(stations, server.mqttPort);
  const load = { accounts, outstanding: OUTSTANDING, warmUpSeconds: WARM_UP_SECONDS, seconds: order.seconds };
  const { sent, perSecond, metered } = await generateLoad(load, server.cpuMs);
  const rows = (await server.metrics()).get('buergerluft_readings_stored_total') ?? 0;
  await server.end('SIGTERM');
  const micros = (metered * 1000) / (perSecond * order.seconds);
  return { rowsPerSecond: perSecond * ROWS_A_MESSAGE, sent, rows, micros };
}

interface Credited {
  stations: readonly SeededStation[];
  /** Messages stored so far. */
  stored: () => Promise<number>;
  cpuMs: () => number;
}

/** What is stored is sent anew; rates are of what was stored in the measured time. */
async function creditedRun(
  order: HandMadeOrder,
  { mosquitto }: OuterParts,
  { stations, stored, cpuMs }: Credited,
): Promise<Omit<Run, 'rows'>> {
  let latest = 0;
  const spent = { messages: 0, ms: 0 };
  let sign = -1;
  const meter = () => {
    spent.messages += sign * latest;
    spent.ms += sign * cpuMs();
    sign = 1;
    return 0;
  };
  const accounts = anonymousAccounts(stations, mosquitto.port);
  const load = { accounts, outstanding: OUTSTANDING, isCredited: true, warmUpSeconds: WARM_UP_SECONDS };
  const { sent } = await generateLoad({ ...load, seconds: order.seconds }, meter, async () => {
    latest = await stored();
    return latest;
  });
  const rowsPerSecond = (spent.messages * ROWS_A_MESSAGE) / order.seconds;
  return { rowsPerSecond, sent, micros: (spent.ms * 1000) / Math.max(1, spent.messages) };
}

/** Points an InfluxDB was sent, by its own counter: asking costs it nothing. */
async function pointsWritten(influxd: Influxd): Promise<number> {
  const response = await fetch(`${influxd.url}/debug/vars`);
  const { write } = (await response.json()) as { write?: { values: { pointReq: number } } };
  return write?.values.pointReq ?? 0;
}

/** Counts until all are there, or ten seconds brought no more. */
async function rowsAtLast(count: () => Promise<number>, expected: number): Promise<number> {
  let rows = 0;
  for (let waited = 0; waited < 20; waited++) {
    const now = await count();
    if (now >= expected) return now;
    if (now > rows) waited = 0;
    rows = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return rows;
}
