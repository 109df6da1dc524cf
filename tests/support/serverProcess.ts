import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { builtProgram } from './builtProgram.ts';
import { closeAfterTest } from './closing.ts';
import { endChild } from './endChild.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** What a server process is started with. */
export interface ServerProcessOptions {
  /** Settings; free ports and a fresh data folder where they do not say otherwise. */
  settings?: Record<string, string>;
  args?: string[];
  /** A command that runs the server's, such as `faketime`. */
  through?: string[];
}

/** A server running as a process of its own. */
export interface ServerProcess {
  httpPort: number;
  mqttPort: number;
  url: string;
  dataDir: string;
  pid: number;
  /** Lines on standard output so far: the log among them. */
  lines: string[];
  /** Ends it without warning and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop, as systemd does; resolves to its exit code. */
  stop(): Promise<number | null>;
  adminToken(): string;
  /** A request with admin rights; resolves to status and parsed body. */
  request(method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  /** `/metrics` as numbers by `name{labels}`. */
  metrics(): Promise<Map<string, number>>;
}

/** Starts a server and waits until it is ready; ended after the test. */
export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const settings = { DATA_DIR: options.settings?.DATA_DIR ?? temporaryFolder(), ...options.settings };
  const child = spawnServer({ ...options, settings });
  closeAfterTest(() => endChild(child, 'SIGKILL'));
  const lines: string[] = [];
  const ready = await readyLine(child, lines);
  const url = `http://127.0.0.1:${ready.httpPort}`;
  const adminToken = () => readFileSync(join(settings.DATA_DIR, 'admin-token'), 'utf8').trim();
  const headers = () => ({ Authorization: `Bearer ${adminToken()}`, 'Content-Type': 'application/json' });
  return {
    ...ready,
    url,
    lines,
    dataDir: settings.DATA_DIR,
    pid: child.pid ?? 0,
    kill: async () => void (await endChild(child, 'SIGKILL')),
    stop: () => endChild(child, 'SIGTERM'),
    adminToken,
    request: async (method, path, body) => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(url + path, { method, headers: headers(), ...sent });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    metrics: async () => parseMetrics(await (await fetch(`${url}/metrics`, { headers: headers() })).text()),
  };
}

/** Starts a server and ends it without warning after `afterMs`, however far it has come; resolves when it is gone. */
export async function killWhileStarting(options: ServerProcessOptions, afterMs: number): Promise<void> {
  const child = spawnServer(options);
  closeAfterTest(() => endChild(child, 'SIGKILL'));
  child.stdout?.resume();
  child.stderr?.resume();
  await wait(afterMs);
  await endChild(child, 'SIGKILL');
}

/** Runs a server that is expected to end by itself; resolves to how it ended and what it said. */
export async function runServerToItsEnd(options: ServerProcessOptions) {
  const child = spawnServer(options);
  closeAfterTest(() => endChild(child, 'SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (bytes) => {
    output.stdout += bytes;
  });
  child.stderr?.on('data', (bytes) => {
    output.stderr += bytes;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** Makes a station with a device through the API. */
export async function addStationOver(server: ServerProcess, deviceId: string) {
  const position = { lat: 51.45, lon: 7.01 };
  const { status, body } = await server.request('POST', '/api/v1/stations', {
    ...{ name: `Station of ${deviceId}`, position, isIndoor: false, deviceId },
  });
  if (status !== 201) throw new Error(`no station: ${JSON.stringify(body)}`);
  const { station, device } = body as { station: { id: string }; device: { deviceId: string; token: string } };
  return { stationId: station.id, ...device };
}

function spawnServer({ settings = {}, args = [], through = [] }: ServerProcessOptions): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, HTTP_PORT: '0', HTTP_HOST: '127.0.0.1', MQTT_PORT: '0', LOG_LEVEL: 'warn', ...settings };
  // From a folder without a .env file: the operator's must not reach the tests.
  const [command = '', ...words] = [...through, ...builtProgram('server/main'), ...args];
  return spawn(command, words, { env, cwd: tmpdir() });
}

interface Ready {
  httpPort: number;
  mqttPort: number;
}

function readyLine(child: ChildProcess, lines: string[]): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const errors: string[] = [];
    child.stderr?.on('data', (bytes) => errors.push(String(bytes)));
    child.once('close', (code) => reject(new Error(`the server ended with ${code}: ${errors.join('')}`)));
    if (child.stdout === null) return reject(new Error('no output to read'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('{"event":"ready"')) resolve(JSON.parse(line) as Ready);
    });
  });
}

function parseMetrics(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}
