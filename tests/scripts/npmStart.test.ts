import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { closeAfterTest } from '../support/closing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';
import { projectRoot } from './package.ts';

/** Runs an npm script and waits until it says that it is ready; resolves to npm and the process that does the work. */
async function run(script: string): Promise<{ npm: ChildProcess; pid: number }> {
  const env = { ...process.env, HTTP_PORT: '0', MQTT_PORT: '0', DATA_DIR: temporaryFolder(), LOG_LEVEL: 'silent' };
  const npm = spawn('npm', ['run', '--silent', script], { cwd: projectRoot, env, detached: true, stdio: 'pipe' });
  closeAfterTest(() => {
    if (isAlive(-Number(npm.pid))) process.kill(-Number(npm.pid), 'SIGKILL');
  });
  for await (const line of createInterface({ input: npm.stdout! })) {
    if (line.startsWith('{"event":"ready"')) return { npm, pid: JSON.parse(line).pid };
  }
  throw new Error(`npm run ${script} ended before it was ready`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

describe.each(['start', 'bridge'])('npm run %s', (script) => {
  it('leaves nothing behind when npm is told to end', async () => {
    const { npm, pid } = await run(script);
    npm.kill('SIGTERM');
    await until('the program ended', () => !isAlive(pid));
  });

  it('ends in order on Ctrl+C, which reaches it from the terminal and from npm', async () => {
    const { npm, pid } = await run(script);
    const ended = once(npm, 'exit');
    process.kill(-Number(npm.pid), 'SIGINT');
    await ended;
    expect([npm.exitCode, isAlive(pid)]).toEqual([0, false]);
  });
});
