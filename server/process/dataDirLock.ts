import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isFileLocked, takeFileLock } from './fileLock.ts';

/** The data folder cannot be used; the message says why and what helps. */
export class DataDirError extends Error {
  override name = 'DataDirError';
}

/** A held lock. */
export interface DataDirLock {
  release: () => void;
}

/** Who holds a lock: pid and start time together tell a process from a later one with the same pid. */
interface Holder {
  pid: number;
  startedAt: string;
}
const LOCK_FORM = /^\{"pid":(\d+),"startedAt":"([^"]*)"\}$/;

/** A lock that cannot be read is being written, unless it is older than this, ms; then a crash left it. */
const WRITING_MS = 2_000;

/** Name of the lock file in the data folder. */
export const LOCK_NAME = 'lock';

/** Makes the folder with mode 0700 if it is missing, and checks that we can write there. */
function prepareDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DataDirError(
      `The data folder ${dataDir} cannot be written (${codeOf(error)}): check DATA_DIR and its owner.`,
      {
        cause: error,
      },
    );
  }
}

/** Of folders whose files a web server or another user is to read; what the umask takes away is gone. */
export const SHARED_FOLDER = 0o777;

/**
 * Makes a folder that an operator named, and those above it, where they are missing; only this user may look in, unless `mode`
 * says otherwise. Step by step: `mkdir` with `recursive` never returns (Node 20) where the system answers ENOENT, as below /proc and where a file system is not mounted.
 * @throws the system's error.
 */
export function makeFolder(path: string, mode = 0o700): void {
  const folder = resolve(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder), mode);
  mkdirSync(folder, { mode });
}

/**
 * Takes the data folder for this process: one process owns the databases in it. A lock whose process is gone is taken
 * over. DuckDB's own file lock stands behind this one; ours names the pid and also covers a second start in one process, and other
 * containers with the same volume.
 * @throws DataDirError naming the pid that holds it, or why the folder cannot be written.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  prepareDataDir(dataDir);
  const path = join(dataDir, LOCK_NAME);
  const own: Holder = { pid: process.pid, startedAt: startOf(process.pid) ?? 'unknown' };
  // One round to find a stale lock, one to take its place; a third means that somebody else was faster.
  for (let round = 0; round < 3; round++) {
    const fd = create(path, own);
    if (fd !== undefined) return { release: () => release(path, own, fd) };
    removeStale(path, dataDir);
  }
  throw inUse(dataDir, 'another process');
}

/** The pid of the process that holds the folder; undefined when nobody does. */
export function lockHolder(dataDir: string): number | undefined {
  const path = join(dataDir, LOCK_NAME);
  const holder = readHolder(path);
  return holder !== undefined && isAlive(holder, path) ? holder.pid : undefined;
}

/** The open lock file, which holds the kernel's lock too; undefined when there is a lock already. */
function create(path: string, own: Holder): number | undefined {
  try {
    const fd = openSync(path, 'wx', 0o600);
    takeFileLock(fd);
    writeFileSync(fd, JSON.stringify(own));
    return fd;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw new DataDirError(`The lock ${path} cannot be written (${codeOf(error)}).`, { cause: error });
  }
}

/** Takes a stale lock away by renaming it, so that of two processes that find it only one goes on. */
function removeStale(path: string, dataDir: string): void {
  refuseIfHeld(path, dataDir);
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw new DataDirError(`The stale lock ${path} cannot be removed (${codeOf(error)}).`, { cause: error });
  }
  const moved = readHolder(aside);
  if (moved !== undefined && isAlive(moved, aside)) {
    renameSync(aside, path);
    throw inUse(dataDir, `process ${moved.pid}`);
  }
  rmSync(aside, { force: true });
}

function refuseIfHeld(path: string, dataDir: string): void {
  const holder = readHolder(path);
  if (holder === undefined && isBeingWritten(path)) throw inUse(dataDir, 'another process that is starting');
  if (holder !== undefined && isAlive(holder, path)) throw inUse(dataDir, `process ${holder.pid}`);
}

function isBeingWritten(path: string): boolean {
  const written = statSync(path, { throwIfNoEntry: false });
  return written !== undefined && Math.abs(Date.now() - written.mtimeMs) < WRITING_MS;
}

function inUse(dataDir: string, holder: string): DataDirError {
  return new DataDirError(`The data folder ${dataDir} is in use by ${holder}; stop it or set another DATA_DIR.`);
}

function release(path: string, own: Holder, fd: number): void {
  const holder = readHolder(path);
  // Not twice: the number may be another file's by then.
  if (holder?.pid !== own.pid || holder.startedAt !== own.startedAt) return;
  rmSync(path, { force: true });
  closeSync(fd);
}

/** Who stands in the lock; undefined for none and for what cannot be read as a lock. */
function readHolder(path: string): Holder | undefined {
  const [, pid, startedAt] = LOCK_FORM.exec(readIfThere(path) ?? '') ?? [];
  return pid === undefined || startedAt === undefined ? undefined : { pid: Number(pid), startedAt };
}

function isAlive({ pid, startedAt }: Holder, path: string): boolean {
  const now = startOf(pid);
  // Without /proc (macOS) only the pid can be asked about.
  if (now === undefined && readIfThere('/proc/self/stat') === undefined) return answersSignals(pid);
  if (now !== undefined && (startedAt === now || startedAt === 'unknown')) return true;
  // In another container it may be alive under a pid that means nothing here.
  return startedAt.startsWith(`${bootId()}:`) && isFileLocked(path);
}

/** Boot and clock tick at which a process started; undefined where there is no such process, or none that runs, or no /proc. */
function startOf(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // Fields 3 and 22 (proc(5)); the second field is the program's name in parentheses and may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', ticks = ''] = [fields[0], fields[19]];
  // A zombie has ended and waits to be fetched, in containers without an init for ever.
  if (state === 'Z' || state === 'X') return undefined;
  return `${bootId()}:${ticks}`;
}

function bootId(): string {
  return readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return codeOf(error) === 'EPERM';
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // ESRCH: /proc/<pid> vanished while it was read.
    if (['ENOENT', 'ESRCH', 'ENOTDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
