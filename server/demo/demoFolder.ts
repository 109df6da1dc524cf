import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MINUTE_MS } from '../domain/durations.ts';
import { LOCK_NAME, lockHolder } from '../process/dataDirLock.ts';

const PREFIX = 'buergerluft-demo-';
/** What `mkdtemp` makes of the prefix, and nothing else. */
const OURS = new RegExp(`^${PREFIX}[A-Za-z0-9]{6}$`);
/** Between a folder and the lock in it lie moments; what changed so recently is left alone, ms. */
const SETTLING_MS = MINUTE_MS;

/** Makes the throw-away data folder of a demo below `root`, and removes those of demos that were killed. */
export function makeDemoFolder(root: string, now: number): string {
  for (const name of readdirSync(root).filter((each) => OURS.test(each))) removeAbandoned(join(root, name), now);
  return mkdtempSync(join(root, PREFIX));
}

/** A demo starts whatever becomes of the folders of others: what cannot be looked at or removed stays. */
function removeAbandoned(path: string, now: number): void {
  try {
    if (isOurFolder(path, now) && isLeft(path)) rmSync(path, { recursive: true, force: true });
  } catch {}
}

/** Who is killed leaves its lock; a folder without one is somebody's own, of a name that happens to fit. */
function isLeft(path: string): boolean {
  return existsSync(join(path, LOCK_NAME)) && lockHolder(path) === undefined;
}

function isOurFolder(path: string, now: number): boolean {
  const stat = lstatSync(path);
  const uid = process.getuid?.() ?? stat.uid;
  return stat.isDirectory() && stat.uid === uid && stat.mtimeMs < now - SETTLING_MS;
}
