import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAfterTest } from './closing.ts';

/** A fresh folder; gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-test-'));
  closeAfterTest(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
