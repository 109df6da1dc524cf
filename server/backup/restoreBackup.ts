import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { StoreKind } from '../domain/storeKind.ts';
import type { RandomBytes } from '../process/keys.ts';
import { type Erasure, REGISTRY_FILE, StationStore } from '../store/registry/stationStore.ts';
import { brokenRestore, forgetRestore, noteRestore, RESTORING_NAME } from './brokenRestore.ts';
import { erasuresIn, unique } from './erasureList.ts';
import { BackupError, type BackupManifest, isOfBackups, readManifest } from './manifest.ts';

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
  store: StoreKind;
}

/**
 * Puts a backup into the data folder, after reading all of it, and deletes again what was deleted since: by the list in
 * the folder that is replaced and the one beside the backup. Their readings go at the next start, before anything of
 * them is shown. One that was killed before is undone first. @throws BackupError, and then the data folder is as it was.
 */
export async function restoreBackup(folder: string, parts: RestoreParts): Promise<RestoreReport> {
  const { dataDir } = parts;
  const manifest = readManifest(folder);
  undoBrokenRestore(dataDir, folder);
  const former = contentOf(dataDir, folder);
  if (former.length > 0 && !parts.isReplacing) {
    throw new BackupError(`The data folder ${dataDir} is not empty. With --replace its content is put aside first.`);
  }
  const problems = await parts.check(folder);
  if (problems.length > 0) throw new BackupError(`${folder} cannot be restored: ${problems.join(' ')}`);
  const known = await erasuresOf(parts);
  const erasures = unique([...(known ?? []), ...erasuresIn(dirname(resolve(folder)))]);
  const replaced = former.length === 0 ? undefined : asideFor(parts);
  noteRestore(dataDir, { former, aside: replaced });
  try {
    if (replaced !== undefined) putAside(former, dataDir, replaced);
    copyIn(manifest, folder, dataDir);
    const erasedAgain = await withRegistry(parts, (registry) => registry.applyErasures(erasures));
    const { madeAt, files, store } = manifest;
    forgetRestore(dataDir);
    const report = { madeAt, files: files.length, erasedAgain, store, isFormerRegistryUnreadable: known === undefined };
    return replaced === undefined ? report : { ...report, replaced };
  } catch (cause) {
    putBack({ dataDir, former, aside: replaced, now: contentOf(dataDir, folder) });
    forgetRestore(dataDir);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BackupError(`Nothing was restored, ${dataDir} is as it was: ${why}`, { cause });
  }
}

/**
 * What stays where it is: the lock and the note of this very process, the broker's accounts, in containers a volume of their own, and the folder
 * of a bridge on this machine, which goes on meanwhile and keeps its pushes there.
 */
const KEPT = new Set(['lock', 'mosquitto', 'bridge', RESTORING_NAME]);

/** What a data folder holds that a restore replaces: no earlier content put aside, and no backups. */
function contentOf(dataDir: string, backup: string): string[] {
  const isKept = (name: string) => KEPT.has(name) || name.startsWith('replaced-') || isOfBackups(name);
  const holdsBackup = (name: string) => `${resolve(backup)}/`.startsWith(`${resolve(dataDir, name)}/`);
  return readdirSync(dataDir).filter((name) => !isKept(name) && !holdsBackup(name));
}

function asideFor({ dataDir, clock }: RestoreParts): string {
  return join(dataDir, `replaced-${new Date(clock()).toISOString().slice(0, 19).replaceAll(':', '')}Z`);
}

function putAside(names: readonly string[], dataDir: string, aside: string): void {
  mkdirSync(aside, { mode: 0o700 });
  for (const name of names) renameSync(join(dataDir, name), join(aside, name));
}

function copyIn({ files }: BackupManifest, folder: string, dataDir: string): void {
  for (const { name } of files) {
    mkdirSync(dirname(join(dataDir, name)), { recursive: true, mode: 0o700 });
    copyFileSync(join(folder, name), join(dataDir, name));
  }
}

function undoBrokenRestore(dataDir: string, folder: string): void {
  const undo = brokenRestore(dataDir);
  if (undo === undefined) return;
  putBack({ dataDir, former: undo.former, aside: undo.aside, now: contentOf(dataDir, folder) });
  forgetRestore(dataDir);
}

interface HalfDone {
  dataDir: string;
  /** What was there before, and what is there now. */
  former: readonly string[];
  now: readonly string[];
  aside: string | undefined;
}

/** Undoes a restore that failed half-way. What had not been put aside yet is still in its place. */
function putBack({ dataDir, former, now, aside }: HalfDone): void {
  const moved = aside !== undefined && existsSync(aside) ? readdirSync(aside) : [];
  const brought = now.filter((name) => !former.includes(name) || moved.includes(name));
  for (const name of brought) rmSync(join(dataDir, name), { recursive: true, force: true });
  if (aside === undefined) return;
  for (const name of moved) renameSync(join(aside, name), join(dataDir, name));
  rmSync(aside, { recursive: true, force: true });
}

/** Undefined when the registry is there and cannot be read: that may be why somebody restores. */
async function erasuresOf(parts: RestoreParts): Promise<Erasure[] | undefined> {
  if (!existsSync(join(parts.dataDir, REGISTRY_FILE))) return [];
  try {
    return await withRegistry(parts, (registry) => registry.erasures());
  } catch (error) {
    parts.onUnreadable(error);
    return undefined;
  }
}

async function withRegistry<T>(parts: RestoreParts, use: (registry: StationStore) => Promise<T>): Promise<T> {
  const { dataDir, clock, randomBytes } = parts;
  const registry = new StationStore({ path: join(dataDir, REGISTRY_FILE), clock, randomBytes });
  await registry.open();
  try {
    return await use(registry);
  } finally {
    await registry.close();
  }
}
