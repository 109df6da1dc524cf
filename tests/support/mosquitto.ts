import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { closeAfterTest } from './closing.ts';

/** A real Mosquitto on a port of its own, set up as the README tells an operator to, but without accounts. */
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

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

/** Starts a Mosquitto, open to everybody unless `access` says who may come in; ended after the test. */
export async function startMosquitto(access: readonly string[] = ['allow_anonymous true']): Promise<Mosquitto> {
  const dir = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  closeAfterTest(() => rmSync(dir, { recursive: true, force: true }));
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
  closeAfterTest(() => mosquitto.stop());
  return mosquitto;
}

/** A port nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

/** Resolves when something answers on the port; rejects after 10 s. */
export async function whenListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await answers(port)) return;
    await wait(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ port, host: '127.0.0.1' });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin` };
}
