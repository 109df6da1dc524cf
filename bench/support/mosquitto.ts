import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess } from './endProcess.ts';
import { freePort, whenListening } from './freePort.ts';

/** A real Mosquitto on a port of its own, set up as docs/operate.md tells an operator to, but without accounts. */
export class Mosquitto {
  readonly port: number;
  readonly #dir: string;
  #process: ChildProcess | undefined;

  constructor(port: number, dir: string) {
    this.port = port;
    this.#dir = dir;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Of the running process. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async start(): Promise<void> {
    const child = spawn('mosquitto', ['-c', join(this.#dir, 'mosquitto.conf')], { env: withSbin(), stdio: 'ignore' });
    this.#process = child;
    child.once('error', (cause) => {
      throw new Error('mosquitto is needed: apt-get install mosquitto', { cause });
    });
    await whenListening(this.port);
  }

  /** Ends it as `systemctl stop` does; it saves what it holds. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Has it write what it holds to disk now, as it does by itself every `autosave_interval`. */
  save(): void {
    this.#process?.kill('SIGUSR1');
  }

  /** Forgets everything it has on disk: sessions, queues, retained messages. While it does not run. */
  wipe(): void {
    rmSync(join(this.#dir, 'mosquitto.db'), { force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    await endProcess(child, signal);
  }
}

/** Starts a Mosquitto that keeps its files in `dir`, open to everybody unless `access` says who may come in. */
export async function openMosquitto(dir: string, access = ['allow_anonymous true']): Promise<Mosquitto> {
  const port = await freePort();
  const settings = [
    `listener ${port} 127.0.0.1`,
    ...access,
    'max_queued_messages 0',
    'persistence true',
    `persistence_location ${dir}/`,
    // Root gives its rights up otherwise and could not write there.
    `user ${process.getuid?.() === 0 ? 'root' : (process.env.USER ?? 'nobody')}`,
  ];
  writeFileSync(join(dir, 'mosquitto.conf'), `${settings.join('\n')}\n`);
  const mosquitto = new Mosquitto(port, dir);
  await mosquitto.start();
  return mosquitto;
}

function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin` };
}
