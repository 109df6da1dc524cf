import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { closeAfterTest } from './closing.ts';
import { dynsecPlugin } from './dynsec.ts';
import { freePort, whenListening } from './mosquitto.ts';

/** A program of the stack, run as its container would be. */
export interface StackProgram {
  /** Everything it wrote. */
  output(): string;
  /** How often it was started. */
  starts(): number;
  /** Ends it at once with all that it started, as Docker does; it is started again. */
  kill(): void;
}

/** Where the stack's Mosquitto listens and what it shares with the others. */
export interface StackBroker extends StackProgram {
  port: number;
  tlsPort: number;
}

/** Starts a program and, as Docker's `restart: unless-stopped` does, again whenever it ends; ended after the test. */
function keepRunning(command: string, args: string[], env: NodeJS.ProcessEnv): StackProgram {
  let output = '';
  let child: ChildProcess | undefined;
  let isClosed = false;
  let starts = 0;
  const start = () => {
    starts++;
    child = spawn(command, args, { env: { PATH: `${process.env.PATH}:/usr/sbin`, ...env }, detached: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes) => {
        output += bytes;
      });
    }
    child.once('close', () => {
      if (!isClosed) start();
    });
  };
  start();
  closeAfterTest(async () => {
    isClosed = true;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'close');
    child.kill();
    await ended;
  });
  return {
    output: () => output,
    starts: () => starts,
    kill: () => {
      if (child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    },
  };
}

/** Mosquitto with the stack's own files, its paths moved from the container's to `folder`. */
export async function startStackBroker(
  folder: string,
  options: { accounts: string; certificates: string; env: Record<string, string> },
): Promise<StackBroker> {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const config = join(folder, 'config');
  cpSync(join(packageRoot(), 'docker/mosquitto'), config, { recursive: true });
  mkdirSync(join(folder, 'data'), { recursive: true });
  for (const name of ['mosquitto.conf', 'tls.conf', 'start.sh']) {
    const path = join(config, name);
    const moved = readFileSync(path, 'utf8')
      .replaceAll('/tmp/mosquitto', `${folder}/tmp`)
      .replaceAll('/mosquitto/accounts', options.accounts)
      .replaceAll('/mosquitto/certificates', options.certificates)
      .replaceAll(/\/mosquitto\/(config|data)/g, `${folder}/$1`)
      .replace('/usr/lib/mosquitto_dynamic_security.so', dynsecPlugin())
      // Root gives its rights up otherwise and could not read its files here.
      .replace('listener 1883', `listener ${port} 127.0.0.1\nuser ${process.env.USER ?? 'root'}`)
      .replace('listener 8883', `listener ${tlsPort} 127.0.0.1`);
    writeFileSync(path, moved);
  }
  return { port, tlsPort, ...keepRunning('sh', [join(config, 'start.sh')], options.env) };
}

/** Caddy with the stack's own file in front of `server` and `bridge` (host:port). */
export async function startStackCaddy(
  folder: string,
  options: { env: Record<string, string>; server: string; bridge: string },
): Promise<StackProgram & { httpPort: number; httpsPort: number; rootCertificate: string }> {
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const file = join(packageRoot(), 'docker/caddy/Caddyfile');
  const program = keepRunning('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    ...options.env,
    ...{ CADDY_HTTP_PORT: String(httpPort), CADDY_HTTPS_PORT: String(httpsPort) },
    ...{ SERVER: options.server, BRIDGE: options.bridge, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, HOME: folder },
  });
  await whenListening(httpsPort);
  const rootCertificate = join(folder, 'caddy/pki/authorities/local/root.crt');
  return { ...program, httpPort, httpsPort, rootCertificate };
}
