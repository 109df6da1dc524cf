import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeDemoFolder } from '../../server/demo/demoFolder.ts';
import { lockDataDir } from '../../server/process/dataDirLock.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** No process has this number. */
const GONE = JSON.stringify({ pid: 4_194_305, startedAt: 'boot:1' });

/** Makes a folder last changed ten minutes ago; with a lock when there is something to stand in it. */
function oldFolder(path: string, lock?: string): void {
  mkdirSync(path, { recursive: true });
  if (lock !== undefined) writeFileSync(join(path, 'lock'), lock);
  age(path);
}

function age(path: string): void {
  const tenMinutesAgo = Date.now() / 1000 - 600;
  utimesSync(path, tenMinutesAgo, tenMinutesAgo);
}

describe('the folder of a demo', () => {
  it('comes with the removal of those whose process is gone', () => {
    const root = temporaryFolder();
    oldFolder(join(root, 'buergerluft-demo-Ab3dE9', 'inner'));
    oldFolder(join(root, 'buergerluft-demo-Ab3dE9'), GONE);
    const own = makeDemoFolder(root, Date.now());
    expect(basename(own)).toMatch(/^buergerluft-demo-[A-Za-z0-9]{6}$/);
    expect(readdirSync(root)).toEqual([basename(own)]);
  });

  it('leaves every other alone: held, young, without a lock, of another name, a link, a file', () => {
    const root = temporaryFolder();
    const held = join(root, 'buergerluft-demo-held00');
    const lock = lockDataDir(held);
    age(held);
    const young = join(root, 'buergerluft-demo-young0');
    mkdirSync(young);
    writeFileSync(join(young, 'lock'), GONE);
    oldFolder(join(root, 'buergerluft-demo-backup'));
    oldFolder(join(root, 'buergerluft-demo-test-Ab3dE9'), GONE);
    oldFolder(join(root, 'elsewhere'), GONE);
    symlinkSync(join(root, 'elsewhere'), join(root, 'buergerluft-demo-link00'));
    writeFileSync(join(root, 'buergerluft-demo-file00'), '');
    const before = readdirSync(root);
    const own = makeDemoFolder(root, Date.now());
    expect(readdirSync(root).sort()).toEqual([...before, basename(own)].sort());
    expect(existsSync(join(root, 'elsewhere', 'lock'))).toBe(true);
    lock.release();
  });

  it('is gone after the next demo when its own was killed', async () => {
    const root = temporaryFolder();
    const settings = { TMPDIR: root };
    const first = await startServerProcess({ settings, args: ['--demo'] });
    await first.kill();
    const [left = ''] = readdirSync(root).filter((name) => name.startsWith('buergerluft-demo-'));
    expect(existsSync(join(root, left, 'lock'))).toBe(true);
    age(join(root, left));
    const second = await startServerProcess({ settings, args: ['--demo'] });
    expect(existsSync(join(root, left))).toBe(false);
    expect(await second.stop()).toBe(0);
    expect(readdirSync(root).filter((name) => name.startsWith('buergerluft-demo-'))).toEqual([]);
  });
});
