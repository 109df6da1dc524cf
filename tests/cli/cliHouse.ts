import { createApp } from '../../server/api/app.ts';
import { runCli } from '../../server/cli/runCli.ts';
import { createMetrics } from '../../server/metrics.ts';
import { startControlSocket } from '../../server/process/controlSocket.ts';
import { lockDataDir } from '../../server/process/dataDirLock.ts';
import { closeAfterTest } from '../support/closing.ts';
import type { TestServer } from '../support/testServer.ts';

/** Runs a command line in this process; what it printed and how it ended. */
export async function run(args: string[], env: Record<string, string>) {
  let out = '';
  let err = '';
  const code = await runCli(args, { env, out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

/** Adds a station on a balcony, its device left out. */
export const ADD = [
  ...['station', 'add', '--name', 'Balkon', '--lat', '51.4567891', '--lon', '7,01', '--sensor', 'SDS011,bme280'],
];

/** What a running server does for the CLI: it holds the lock and listens on the control socket. */
export async function serve(server: TestServer): Promise<Record<string, string>> {
  const lock = lockDataDir(server.dataDir);
  const socket = await startControlSocket(
    server.dataDir,
    createApp({ ...server.deps, metrics: createMetrics() }),
    server.deps.log,
  );
  closeAfterTest(() => lock.release());
  closeAfterTest(() => socket.close());
  return { DATA_DIR: server.dataDir };
}
