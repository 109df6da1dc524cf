import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot, runNode, write } from './package.ts';

const folder = mkdtempSync(join(tmpdir(), 'buergerluft-reporter-'));

beforeAll(() => {
  write(join(folder, 'jest.config.json'), JSON.stringify({ transform: {}, testMatch: ['**/*.test.js'] }));
  write(join(folder, 'good.test.js'), 'it("a", () => {}); it("b", () => {});');
  write(join(folder, 'bad.test.js'), 'it("c", () => { throw new Error("wrong"); });');
  write(join(folder, 'left-out.test.js'), 'it.skip("d", () => {}); it.todo("e"); it("f", () => {});');
  write(join(folder, 'broken.test.js'), 'this is no program');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runJest(files: string[], env: Record<string, string> = {}): Promise<{ code: number; lines: string[] }> {
  const { code, stdout } = await runNode(
    [
      join(projectRoot, 'node_modules/jest/bin/jest.js'),
      ...['--rootDir', folder, '--config', join(folder, 'jest.config.json'), '--runInBand'],
      ...['--reporters', 'default', '--reporters', join(projectRoot, 'scripts/passedFailedReporter.mjs')],
      '--runTestsByPath',
      ...files.map((name) => join(folder, `${name}.test.js`)),
    ],
    env,
  );
  return { code, lines: stdout.trim().split('\n') };
}

describe('the last line of a test run', () => {
  it('counts what passed', async () => {
    expect(await runJest(['good'])).toEqual({ code: 0, lines: ['2 passed, 0 failed'] });
  });

  it('counts failed tests and files that cannot be loaded as failed', async () => {
    expect(await runJest(['good', 'bad', 'broken'])).toEqual({ code: 1, lines: ['2 passed, 2 failed'] });
  });

  it('names skipped and postponed tests', async () => {
    expect(await runJest(['left-out'])).toEqual({ code: 0, lines: ['1 passed, 0 failed, 2 skipped'] });
  });

  it('fails the run for them with CI=true', async () => {
    expect(await runJest(['left-out'], { CI: 'true' })).toEqual({
      code: 1,
      lines: ['2 tests were skipped under CI', '1 passed, 0 failed, 2 skipped'],
    });
  });
});
