import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { closeAfterTest } from '../support/closing.ts';
import { startTypescriptChild } from '../support/typescriptChild.ts';

/** Longer than a stop may take, ms. */
const STILL_MS = 6_000;

/** Asks a process to stop that needs five times so many ms for it; its exit code. */
async function stop(stepMs: number, meanwhile: (signal: (name: NodeJS.Signals) => void) => Promise<void>) {
  const child = startTypescriptChild('tests/process/slowStop.ts', [String(stepMs)]);
  closeAfterTest(() => child.process.kill('SIGKILL'));
  await child.line('running');
  const ended = once(child.process, 'close') as Promise<[number | null]>;
  child.process.kill('SIGTERM');
  await child.line('stopping');
  await meanwhile((name) => void child.process.kill(name));
  const [code] = await ended;
  return code;
}

describe('a stop', () => {
  it('is cut off when closing does not end', async () => {
    expect(await stop(Number.POSITIVE_INFINITY, async () => undefined)).toBe(1);
  });

  it('has its time also when the process stands still in the middle of it', async () => {
    const standStill = async (signal: (name: NodeJS.Signals) => void) => {
      signal('SIGSTOP');
      await wait(STILL_MS);
      signal('SIGCONT');
    };
    expect(await stop(100, standStill)).toBe(0);
  });
});
