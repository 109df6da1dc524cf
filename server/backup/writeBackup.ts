import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../process/dataDirLock.ts';
import type { CopyableDatabase } from '../store/duckdb/duckdbCopy.ts';
import type { Erasure } from '../store/registry/stationStore.ts';
import { writeErasures } from './erasureList.ts';
import {
  BACKUP_SCHEMA_VERSION,
  BackupError,
  type BackupManifest,
  fileHash,
  isOfBackups,
  MANIFEST_NAME,
} from './manifest.ts';

/** What a backup is made from. */
export interface BackupParts {
  dataDir: string;
  instance: string;
  version: string;
  store: BackupManifest['store'];
  /** Open databases by the name of their file in the data folder. */
  databases: Readonly<Record<string, CopyableDatabase>>;
  erasures: () => Promise<Erasure[]>;
  /** Reads the finished copy; resolves to what is wrong with it. */
  check: (folder: string, signal?: AbortSignal) => Promise<string[]>;
  clock: () => number;
}

/** A finished backup. */
export interface BackupReport {
  folder: string;
  bytes: number;
  files: number;
  /** Rows in all databases. */
  rows: number;
  ms: number;
}

/**
 * What of the data folder no backup holds: locks, and what is on its way elsewhere (spool, queue), a bridge's own (bridge),
 * made from the registry (mosquitto) or left from a restore.
 */
const LEFT_OUT = /^(lock|control\.sock|spool|queue|bridge|mosquitto|replaced-.*|.*\.duckdb(\.wal)?|.*\.tmp)$/;

/**
 * Writes a backup into a new folder below `root`, while everything goes on: databases by DuckDB itself, other files
 * as they are. It bears its name only after a child process has read it whole; of one that `signal` broke off nothing is left.
 * @throws BackupError with one line for the operator.
 */
export async function writeBackup(parts: BackupParts, root: string, signal?: AbortSignal): Promise<BackupReport> {
  const startedAt = parts.clock();
  const folder = newFolder(root, startedAt);
  const partial = `${folder}.partial`;
  try {
    makeFolder(partial);
    removeUnfinished(root, partial);
    const manifest = await fill(parts, partial, signal);
    const problems = await parts.check(partial, signal);
    if (problems.length > 0) throw new BackupError(`The copy is not sound: ${problems.join(' ')}`);
    renameSync(partial, folder);
    writeErasures(await parts.erasures(), root);
    return { folder, ...sumOf(manifest), ms: parts.clock() - startedAt };
  } catch (cause) {
    if (existsSync(partial)) rmSync(partial, { recursive: true, force: true });
    if (signal?.aborted) throw new BackupError(BROKEN_OFF, { cause });
    if (cause instanceof BackupError) throw cause;
    throw new BackupError(`No backup: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

const BROKEN_OFF = 'No backup: the program was stopped meanwhile. Nothing of it is left.';

/** Named after the second it begins in, or the next one that no backup bears yet. */
function newFolder(root: string, at: number): string {
  const name = `buergerluft-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '')}Z`;
  const folder = join(root, name);
  return existsSync(folder) ? newFolder(root, at + 1_000) : folder;
}

/** Removes what was left of backups during which the program was killed: each is as large as a whole one. */
function removeUnfinished(root: string, but: string): void {
  const unfinished = readdirSync(root).filter((name) => isOfBackups(name) && name.endsWith('.partial'));
  for (const name of unfinished)
    if (join(root, name) !== but) rmSync(join(root, name), { recursive: true, force: true });
}

async function fill(parts: BackupParts, folder: string, signal: AbortSignal | undefined): Promise<BackupManifest> {
  const files: BackupManifest['files'] = [];
  for (const [name, database] of Object.entries(parts.databases)) {
    const tables = await database.copyTo(join(folder, name), signal);
    files.push({ ...(await describe(folder, name, signal)), tables });
  }
  for (const name of otherFiles(parts.dataDir)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true, mode: 0o700 });
    copyFileSync(join(parts.dataDir, name), join(folder, name));
    files.push(await describe(folder, name, signal));
  }
  const { instance, version, store } = parts;
  const madeAt = new Date(parts.clock()).toISOString();
  const manifest = { schemaVersion: BACKUP_SCHEMA_VERSION, madeAt, version, instance, store, files };
  writeFileSync(join(folder, MANIFEST_NAME), `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o600 });
  return manifest;
}

async function describe(folder: string, name: string, signal: AbortSignal | undefined) {
  const path = join(folder, name);
  return { name, bytes: statSync(path).size, sha256: await fileHash(path, signal) };
}

/** Keys, pages and other small files, by their path in the data folder; no backup that lies in there. */
function otherFiles(dataDir: string): string[] {
  const names = readdirSync(dataDir).filter((name) => !LEFT_OUT.test(name));
  return names.flatMap((name) => filesIn(dataDir, name));
}

function filesIn(dataDir: string, path: string): string[] {
  if (isOfBackups(basename(path))) return [];
  const entry = lstatSync(join(dataDir, path));
  if (entry.isFile()) return [path];
  return entry.isDirectory()
    ? readdirSync(join(dataDir, path)).flatMap((name) => filesIn(dataDir, join(path, name)))
    : [];
}

function sumOf({ files }: BackupManifest): Pick<BackupReport, 'bytes' | 'files' | 'rows'> {
  const rows = files.flatMap(({ tables = {} }) => Object.values(tables)).reduce((sum, count) => sum + count, 0);
  return { bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), files: files.length, rows };
}
