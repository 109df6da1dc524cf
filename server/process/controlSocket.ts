import { chmodSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { markLocalAdmin } from '../api/http/access.ts';
import { type Logger, warnOnce } from '../log.ts';
import { openServer } from './openServer.ts';

/** Longest path a Unix socket can have (sockaddr_un.sun_path, 108 bytes with its end on Linux, 104 on macOS). */
const MAX_SOCKET_PATH = 103;

/** Where the running server listens for `npx buergerluft`; as short as it can be said from the working directory. */
export function controlSocketPath(dataDir: string): string {
  const absolute = resolve(join(dataDir, 'control.sock'));
  const fromHere = relative(process.cwd(), absolute);
  return fromHere.length < absolute.length && !isAbsolute(fromHere) ? fromHere : absolute;
}

/**
 * Serves the application on `DATA_DIR/control.sock`, mode 0600: whoever can open it is the operator, so requests there
 * have admin rights. Call it only while holding the data folder's lock: what lies there is a leftover then.
 * @throws Error when the path is too long for a socket.
 */
export async function startControlSocket(
  dataDir: string,
  app: RequestListener,
  log: Logger,
): Promise<{ close: () => Promise<void> }> {
  const path = controlSocketPath(dataDir);
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    throw new Error(`The path ${path} is too long for a socket: choose a shorter DATA_DIR.`);
  }
  rmSync(path, { force: true });
  const server = createServer((request, response) => {
    markLocalAdmin(request);
    app(request, response);
  });
  const warn = warnOnce(log);
  await openServer(server, { path }, (error) => warn(error, 'the control socket has trouble'));
  chmodSync(path, 0o600);
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
