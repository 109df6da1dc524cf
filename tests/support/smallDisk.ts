import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAfterTest } from './closing.ts';
import type { ServerProcess } from './serverProcess.ts';

/** A folder whose disk can fail, and a server process there. */
export interface FailingDisk {
  folder: string;
  /** What the server's command is to be run through. */
  through: string[];
  /** No byte more can be written. */
  fill(server: ServerProcess): void;
  /** There is room again. */
  free(server: ServerProcess): void;
  /** No file can grow, or again. A file system that is in use cannot be mounted read-only: this fails the same calls. */
  setUnwritable(server: ServerProcess, isUnwritable: boolean): void;
}

/**
 * A file system of its own in memory, where this process may mount one; else an ordinary folder and a limit on the size of
 * the server's files, which fails its writes in the same places with another error.
 */
export function failingDisk(megabytes: number): FailingDisk {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  const isMounted = run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', folder);
  closeAfterTest(() => {
    if (isMounted) run('umount', '-l', folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return isMounted ? mountedDisk(folder) : limitedDisk(folder);
}

function mountedDisk(folder: string): FailingDisk {
  const filler = join(folder, 'filler');
  return {
    ...limitedDisk(folder),
    fill: () => {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(bavail * bsize, 1));
    },
    free: () => rmSync(filler),
  };
}

function limitedDisk(folder: string): FailingDisk {
  const limit = (server: ServerProcess, bytes: string) => {
    if (!run('prlimit', '--pid', String(server.pid), `--fsize=${bytes}:unlimited`)) throw new Error('prlimit failed');
  };
  return {
    folder,
    // SIGXFSZ would end the process.
    through: ['bash', '-c', `trap '' XFSZ; exec "$@"`, 'bash'],
    fill: (server) => limit(server, '0'),
    free: (server) => limit(server, 'unlimited'),
    setUnwritable: (server, isUnwritable) => limit(server, isUnwritable ? '0' : 'unlimited'),
  };
}

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}
