import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataDirError } from '../process/dataDirLock.ts';
import { replaceFile } from '../process/replaceFile.ts';

/** Lies in the data folder while a restore changes it; its name there. */
export const RESTORING_NAME = 'restoring';

/** What must be known to undo a restore. */
export interface Undo {
  /** What the data folder held before. */
  former: readonly string[];
  /** Where that is put; absent when there was nothing. */
  aside?: string | undefined;
}

/** Notes what a restore is about to change. */
export function noteRestore(dataDir: string, undo: Undo): void {
  replaceFile(join(dataDir, RESTORING_NAME), JSON.stringify(undo));
}

/** The restore is done, or undone. */
export function forgetRestore(dataDir: string): void {
  rmSync(join(dataDir, RESTORING_NAME), { force: true });
}

/** What undoes the restore that was broken off in this data folder; undefined when none was. */
export function brokenRestore(dataDir: string): Undo | undefined {
  const path = join(dataDir, RESTORING_NAME);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Undo) : undefined;
}

/** Half of a data folder is none to work with. @throws DataDirError after a restore that was killed. */
export function refuseBrokenRestore(dataDir: string): void {
  if (!existsSync(join(dataDir, RESTORING_NAME))) return;
  throw new DataDirError(
    `A restore into ${dataDir} was broken off: run it again, npx buergerluft restore <backup> --replace. It begins with what was there before.`,
  );
}
