import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DataDirError, lockDataDir, lockHolder } from '../../server/process/dataDirLock.ts';
import { closeAfterTest } from '../support/closing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** Another process that takes the lock and then waits, as a server does. */
async function startHolder(dataDir: string): Promise<ChildProcess> {
  const lock = new URL('../../server/process/dataDirLock.ts', import.meta.url).href;
  const program = join(temporaryFolder(), 'holder.mjs');
  const take = `lockDataDir(process.argv[2]); console.log('held'); setInterval(() => {}, 1e6);`;
  writeFileSync(program, `import { lockDataDir } from '${lock}';\n${take}`);
  const typescript = new URL('../support/registerTypescript.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', typescript, program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closeAfterTest(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('the data folder', () => {
  it('is made with mode 0700, its lock with 0600', () => {
    const dataDir = join(temporaryFolder(), 'deep', 'data');
    const lock = lockDataDir(dataDir);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'lock')).mode & 0o777).toBe(0o600);
    expect(lockHolder(dataDir)).toBe(process.pid);
    lock.release();
    expect(existsSync(join(dataDir, 'lock'))).toBe(false);
    expect(lockHolder(dataDir)).toBeUndefined();
  });

  it('is held once, also within one process, and the error names the pid', () => {
    const dataDir = temporaryFolder();
    const lock = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(DataDirError);
    expect(() => lockDataDir(dataDir)).toThrow(`in use by process ${process.pid}`);
    lock.release();
    lockDataDir(dataDir).release();
  });

  it('is taken over from a process that is gone, though another one may have its pid by now', () => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'lock'), JSON.stringify({ pid: process.pid, startedAt: 'an-earlier-boot:17' }));
    const lock = lockDataDir(dataDir);
    expect(JSON.parse(readFileSync(join(dataDir, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it('is refused while another process holds it, and free again once that was killed', async () => {
    const dataDir = temporaryFolder();
    const holder = await startHolder(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(`in use by process ${holder.pid}; stop it or set another DATA_DIR`);
    expect(lockHolder(dataDir)).toBe(holder.pid);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lockDataDir(dataDir).release();
  });

  it('is refused while a process of another container holds it, whose pid says nothing here, and free once that was killed', async () => {
    const dataDir = temporaryFolder();
    const holder = await startHolder(dataDir);
    // What its own container knows it by.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    for (const pid of [process.pid, 4_194_305]) {
      writeFileSync(join(dataDir, 'lock'), JSON.stringify({ pid, startedAt: `${boot}:17` }));
      expect(() => lockDataDir(dataDir)).toThrow(`in use by process ${pid}`);
      expect(lockHolder(dataDir)).toBe(pid);
    }
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(lockHolder(dataDir)).toBeUndefined();
    lockDataDir(dataDir).release();
  });

  it('is taken over from a process that has ended and that nobody fetched', async () => {
    const dataDir = temporaryFolder();
    // The shell becomes `sleep`, which never fetches its child.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
    closeAfterTest(() => void parent.kill('SIGKILL'));
    const [told] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(told.toString());
    const fields = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    writeFileSync(join(dataDir, 'lock'), JSON.stringify({ pid, startedAt: `${boot}:${fields()[19]}` }));
    expect(lockHolder(dataDir)).toBe(pid);
    process.kill(pid, 'SIGKILL');
    while (fields()[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lockHolder(dataDir)).toBeUndefined();
    lockDataDir(dataDir).release();
  });

  it('is taken over from a lock that a crash left half written, but not from one being written', () => {
    const dataDir = temporaryFolder();
    const path = join(dataDir, 'lock');
    writeFileSync(path, '{"pid":');
    expect(() => lockDataDir(dataDir)).toThrow('is starting');
    utimesSync(path, new Date(0), new Date(0));
    lockDataDir(dataDir).release();
  });

  it('leaves a lock alone that somebody else took in the meantime', () => {
    const dataDir = temporaryFolder();
    const lock = lockDataDir(dataDir);
    const foreign = JSON.stringify({ pid: 1, startedAt: 'x' });
    writeFileSync(join(dataDir, 'lock'), foreign);
    lock.release();
    expect(readFileSync(join(dataDir, 'lock'), 'utf8')).toBe(foreign);
  });

  it('says clearly when it cannot be made', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => lockDataDir(join(file, 'data'))).toThrow(/cannot be written \((ENOTDIR|EEXIST)\): check DATA_DIR/);
    expect(() => lockDataDir('/proc/nowhere')).toThrow(DataDirError);
  });
});
