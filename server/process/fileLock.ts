import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Exit code of `flock` when somebody else has the lock. */
const HELD = 1;

/**
 * Takes the kernel's lock on an open file. It is the open file's, not the program's that is asked to take it, so it ends when `fd` is
 * closed or this process is gone, however it went; and it is seen from other containers too. Returns false when somebody else has it,
 * undefined where nothing can be said: no `flock` (util-linux, BusyBox), or a file system without.
 */
export function takeFileLock(fd: number): boolean | undefined {
  const { status } = spawnSync('flock', ['-x', '-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
  if (status === 0) return true;
  return status === HELD ? false : undefined;
}

/** Whether an open file of somebody else has the lock on `path`; false also where nothing can be said. */
export function isFileLocked(path: string): boolean {
  const fd = openIfThere(path);
  if (fd === undefined) return false;
  try {
    return takeFileLock(fd) === false;
  } finally {
    closeSync(fd);
  }
}

/** Undefined when there is no such file: whoever holds a lock removes it at any time. */
function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
