import { statfsSync } from 'node:fs';
import type { Metrics } from '../metrics.ts';

/** How full the disk below a folder is. */
export interface DiskState {
  path: string;
  totalBytes: number;
  /** What this program may still use. */
  freeBytes: number;
  /** 0 to 1, as `df` counts: of what is used and what may still be used, without what is kept for root. */
  usedShare: number;
}

/** Asks the file system. Throws when the folder is not there. */
export function diskState(path: string): DiskState {
  const { blocks, bfree, bavail, bsize } = statfsSync(path);
  const used = blocks - bfree;
  return { path, totalBytes: blocks * bsize, freeBytes: bavail * bsize, usedShare: used / (used + bavail) };
}

/** Tells Prometheus how full the disk below a folder is; nothing else of `/metrics` is lost when it cannot be asked. */
export function exposeDisk(metrics: Pick<Metrics, 'gauge'>, path: string): void {
  const ask = (field: 'totalBytes' | 'freeBytes') => () => {
    try {
      return diskState(path)[field];
    } catch {
      // Not a number: the folder is away, which /readyz says.
      return Number.NaN;
    }
  };
  metrics.gauge('disk_size_bytes', 'Size of the disk of DATA_DIR', ask('totalBytes'));
  metrics.gauge('disk_free_bytes', 'What of it may still be used', ask('freeBytes'));
}
