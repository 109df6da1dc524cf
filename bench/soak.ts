import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { HOUR_MS } from '../server/domain/durations.ts';
import { QUANTITIES } from '../server/domain/quantity.ts';
import { RollupKeeper } from '../server/rollups/rollupKeeper.ts';
import { DuckDbReadingStore } from '../server/store/duckdb/duckdbReadingStore.ts';
import { type ChildServer, generateLoad, startServer } from './support/childServer.ts';
import { accountsOf, seedStations } from './support/seed.ts';

const OUTSTANDING = 10_000;
/** One of PM, one of temperature, humidity and pressure. */
const READINGS_A_MESSAGE = 2;
const SAMPLE_MS = 1_000;
const FILE = 'readings.duckdb';
/** Most that DuckDB keeps of its file, as the store opens it. */
const POOL_MB = 256;
/** The first tenth begins here: before, the compiler is at work and nothing has its size yet. */
const WARM = 0.02;
/** Shares of the messages after which the heap is collected and measured. */
const COLLECTED_AT = [WARM + 0.1, 0.95];

/** As many readings as a network makes in years, one after the other. */
export interface SoakFigure extends Record<string, number> {
  stations: number;
  messages: number;
  perSecond: number;
  /** Messages a second and the mean time of a commit, in the first and the last tenth. */
  firstPerSecond: number;
  lastPerSecond: number;
  rateRatio: number;
  firstCommitMs: number;
  lastCommitMs: number;
  /** Of a message's share in its commit: batches differ in size. */
  commitMicrosRatio: number;
  /**
   * Least resident memory in the first and the last tenth, and what was due in between to the index of unstamped bytes and
   * to DuckDB's pool, which keeps what it may of its file. What stands at one moment also holds up to 500 MB of garbage
   * that nobody has collected yet.
   */
  residentFirstMb: number;
  residentLastMb: number;
  fingerprintsMb: number;
  poolMb: number;
  growthMb: number;
  /** Most resident memory at any time. */
  residentMostMb: number;
  /** Heap in use after a full collection, after the first tenth and before the last ends; the load goes on meanwhile. */
  heapFirstMb: number;
  heapLastMb: number;
  heapGrowthMb: number;
  /** By the server's own counters, in the file, and in the rows of closed hours; each equals `messages` or its double. */
  countedMessages: number;
  countedReadings: number;
  storedMessages: number;
  storedReadings: number;
  rollupReadings: number;
  /** Sum of what the five counts are off by. */
  miscounted: number;
}

/** What the server said of itself at one moment. */
interface Sample {
  at: number;
  messages: number;
  commits: number;
  commitSeconds: number;
  residentMb: number;
  fingerprints: number;
  fileMb: number;
}

/** Sends `readings` in all through the embedded broker to DuckDB, as fast as they are committed, and counts everything. */
export async function benchSoak(readings: number, stations: number): Promise<SoakFigure> {
  const messages = Math.ceil(readings / READINGS_A_MESSAGE);
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    const seeded = await seedStations(dataDir, stations);
    const server = await startServer(dataDir);
    const { samples, heaps, end } = watch(server, join(dataDir, FILE), messages);
    const order = {
      accounts: accountsOf(seeded, server.mqttPort),
      outstanding: OUTSTANDING,
      warmUpSeconds: 0,
      seconds: 0,
    };
    const load = await generateLoad({ ...order, messages }, () => 0);
    await end();
    sayTenths(samples, messages);
    const [heapFirstMb = Number.NaN, heapLastMb = Number.NaN] = await Promise.all(heaps);
    const metrics = await server.metrics();
    await server.end('SIGTERM');
    const counts = {
      countedMessages: metrics.get('buergerluft_committer_total{what="messages"}') ?? 0,
      countedReadings: metrics.get('buergerluft_readings_stored_total') ?? 0,
      ...(await countFile(
        dataDir,
        seeded.map(({ stationId }) => stationId),
      )),
    };
    return {
      stations,
      messages,
      perSecond: load.perSecond,
      ...tenths(samples, messages),
      ...{ heapFirstMb, heapLastMb, heapGrowthMb: heapLastMb - heapFirstMb },
      ...counts,
      ...misses(counts, messages),
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Samples once a second, and has the heap collected as the first tenth ends and in the last. */
function watch(server: ChildServer, path: string, messages: number) {
  const samples: Sample[] = [];
  const heaps: Promise<number>[] = [];
  const take = async () => {
    const sample = await sampleOf(server, path);
    samples.push(sample);
    const due = COLLECTED_AT[heaps.length];
    if (due !== undefined && sample.messages >= due * messages) heaps.push(server.collectedHeapMb());
  };
  const sampling = setInterval(() => void take(), SAMPLE_MS);
  const end = async () => {
    clearInterval(sampling);
    samples.push(await sampleOf(server, path));
  };
  return { samples, heaps, end };
}

async function sampleOf(server: ChildServer, path: string): Promise<Sample> {
  const metrics = await server.metrics();
  const value = (name: string) => metrics.get(`buergerluft_${name}`) ?? 0;
  return {
    at: performance.now(),
    messages: value('committer_total{what="messages"}'),
    commits: value('commit_seconds_count'),
    commitSeconds: value('commit_seconds_sum'),
    residentMb: server.residentMb(),
    fingerprints: value('fingerprints'),
    fileMb: statSync(path).size / 2 ** 20,
  };
}

/** The whole course, a line a tenth: where something grows or slows down shows here. */
function sayTenths(samples: readonly Sample[], messages: number): void {
  let before = samples[0];
  for (let tenth = 1; tenth <= 10; tenth++) {
    const now = samples.find((sample) => sample.messages >= (tenth / 10) * messages);
    if (before === undefined || now === undefined || now === before) continue;
    const { perSecond, commitMs } = stretch(before, now);
    const figures = [
      `${Math.round(perSecond)}/s`,
      `commit ${commitMs.toFixed(1)} ms`,
      `${Math.round(now.residentMb)} MB`,
    ];
    console.log(`${tenth * 10} %: ${figures.join(', ')}`);
    before = now;
  }
}

function tenths(samples: readonly Sample[], messages: number) {
  const at = (share: number) => samples.find((sample) => sample.messages >= share * messages) ?? samples.at(-1);
  const [begun, first, late, last] = [at(WARM), at(WARM + 0.1), at(0.9), samples.at(-1)];
  if (begun === undefined || first === undefined || late === undefined || last === undefined)
    throw new Error('no samples');
  const [early, end] = [stretch(begun, first), stretch(late, last)];
  const residentFirstMb = leastResidentMb(samples, begun, first);
  const residentLastMb = leastResidentMb(samples, late, last);
  const fingerprintsMb = indexMb(last.fingerprints) - indexMb(first.fingerprints);
  const poolMb = Math.min(POOL_MB, last.fileMb) - Math.min(POOL_MB, first.fileMb);
  return {
    ...{ firstPerSecond: early.perSecond, lastPerSecond: end.perSecond, rateRatio: end.perSecond / early.perSecond },
    ...{ firstCommitMs: early.commitMs, lastCommitMs: end.commitMs, commitMicrosRatio: end.micros / early.micros },
    ...{ residentFirstMb, residentLastMb, fingerprintsMb, poolMb },
    growthMb: residentLastMb - residentFirstMb - fingerprintsMb - poolMb,
    residentMostMb: Math.max(...samples.map(({ residentMb }) => residentMb)),
  };
}

function leastResidentMb(samples: readonly Sample[], from: Sample, to: Sample): number {
  const inside = samples.filter(({ at }) => at >= from.at && at <= to.at);
  return Math.min(...inside.map(({ residentMb }) => residentMb));
}

function stretch(from: Sample, to: Sample) {
  const messages = to.messages - from.messages;
  const seconds = to.commitSeconds - from.commitSeconds;
  return {
    perSecond: (messages * 1000) / (to.at - from.at),
    commitMs: (seconds * 1000) / (to.commits - from.commits),
    micros: (seconds * 1e6) / messages,
  };
}

/** What `FingerprintIndex` takes: tables of at most four million entries, 12 bytes a slot, that double at a fill of 0.6. */
function indexMb(entries: number): number {
  const full = 4_000_000;
  const tableMb = (used: number) => (12 * 2 ** Math.max(10, Math.ceil(Math.log2(Math.max(1, used) / 0.6)))) / 2 ** 20;
  return Math.floor(entries / full) * tableMb(full) + tableMb(entries % full);
}

/** Closes the hours as if two had passed, then counts as a stranger would. */
async function countFile(dataDir: string, stationIds: readonly string[]) {
  const path = join(dataDir, FILE);
  await closeHours(path, stationIds);
  const instance = await DuckDBInstance.create(path, {});
  const connection = await instance.connect();
  const count = async (sql: string) => Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0] ?? 0);
  const pm25 = QUANTITIES.indexOf('pm25');
  const counts = {
    storedMessages: await count('SELECT count(DISTINCT (series, time))::DOUBLE FROM messages'),
    storedReadings: await count('SELECT count(DISTINCT (series, time))::DOUBLE FROM readings'),
    rollupReadings: await count(`SELECT sum(count)::DOUBLE FROM rollup_hours WHERE quantity = ${pm25}`),
  };
  connection.closeSync();
  instance.closeSync();
  return counts;
}

async function closeHours(path: string, stationIds: readonly string[]): Promise<void> {
  const store = new DuckDbReadingStore({ path });
  await store.open();
  const keeper = new RollupKeeper({
    store,
    stationIds: () => [...stationIds],
    annotationsOf: () => [],
    dayOffsetMs: HOUR_MS,
    fixedUntil: async () => Number.NEGATIVE_INFINITY,
    clock: () => Date.now() + 2 * HOUR_MS,
    log: { info: () => undefined, warn: console.warn, error: console.error } as never,
  });
  keeper.start();
  await keeper.upToDate(stationIds, { patienceMs: 1_800_000, to: Number.POSITIVE_INFINITY });
  await keeper.close();
  await store.close();
}

type Counts = Awaited<ReturnType<typeof countFile>> & { countedMessages: number; countedReadings: number };

function misses(counts: Counts, messages: number): { miscounted: number } {
  const off = (count: number, expected: number) => Math.abs(count - expected);
  const ofMessages = off(counts.countedMessages, messages) + off(counts.storedMessages, messages);
  const twice = messages * READINGS_A_MESSAGE;
  const ofReadings = off(counts.countedReadings, twice) + off(counts.storedReadings, twice);
  return { miscounted: ofMessages + ofReadings + off(counts.rollupReadings, messages) };
}
