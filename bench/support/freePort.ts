import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Where ports are looked for: below the range from which the kernel gives outgoing connections and listeners on port 0 theirs
 * (from 32,768 on Linux). In that range a port that is picked, or let go for a restart, may be anybody's a moment later.
 */
const [FIRST_PORT, END_PORT] = [10_000, 32_000];
/** So long something may take until it listens on a machine with other work, ms. */
const LISTEN_MS = 120_000;

/** A port nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, END_PORT);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isOpen = new Promise<boolean>((resolve) => {
    server.once('listening', () => resolve(true));
    server.once('error', () => resolve(false));
  });
  server.listen(port, '127.0.0.1');
  if (!(await isOpen)) return false;
  server.close();
  await once(server, 'close');
  return true;
}

/** Resolves when something answers on the port; rejects after two minutes. */
export async function whenListening(port: number): Promise<void> {
  const deadline = performance.now() + LISTEN_MS;
  while (!(await answers(port))) {
    if (performance.now() > deadline) throw new Error(`nothing listens on port ${port}`);
    await wait(50);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
