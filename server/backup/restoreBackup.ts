import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { RandomBytes } from '../process/keys.ts';
import { type Erasure, StationStore } from '../store/stationStore.ts';
import { BackupError, ERASURES_NAME, readManifest } from './manifest.ts';

const REGISTRY = 'registry.duckdb';

/** What a restore needs; the data folder must be locked by the caller. */
export interface RestoreParts {
  dataDir: string;
  /** Puts what is in the data folder aside instead of refusing. */
  isReplacing: boolean;
  /** Reads the backup first; resolves to what is wrong with it. */
  check: (folder: string) => Promise<string[]>;
  /** Told why the former registry could not be read. */
  onUnreadable: (error: unknown) => void;
  clock: () => number;
  randomBytes: RandomBytes;
}

/** What a restore did. */
export interface RestoreReport {
  /** ISO 8601 UTC: the state that is there now. */
  madeAt: string;
  files: number;
  /** Stations that were in the backup and deleted since: gone again. */
  erasedAgain: number;
  /** True when the former registry could not be read: deletions that only it knew are not applied. */
  isFormerRegistryUnreadable: boolean;
  /** Where the former content of the data folder lies; absent when there was none. */
  replaced?: string;
  store: 'duckdb' | 'influxdb';
}

/**
 * Puts a backup into the data folder, after reading all of it, and deletes again what was deleted since: by the list in
 * the folder that is replaced and the one beside the backup. Their readings go at the next start, before anything of
 * them is shown. @throws BackupError, and then the data folder is as it was.
 */
export async function restoreBackup(folder: string, parts: RestoreParts): Promise<RestoreReport> {
  const { dataDir } = parts;
  const manifest = readManifest(folder);
  const former = readdirSync(dataDir).filter((name) => !KEPT.has(name) && !name.startsWith('replaced-'));
  if (former.length > 0 && !parts.isReplacing) {
    throw new BackupError(`The data folder ${dataDir} is not empty. With --replace its content is put aside first.`);
  }
  const problems = await parts.check(folder);
  if (problems.length > 0) throw new BackupError(`${folder} cannot be restored: ${problems.join(' ')}`);
  const known = await erasuresOf(parts);
  const erasures = unique([...(known ?? []), ...erasuresBeside(folder)]);
  const replaced = putAside(former, parts);
  for (const { name } of manifest.files) {
    mkdirSync(dirname(join(dataDir, name)), { recursive: true, mode: 0o700 });
    copyFileSync(join(folder, name), join(dataDir, name));
  }
  const erasedAgain = await withRegistry(parts, (registry) => registry.applyErasures(erasures));
  const { madeAt, files, store } = manifest;
  const report = { madeAt, files: files.length, erasedAgain, store, isFormerRegistryUnreadable: known === undefined };
  return replaced === undefined ? report : { ...report, replaced };
}

/** What stays where it is: the lock of this very process. */
const KEPT = new Set(['lock']);

function putAside(names: readonly string[], { dataDir, clock }: RestoreParts): string | undefined {
  if (names.length === 0) return undefined;
  const aside = join(dataDir, `replaced-${new Date(clock()).toISOString().slice(0, 19).replaceAll(':', '')}Z`);
  mkdirSync(aside, { mode: 0o700 });
  for (const name of names) renameSync(join(dataDir, name), join(aside, name));
  return aside;
}

/** Undefined when the registry is there and cannot be read: that may be why somebody restores. */
async function erasuresOf(parts: RestoreParts): Promise<Erasure[] | undefined> {
  if (!existsSync(join(parts.dataDir, REGISTRY))) return [];
  try {
    return await withRegistry(parts, (registry) => registry.erasures());
  } catch (error) {
    parts.onUnreadable(error);
    return undefined;
  }
}

function unique(erasures: readonly Erasure[]): Erasure[] {
  return [...new Map(erasures.map((erasure) => [`${erasure.kind} ${erasure.id}`, erasure])).values()];
}

async function withRegistry<T>(parts: RestoreParts, use: (registry: StationStore) => Promise<T>): Promise<T> {
  const { dataDir, clock, randomBytes } = parts;
  const registry = new StationStore({ path: join(dataDir, REGISTRY), clock, randomBytes });
  await registry.open();
  try {
    return await use(registry);
  } finally {
    await registry.close();
  }
}

function erasuresBeside(folder: string): Erasure[] {
  const path = join(dirname(resolve(folder)), ERASURES_NAME);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Erasure[]) : [];
}
