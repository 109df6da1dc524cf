import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { builtProgram } from '../support/builtProgram.ts';
import { closeAfterTest } from '../support/closing.ts';
import { endChild } from '../support/endChild.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** A bridge running as a process of its own. */
export interface BridgeProcess {
  httpPort: number;
  deviceTlsPort: number | undefined;
  dataDir: string;
  /** Everything it wrote so far, standard output and error. */
  output(): string;
  /** `/metrics` as numbers by `name{labels}`, without the prefix. */
  metrics(): Promise<Map<string, number>>;
  kill(): Promise<void>;
  /** Asks it to stop; resolves to its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a bridge and waits until its doors are open; ended after the test. */
export async function startBridgeProcess(settings: Record<string, string>): Promise<BridgeProcess> {
  const dataDir = settings.DATA_DIR ?? temporaryFolder();
  const child = spawnBridge({ METRICS_PUBLIC: 'true', ...settings, DATA_DIR: dataDir });
  closeAfterTest(() => endChild(child, 'SIGKILL'));
  let output = '';
  const ready = await new Promise<{ httpPort: number; deviceTlsPort?: number }>((resolve, reject) => {
    child.stderr?.on('data', (bytes) => {
      output += bytes;
    });
    child.once('close', (code) => reject(new Error(`the bridge ended with ${code}: ${output}`)));
    if (child.stdout === null) return reject(new Error('no output to read'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      if (line.startsWith('{"event":"ready"')) resolve(JSON.parse(line));
    });
  });
  return {
    httpPort: ready.httpPort,
    deviceTlsPort: ready.deviceTlsPort,
    dataDir,
    output: () => output,
    metrics: () => readMetrics(ready.httpPort),
    kill: async () => void (await endChild(child, 'SIGKILL')),
    stop: () => endChild(child, 'SIGTERM'),
  };
}

/** Runs a bridge that is expected to end by itself; resolves to how it ended and what it said. */
export async function runBridgeToItsEnd(settings: Record<string, string>) {
  const child = spawnBridge(settings);
  closeAfterTest(() => endChild(child, 'SIGKILL'));
  let stderr = '';
  child.stderr?.on('data', (bytes) => {
    stderr += bytes;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

function spawnBridge(settings: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, HTTP_PORT: '0', HTTP_HOST: '127.0.0.1', LOG_LEVEL: 'debug', ...settings };
  const [command, ...args] = builtProgram('firmware-bridge/main');
  return spawn(command, args, { env, cwd: tmpdir() });
}

async function readMetrics(port: number): Promise<Map<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('buergerluft_'));
  return new Map(
    lines.map((line) => [
      line.slice('buergerluft_'.length, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' '))),
    ]),
  );
}
