import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { makePackage, runNode, write } from './package.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function packageWith(mainSource = ''): { folder: string; builds(): string[]; script(name: string): string } {
  const { folder, remove } = makePackage(mainSource);
  cleanUps.push(remove);
  const log = join(folder, 'builds.log');
  return {
    folder,
    builds: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').sort() : []),
    script: (name) => join(folder, 'scripts', name),
  };
}

describe('building', () => {
  it('builds everything once and nothing while no source changes', async () => {
    const { builds, script } = packageWith();
    await runNode([script('build.mjs')]);
    expect(builds()).toEqual(['server', 'web']);
    const second = await runNode([script('build.mjs')]);
    expect({ ...second, builds: builds() }).toEqual({ code: 0, stdout: '', stderr: '', builds: ['server', 'web'] });
  });

  it('builds again what a changed source belongs to', async () => {
    const { folder, builds, script } = packageWith();
    await runNode([script('build.mjs')]);
    writeFileSync(join(folder, 'server/main.ts'), '// changed');
    await runNode([script('build.mjs')]);
    expect(builds()).toEqual(['server', 'server', 'web']);
  });

  it('builds all with --force', async () => {
    const { builds, script } = packageWith();
    await runNode([script('build.mjs')]);
    await runNode([script('build.mjs'), '--force']);
    expect(builds()).toEqual(['server', 'server', 'web', 'web']);
  });

  it("ends with the compiler's words when it fails, and does not count as built", async () => {
    const { folder, script } = packageWith();
    const tsc = join(folder, 'node_modules/typescript/bin/tsc');
    write(tsc, 'console.log("main.ts(1,1): error TS1"); process.exit(2);');
    const { code, stderr } = await runNode([script('start.mjs')]);
    expect(code).toBe(1);
    expect(stderr).toContain('main.ts(1,1): error TS1\n\nBuilding server failed.');
    expect(existsSync(join(folder, 'dist/.server.stamp'))).toBe(false);
  });
});

describe('starting', () => {
  it('works twice at once: what one of them runs from stays whole while the other builds', async () => {
    const { folder, script } = packageWith('console.log("runs");');
    const both = await Promise.all([runNode([script('start.mjs')]), runNode([script('start.mjs')])]);
    expect(both.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, 'runs\n'],
      [0, 'runs\n'],
    ]);
    const tsc = join(folder, 'node_modules/typescript/bin/tsc');
    const halfWritten = `${readFileSync(tsc, 'utf8')}fs.writeFileSync(output, 'half'); process.exit(2);`;
    write(tsc, halfWritten);
    write(join(folder, 'server/main.ts'), '// changed');
    expect((await runNode([script('build.mjs')])).code).toBe(1);
    expect(readFileSync(join(folder, 'dist/server/main.js'), 'utf8')).toBe('console.log("runs");');
    expect(readdirSync(folder).filter((name) => name.startsWith('.build-'))).toEqual([]);
  });

  it('says what to do where the folder of what is built belongs to another user', async () => {
    const { folder, script } = packageWith();
    await runNode([script('build.mjs')]);
    const dist = join(folder, 'dist');
    chmodSync(dist, 0o500);
    cleanUps.unshift(() => chmodSync(dist, 0o700));
    for (const source of ['server/main.ts', 'vite.config.ts']) writeFileSync(join(folder, source), '// changed');
    // Without these rights root is like any user to files that are not for it.
    const asAnyUser = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    const [command = '', ...args] = [...asAnyUser, process.execPath, script('start.mjs')];
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(child.exitCode).toBe(1);
    expect(stderr).toContain('(EACCES). Give the folder to this user (sudo chown -R <user>: ');
    expect(stderr).not.toContain(' at ');
  });

  it('passes arguments on and ends with the exit code of the program', async () => {
    const { script } = packageWith('console.log(process.argv.slice(2).join(" ")); process.exitCode = 7;');
    const { code, stdout } = await runNode([script('start.mjs'), '--demo', '--speed', '10']);
    expect({ code, stdout }).toEqual({ code: 7, stdout: '--demo --speed 10\n' });
  });

  it('is the program itself: a signal reaches it', async () => {
    const main = 'process.on("SIGTERM", () => process.exit(3)); setInterval(() => {}, 1000); console.log("ready");';
    const { script } = packageWith(main);
    const child = spawn(process.execPath, [script('start.mjs')], { stdio: ['ignore', 'pipe', 'ignore'] });
    cleanUps.push(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([3, null]);
  });
});
