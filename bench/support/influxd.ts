import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endProcess } from './endProcess.ts';
import { freePort } from './freePort.ts';

/** Administrator of a server started with authentication. */
export const INFLUX_ADMIN = { username: 'operator', password: 'correct:horse battery' } as const;

/** So long it may take to start on a machine with other work, ms. */
const START_MS = 120_000;

/** A real InfluxDB 1.x (Debian's 1.6.7) on free ports, its data in a folder of its own. */
export class Influxd {
  readonly url: string;
  readonly #folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #process: ChildProcess | undefined;

  /** Use `startInfluxd`. */
  constructor(folder: string, ports: { http: number; rpc: number }, settings: Record<string, string>) {
    this.url = `http://127.0.0.1:${ports.http}`;
    this.#folder = folder;
    this.#environment = {
      ...process.env,
      INFLUXDB_REPORTING_DISABLED: 'true',
      INFLUXDB_BIND_ADDRESS: `127.0.0.1:${ports.rpc}`,
      INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${ports.http}`,
      INFLUXDB_HTTP_LOG_ENABLED: 'false',
      INFLUXDB_META_DIR: join(folder, 'meta'),
      INFLUXDB_DATA_DIR: join(folder, 'data'),
      INFLUXDB_DATA_WAL_DIR: join(folder, 'wal'),
      INFLUXDB_DATA_INDEX_VERSION: 'tsi1',
      INFLUXDB_MONITOR_STORE_ENABLED: 'false',
      ...settings,
    };
  }

  /** Starts it, or starts it again on the same ports and data. */
  async start(): Promise<void> {
    const child = spawn('influxd', ['run', '-config', '/dev/null'], { env: this.#environment, stdio: 'ignore' });
    this.#process = child;
    child.once('error', (cause) => {
      throw new Error('influxd is needed: apt-get install influxdb', { cause });
    });
    const deadline = performance.now() + START_MS;
    while (!(await this.#answers())) {
      if (performance.now() > deadline) throw new Error(`influxd does not answer at ${this.url}`);
      await wait(50);
    }
  }

  /** Of the running process. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Ends it as `systemctl stop` does. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it at once, as a power cut of its process does; its data stays. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    await endProcess(child, signal);
  }

  /** Ends it and removes its data. */
  async destroy(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Runs InfluxQL as its administrator, past our own store. */
  async query(q: string, database = ''): Promise<unknown> {
    const credentials = Buffer.from(`${INFLUX_ADMIN.username}:${INFLUX_ADMIN.password}`).toString('base64');
    const response = await fetch(`${this.url}/query`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}` },
      body: new URLSearchParams({ q, db: database }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  async #answers(): Promise<boolean> {
    return fetch(`${this.url}/ping`).then(
      (response) => response.status === 204,
      () => false,
    );
  }
}

/** Starts an InfluxDB; with authentication its administrator is `INFLUX_ADMIN`. The caller destroys it. */
export async function startInfluxd({ hasAuthentication = false, maxRowLimit = 0 } = {}): Promise<Influxd> {
  const folder = await mkdtemp(join(tmpdir(), 'influxd-'));
  const ports = { http: await freePort(), rpc: await freePort() };
  const influxd = new Influxd(folder, ports, {
    INFLUXDB_HTTP_AUTH_ENABLED: String(hasAuthentication),
    INFLUXDB_HTTP_MAX_ROW_LIMIT: String(maxRowLimit),
  });
  await influxd.start();
  if (hasAuthentication) {
    const { username, password } = INFLUX_ADMIN;
    await influxd.query(`CREATE USER ${username} WITH PASSWORD '${password}' WITH ALL PRIVILEGES`);
  }
  return influxd;
}
