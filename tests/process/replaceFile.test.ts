import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { replaceFile } from '../../server/process/replaceFile.ts';
import { closeAfterTest } from '../support/closing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

function temporaryPath(): { folder: string; path: string } {
  const folder = temporaryFolder();
  return { folder, path: join(folder, 'notes.json') };
}

describe('a file that is replaced', () => {
  it('holds what was written last and nothing lies beside it, also after an attempt that was killed', () => {
    const { folder, path } = temporaryPath();
    writeFileSync(`${path}.tmp`, 'a longer text that was never finished');
    replaceFile(path, 'first');
    replaceFile(path, 'second');
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['second', ['notes.json']]);
  });

  it('is for our own user alone unless a mode is asked for, whatever the umask', () => {
    const { path } = temporaryPath();
    const former = process.umask(0o077);
    closeAfterTest(() => process.umask(former));
    replaceFile(path, 'ours');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    replaceFile(path, 'the broker’s', 0o644);
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });
});
