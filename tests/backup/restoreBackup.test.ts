import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type RestoreParts, restoreBackup } from '../../server/backup/restoreBackup.ts';
import { closeAfterTest } from '../support/closing.ts';
import { runServerToItsEnd, startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

/** A folder with these files; folders in between are made. */
function folderWith(files: Readonly<Record<string, string>>, folder = temporaryFolder()): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A backup whose manifest names `names`, of which `files` are there. */
function backupOf(names: readonly string[], files: Readonly<Record<string, string>>, folder?: string): string {
  const about = {
    schemaVersion: 1,
    madeAt: '2026-11-26T03:00:00Z',
    version: '0.1.0',
    instance: 'Test',
    store: 'duckdb',
  };
  const listed = names.map((name) => ({ name, bytes: 1, sha256: '' }));
  return folderWith({ ...files, 'manifest.json': JSON.stringify({ ...about, files: listed }) }, folder);
}

/** Every file of a folder by its path, with its content. */
function contentOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
}

function restore(backup: string, dataDir: string, given: Partial<RestoreParts> = {}) {
  const parts = {
    isReplacing: true,
    check: async () => [],
    onUnreadable: () => undefined,
    clock: Date.now,
    randomBytes,
  };
  return restoreBackup(backup, { dataDir, ...parts, ...given });
}

/** Runs a restore as a process of its own and kills it once it has brought `admin-token`. */
async function killInCopy(backup: string, dataDir: string): Promise<void> {
  const restoring = new URL('../../server/backup/restoreBackup.ts', import.meta.url).href;
  const program = join(temporaryFolder(), 'restore.mjs');
  const parts = 'isReplacing: true, check: async () => [], onUnreadable: () => {}, clock: Date.now, randomBytes';
  writeFileSync(
    program,
    `import { randomBytes } from 'node:crypto';
     import { restoreBackup } from '${restoring}';
     await restoreBackup(process.argv[2], { dataDir: process.argv[3], ${parts} });`,
  );
  const typescript = new URL('../support/registerTypescript.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', typescript, program, backup, dataDir], { stdio: 'inherit' });
  closeAfterTest(() => void child.kill('SIGKILL'));
  const token = join(dataDir, 'admin-token');
  await until('half of it is there', () => existsSync(token) && readFileSync(token, 'utf8') === 'new');
  child.kill('SIGKILL');
  await once(child, 'close');
}

describe('a restore', () => {
  it('that fails half-way leaves the data folder as it was', async () => {
    const before = {
      'admin-token': 'old',
      'pages/imprint.de.md': 'ours',
      'mosquitto/dynamic-security.json': 'accounts',
    };
    const dataDir = folderWith(before);
    // As when the disk of the backups goes away, or that of the data folder is full.
    const backup = backupOf(['admin-token', 'logo.svg', 'citation-key'], { 'admin-token': 'new', 'logo.svg': 'new' });
    await expect(restore(backup, dataDir)).rejects.toThrow(/^Nothing was restored, .* is as it was: .*ENOENT/);
    expect(contentOf(dataDir)).toEqual(before);
  });

  it('that finds a registry it cannot open leaves the data folder as it was', async () => {
    const dataDir = folderWith({ 'admin-token': 'old' });
    const backup = backupOf(['registry.duckdb'], { 'registry.duckdb': 'not a database' });
    await expect(restore(backup, dataDir)).rejects.toThrow('Nothing was restored');
    expect(contentOf(dataDir)).toEqual({ 'admin-token': 'old' });
    const empty = temporaryFolder();
    await expect(restore(backup, empty)).rejects.toThrow('Nothing was restored');
    expect(contentOf(empty)).toEqual({});
  });

  it('that is killed half-way leaves nothing a server starts on, and is undone by the next', async () => {
    const before = { 'admin-token': 'old', 'pages/imprint.de.md': 'ours' };
    const dataDir = folderWith(before);
    const backup = backupOf(['admin-token', 'logo.svg'], { 'admin-token': 'new' });
    // Nobody writes into it: the restore waits there until it is killed.
    spawnSync('mkfifo', [join(backup, 'logo.svg')]);
    await killInCopy(backup, dataDir);
    const { code, stderr } = await runServerToItsEnd({ settings: { DATA_DIR: dataDir } });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^A restore into .* was broken off: run/),
    });

    const broken = backupOf(['citation-key'], {});
    await expect(restore(broken, dataDir)).rejects.toThrow('Nothing was restored');
    expect(contentOf(dataDir)).toEqual(before);
    await killInCopy(backup, dataDir);
    const { replaced = '' } = await restore(backupOf(['logo.svg'], { 'logo.svg': 'new' }), dataDir);
    expect(contentOf(replaced)).toEqual(before);
    expect((await startServerProcess({ settings: { DATA_DIR: dataDir } })).dataDir).toBe(dataDir);
  });

  it('leaves the broker’s accounts where they are: in containers their folder is a volume that cannot be moved', async () => {
    const dataDir = folderWith({ 'mosquitto/dynamic-security.json': 'accounts' });
    const backup = backupOf(['admin-token'], { 'admin-token': 'new' });
    await restore(backup, dataDir, { isReplacing: false });
    expect(contentOf(dataDir)).toMatchObject({ 'admin-token': 'new', 'mosquitto/dynamic-security.json': 'accounts' });
    await restore(backup, dataDir);
    expect(readFileSync(join(dataDir, 'mosquitto/dynamic-security.json'), 'utf8')).toBe('accounts');
  });

  it.each(['buergerluft-2026-11-26T030000Z', 'backups/buergerluft-2026-11-26T030000Z'])(
    'of a backup that lies in the data folder itself does not move it away: %s',
    async (place) => {
      const dataDir = folderWith({ 'admin-token': 'old' });
      const backup = backupOf(['admin-token'], { 'admin-token': 'new' }, join(dataDir, place));
      const { replaced = '' } = await restore(backup, dataDir);
      expect(readFileSync(join(dataDir, 'admin-token'), 'utf8')).toBe('new');
      expect(readFileSync(join(replaced, 'admin-token'), 'utf8')).toBe('old');
      expect(readFileSync(join(backup, 'admin-token'), 'utf8')).toBe('new');
    },
  );
});
