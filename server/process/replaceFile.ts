import { closeSync, fchmodSync, fdatasyncSync, openSync, renameSync, writeFileSync } from 'node:fs';

/**
 * Writes a file whole: who reads it finds what was there before or this, also after a loss of power. For our own user
 * alone; with a `mode`, as that says, whatever our umask. Throws what the file system says.
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  // Backups leave files of that name out.
  const aside = `${path}.tmp`;
  const file = openSync(aside, 'w', mode ?? 0o600);
  try {
    writeFileSync(file, text);
    // Only when asked: not every disk of backups knows modes.
    if (mode !== undefined) fchmodSync(file, mode);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
}
