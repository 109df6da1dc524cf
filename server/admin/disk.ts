import { statfsSync } from 'node:fs';

/** How full the disk below a folder is. */
export interface DiskState {
  path: string;
  totalBytes: number;
  /** What this program may still use. */
  freeBytes: number;
  /** 0 to 1, as `df` counts: what is kept for root counts as used. */
  usedShare: number;
}

/** Asks the file system. Throws when the folder is not there. */
export function diskState(path: string): DiskState {
  const { blocks, bavail, bsize } = statfsSync(path);
  return { path, totalBytes: blocks * bsize, freeBytes: bavail * bsize, usedShare: 1 - bavail / blocks };
}
