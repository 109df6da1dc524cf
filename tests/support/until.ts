import { setTimeout as wait } from 'node:timers/promises';

/** Resolves when `isTrue` is; rejects after `withinMs`, long enough for a machine with other work, saying what did not happen. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>, withinMs = 120_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await wait(20);
  }
}
