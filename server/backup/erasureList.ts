import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../process/dataDirLock.ts';
import { replaceFile } from '../process/replaceFile.ts';
import type { Erasure } from '../store/registry/stationStore.ts';
import { BackupError, ERASURES_NAME } from './manifest.ts';

const list = z.array(z.object({ id: z.string(), kind: z.enum(['station', 'device']), erasedAt: z.number() }));

/** The deletions noted in a folder of backups; none where nobody noted any. @throws BackupError for a list that is spoilt. */
export function erasuresIn(root: string): Erasure[] {
  const path = join(root, ERASURES_NAME);
  if (!existsSync(path)) return [];
  try {
    return list.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new BackupError(`${path} cannot be read as the list of deletions: put it aside, and back from a copy.`, {
      cause,
    });
  }
}

/**
 * Lays the list of deletions beside the backups, so that none of them brings back what was deleted after it. What is noted there
 * already stays: the backups may be those of an instance whose data folder was lost, while a new one has begun.
 */
export function writeErasures(erasures: readonly Erasure[], root: string): void {
  makeFolder(root);
  const path = join(root, ERASURES_NAME);
  const all = unique([...erasuresIn(root), ...erasures]).sort((a, b) => a.erasedAt - b.erasedAt);
  replaceFile(path, `${JSON.stringify(all)}\n`);
}

/** Each station and device once, as it was told last. */
export function unique(erasures: readonly Erasure[]): Erasure[] {
  return [...new Map(erasures.map((erasure) => [`${erasure.kind} ${erasure.id}`, erasure])).values()];
}
