import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './loadGenerator.ts';
import type { PushOrder, PushResult } from './pushGenerator.ts';

/** Kernel clock ticks a second in /proc/<pid>/stat on Linux. */
const TICKS_PER_SECOND = 100;
/** As `npm start` and the container run it: a young generation that a burst of messages does not overflow. */
const NODE_FLAGS = ['--max-semi-space-size=128'];
const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url));

/** Lets the server be asked for its heap after a collection, see there. */
const COLLECTED_HEAP = new URL('./collectedHeap.js', import.meta.url);

/** A server process under measurement. */
export interface ChildServer {
  httpPort: number;
  mqttPort: number;
  /** From spawn to the ready line, ms. */
  startMs: number;
  /** Time since the spawn, ms. */
  ageMs(): number;
  /** CPU used so far, ms. */
  cpuMs(): number;
  /** Resident set, MB. */
  residentMb(): number;
  /** Heap in use after all garbage is collected, MB. */
  collectedHeapMb(): Promise<number>;
  /** Its `/metrics` as numbers by `name{labels}`. */
  metrics(): Promise<Map<string, number>>;
  /** Ends it: SIGKILL, or SIGTERM and waiting. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Starts the built server on free ports and waits until it is ready. */
export function startServer(dataDir: string, settings: Record<string, string> = {}): Promise<ChildServer> {
  return spawnServer([], { DATA_DIR: dataDir, ...settings });
}

/** Starts the demo on a throw-away folder. */
export function startDemoServer(): Promise<ChildServer> {
  return spawnServer(['--demo'], {});
}

async function spawnServer(args: readonly string[], settings: Record<string, string>): Promise<ChildServer> {
  const begun = performance.now();
  const flags = [...NODE_FLAGS, '--expose-gc', '--import', COLLECTED_HEAP.href];
  const child = spawn(process.execPath, [...flags, MAIN, ...args], {
    env: {
      ...{ ...process.env, HTTP_PORT: '0', MQTT_PORT: '0', LOG_LEVEL: 'error', METRICS_PUBLIC: 'true' },
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ready = await readyLine(child);
  return {
    ...ready,
    startMs: performance.now() - begun,
    ageMs: () => performance.now() - begun,
    cpuMs: () => cpuMsOf(child.pid),
    residentMb: () => residentMbOf(child.pid),
    collectedHeapMb: () => collectedHeapMbOf(child),
    metrics: async () => parseMetrics(await (await fetch(`http://127.0.0.1:${ready.httpPort}/metrics`)).text()),
    end: (signal) => endProcess(child, signal),
  };
}

async function collectedHeapMbOf(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message');
  child.send('collect');
  const [{ heapUsed }] = (await answer) as [{ heapUsed: number }];
  return heapUsed / 2 ** 20;
}

/** As `npm run bridge` runs it. */
const BRIDGE_FLAGS = ['--max-semi-space-size=2', '--max-old-space-size=80'];
/** The C library would keep an arena a thread: 4 MB more. */
const BRIDGE_ENV = { MALLOC_ARENA_MAX: '2' };

/** A bridge process under measurement. */
export interface ChildBridge extends Pick<ChildServer, 'httpPort' | 'cpuMs' | 'residentMb' | 'end'> {
  /** Resolves when it knows so many devices. */
  known(devices: number): Promise<void>;
  /** One of its counters by `name{labels}`, without the prefix; 0 before it first counts. */
  counter(name: string): Promise<number>;
}

/** Starts the built bridge on a free port. */
export async function startBridge(dataDir: string, settings: Record<string, string>): Promise<ChildBridge> {
  const main = fileURLToPath(new URL('../../firmware-bridge/main.js', import.meta.url));
  const child = spawn(process.execPath, [...BRIDGE_FLAGS, main], {
    env: {
      ...{ ...process.env, ...BRIDGE_ENV, HTTP_PORT: '0', LOG_LEVEL: 'error', METRICS_PUBLIC: 'true' },
      ...{ DATA_DIR: dataDir, ...settings },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { httpPort } = await readyLine(child);
  const counter = async (name: string) => {
    const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`buergerluft_${name} `));
    return Number(line?.slice(line.lastIndexOf(' ') + 1) ?? 0);
  };
  return {
    httpPort,
    counter,
    known: async (devices) => {
      while ((await counter('registry_devices')) < devices) await new Promise((resolve) => setTimeout(resolve, 200));
    },
    cpuMs: () => cpuMsOf(child.pid),
    residentMb: () => residentMbOf(child.pid),
    end: (signal) => endProcess(child, signal),
  };
}

/** Sends HTTP pushes from a process of its own. */
export function sendPushes(order: PushOrder): Promise<PushResult> {
  const child = fork(fileURLToPath(new URL('./pushGenerator.js', import.meta.url)), { execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once('message', ({ result, error }: { result?: PushResult; error?: string }) =>
      result ? resolve(result) : reject(new Error(error)),
    );
    child.once('exit', (code) => code !== 0 && reject(new Error(`push generator ended with ${code}`)));
    child.send(order);
  });
}

/** Starts the bare embedded broker. */
export async function startBareBroker(): Promise<
  Pick<ChildServer, 'mqttPort' | 'cpuMs'> & { end: () => Promise<void> }
> {
  const child = fork(fileURLToPath(new URL('./bareBroker.js', import.meta.url)), { execArgv: NODE_FLAGS });
  const { port } = await new Promise<{ port: number }>((resolve) =>
    child.once('message', (m) => resolve(m as { port: number })),
  );
  return { mqttPort: port, cpuMs: () => cpuMsOf(child.pid), end: () => endProcess(child, 'SIGKILL') };
}

/** A load's result, and what the meter moved while it was measured. */
export interface MeteredLoad extends LoadResult {
  metered: number;
}

/** How often a credited load is told what is stored, ms: each time costs the server 2 ms, for all its metrics are read. */
const CREDIT_MS = 200;

/**
 * Runs a load in a process of its own; `meter` is read when the measured time begins and ends. `stored` tells a credited
 * load how many of its messages are stored by now.
 */
export function generateLoad(
  order: LoadOrder,
  meter: () => number,
  stored?: () => Promise<number>,
): Promise<MeteredLoad> {
  let metered = 0;
  const child = fork(fileURLToPath(new URL('./loadGenerator.js', import.meta.url)), { execArgv: [] });
  return new Promise((resolve, reject) => {
    child.on('message', (message: { phase?: string; result?: LoadResult; error?: string }) => {
      if (message.phase === 'begun') metered -= meter();
      else if (message.phase === 'over') metered += meter();
      else if (message.result) resolve({ ...message.result, metered });
      else reject(new Error(message.error));
    });
    child.once('exit', (code) => code !== 0 && reject(new Error(`load generator ended with ${code}`)));
    child.send(order);
    if (stored !== undefined) void passCredit(child, stored).catch(reject);
  });
}

async function passCredit(child: ChildProcess, stored: () => Promise<number>): Promise<void> {
  while (child.connected) {
    const credit = await stored();
    // It may end at just this moment; nobody needs to hear of that.
    if (child.connected) child.send({ credit }, () => undefined);
    await new Promise((resolve) => setTimeout(resolve, CREDIT_MS));
  }
}

function readyLine(child: ChildProcess): Promise<{ httpPort: number; mqttPort: number }> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready`)));
    const { stdout } = child;
    if (stdout === null) return reject(new Error('no output to read'));
    createInterface({ input: stdout }).on('line', (line) => {
      if (line.startsWith('{"event":"ready"')) resolve(JSON.parse(line) as { httpPort: number; mqttPort: number });
    });
  });
}

/** Numbers by `name{labels}` from Prometheus text. */
export function parseMetrics(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

function endProcess(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

/** CPU a process has used so far, ms. */
export function cpuMsOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1000;
}

/** Resident set of a process, MB. */
function residentMbOf(pid: number | undefined): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}
