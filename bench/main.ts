import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { benchAppend } from './append.ts';
import { benchArea } from './area.ts';
import { benchAssessment } from './assessment.ts';
import { benchBadMessages } from './badMessages.ts';
import { benchBridge } from './bridge.ts';
import { benchBrowser } from './browser.ts';
import { benchCitation } from './citation.ts';
import { benchColdMap } from './coldMap.ts';
import { benchCompatibleAnswers, benchCompatibleFiles } from './compatible.ts';
import { benchDevices } from './devices.ts';
import { benchFaults } from './faults.ts';
import { benchFlat } from './flat.ts';
import { benchHandMade } from './handMade.ts';
import { benchImportDays, benchImportNetwork } from './import.ts';
import { benchInflux } from './influx.ts';
import { benchIngest } from './ingest.ts';
import { benchLighthouse } from './lighthouse.ts';
import { benchLive } from './live.ts';
import { benchPastHours } from './pastHours.ts';
import { benchMap, benchSensorThings, benchYear } from './queries.ts';
import { benchReport } from './report.ts';
import { benchRollups } from './rollups.ts';
import { benchSoak } from './soak.ts';
import { benchViewers } from './viewers.ts';

/** What a figure must reach. */
type Limit = { atLeast: number } | { atMost: number };

interface Scenario {
  run: () => Promise<object>;
  /** By the figure's name. Measured on 2 cores without other work; with it, look at processor time and ratios. */
  limits?: Readonly<Record<string, Limit>>;
  /** Takes longer than a few minutes: runs only when it is named. */
  isLong?: boolean;
}

const INGEST = { perSecond: { atLeast: 40_000 }, ratio: { atLeast: 0.75 } };
const BRIDGE = { p99Ms: { atMost: 500 }, bridgeResidentMb: { atMost: 100 }, refused: { atMost: 0 } };
const LIVE = { p99: { atMost: 1000 }, ingestCpuPercent: { atMost: 15 }, liveFeedCpuPercent: { atMost: 15 } };

const VIEWERS = { p99Ms: { atMost: 1000 }, failed: { atMost: 0 }, droppedByServer: { atMost: 0 }, gaps: { atMost: 0 } };
const CONNECTED = { connected: { atLeast: 5000 }, failed: { atMost: 0 }, droppedByServer: { atMost: 0 } };

const FAULTS = { lost: { atMost: 0 }, twice: { atMost: 0 } };

function faults(kind: 'embedded' | 'full') {
  const seed = size('FAULTS_SEED', 1 + Math.floor(Math.random() * 1e6));
  return benchFaults({ kind, devices: size('FAULTS_DEVICES', 60), steps: size('FAULTS_STEPS', 100), seed });
}

const FLAT = { ratio: { atMost: 1.15 } };

/** At the pace of sensor.community's network: above it, a thousand stations would each send more often than any device does. */
function flat(store: 'duckdb' | 'influxdb') {
  const [few, many] = [size('FLAT_FEW', 1000), size('FLAT_MANY', 15_000)];
  return benchFlat({ store, few, many, ratePerSecond: size('FLAT_RATE', 160), seconds: size('FLAT_SECONDS', 40) });
}

/** A size, changed through the environment for a short try or a larger machine. */
function size(name: string, usual: number): number {
  const text = process.env[name];
  const value = text === undefined ? usual : Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} must be a number above 0, not ${text}`);
  return value;
}

/** Every scenario by name; each alternates with its limit where it has one. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'append beside bare DuckDB': { run: () => benchAppend(200) },
  'ingest, 50 connections': { run: () => benchIngest({ connections: 50, outstanding: 10_000, seconds: 10 }) },
  'ingest, 2000 connections': {
    run: () => benchIngest({ connections: 2000, outstanding: 10_000, seconds: 10 }),
    limits: INGEST,
  },
  // As devices do: each waits for its acknowledgement. Most of it is one read and one write of a socket a message.
  'ingest, 2000 connections, one message each': {
    run: () => benchIngest({ connections: 2000, outstanding: 2000, seconds: 10 }),
    limits: INGEST,
  },
  'bridge, 10000 devices, 500 pushes/s': { run: () => benchBridge(10_000, 500, 30), limits: BRIDGE },
  'live, 15000 stations, 200 browsers': { run: () => benchLive(15_000, 200), limits: LIVE },
  'live, 15000 stations, 2000 browsers': { run: () => benchLive(15_000, 2000), limits: LIVE },
  'memory and start, 1000 stations, a day': { run: () => benchMap(1000), limits: { residentMb: { atMost: 400 } } },
  'map and start, 15000 stations, a day': {
    run: () => benchMap(15_000),
    limits: {
      medianMs: { atMost: 50 },
      bytes: { atMost: 250_000 },
      startMs: { atMost: 3000 },
      warmMs: { atMost: 3000 },
    },
  },
  'year, 92 stations, 20 million readings': { run: () => benchYear(92), limits: { medianMs: { atMost: 100 } } },
  'SensorThings, 92 stations, 20 million readings': {
    run: () => benchSensorThings(92),
    limits: { medianMs: { atMost: 50 } },
  },
  'assessment, decode to aggregate': {
    run: async () => benchAssessment(),
    limits: { assessUsPerReading: { atMost: 3 }, decodeToAggregateUsPerReading: { atMost: 8 } },
  },
  'rollups, 100 stations, a year': { run: () => benchRollups(100), limits: { makeMs: { atMost: 10_000 } } },
  'map made anew, 15000 stations': {
    run: () => benchColdMap(15_000),
    limits: { gzipCpuMs: { atMost: 20 }, brotliCpuMs: { atMost: 30 } },
  },
  'map of a past hour, 15000 stations': { run: () => benchPastHours(15_000) },
  'import, 724 day files': { run: () => benchImportDays(), limits: { ms: { atMost: 10_000 } } },
  'import, files of 500 stations': {
    run: () => benchImportNetwork(),
    limits: { rowsPerSecond: { atLeast: 200_000 } },
  },
  'page of an area, 50 stations, a year': { run: () => benchArea(50), limits: { yearMedianMs: { atMost: 300 } } },
  'report, 50 stations, a year, 10000 citations': {
    run: () => benchReport(50, 10_000),
    // Cold and Gegenprobe come together: one answer holds both.
    limits: { coldMs: { atMost: 2000 }, warmMs: { atMost: 500 }, readCitationMs: { atMost: 300 } },
  },
  'citation, 50 stations, a year': { run: () => benchCitation(50), limits: { verifyMs: { atMost: 5000 } } },
  'browser, 15000 stations': {
    run: () => benchBrowser(15_000),
    limits: { readyMs: { atMost: 1000 }, frameP50: { atMost: 17 } },
  },
  'compatible files, 15000 stations': {
    run: () => benchCompatibleFiles(15_000),
    limits: { totalCpuMsAMinute: { atMost: 50 } },
  },
  'compatible file of 300 stations, answered': {
    run: () => benchCompatibleAnswers(300),
    limits: { wholePerSecond: { atLeast: 5000 }, unchangedPerSecond: { atLeast: 5000 } },
  },
  'devices of every firmware': {
    run: () => benchDevices(size('DEVICES', 1000), size('DEVICES_CADENCE', 5), size('DEVICES_SECONDS', 60)),
    limits: { lost: { atMost: 0 }, rejections: { atMost: 0 } },
  },
  'viewers, live': {
    run: () =>
      benchViewers({
        stations: size('VIEWERS_STATIONS', 15_000),
        viewers: size('VIEWERS', 2000),
        seconds: size('VIEWERS_SECONDS', 60),
        isRestless: true,
      }),
    limits: VIEWERS,
  },
  'viewers, 5000 connected': {
    run: () =>
      benchViewers({
        stations: size('VIEWERS_STATIONS', 15_000),
        viewers: 5000,
        seconds: size('VIEWERS_SECONDS', 60),
        isRestless: false,
      }),
    limits: CONNECTED,
  },
  'faults, embedded broker and DuckDB': { run: () => faults('embedded'), limits: FAULTS, isLong: true },
  'faults, Mosquitto and InfluxDB': { run: () => faults('full'), limits: FAULTS, isLong: true },
  'soak, 20 million readings': {
    run: () => benchSoak(size('SOAK_READINGS', 20_000_000), size('SOAK_STATIONS', 2000)),
    limits: {
      rateRatio: { atLeast: 0.9 },
      commitMicrosRatio: { atMost: 1.2 },
      // Up to 43 MB of them are the readings of the last minutes, 60 an instrument, which take 150 s to gather.
      heapGrowthMb: { atMost: 60 },
      growthMb: { atMost: 200 },
      miscounted: { atMost: 0 },
    },
    isLong: true,
  },
  'bad messages, a million': {
    run: () => benchBadMessages(size('BAD_MESSAGES', 1_000_000), size('BAD_SEED', 1)),
    limits: {
      uncounted: { atMost: 0 },
      unanswered: { atMost: 0 },
      heapGrowthMb: { atMost: 20 },
      growthMb: { atMost: 200 },
    },
    isLong: true,
  },
  'influx, Mosquitto and InfluxDB, 2000 connections': {
    run: () => benchInflux(size('INFLUX_CONNECTIONS', 2000), size('INFLUX_SECONDS', 20)),
    limits: { perSecond: { atLeast: 15_000 } },
  },
  'flat, CPU a message from 1000 to 15000 stations, DuckDB': {
    run: () => flat('duckdb'),
    limits: FLAT,
    isLong: true,
  },
  'flat, CPU a message from 1000 to 15000 stations, InfluxDB': {
    run: () => flat('influxdb'),
    limits: FLAT,
    isLong: true,
  },
  'hand-made stack: Node-RED beside ours': {
    run: () =>
      benchHandMade({
        connections: size('HANDMADE_CONNECTIONS', 500),
        seconds: size('HANDMADE_SECONDS', 15),
        rounds: size('HANDMADE_ROUNDS', 3),
        folder: process.env.HANDMADE_FOLDER,
      }),
    limits: { influxTimes: { atLeast: 4 }, duckdbTimes: { atLeast: 8 } },
    isLong: true,
  },
  lighthouse: { run: () => benchLighthouse() },
};

const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const figures: Record<string, object> = {};
const file = `bench/results/${new Date().toISOString().replaceAll(':', '-')}.json`;
if (process.argv.includes('--list')) {
  for (const [name, { isLong }] of Object.entries(SCENARIOS)) console.log(isLong ? `${name} (only when named)` : name);
  process.exit();
}
for (const [name, { run, limits = {}, isLong = false }] of Object.entries(SCENARIOS)) {
  const isChosen = chosen.length === 0 ? !isLong : chosen.some((word) => name.startsWith(word));
  if (!isChosen) continue;
  console.log(`\n${name}`);
  const loadBefore = loadavg()[0];
  const figure = await run().catch((error: unknown) => {
    // The others still have their turn.
    console.error(error);
    process.exitCode = 1;
    return { failed: String(error) };
  });
  const load = { loadBefore, loadAfter: loadavg()[0] };
  figures[name] = { ...figure, ...load, limits };
  console.table(tabled({ ...figure, ...load }, limits));
  // After each: a run of hours that is broken off still leaves something.
  writeResults();
}
console.log(`\nWritten to ${file}`);

function writeResults(): void {
  mkdirSync('bench/results', { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine, at: new Date().toISOString(), figures }, null, 2)}\n`);
}

function tabled(figure: object, limits: Readonly<Record<string, Limit>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(figure).map(([key, value]: [string, unknown]) => {
      const limit = limits[key];
      if (typeof value !== 'number') return [key, { value }];
      const shown = { value: Math.round(value * 100) / 100 };
      return [key, limit === undefined ? shown : { ...shown, ...limit, reached: isReached(value, limit) }];
    }),
  );
}

function isReached(value: number, limit: Limit): boolean {
  return 'atLeast' in limit ? value >= limit.atLeast : value <= limit.atMost;
}
